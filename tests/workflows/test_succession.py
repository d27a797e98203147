"""Units are renamed, merged, split; their running work goes along and nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tasks.indicators import target_rows
from tasks.models import (
    Deadline,
    DeadlineKind,
    Event,
    Membership,
    MembershipRole,
    Participation,
    ParticipationState,
    Plan,
    PlanItem,
    PlanState,
    Report,
    ReportComment,
    Reporters,
    ReportSection,
    ReportState,
    Role,
    SuccessionKind,
    Unit,
    UnitGroup,
    UnitGroupMember,
    UnitSuccession,
    Verb,
)
from tasks.rules.calendar import local_instant
from tasks.story import story
from tests.factories import lead_part, make_actor, make_person, make_plan, make_unit
from tests.tasks.indicator_world import make_figure, make_target
from workflows.access import Actor, sync_administrators, sync_memberships
from workflows.actions.assignment import acknowledge
from workflows.actions.base import process_of
from workflows.actions.succession import succeed
from workflows.actions.work import accept_completion, claim_completion, update_progress
from workflows.errors import ActionRefused, NotAllowed, Overtaken
from workflows.inbox import inbox
from workflows.models import PlanGroupObjectPermission
from workflows.succeeding.moves import (
    STAY,
    Move,
    Sort,
    Succession,
    Target,
    fingerprint,
    moves_of,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2023, 4, 3)
AT = local_instant(DAY, 9)


@pytest.fixture
def admin() -> Actor:
    person = make_person()
    person.is_staff = True
    person.save()
    sync_administrators()
    return Actor(person, None)


def target(name: str, number: int = 0) -> Target:
    return Target(f"n{number}", name, name)


def decided(kind: SuccessionKind, *leaving: Unit, into: tuple[Unit | Target, ...]) -> Succession:
    targets = tuple(one if isinstance(one, Target) else Target.existing(one) for one in into)
    return Succession(kind, leaving, targets, DAY, "QĐ 1/QĐ-UBND")


def carry_out(
    succession: Succession, admin: Actor, choices: Mapping[str, str] | None = None
) -> list[Unit]:
    return succeed(
        succession=succession,
        choices=choices or {},
        expected=fingerprint(moves_of(succession)),
        actor=admin,
        at=AT,
    )


def rename(unit: Unit, admin: Actor, name: str = "Sở Tên Mới") -> Unit:
    (heir,) = carry_out(decided(SuccessionKind.RENAME, unit, into=(target(name),)), admin)
    return heir


def key_of(succession: Succession, thing: object, sort: Sort) -> str:
    def fits(move: Move) -> bool:
        return move.sort is sort and bool(move.thing == thing)

    return next(move.key for move in moves_of(succession) if fits(move))


def move_people(unit: Unit) -> None:
    sync_memberships(today=DAY)


def test_rename_ends_the_unit_and_enters_its_successor(admin: Actor) -> None:
    unit = make_unit("Sở Tên Cũ", may_issue=True)
    heir = rename(unit, admin)
    unit.refresh_from_db()
    assert (unit.valid_until, heir.valid_from) == (DAY - dt.timedelta(days=1), DAY)
    row = UnitSuccession.objects.get()
    assert (row.predecessor, row.successor, row.kind) == (unit, heir, SuccessionKind.RENAME)
    assert heir.may_issue
    assert [change.verb for change in unit.registry_changes.all()] == ["succeeded"]


def test_people_go_along_and_act_for_the_successor(admin: Actor) -> None:
    unit = make_unit()
    person = make_person(unit, MembershipRole.LEADER)
    heir = rename(unit, admin)
    posts = {(post.unit, post.valid_until) for post in person.memberships.all()}
    assert posts == {(unit, DAY - dt.timedelta(days=1)), (heir, None)}
    assert Actor(person, heir).may("approve_for_unit")
    assert not Actor(person, unit).may("approve_for_unit")


def test_running_part_goes_along_with_its_dates_steps_and_rights(admin: Actor) -> None:
    unit = make_unit()
    officer = make_person(unit)
    plan = make_plan(leads=[unit])
    part = lead_part(plan, unit)
    heir = rename(unit, admin)
    acting = Actor(officer, heir)
    assert [row.part for row in inbox(acting, today=DAY) if row.part] == [part]
    acknowledge(participation=part, actor=acting, at=AT, officer=officer)
    update_progress(participation=part, actor=acting, at=AT, percent=40, words="x")
    claim_completion(participation=part, actor=acting, at=AT, words="xong")
    part = Participation.objects.get(pk=part.pk)
    assert (part.unit, part.state, part.percent) == (heir, ParticipationState.CLAIMED, 100)
    assert set(Deadline.objects.filter(participation=part).values_list("unit", flat=True)) == {
        heir.pk
    }


def test_former_unit_can_no_longer_act(admin: Actor) -> None:
    unit = make_unit()
    stays = make_person(unit)
    plan = make_plan(leads=[unit])
    rename(unit, admin)
    with pytest.raises(NotAllowed):
        acknowledge(participation=lead_part(plan), actor=Actor(stays, unit), at=AT)


def test_name_in_the_plan_and_in_the_history_stays(admin: Actor) -> None:
    unit = make_unit("Sở Tên Cũ")
    plan = make_plan(leads=[unit])
    part = lead_part(plan, unit)
    heir = rename(unit, admin)
    part = Participation.objects.get(pk=part.pk)
    assert (part.name_in_plan, part.unit) == ("Sở Tên Cũ", heir)
    lines = {line.event.verb: line.sentence for line in story(part.item.events.story())}
    assert "Sở Tên Cũ" in lines[Verb.ASSIGNED]
    assert "Sở Tên Cũ" in lines[Verb.UNIT_SUCCEEDED]
    assert "Sở Tên Mới" in lines[Verb.UNIT_SUCCEEDED]


def test_officer_in_charge_stays_where_they_go_along(admin: Actor) -> None:
    unit = make_unit()
    officer = make_person(unit)
    plan = make_plan(leads=[unit])
    part = lead_part(plan)
    acknowledge(participation=part, actor=Actor(officer, unit), at=AT, officer=officer)
    rename(unit, admin)
    assert Participation.objects.get(pk=part.pk).officer == officer


def test_finished_part_stays_with_the_unit_that_did_it(admin: Actor) -> None:
    unit, focal = make_unit(), make_unit()
    plan = make_plan(leads=[unit], focal=focal)
    part, acting = lead_part(plan), make_actor(unit)
    acknowledge(participation=part, actor=acting, at=AT)
    claim_completion(participation=part, actor=acting, at=AT, words="xong")
    accept_completion(participation=part, actor=make_actor(focal), at=AT)
    rename(unit, admin)
    assert Participation.objects.get(pk=part.pk).unit == unit


def test_closed_plan_is_left_alone(admin: Actor) -> None:
    unit = make_unit()
    plan = make_plan(leads=[unit])
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.CLOSED, closed_at=AT)
    rename(unit, admin)
    assert lead_part(plan).unit == unit


def test_report_goes_along_and_is_not_asked_twice(admin: Actor) -> None:
    unit = make_unit()
    plan = make_plan(leads=[unit])
    report = Report.objects.get(plan=plan, unit=unit)
    heir = rename(unit, admin)
    owed = Report.objects.filter(plan=plan, is_consolidated=False)
    assert [(one.pk, one.unit) for one in owed] == [(report.pk, heir)]
    leader = make_actor(heir, MembershipRole.OFFICER)
    assert leader.person.has_perm("tasks.write_report", owed[0])
    assert set(report.deadlines.values_list("unit", flat=True)) == {heir.pk}


def test_comments_go_along_with_the_report_and_with_its_receiver(admin: Actor) -> None:
    lead, focal = make_unit(), make_unit()
    plan = make_plan(leads=[lead], focal=focal)
    section = plan.reports.get(unit=lead).sections.get(kind="results")
    for unit in (lead, focal):
        ReportComment.objects.create(
            section=section, words="x", unit=unit, made_by=admin.person, made_at=AT
        )
    heir, receiver = rename(lead, admin), rename(focal, admin)
    seen = {unit: ReportComment.objects.seen_by(unit).count() for unit in (heir, receiver, lead)}
    assert seen == {heir: 2, receiver: 1, lead: 0}


def test_focal_unit_passes_with_everything_it_has_to_judge(admin: Actor) -> None:
    lead, focal = make_unit(), make_unit()
    plan = make_plan(leads=[lead], focal=focal)
    part, acting = lead_part(plan), make_actor(lead)
    acknowledge(participation=part, actor=acting, at=AT)
    claim_completion(participation=part, actor=acting, at=AT, words="xong")
    heir = rename(focal, admin)
    plan.refresh_from_db()
    assert plan.focal_unit == heir
    consolidated = Report.objects.get(plan=plan, is_consolidated=True)
    assert consolidated.unit == heir
    assert Report.objects.get(plan=plan, unit=lead).reviewer == heir
    accept_completion(participation=part, actor=make_actor(heir), at=AT)
    assert Participation.objects.get(pk=part.pk).state == ParticipationState.ACCEPTED


def test_former_focal_unit_judges_nothing_more(admin: Actor) -> None:
    lead, focal = make_unit(), make_unit()
    plan = make_plan(leads=[lead], focal=focal)
    part, acting = lead_part(plan), make_actor(lead)
    acknowledge(participation=part, actor=acting, at=AT)
    claim_completion(participation=part, actor=acting, at=AT, words="xong")
    former = make_actor(focal)
    rename(focal, admin)
    with pytest.raises(NotAllowed):
        accept_completion(participation=part, actor=former, at=AT)
    kept = PlanGroupObjectPermission.objects.filter(group__unit_role__unit=focal)
    assert set(kept.values_list("permission__codename", flat=True)) == {"view_plan"}


def test_lead_that_merges_into_the_focal_unit_is_judged_by_its_leader(admin: Actor) -> None:
    lead, focal = make_unit(), make_unit()
    plan = make_plan(leads=[lead], focal=focal)
    part, acting = lead_part(plan), make_actor(lead)
    acknowledge(participation=part, actor=acting, at=AT)
    claim_completion(participation=part, actor=acting, at=AT, words="xong")
    carry_out(decided(SuccessionKind.MERGE, lead, into=(focal,)), admin)
    with pytest.raises(NotAllowed):
        accept_completion(participation=part, actor=make_actor(focal), at=AT)
    accept_completion(participation=part, actor=make_actor(focal, MembershipRole.LEADER), at=AT)


def merged(admin: Actor, plan: Plan, *leaving: Unit, into: Unit | Target) -> PlanItem:
    carry_out(decided(SuccessionKind.MERGE, *leaving, into=(into,)), admin)
    item = plan.items.first()
    assert item is not None
    return item


def live(item: PlanItem) -> list[tuple[Unit, str]]:
    parts = item.participations.exclude(state__in=("replaced", "cancelled")).order_by("pk")
    return [(part.unit, part.role) for part in parts]


@pytest.mark.parametrize("direction", ["lead leaves", "coordinator leaves"])
def test_lead_and_coordinator_that_merge_have_one_part(admin: Actor, direction: str) -> None:
    lead, helper = make_unit(), make_unit()
    plan = make_plan(leads=[lead], coordinating=[helper])
    old, into = (lead, helper) if direction == "lead leaves" else (helper, lead)
    item = merged(admin, plan, old, into=into)
    assert live(item) == [(into, Role.LEAD)]
    folded = Event.objects.get(verb=Verb.PART_FOLDED)
    assert folded.participation == lead_part(plan, into)
    open_ones = Deadline.objects.filter(participation__item=item, closed_at__isnull=True)
    assert {deadline.participation for deadline in open_ones} == {lead_part(plan, into)}


def test_folded_parts_say_what_took_their_place_and_the_item_shows_them(admin: Actor) -> None:
    units = [make_unit() for _number in range(3)]
    plan = make_plan(leads=units[:2], coordinating=units[2:])
    item = merged(admin, plan, *units, into=target("Sở Hợp nhất"))
    heir = Unit.objects.get(name="Sở Hợp nhất")
    kept = item.participations.get(state=ParticipationState.ASSIGNED)
    gone = item.participations.filter(state=ParticipationState.REPLACED)
    assert (live(item), gone.count()) == ([(heir, Role.LEAD)], 2)
    assert {part.replaced_by for part in gone} == {kept}
    client = Client()
    client.force_login(make_person(heir))
    assert client.get(reverse("item", args=[item.pk])).status_code == 200


def test_two_leads_that_merge_become_one_and_the_item_can_finish(admin: Actor) -> None:
    one, other, focal = make_unit(), make_unit(), make_unit()
    plan = make_plan(leads=[one, other], focal=focal)
    acknowledge(participation=lead_part(plan, one), actor=make_actor(one), at=AT)
    item = merged(admin, plan, one, other, into=target("Sở Hợp nhất"))
    heir = Unit.objects.get(name="Sở Hợp nhất")
    assert live(item) == [(heir, Role.LEAD)]
    part = item.participations.get(unit=heir, role=Role.LEAD)
    assert part.state == ParticipationState.ACKNOWLEDGED
    acting = make_actor(heir)
    claim_completion(participation=part, actor=acting, at=AT, words="xong")
    accept_completion(participation=part, actor=make_actor(focal), at=AT)
    assert PlanItem.objects.get(pk=item.pk).state == "completed"
    assert process_of(item).status == "DONE"


@pytest.mark.parametrize("ahead", [0, 1])
def test_folded_part_keeps_the_unit_of_its_day(admin: Actor, ahead: int) -> None:
    units = [make_unit(), make_unit()]
    plan = make_plan(leads=units, focal=make_unit())
    further = units[ahead]
    acknowledge(participation=lead_part(plan, further), actor=make_actor(further), at=AT)
    item = merged(admin, plan, *units, into=target("Sở Hợp nhất"))
    folded = item.participations.get(state=ParticipationState.REPLACED)
    assert folded.unit == units[1 - ahead]
    event = Event.objects.get(verb=Verb.PART_FOLDED)
    assert event.details["from"] == units[1 - ahead].short_name


def test_part_that_is_not_finished_goes_before_one_that_is(admin: Actor) -> None:
    done, late, focal = make_unit(), make_unit(), make_unit()
    plan = make_plan(leads=[done, late], focal=focal)
    part, acting = lead_part(plan, done), make_actor(done)
    acknowledge(participation=part, actor=acting, at=AT)
    claim_completion(participation=part, actor=acting, at=AT, words="xong")
    accept_completion(participation=part, actor=make_actor(focal), at=AT)
    item = merged(admin, plan, late, into=done)
    assert live(item) == [(done, Role.LEAD)]
    left = item.participations.get(unit=done, state=ParticipationState.ASSIGNED)
    acknowledge(participation=left, actor=acting, at=AT)


def test_two_reports_of_one_period_become_one(admin: Actor) -> None:
    one, other = make_unit(), make_unit()
    plan = make_plan(leads=[one, other])
    ReportSection.objects.filter(report__unit=one, kind="results").update(text="Đã viết")
    merged(admin, plan, one, into=other)
    reports = Report.objects.filter(plan=plan, is_consolidated=False).order_by("pk")
    assert {(report.unit, report.state) for report in reports} == {
        (one, ReportState.CANCELLED),
        (other, ReportState.EXPECTED),
    }
    assert reports.get(unit=one).sections.get(kind="results").text == "Đã viết"


def test_split_goes_as_chosen_and_by_default_to_the_first(admin: Actor) -> None:
    unit = make_unit()
    here, there = make_person(unit), make_person(unit)
    plan = make_plan(leads=[unit], items=2)
    parts = list(Participation.objects.filter(item__plan=plan).order_by("pk"))
    split = decided(SuccessionKind.SPLIT, unit, into=(target("Một", 0), target("Hai", 1)))
    choices = {
        key_of(split, parts[1], Sort.PART): "n1",
        key_of(split, there.memberships.get(), Sort.POST): "n1",
    }
    one, two = carry_out(split, admin, choices)
    assert [Participation.objects.get(pk=part.pk).unit for part in parts] == [one, two]
    posts = Membership.objects.filter(valid_until__isnull=True)
    assert {post.person: post.unit for post in posts.filter(person__in=(here, there))} == {
        here: one,
        there: two,
    }
    reports = Report.objects.filter(plan=plan, is_consolidated=False)
    assert {report.unit for report in reports} == {one, two}


def test_targets_go_along_and_figures_count_on(admin: Actor) -> None:
    unit = make_unit()
    wanted = make_target(make_plan(leads=[unit]), unit)
    figure = make_figure(wanted, unit, 2022, 12)
    (heir,) = carry_out(decided(SuccessionKind.RENAME, unit, into=(target("Mới", 0),)), admin)
    (row,) = target_rows([type(wanted).objects.get()], today=dt.date(2023, 6, 1))
    assert (row.target.unit, row.progress.value) == (heir, Decimal(12))
    assert type(figure).objects.get().unit == unit


def test_transfer_moves_only_what_is_chosen_and_the_unit_goes_on(admin: Actor) -> None:
    unit, heir = make_unit(), make_unit()
    plan = make_plan(leads=[unit], items=2)
    parts = list(Participation.objects.filter(item__plan=plan).order_by("pk"))
    transfer = decided(SuccessionKind.TRANSFER, unit, into=(heir,))
    carry_out(transfer, admin, {key_of(transfer, parts[0], Sort.PART): f"u{heir.pk}"})
    unit.refresh_from_db()
    assert unit.valid_until is None
    assert [Participation.objects.get(pk=part.pk).unit for part in parts] == [heir, unit]
    reports = Report.objects.filter(plan=plan, is_consolidated=False)
    assert {(one.unit, one.state) for one in reports} == {(unit, "expected"), (heir, "expected")}


def test_what_may_not_stay_is_refused(admin: Actor) -> None:
    unit = make_unit()
    plan = make_plan(leads=[unit])
    split = decided(SuccessionKind.SPLIT, unit, into=(target("Một", 0), target("Hai", 1)))
    with pytest.raises(ActionRefused):
        carry_out(split, admin, {key_of(split, lead_part(plan), Sort.PART): STAY})
    assert not Unit.objects.filter(name="Một").exists()


def test_groups_and_units_under_it_follow(admin: Actor) -> None:
    unit, under = make_unit(), make_unit()
    Unit.objects.filter(pk=under.pk).update(parent=unit)
    group = UnitGroup.objects.create(name="các sở")
    UnitGroupMember.objects.create(group=group, unit=unit)
    heir = rename(unit, admin)
    assert list(group.members_on(DAY)) == [heir]
    assert list(group.members_on(DAY - dt.timedelta(days=1))) == [unit]
    under.refresh_from_db()
    assert under.parent == heir


def test_only_the_administrator_may(admin: Actor) -> None:
    unit = make_unit()
    succession = decided(SuccessionKind.RENAME, unit, into=(target("Sở Tên Mới"),))
    for role in MembershipRole:
        with pytest.raises(NotAllowed):
            carry_out(succession, make_actor(unit, role))
    assert not UnitSuccession.objects.exists()


@pytest.mark.parametrize("wrong", ["future", "itself", "one heir", "ended heir", "circle", "young"])
def test_what_makes_no_sense_is_refused(admin: Actor, wrong: str) -> None:
    unit, other = make_unit(), make_unit()
    kind, into, day = SuccessionKind.MERGE, other, DAY
    if wrong == "future":
        day = DAY + dt.timedelta(days=1)
    elif wrong == "itself":
        into = unit
    elif wrong == "one heir":
        kind = SuccessionKind.SPLIT
    elif wrong == "ended heir":
        Unit.objects.filter(pk=other.pk).update(valid_until=DAY - dt.timedelta(days=1))
        into = Unit.objects.get(pk=other.pk)
    elif wrong == "circle":
        UnitSuccession.objects.create(
            predecessor=other, successor=unit, kind="transfer", effective_on=DAY
        )
    else:
        Unit.objects.filter(pk=unit.pk).update(valid_from=DAY)
        unit = Unit.objects.get(pk=unit.pk)
    succession = Succession(kind, (unit,), (Target.existing(into),), day)
    with pytest.raises(ActionRefused):
        carry_out(succession, admin)
    assert Unit.objects.get(pk=unit.pk).valid_until is None


def test_change_after_the_preview_stops_it(admin: Actor) -> None:
    unit = make_unit()
    plan = make_plan(leads=[unit])
    succession = decided(SuccessionKind.RENAME, unit, into=(target("Sở Tên Mới"),))
    seen = fingerprint(moves_of(succession))
    acknowledge(participation=lead_part(plan), actor=make_actor(unit), at=AT)
    with pytest.raises(Overtaken):
        succeed(succession=succession, choices={}, expected=seen, actor=admin, at=AT)


def test_failure_in_the_middle_changes_nothing(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = make_unit()
    plan = make_plan(leads=[unit])

    def fail(*_given: object, **_more: object) -> None:
        raise ActionRefused("no")

    monkeypatch.setattr("workflows.actions.succession.pass_report", fail)
    with pytest.raises(ActionRefused):
        rename(unit, admin)
    assert lead_part(plan).unit == unit
    assert not Unit.objects.filter(name="Sở Tên Mới").exists()


def test_collecting_costs_the_same_for_one_part_and_many(
    django_assert_max_num_queries: object,
) -> None:
    unit = make_unit()
    make_plan(leads=[unit], items=12)
    succession = decided(SuccessionKind.RENAME, unit, into=(target("Sở Tên Mới"),))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert len(moves_of(succession)) == 13


def test_acknowledgement_that_runs_goes_along(admin: Actor) -> None:
    unit = make_unit()
    plan = make_plan(leads=[unit])
    heir = rename(unit, admin)
    clock = Deadline.objects.get(
        participation=lead_part(plan), kind=DeadlineKind.ACKNOWLEDGEMENT, closed_at__isnull=True
    )
    assert clock.unit == heir


def test_future_reports_are_the_successors(admin: Actor) -> None:
    """A unit that reports by name and one among several give way to whoever carries on."""
    named, chosen, stays = make_unit(), make_unit(), make_unit()
    duties = make_plan().obligations
    alone = duties.create(reporters=Reporters.UNIT, unit=named, via=named)
    several = duties.create(reporters=Reporters.CHOSEN)
    several.units.set([chosen, stays])
    heir = rename(named, admin)
    split = decided(SuccessionKind.SPLIT, chosen, into=(target("Một", 0), target("Hai", 1)))
    one, two = carry_out(split, admin)
    alone.refresh_from_db()
    assert (alone.unit, alone.via) == (heir, heir)
    assert set(several.units.all()) == {one, two, stays}


def test_report_of_a_unit_that_is_split_is_owed_by_each_successor(admin: Actor) -> None:
    unit = make_unit()
    duty = make_plan().obligations.create(reporters=Reporters.UNIT, unit=unit)
    split = decided(SuccessionKind.SPLIT, unit, into=(target("Một", 0), target("Hai", 1)))
    heirs = carry_out(split, admin)
    duty.refresh_from_db()
    assert (duty.reporters, duty.unit, set(duty.units.all())) == ("chosen", None, set(heirs))
