"""Duties to report that begin, change or end while the plan runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django_fsm import TransitionNotAllowed

from tasks.duty_words import duty_title
from tasks.models import (
    Citation,
    Document,
    Plan,
    PlanState,
    Recurrence,
    Report,
    Reporters,
    ReportingObligation,
    ReportingPeriod,
    ReportState,
    Unit,
    UnitGroup,
    Verb,
    Window,
)
from tasks.plan_queries import HANDED_IN
from tasks.reporting.outline import default_outline
from tasks.reporting.periods import CYCLES
from tasks.rules.calendar import local_date
from tasks.rules.schedules import Cycle, rule_for
from workflows.access import Actor, visible_plans
from workflows.actions.base import needed, record, refuse_closed
from workflows.actions.owed_reports import call_off_report
from workflows.actions.periods import (
    begin_periods,
    lay_out,
    link_periods,
    open_period,
    reporters_on,
)
from workflows.actions.supervision import require_overseer
from workflows.errors import ActionRefused, NotAllowed, Overtaken


@dataclass(frozen=True, slots=True)
class RequestLetter:
    """The official letter that asks; `issued_on` is a local date."""

    number: str
    issued_on: dt.date
    file: File[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: about what, from whom, by when, and the days its figures cover."""

    title: str
    due_on: dt.date
    reporters: Reporters
    group: UnitGroup | None = None
    units: Sequence[Unit] = ()
    data_from: dt.date | None = None
    data_to: dt.date | None = None


@transaction.atomic
def request_reports(
    *, plan: Plan, wanted: Wanted, letter: RequestLetter, actor: Actor, at: dt.datetime
) -> ReportingObligation:
    """Ask for reports once, by a letter that joins the plan's documents; everybody is told.

    Raises `ActionRefused` when nobody would be asked or the letter was entered before.
    """
    plan = _locked_plan(plan, actor)
    if wanted.due_on < local_date(at):
        raise ActionRefused(_("The reports cannot be due on a day that is over."))
    duty = ReportingObligation.objects.create(
        plan=plan,
        reporters=wanted.reporters,
        group=wanted.group if wanted.reporters == Reporters.GROUP else None,
        title=wanted.title,
        request=_enter_letter(plan, wanted.title, letter, actor),
        recurrence=Recurrence.DATED,
    )
    if wanted.reporters == Reporters.CHOSEN:
        duty.units.set(wanted.units)
    default_outline(duty)
    asked = reporters_on(duty, local_date(at))
    if not asked:
        raise ActionRefused(_("Nobody would be asked: choose who is to report."))
    period = ReportingPeriod.objects.create(
        obligation=duty,
        label=letter.number,
        data_from=wanted.data_from,
        data_to=wanted.data_to,
        due_on=wanted.due_on,
    )
    about = {"obligation": duty, "words": wanted.title, "details": {"to": letter.number}}
    record(Verb.REPORTS_REQUESTED, actor=actor, at=at, plan=plan, **about)
    open_period(period.pk, at=at, by=actor.person)
    return duty


def _enter_letter(plan: Plan, title: str, letter: RequestLetter, actor: Actor) -> Document:
    """The letter as a document that rests on the plan's."""
    issuer = actor.unit
    assert issuer is not None  # whoever oversees a plan acts for a unit
    known = {"number": letter.number, "issuer": issuer, "issued_on": letter.issued_on}
    if Document.objects.filter(**known).exists():
        raise ActionRefused(
            _("Letter %(number)s of this day was already entered.") % {"number": letter.number}
        )
    document = Document(**known, title=title, issuer_name=issuer.name)
    if letter.file is not None:
        document.file.save(letter.file.name or letter.number, letter.file, save=False)
    document.save()
    Citation.objects.create(source=document, target=plan.document)
    return document


@transaction.atomic
def withdraw_request(
    *, obligation: ReportingObligation, actor: Actor, at: dt.datetime, reason: str
) -> None:
    """Ask for nothing any more. Refused once a unit has handed its report in."""
    reason = needed(reason)
    duty = _locked(obligation, actor)
    if duty.request_id is None:
        raise ActionRefused(_("Only what a letter asked for can be withdrawn."))
    reports = Report.objects.filter(period__obligation=duty).select_related("unit")
    handed_in = reports.filter(state__in=(*HANDED_IN, ReportState.RETURNED)).first()
    if handed_in is not None:
        raise Overtaken(
            _("%(unit)s has already handed its report in.") % {"unit": handed_in.unit.short_name}
        )
    duty.ends_on = local_date(at)
    duty.save(update_fields=("ends_on",))
    for report in reports.exclude(state=ReportState.CANCELLED):
        _call_off(report, reason, actor, at)
    record(
        Verb.REQUEST_WITHDRAWN,
        actor=actor,
        at=at,
        plan=duty.plan,
        obligation=duty,
        words=reason,
    )


def _call_off(report: Report, reason: str, actor: Actor, at: dt.datetime) -> None:
    try:
        call_off_report(report, at)
    except TransitionNotAllowed as error:
        message = _("%(unit)s has already handed its report in.")
        raise Overtaken(message % {"unit": report.unit.short_name}) from error
    about = {"report": report, "words": reason}
    record(Verb.REPORT_CALLED_OFF, actor=actor, at=at, plan=report.plan, **about)


