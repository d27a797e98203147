"""From a reviewed plan to a running one: one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from tasks.indicators import unit_tree
from tasks.models import (
    Citation,
    CitationRelation,
    DeadlineKind,
    Document,
    DraftState,
    Participation,
    Person,
    Plan,
    PlanDraft,
    PlanItem,
    Recurrence,
    Reporters,
    ReportingObligation,
    Role,
    Section,
    Unit,
    UnitGroup,
    Verb,
    Window,
)
from tasks.reporting.outline import default_outline
from tasks.rules.calendar import local_date
from workflows.access import (
    Actor,
    grant_item,
    grant_participations,
    grant_plan,
    require,
)
from workflows.actions.base import record
from workflows.actions.deadlines import open_acknowledgements, open_deadline
from workflows.actions.periods import begin_periods, open_period
from workflows.actions.targets import TargetInput, create_targets, target_problems
from workflows.errors import IncompletePlan, Overtaken
from workflows.flows import PlanItemFlow


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit and the name by which the plan calls it."""

    unit: Unit
    name: str


@dataclass(frozen=True, slots=True)
class ItemInput:
    code: str
    title: str
    section_code: str = ""
    product: str = ""
    timeframe_text: str = ""
    recurrence: Recurrence = Recurrence.DATED
    start_on: dt.date | None = None
    due_on: dt.date | None = None
    source_text: str = ""
    leads: Sequence[NamedUnit] = ()
    coordinating: Sequence[NamedUnit] = ()
    open_groups: Sequence[UnitGroup] = ()


@dataclass(frozen=True, slots=True)
class ReportInput:
    """One duty to report, first due on `due_on`, then by `rule`.

    It is owed by `unit`, or by the `members` of `group`; without both by every lead unit.
    """

    due_on: dt.date | None
    unit: Unit | None = None
    group: UnitGroup | None = None
    members: Sequence[Unit] = ()
    via: Unit | None = None
    recipients: Sequence[str] = ()
    recurrence: Recurrence = Recurrence.DATED
    rule: str = ""
    source_text: str = ""

    def reporters(self, leads: Iterable[Unit]) -> list[Unit]:
        """Who owes it, where `leads` are the lead units of the plan."""
        if self.unit is not None:
            return [self.unit]
        return list(self.members if self.group is not None else leads)


@dataclass(frozen=True, slots=True)
class CitationInput:
    number: str
    relation: CitationRelation = CitationRelation.BASED_ON


@dataclass(frozen=True, slots=True)
class PlanInput:
    """Everything that issuing needs, corrected and confirmed by a person."""

    number: str
    title: str
    issuer: Unit
    issued_on: dt.date | None
    focal_unit: Unit | None
    kind: str = ""
    signer: str = ""
    issuer_name: str = ""
    supervising_leader: Person | None = None
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    text: str = ""
    file_name: str = ""
    sections: Sequence[tuple[str, str]] = ()
    items: Sequence[ItemInput] = ()
    reports: Sequence[ReportInput] = ()
    targets: Sequence[TargetInput] = ()
    citations: Sequence[CitationInput] = ()


def problems_of(plan: PlanInput) -> list[str]:
    """What keeps this plan from being issued, each naming its place; empty when it can be."""
    problems = []
    if not plan.number:
        problems.append(_g("The plan has no number."))
    if plan.issued_on is None:
        problems.append(_g("The plan has no date of issue."))
    if plan.focal_unit is None:
        problems.append(_g("No focal unit is chosen: somebody has to consolidate."))
    if not plan.items and not plan.targets:
        problems.append(_g("The plan has no items."))
    for position, item in enumerate(plan.items, 1):
        problems += _item_problems(item, item.code or f"#{position}")
    for report in plan.reports:
        if report.due_on is None:
            problems.append(_g("A reporting duty has no date."))
    problems += target_problems(plan.targets)
    if _is_known(plan):
        problems.append(
            _g("Plan %(number)s of this issuer and day was already issued.")
            % {"number": plan.number}
        )
    return problems


