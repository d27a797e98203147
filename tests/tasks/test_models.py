"""What the tables themselves refuse, whoever gets past the actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from tasks.models import (
    CalendarException,
    Citation,
    Deadline,
    DeadlineKind,
    DeadlineVersion,
    Document,
    Event,
    Extension,
    ItemState,
    Membership,
    MembershipRole,
    Obstacle,
    OverdueNotice,
    Participation,
    ParticipationState,
    Person,
    Plan,
    PlanDraft,
    PlanItem,
    PlanState,
    Report,
    ReportComment,
    ReportingObligation,
    ReportingPeriod,
    ReportState,
    ReportVersion,
    Role,
    Section,
    Substitution,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitGroupMember,
    UnitSuccession,
    Verb,
)
from tests.factories import ISSUED_AT, lead_part, make_person, make_plan, make_unit

pytestmark = pytest.mark.django_db

JUNE, JULY = dt.date(2023, 6, 30), dt.date(2023, 7, 31)


def refused(name: str, model: type[models.Model], **row: Any) -> None:
    """The database refuses the row because of this constraint."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        model._default_manager.create(**row)
    assert _names(name, model, str(raised.value))


def refused_update(name: str, rows: models.QuerySet[Any], **changes: Any) -> None:
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        rows.update(**changes)
    assert _names(name, rows.model, str(raised.value))


def _names(name: str, model: type[models.Model], error: str) -> bool:
    """SQLite names a unique constraint by its columns, everything else by its name."""
    if name in error:
        return True
    (constraint,) = [one for one in model._meta.constraints if one.name == name]
    assert isinstance(constraint, models.UniqueConstraint)
    columns = [model._meta.get_field(field).column for field in constraint.fields]
    table = model._meta.db_table
    return error.endswith(": " + ", ".join(f"{table}.{column}" for column in columns))


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (Plan, PlanState.CLOSED),
        (PlanItem, ItemState.COMPLETED),
        (Participation, ParticipationState.ACCEPTED),
        (Report, ReportState.ACCEPTED),
    ],
)
def test_state_is_protected(model: Any, state: str) -> None:
    make_plan()
    row = model.objects.all()[0]
    before = row.state
    with pytest.raises(AttributeError):
        row.state = state
    assert (row.state, model.objects.get(pk=row.pk).state) == (before, before)


def test_event_is_written_once_and_never_changed_or_deleted() -> None:
    make_plan()
    event = Event.objects.all()[0]
    event.words = "khác"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    assert Event.objects.get(pk=event.pk).words == ""


def test_event_story_is_newest_first() -> None:
    plan = make_plan()
    story = list(Event.objects.filter(plan=plan).story())
    assert story == sorted(story, key=lambda event: (event.at, event.pk), reverse=True)
    assert story[-1].verb == Verb.PLAN_ISSUED


def test_plan_cannot_end_before_it_starts() -> None:
    plan = make_plan()
    rows = Plan.objects.filter(pk=plan.pk)
    refused_update("plan_ends_after_it_starts", rows, start_on=JULY, end_on=JUNE)


def test_closed_plan_has_its_moment() -> None:
    rows = Plan.objects.filter(pk=make_plan().pk)
    refused_update("closed_plan_has_its_moment", rows, state=PlanState.CLOSED)
    refused_update("closed_plan_has_its_moment", rows, closed_at=ISSUED_AT)


def test_document_number_is_taken_once_by_issuer_and_day() -> None:
    document = make_plan().document
    row = {"number": document.number, "issuer": document.issuer, "issued_on": document.issued_on}
    refused("document_number_once_per_issuer_and_day", Document, **row)
    Document.objects.create(**{**row, "issued_on": JULY})
    Document.objects.create(**{**row, "issuer": None})


def test_citation_is_kept_once() -> None:
    one, two = (Document.objects.create(number=number) for number in ("827/QĐ-UBND", "60/KH"))
    Citation.objects.create(source=two, target=one)
    refused("citation_once_per_relation", Citation, source=two, target=one)


def test_issued_draft_has_its_plan() -> None:
    unit, person = make_unit(), make_person()
    row = {"unit": unit, "uploaded_by": person, "uploaded_at": ISSUED_AT, "text": ""}
    refused("issued_draft_has_its_plan", PlanDraft, reading={}, review={}, state="issued", **row)
    refused("issued_draft_has_its_plan", PlanDraft, reading={}, review={}, plan=make_plan(), **row)


def test_item_cannot_be_due_before_it_starts() -> None:
    rows = PlanItem.objects.filter(plan=make_plan())
    refused_update("item_due_after_it_starts", rows, start_on=JULY, due_on=JUNE)
    assert rows.update(start_on=JUNE, due_on=JUNE) == 1