@dataclass(frozen=True, slots=True)
class DutyChange:
    """How a recurring duty goes on; without `next_on` on the same days as before."""

    recurrence: Recurrence
    window: Window
    recipients: Sequence[str]
    next_on: dt.date | None = None
    ends_on: dt.date | None = None


@transaction.atomic
def change_duty(
    *,
    obligation: ReportingObligation,
    change: DutyChange,
    reason: str,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Change a recurring duty. Dates not yet asked for follow; reports asked for stay."""
    reason, today = needed(reason), local_date(at)
    duty = _locked(obligation, actor)
    if duty.recurrence not in CYCLES:
        raise ActionRefused(_("This report is due once: there is no later date to change."))
    # Locked, so that none of them is asked for meanwhile.
    ahead = duty.periods.filter(opened_on__isnull=True, due_on__gte=today)
    list(ahead.select_for_update())
    opened = duty.periods.filter(opened_on__isnull=False).last()
    _refuse_unfit(change, opened, today)
    ahead.delete()
    before = {"rule": duty.rule, "window": duty.window, "ends_on": str(duty.ends_on or "")}
    duty.recurrence, duty.window = change.recurrence, change.window
    duty.recipient_names, duty.ends_on = list(change.recipients), change.ends_on
    if change.next_on is not None:
        duty.rule = rule_for(Cycle(change.recurrence), change.next_on, duty.rule)
    duty.save()
    if change.next_on is not None:
        begin_periods(duty.pk, change.next_on, today=today)
    else:
        lay_out(duty.pk, today=today)
    about = {"obligation": duty, "words": reason, "details": {"former": before}}
    record(Verb.DUTY_CHANGED, actor=actor, at=at, plan=duty.plan, **about)


def _refuse_unfit(change: DutyChange, opened: ReportingPeriod | None, today: dt.date) -> None:
    if change.next_on is None:
        return
    if change.next_on < today or (opened is not None and change.next_on <= opened.due_on):
        raise ActionRefused(_("The next date must lie after those that were already asked for."))
    if change.ends_on is not None and change.next_on > change.ends_on:
        raise ActionRefused(_("The duty would end before its next date."))


@transaction.atomic
def feed_duty(
    *, obligation: ReportingObligation, into: ReportingObligation, actor: Actor, at: dt.datetime
) -> None:
    """Have the reports of a duty consolidated by a duty of the plan above, period by period."""
    duty = _locked(obligation, actor)
    if not feedable(duty, actor).filter(pk=into.pk).exists():
        raise NotAllowed(_("Reports are consolidated in a plan that this one is based on."))
    _leave(duty)
    duty.feeds = into
    duty.save(update_fields=("feeds",))
    link_periods([duty])
    about = {"obligation": duty, "details": {"to": f"{into.plan}: {duty_title(into)}"}}
    record(Verb.DUTY_FED, actor=actor, at=at, plan=duty.plan, **about)


def feedable(duty: ReportingObligation, actor: Actor) -> QuerySet[ReportingObligation]:
    """The duties that may consolidate this one: of visible plans that its plan's document cites.

    A duty that an own consolidated report already draws on has none: that one is linked instead.
    """
    if duty.feeds is not None and duty.feeds.plan_id == duty.plan_id:
        return ReportingObligation.objects.none()
    above = visible_plans(actor).filter(
        document__cited_in__source__plan=duty.plan_id, state=PlanState.RUNNING
    )
    return ReportingObligation.objects.filter(
        plan__in=above.exclude(pk=duty.plan_id), unit=F("plan__focal_unit")
    )


def _leave(duty: ReportingObligation) -> None:
    """Take the reports out of what consolidated them so far, where it is not handed in."""
    reports = Report.objects.filter(period__obligation=duty)
    for final in Report.objects.filter(sources__in=reports).exclude(state__in=HANDED_IN).distinct():
        final.sources.remove(*reports)
    duty.periods.update(feeds=None)


def pass_duties(leaving: Sequence[Unit], heirs: Sequence[Unit]) -> None:
    """What units that are no more would have to report in future, their successors report.

    Where there are several, each reports. What was already asked for passes on by itself.
    """
    duties = ReportingObligation.objects.filter(plan__state=PlanState.RUNNING)
    for duty in duties.filter(unit__in=leaving):
        if len(heirs) == 1:
            duty.unit = heirs[0]
        else:
            duty.unit, duty.reporters = None, Reporters.CHOSEN
        duty.save(update_fields=("unit", "reporters"))
        if duty.unit is None:
            duty.units.set(heirs)
    for duty in duties.filter(units__in=leaving).distinct():
        duty.units.remove(*leaving)
        duty.units.add(*heirs)
    duties.filter(via__in=leaving).update(via=heirs[0])


def _locked_plan(plan: Plan, actor: Actor) -> Plan:
    fresh = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("document", "issuer", "focal_unit")
        .get(pk=plan.pk)
    )
    require_overseer(actor, fresh)
    refuse_closed(fresh)
    return fresh


def _locked(obligation: ReportingObligation, actor: Actor) -> ReportingObligation:
    """The duty, read afresh under its lock, for whoever oversees its plan."""
    plan = _locked_plan(obligation.plan, actor)
    fresh = ReportingObligation.objects.select_for_update().get(pk=obligation.pk)
    fresh.plan = plan
    return fresh