def _item_problems(item: ItemInput, place: str) -> list[str]:
    problems = []
    if not item.title.strip():
        problems.append(_g("Item %(place)s has no words.") % {"place": place})
    if not item.leads:
        problems.append(_g("Item %(place)s has no lead unit.") % {"place": place})
    if item.start_on and item.due_on and item.due_on < item.start_on:
        problems.append(_g("Item %(place)s is due before it starts.") % {"place": place})
    for named in (item.leads, item.coordinating):
        units = [one.unit.pk for one in named]
        if len(units) != len(set(units)):
            problems.append(_g("Item %(place)s names a unit twice.") % {"place": place})
    return problems


def _is_known(plan: PlanInput) -> bool:
    return Document.objects.filter(
        number=plan.number, issuer=plan.issuer, issued_on=plan.issued_on
    ).exists()


@transaction.atomic
def issue_plan(
    *, plan_input: PlanInput, draft: PlanDraft | None, actor: Actor, at: dt.datetime
) -> Plan:
    """Create the plan and everything that runs in it; every unit is asked to acknowledge.

    Raises `NotAllowed`, `IncompletePlan` (with the places), or `Overtaken` when the draft was
    issued a moment ago.
    """
    require(actor, "issue_for_unit", unit=plan_input.issuer)
    if draft is not None:
        draft = PlanDraft.objects.select_for_update().get(pk=draft.pk)
        if draft.state != DraftState.REVIEWING:
            raise Overtaken(_("This plan was already issued."))
    if problems := problems_of(plan_input):
        raise IncompletePlan(_("The plan cannot be issued yet."), problems)
    plan = _create_plan(plan_input, draft, at)
    units = {one.unit for item in plan_input.items for one in (*item.leads, *item.coordinating)}
    grant_plan(plan, units | _measuring(plan_input))
    record(Verb.PLAN_ISSUED, actor=actor, at=at, plan=plan)
    _create_items(plan, plan_input, actor, at)
    create_targets(plan, plan_input.targets)
    _create_reports(plan, plan_input, actor, at)
    if draft is not None:
        draft.mark_issued()
        draft.plan = plan
        draft.save()
    return plan


def _measuring(given: PlanInput) -> set[Unit]:
    """The units that the targets name; where nobody is given work, all below them too: only their
    figures carry the document out.
    """
    units = {target.unit for target in given.targets}
    if given.items or not units:
        return units
    tree = unit_tree()
    below = {pk for unit in units for pk in tree.under(unit.pk)}
    return units | set(Unit.objects.filter(pk__in=below))


def _create_plan(given: PlanInput, draft: PlanDraft | None, at: dt.datetime) -> Plan:
    document = Document.objects.create(
        number=given.number,
        kind=given.kind,
        title=given.title,
        issuer=given.issuer,
        issuer_name=given.issuer_name or given.issuer.name,
        issued_on=given.issued_on,
        signer=given.signer,
        text=given.text,
        file=draft.file.name if draft is not None else "",
    )
    for cited in given.citations:
        target = Document.objects.filter(number=cited.number).order_by("pk").first()
        target = target or Document.objects.create(number=cited.number)
        if target.pk != document.pk:
            Citation.objects.get_or_create(source=document, target=target, relation=cited.relation)
    assert given.focal_unit is not None
    return Plan.objects.create(
        document=document,
        title=given.title,
        issuer=given.issuer,
        focal_unit=given.focal_unit,
        supervising_leader=given.supervising_leader,
        start_on=given.start_on,
        end_on=given.end_on,
        issued_at=at,
    )