def test_item_has_its_own_position_and_section_its_code() -> None:
    plan = make_plan()
    refused("item_position_once", PlanItem, plan=plan, title="x", position=1)
    Section.objects.create(plan=plan, code="II", title="x", position=1)
    refused("section_code_once_per_plan", Section, plan=plan, code="II", title="y", position=2)


def test_unit_has_one_live_part_in_each_role() -> None:
    part = lead_part(make_plan())
    row = {"item": part.item, "unit": part.unit}
    name = "unit_once_per_item_and_role"
    refused(name, Participation, role=Role.LEAD, **row)
    Participation.objects.create(role=Role.COORDINATING, **row)
    Participation.objects.filter(pk=part.pk).update(state=ParticipationState.REPLACED)
    Participation.objects.create(role=Role.LEAD, **row)


def test_progress_stays_within_hundred() -> None:
    rows = Participation.objects.filter(pk=lead_part(make_plan()).pk)
    refused_update("percent_within_hundred", rows, percent=101)


def test_answered_obstacle_has_words_and_moment() -> None:
    person = make_person()
    row = {
        "participation": lead_part(make_plan()),
        "words": "x",
        "raised_by": person,
        "raised_at": ISSUED_AT,
    }
    name = "answered_obstacle_has_words_and_moment"
    refused(name, Obstacle, answer="Đã rõ", **row)
    refused(name, Obstacle, answered_at=ISSUED_AT, answered_by=person, **row)
    refused(name, Obstacle, answered_at=ISSUED_AT, answer="Đã rõ", **row)


def a_deadline(part: Participation, **changes: Any) -> dict[str, Any]:
    return {
        "kind": DeadlineKind.ITEM,
        "plan": part.item.plan,
        "unit": part.unit,
        "participation": part,
        "due_on": JUNE,
        "original_due_on": JUNE,
        "opened_at": ISSUED_AT,
        **changes,
    }


def test_deadline_belongs_to_one_thing_of_its_kind() -> None:
    plan = make_plan()
    part, report = lead_part(plan), plan.reports.all()[0]
    Deadline.objects.all().delete()
    name = "deadline_belongs_to_one_thing"
    refused(name, Deadline, **a_deadline(part, participation=None))
    refused(name, Deadline, **a_deadline(part, report=report))
    refused(name, Deadline, **a_deadline(part, kind=DeadlineKind.REPORT))
    refused(name, Deadline, **a_deadline(part, participation=None, report=report))


def test_part_and_report_have_one_open_deadline() -> None:
    plan = make_plan()
    part, report = lead_part(plan), plan.reports.all()[0]
    refused("one_open_deadline_per_participation_and_kind", Deadline, **a_deadline(part))
    row = a_deadline(part, participation=None, report=report, kind=DeadlineKind.REPORT)
    refused("one_open_deadline_per_report", Deadline, **row)
    Deadline.objects.create(**a_deadline(part, closed_at=ISSUED_AT))


def test_deadline_version_and_notice_are_kept_once() -> None:
    person = make_person()
    deadline = Deadline.objects.filter(plan=make_plan())[0]
    version = {"deadline": deadline, "version": 1, "due_on": JUNE, "set_at": ISSUED_AT}
    refused("deadline_version_once", DeadlineVersion, **version)
    notice = {"deadline": deadline, "version": 1, "taken_by": person, "taken_at": ISSUED_AT}
    OverdueNotice.objects.create(**notice)
    refused("notice_once_per_person", OverdueNotice, **notice)
    OverdueNotice.objects.create(**{**notice, "version": 2})


def an_extension(**changes: Any) -> dict[str, Any]:
    return {
        "deadline": Deadline.objects.filter(kind=DeadlineKind.ITEM)[0],
        "due_on_before": JUNE,
        "requested_due_on": JULY,
        "reason": "x",
        "requested_by": Person.objects.all()[0],
        "requested_at": ISSUED_AT,
        **changes,
    }


def test_extension_asks_for_a_later_date() -> None:
    make_plan()
    refused("extension_asks_for_a_later_date", Extension, **an_extension(requested_due_on=JUNE))


def test_deadline_has_one_open_request() -> None:
    make_plan()
    Extension.objects.create(**an_extension())
    refused("one_open_extension_per_deadline", Extension, **an_extension())
    Extension.objects.create(**an_extension(state="refused", decision_words="Việc gấp"))


def test_refused_extension_has_a_reason() -> None:
    make_plan()
    refused("refused_extension_has_a_reason", Extension, **an_extension(state="refused"))


def test_obligation_of_one_unit_names_it() -> None:
    plan, name = make_plan(), "obligation_of_one_unit_names_it"
    refused(name, ReportingObligation, plan=plan, reporters="unit")
    refused(name, ReportingObligation, plan=plan, reporters="leads", unit=plan.focal_unit)


