"""A corrected document against the running plan: what differs, and what applying it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import pytest
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from notifications.announce import announce_events
from notifications.models import Message
from tasks.models import (
    Deadline,
    DeadlineKind,
    DraftState,
    Event,
    ItemState,
    MembershipRole,
    ParticipationState,
    PlanDraft,
    Role,
    Verb,
)
from tasks.plan_queries import item_rows
from tasks.queries import working_calendar
from tests.factories import make_actor, make_unit
from tests.workflows.correction_world import (
    FINANCE_OFF,
    HEALTH_HELPS,
    LATER,
    POSTPONED,
    REPAIR,
    REPLACED_ITEM,
    RETITLED,
    Running,
    make_running,
)
from tests.workflows.draft_world import AT, fresh
from workflows.actions.base import process_of
from workflows.actions.corrections import correct_instead, save_comparison
from workflows.actions.extensions import grant_extension, request_extension
from workflows.actions.supervision import suspend_item
from workflows.actions.work import accept_completion, claim_completion, update_progress
from workflows.correcting.differences import Difference
from workflows.correcting.effects import effects
from workflows.errors import ActionRefused, IncompletePlan, NotAllowed, Overtaken
from workflows.item_pages import item_page

pytestmark = pytest.mark.django_db
JUNE, SEPTEMBER = dt.date(2023, 6, 30), dt.date(2023, 9, 30)


@pytest.fixture
def running() -> Running:
    return make_running()


def said(differences: list[Difference]) -> dict[str, list[str]]:
    """For each item the fields that differ."""
    return {
        f"{one.kind} {one.code}": [change.field.value for change in one.changes]
        for one in differences
        if one.kind != "same"
    }


def choose(
    running: Running,
    draft: PlanDraft,
    yes: Collection[str] = (),
    no: Collection[str] = (),
    **pairs: int,
) -> PlanDraft:
    actor = running.office.officer
    return save_comparison(
        draft=draft, actor=actor, revision=draft.revision, pairs=pairs, yes=yes, no=no
    )


def clock(running: Running, code: str, unit: Any) -> Deadline:
    return running.part(code, unit).deadlines.get(kind=DeadlineKind.ITEM)


def open_nodes(running: Running, code: str) -> list[str]:
    tasks = Task.objects.filter(process=process_of(running.item(code)), status=STATUS.NEW)
    return sorted(str(task.flow_task.name) for task in tasks)


class TestDifferences:
    def test_same_text_differs_in_nothing(self, running: Running) -> None:
        found = running.comparison(running.correction())
        assert said(found.differences) == {}
        assert found.chosen == set()

    def test_each_field_is_found(self, running: Running) -> None:
        draft = running.correction(RETITLED, POSTPONED, HEALTH_HELPS, FINANCE_OFF)
        assert said(running.comparison(draft).differences) == {
            "changed II.1.a": ["title", "due", "coordinators", "coordinators"],
            "changed II.1.b": ["leads"],
        }

    def test_other_item_under_the_same_code_is_another_item(self, running: Running) -> None:
        found = running.comparison(running.correction(REPLACED_ITEM))
        assert said(found.differences) == {"added II.2.a": ["added"], "removed II.2.a": ["removed"]}

    def test_missing_item_goes_on_running_by_default(self, running: Running) -> None:
        found = running.comparison(running.correction((REPAIR, "")))
        assert said(found.differences) == {"removed II.2.a": ["removed"]}
        assert found.chosen == set()

    def test_moved_item_keeps_its_row(self, running: Running) -> None:
        draft = running.correction(("a) Sửa lan can", "b) Sửa lan can"))
        assert said(running.comparison(draft).differences) == {"changed II.2.a": ["code"]}

    def test_reviewer_corrects_the_match(self, running: Running) -> None:
        draft = running.correction(REPLACED_ITEM)
        key = next(d.key for d in running.comparison(draft).differences if d.kind == "added")
        draft = choose(running, draft, **{key: running.item("II.2.a").pk})
        assert said(running.comparison(draft).differences) == {
            "changed II.2.a": ["title", "due", "leads", "leads"]
        }

    def test_unrecognised_name_takes_nobody_away(self, running: Running) -> None:
        unknown = ("trì: Sở Giao thông vận tải, Sở Tài chính", "trì: Sở Giao thông vận tải, Ban X")
        found = running.comparison(running.correction(unknown))
        assert said(found.differences) == {"changed II.1.b": ["leads"]}
        assert found.chosen == set()

    def test_completed_item_stays(self, running: Running) -> None:
        finish(running, "II.1.a")
        found = running.comparison(running.correction(RETITLED))
        (change,) = next(d for d in found.differences if d.kind == "changed").changes
        assert change.blocked == "The item is completed: it stays as it is."
        assert found.chosen == set()


def finish(running: Running, code: str) -> None:
    transport = running.office.transport
    part = running.acknowledged(code, transport)
    actor = running.acts_for(transport)
    claim_completion(participation=part, actor=actor, at=AT, words="Xong")
    judge = make_actor(running.plan.focal_unit, MembershipRole.LEADER)
    accept_completion(participation=part, actor=judge, at=AT)


class TestApplying:
    def test_words_and_date_change_and_the_work_goes_on(self, running: Running) -> None:
        transport = running.office.transport
        part = running.acknowledged("II.1.a", transport)
        update_progress(
            participation=part, actor=running.acts_for(transport), at=AT, percent=40, words="Đo"
        )
        running.apply(running.correction(RETITLED, POSTPONED))
        item, part = running.item("II.1.a"), running.part("II.1.a", transport)
        assert item.title.endswith("hạn chế tải trọng và tốc độ.")
        assert (item.state, item.due_on) == (ItemState.IN_PROGRESS, SEPTEMBER)
        assert (part.state, part.percent) == (ParticipationState.ACKNOWLEDGED, 40)
        date = clock(running, "II.1.a", transport)
        assert (date.due_on, date.original_due_on, date.version) == (SEPTEMBER, JUNE, 2)
        assert date.versions.get(version=2).reason == "Sửa đổi"

    def test_events_say_what_changed(self, running: Running) -> None:
        last = Event.objects.latest("pk").pk
        running.apply(running.correction(RETITLED, POSTPONED, FINANCE_OFF))
        events = Event.objects.filter(pk__gt=last).order_by("pk")
        assert [event.verb for event in events] == [
            Verb.ITEM_CORRECTED,
            Verb.ITEM_CORRECTED,
            Verb.WITHDRAWN,
            Verb.PLAN_CORRECTED,
        ]
        first, plan = events[0], events[3]
        assert first.details["changed"] == ["title", "due"]
        assert (first.details["before"], first.details["after"]) == ("2023-06-30", "2023-09-30")
        assert first.details["old"]["title"].endswith("hạn chế tải trọng.")
        assert plan.details == {"items": {"added": 0, "changed": 2, "cancelled": 0}}
        assert {event.words for event in events} == {"Sửa đổi"}

    def test_new_unit_is_asked_and_the_old_one_freed(self, running: Running) -> None:
        finance = running.office.finance
        old = running.acknowledged("II.1.a", finance, Role.COORDINATING)
        running.apply(running.correction(HEALTH_HELPS))
        new = running.part("II.1.a", running.health, Role.COORDINATING)
        old.refresh_from_db()
        assert (old.state, new.state) == (
            ParticipationState.CANCELLED,
            ParticipationState.ASSIGNED,
        )
        assert old.deadlines.filter(closed_at__isnull=True).count() == 0
        person = running.acts_for(finance).person
        assert not person.has_perm("tasks.coordinate_planitem", old.item)
        running.acknowledged("II.1.a", running.health, Role.COORDINATING)
        assert open_nodes(running, "II.1.a") == ["acknowledge"]

    def test_new_lead_is_joined_like_the_first_ones(self, running: Running) -> None:
        health, transport = running.health, running.office.transport
        both = ("trì: Sở Giao thông vận tải.", "trì: Sở Giao thông vận tải, Sở Y tế.")
        part = running.acknowledged("II.1.a", transport)
        running.apply(running.correction(both))
        assert clock(running, "II.1.a", health).due_on == JUNE
        judge = make_actor(running.plan.focal_unit, MembershipRole.LEADER)
        for unit in (transport, health):
            part = running.part("II.1.a", unit)
            if unit == health:
                part = running.acknowledged("II.1.a", unit)
            assert running.item("II.1.a").state == ItemState.IN_PROGRESS
            actor = running.acts_for(unit)
            claim_completion(participation=part, actor=actor, at=LATER, words="Xong")
            accept_completion(participation=part, actor=judge, at=LATER)
        assert running.item("II.1.a").state == ItemState.COMPLETED
        assert open_nodes(running, "II.1.a") == []

    def test_item_is_complete_when_its_last_open_lead_is_taken_away(self, running: Running) -> None:
        finish(running, "II.1.b")
        assert running.item("II.1.b").state == ItemState.IN_PROGRESS
        running.apply(running.correction(FINANCE_OFF))
        assert running.item("II.1.b").state == ItemState.COMPLETED
        assert process_of(running.item("II.1.b")).status == STATUS.DONE

    def test_part_that_was_taken_back_counts_no_more(self, running: Running) -> None:
        office = running.office
        for unit, percent in ((office.finance, 20), (office.transport, 80)):
            part = running.acknowledged("II.1.b", unit)
            actor = running.acts_for(unit)
            update_progress(participation=part, actor=actor, at=AT, percent=percent, words="Đo")
        running.apply(running.correction(FINANCE_OFF))
        late = dt.date(2023, 12, 1)
        rows = item_rows(running.plan, today=late, calendar=working_calendar())
        row = next(row for row in rows if row.item.code == "II.1.b")
        assert (row.percent, [lead.part.unit for lead in row.leads]) == (80, [office.transport])
        page = item_page(running.item("II.1.b"), office.officer, today=late)
        assert (page.row.percent, len(page.leads)) == (80, 2)

    def test_items_come_and_go(self, running: Running) -> None:
        draft = running.correction(REPLACED_ITEM)
        gone = f"p{running.item('II.2.a').pk}.removed"
        old = running.item("II.2.a")
        running.apply(choose(running, draft, yes={gone, *running.comparison(draft).chosen}))
        old.refresh_from_db()
        new = running.plan.items.exclude(pk=old.pk).get(code="II.2.a")
        assert (old.state, new.state) == (ItemState.CANCELLED, ItemState.ISSUED)
        assert new.section == old.section
        assert clock(running, "II.1.b", running.office.finance).closed_at is None
        positions = running.plan.items.order_by("position").values_list("code", "state")
        assert list(positions) == [
            ("II.1.a", "issued"),
            ("II.1.b", "issued"),
            ("II.2.a", "cancelled"),
            ("II.2.a", "issued"),
        ]

    def test_reports_follow_the_leads(self, running: Running) -> None:
        finance = running.office.finance
        draft = running.correction(REPLACED_ITEM, FINANCE_OFF)
        gone = f"p{running.item('II.2.a').pk}.removed"
        running.apply(choose(running, draft, yes={gone, *running.comparison(draft).chosen}))
        reports = running.plan.reports.filter(is_consolidated=False)
        assert set(reports.values_list("unit__name", "state")) == {
            ("Sở Giao thông vận tải", "expected"),
            (finance.name, "cancelled"),
            ("Sở Y tế", "expected"),
        }

    def test_granted_extension_that_reaches_further_stays(self, running: Running) -> None:
        transport = running.office.transport
        part = running.acknowledged("II.1.a", transport)
        actor, december = running.acts_for(transport), dt.date(2023, 12, 1)
        asked = request_extension(
            participation=part, actor=actor, at=AT, due_on=december, reason="Lũ"
        )
        leader = make_actor(running.office.committee, MembershipRole.LEADER)
        grant_extension(extension=asked, actor=leader, at=AT)
        draft = running.correction(POSTPONED)
        (date,) = [
            row.date
            for row in effects(
                running.plan,
                running.comparison(draft).differences,
                running.comparison(draft).chosen,
                today=dt.date(2023, 3, 9),
            ).dates
        ]
        assert (date.before, date.after, date.stays) == (december, december, True)
        running.apply(draft)
        assert clock(running, "II.1.a", transport).due_on == december

    def test_claimed_part_keeps_the_date_it_met(self, running: Running) -> None:
        transport = running.office.transport
        part = running.acknowledged("II.1.a", transport)
        actor = running.acts_for(transport)
        claim_completion(participation=part, actor=actor, at=AT, words="Xong")
        running.apply(running.correction(POSTPONED))
        date = clock(running, "II.1.a", transport)
        assert (date.due_on, date.version) == (JUNE, 1)

    def test_suspended_item_keeps_its_clock_still(self, running: Running) -> None:
        leader = make_actor(running.office.committee, MembershipRole.LEADER)
        suspend_item(item=running.item("II.1.a"), actor=leader, at=AT, reason="Lũ")
        running.apply(running.correction(POSTPONED))
        date = clock(running, "II.1.a", running.office.transport)
        assert (date.due_on, date.paused_at) == (SEPTEMBER, AT)

    def test_numbered_correction_joins_the_chain(self, running: Running) -> None:
        running.apply(running.correction(("71/KH-UBND", "95/KH-UBND"), POSTPONED))
        (amending,) = running.plan.document.cited_in.all()
        assert (amending.source.number, amending.relation) == ("95/KH-UBND", "amends")

    def test_applying_ends_the_draft(self, running: Running) -> None:
        draft = running.correction(POSTPONED)
        running.apply(draft)
        assert (fresh(draft).state, fresh(draft).applied_at) == (DraftState.APPLIED, LATER)
        with pytest.raises(Overtaken, match="already applied"):
            running.apply(draft)


class TestRefusals:
    def test_plan_that_changed_meanwhile(self, running: Running) -> None:
        draft = choose(running, running.correction(POSTPONED), no={"nothing"})
        seen = running.comparison(draft).fingerprint
        running.acknowledged("II.1.b", running.office.transport)
        with pytest.raises(Overtaken, match="The plan changed while you were looking"):
            running.apply(draft, seen)
        assert running.item("II.1.a").due_on == JUNE
        assert (fresh(draft).state, fresh(draft).comparison["no"]) == ("reviewing", ["nothing"])

    def test_choice_that_was_saved_by_somebody_else(self, running: Running) -> None:
        draft = running.correction(POSTPONED)
        choose(running, draft)
        with pytest.raises(Overtaken):
            running.apply(draft)

    def test_item_without_a_lead(self, running: Running) -> None:
        draft = running.correction(("chủ trì: Sở Tài chính", "chủ trì: Sở Y tế"))
        keys = running.comparison(draft).chosen
        added = {key for key in keys if "+" in key}
        draft = choose(running, draft, yes=keys - added, no=added)
        with pytest.raises(IncompletePlan) as refused:
            running.apply(draft)
        assert refused.value.problems == ["Item II.2.a would have no lead unit any more."]

    @pytest.mark.parametrize(("words", "message"), [("", "Write the reason"), ("x", "Nothing is")])
    def test_nothing_to_say_or_to_do(self, running: Running, words: str, message: str) -> None:
        with pytest.raises(ActionRefused, match=message):
            running.apply(running.correction(), words=words or " ")

    def test_other_units_and_readers(self, running: Running) -> None:
        draft = running.correction(POSTPONED)
        for actor in (
            make_actor(make_unit(may_issue=True)),
            make_actor(running.office.transport),
            make_actor(running.office.committee, MembershipRole.READER),
        ):
            with pytest.raises(NotAllowed):
                save_comparison(draft=draft, actor=actor, revision=1, pairs={}, yes=(), no=())
            with pytest.raises(NotAllowed):
                correct_instead(draft=draft, plan=running.plan, actor=actor)


def test_those_concerned_are_told_once(running: Running) -> None:
    """As the preview says: the unit that ends, the one that begins, and the others of the item."""
    office = running.office
    people = {unit.pk: running.acts_for(unit).person for unit in (office.finance, running.health)}
    transport = running.acts_for(office.transport).person
    announce_events(at=AT)
    Message.objects.all().delete()
    draft = running.correction(HEALTH_HELPS, RETITLED)
    found = running.comparison(draft)
    shown = effects(running.plan, found.differences, found.chosen, today=dt.date(2023, 3, 9))
    running.apply(draft)
    announce_events(at=LATER)
    told = set(
        Message.objects.filter(channel="in_app", event__item__isnull=False).values_list(
            "recipient", "event__verb"
        )
    )
    assert told >= {
        (people[office.finance.pk].pk, Verb.WITHDRAWN),
        (people[running.health.pk].pk, Verb.ASSIGNED),
        (transport.pk, Verb.ITEM_CORRECTED),
    }
    assert (people[office.finance.pk].pk, Verb.ITEM_CORRECTED) not in told
    assert (people[running.health.pk].pk, Verb.ITEM_CORRECTED) not in told
    assert {row.unit for row in shown.told} == {office.finance, running.health, office.transport}