def _create_items(plan: Plan, given: PlanInput, actor: Actor, at: dt.datetime) -> None:
    sections = {
        code: Section.objects.create(plan=plan, code=code, title=title, position=position)
        for position, (code, title) in enumerate(given.sections, 1)
    }
    for position, wanted in enumerate(given.items, 1):
        section = sections.get(wanted.section_code)
        create_item(plan, wanted, section=section, position=position, actor=actor, at=at)


def create_item(
    plan: Plan,
    wanted: ItemInput,
    *,
    section: Section | None,
    position: int,
    actor: Actor,
    at: dt.datetime,
) -> PlanItem:
    """One more item that runs; every unit it names is asked to acknowledge."""
    item = PlanItem(
        plan=plan,
        section=section,
        code=wanted.code,
        title=wanted.title,
        product=wanted.product,
        position=position,
        timeframe_text=wanted.timeframe_text,
        recurrence=wanted.recurrence,
        start_on=wanted.start_on,
        due_on=wanted.due_on,
        source_text=wanted.source_text,
    )
    item.issue()
    item.save()
    item.open_groups.set(wanted.open_groups)
    grant_item(item)
    asked = [
        *((Role.LEAD, named) for named in wanted.leads),
        *((Role.COORDINATING, named) for named in wanted.coordinating),
    ]
    assign(item, asked, actor=actor, at=at)
    PlanItemFlow.start.run(item=item)
    return item


def assign(
    item: PlanItem, asked: Iterable[tuple[Role, NamedUnit]], *, actor: Actor, at: dt.datetime
) -> list[Participation]:
    """Ask units to take parts; a lead has the item's date. The flow is the caller's business."""
    parts = [
        Participation.objects.create(item=item, unit=named.unit, role=role, name_in_plan=named.name)
        for role, named in asked
    ]
    grant_participations(item, parts)
    open_acknowledgements(parts, by=actor.person, at=at)
    for part in parts:
        if part.role == Role.LEAD and item.due_on:
            open_deadline(
                DeadlineKind.ITEM,
                due_on=item.due_on,
                plan=item.plan,
                by=actor.person,
                at=at,
                participation=part,
            )
        record(Verb.ASSIGNED, actor=actor, at=at, plan=item.plan, participation=part)
    return parts


def _create_reports(plan: Plan, given: PlanInput, actor: Actor, at: dt.datetime) -> None:
    """Ask for the first report of each duty; the focal unit's own one draws on the others."""
    made = [(wanted, _create_obligation(plan, wanted)) for wanted in given.reports]
    final = next((duty for wanted, duty in made if wanted.unit == plan.focal_unit), None)
    if final is not None:
        ReportingObligation.objects.filter(plan=plan).exclude(unit=plan.focal_unit).update(
            feeds=final
        )
    leads = {one.unit for item in given.items for one in item.leads}
    # The consolidated one first: opening the others would ask for it once more.
    made.sort(key=lambda one: one[0].unit != plan.focal_unit)
    periods = [
        (begin_periods(duty.pk, wanted.due_on, today=local_date(at)), wanted)
        for wanted, duty in made
        if wanted.due_on is not None
    ]
    for period, wanted in periods:
        asked = wanted.reporters(sorted(leads, key=lambda unit: unit.name))
        open_period(period, at=at, by=actor.person, units=asked)


def _create_obligation(plan: Plan, wanted: ReportInput) -> ReportingObligation:
    duty = ReportingObligation.objects.create(
        plan=plan,
        reporters=_owed_by(wanted),
        unit=wanted.unit,
        group=wanted.group,
        recipient_names=list(wanted.recipients),
        via=wanted.via,
        recurrence=wanted.recurrence,
        rule=wanted.rule,
        window=Window.DECREE if wanted.rule else Window.PLAN,
        source_text=wanted.source_text,
    )
    default_outline(duty)
    return duty


def _owed_by(wanted: ReportInput) -> Reporters:
    if wanted.unit is not None:
        return Reporters.UNIT
    return Reporters.LEADS if wanted.group is None else Reporters.GROUP