def test_period_runs_forward_and_falls_due_once() -> None:
    period = ReportingPeriod.objects.filter(obligation__plan=make_plan())[0]
    row = {"obligation": period.obligation, "label": "x"}
    refused("period_due_once", ReportingPeriod, due_on=period.due_on, **row)
    backwards = {"data_from": JULY, "data_to": JUNE, "due_on": JULY}
    refused("period_figures_run_forward", ReportingPeriod, **backwards, **row)


def test_submitted_report_was_approved_and_unit_reports_once() -> None:
    report = make_plan().reports.all()[0]
    rows = Report.objects.filter(pk=report.pk)
    for state in (ReportState.SUBMITTED, ReportState.ACCEPTED):
        refused_update("submitted_report_was_approved", rows, state=state)
    row = {"period": report.period, "plan": report.plan, "unit": report.unit}
    refused("report_once_per_unit", Report, reviewer=report.reviewer, **row)


def test_version_is_kept_once_and_settled_comment_names_who() -> None:
    report, person = make_plan().reports.all()[0], make_person()
    version = {"report": report, "number": 1, "content": {}, "occasion": "presented"}
    ReportVersion.objects.create(made_by=person, made_at=ISSUED_AT, **version)
    refused("report_version_once", ReportVersion, made_by=person, made_at=ISSUED_AT, **version)
    said = {"section": report.sections.all()[0], "words": "x", "unit": report.unit}
    row = {"made_by": person, "made_at": ISSUED_AT, "settled_at": ISSUED_AT, **said}
    refused("settled_comment_names_who", ReportComment, **row)


def test_unit_ends_after_it_starts() -> None:
    rows = Unit.objects.filter(pk=make_unit().pk)
    refused_update("unit_ends_after_it_starts", rows, valid_from=JULY, valid_until=JUNE)


def test_unit_is_valid_from_its_first_to_its_last_day() -> None:
    unit = make_unit()
    Unit.objects.update(valid_from=JUNE, valid_until=JULY)
    day = dt.timedelta(days=1)
    days = (JUNE - day, JUNE, JULY, JULY + day)
    assert [list(Unit.objects.valid_on(one)) for one in days] == [[], [unit], [unit], []]


def test_unit_is_found_by_name_and_alias_without_accents() -> None:
    unit = make_unit("Sở Đào tạo")
    UnitAlias.objects.create(unit=unit, text="GD&ĐT Quảng Ngãi")
    for words in ("so dao tao", "SỞ ĐÀO", "quang ngai"):
        assert list(Unit.objects.matching(words)) == [unit]
    refused("alias_once_per_unit", UnitAlias, unit=unit, text="gd&đt quảng ngãi")


def test_unit_is_not_its_own_successor() -> None:
    old, new = make_unit(), make_unit()
    row = {"kind": "merge", "effective_on": JULY, "predecessor": old}
    refused("unit_does_not_succeed_itself", UnitSuccession, successor=old, **row)
    UnitSuccession.objects.create(successor=new, **row)
    refused("succession_once_per_pair", UnitSuccession, successor=new, **row)


def test_group_has_the_members_of_its_day() -> None:
    group, unit = UnitGroup.objects.create(name="UBND các huyện"), make_unit()
    UnitGroupMember.objects.create(group=group, unit=unit, valid_until=JUNE)
    assert [list(group.members_on(day)) for day in (JUNE, JULY)] == [[unit], []]


def test_post_is_held_once() -> None:
    unit = make_unit()
    person = make_person(unit)
    row = {"unit": unit, "person": person}
    name = "one_post_per_person_unit_role"
    refused(name, Membership, role=MembershipRole.OFFICER, **row)
    Membership.objects.create(role=MembershipRole.LEADER, **row)


def test_nobody_stands_in_for_themselves_or_backwards_in_time() -> None:
    one, two = make_person(), make_person()
    days = {"starts_on": JUNE, "ends_on": JULY}
    refused("nobody_substitutes_themselves", Substitution, absent=one, substitute=one, **days)
    days = {"starts_on": JULY, "ends_on": JUNE}
    refused("substitution_ends_after_it_starts", Substitution, absent=one, substitute=two, **days)


def test_day_has_one_decision() -> None:
    CalendarException.objects.create(day=JUNE, is_working=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarException.objects.create(day=JUNE, is_working=True)


def test_open_deadlines_leave_out_the_closed_and_the_paused() -> None:
    make_plan(items=3, report_on=None, consolidated_on=None)
    owed = Deadline.objects.filter(kind=DeadlineKind.ITEM).order_by("pk")
    closed, paused, running = owed
    Deadline.objects.filter(pk=closed.pk).update(closed_at=ISSUED_AT)
    Deadline.objects.filter(pk=paused.pk).update(paused_at=ISSUED_AT)
    day = dt.timedelta(days=1)
    assert list(owed.open()) == [running]
    assert [list(owed.overdue(on)) for on in (JUNE, JUNE + day)] == [[], [running]]
    assert list(owed.due_between(JUNE, JUNE)) == [running]
    assert list(owed.due_between(JUNE + day, JULY)) == []
