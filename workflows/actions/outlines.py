"""The focal unit sets under which headings the reports of an obligation are written."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.models import Plan, Report, ReportingObligation, ReportState, Verb
from tasks.reporting.outline import (
    Heading,
    append_sections,
    begin_sections,
    headings_of,
    keep_outline,
)
from workflows.access import Actor, require
from workflows.actions.base import locked_report, record, refuse_closed
from workflows.errors import ActionRefused, Overtaken

# A report that lies before somebody is not changed under their eyes.
ADDED_TO = (ReportState.DRAFTED, ReportState.RETURNED)


@dataclass(frozen=True, slots=True)
class Effect:
    """How many reports an outline changes, and how; `added` are the titles that are new."""

    begun_anew: int
    added_to: int
    left_alone: int
    added: list[str]


def outline_mark(headings: Sequence[Heading]) -> str:
    """A mark by which a form says which outline it showed."""
    return hashlib.sha256(repr([astuple(one) for one in headings]).encode()).hexdigest()[:16]


def effect_of(obligation: ReportingObligation, headings: Sequence[Heading]) -> Effect:
    """What setting these headings would do now."""
    states = Counter(_reports(obligation).values_list("state", flat=True))
    begun_anew = states.pop(ReportState.EXPECTED, 0)
    added = [heading.title for heading in _added(headings, headings_of(obligation))]
    added_to = sum(states.pop(state, 0) for state in ADDED_TO) if added else 0
    left_alone = _reports(obligation).count() - begun_anew - added_to
    return Effect(begun_anew, added_to, left_alone, added)


def set_outline(
    *,
    obligation: ReportingObligation,
    headings: Sequence[Heading],
    made_from: str,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Reports not begun are written under these headings; begun ones get the new ones added.

    `made_from` is the mark of the outline that the form showed: raises `Overtaken` when it is no
    longer the present one.
    """
    with transaction.atomic():
        fresh = ReportingObligation.objects.select_for_update().get(pk=obligation.pk)
        require_outliner(actor, fresh.plan)
        refuse_closed(fresh.plan)
        present = headings_of(fresh)
        if made_from != outline_mark(present):
            raise Overtaken(_("A colleague changed the outline meanwhile. Look at it first."))
        if not headings:
            raise ActionRefused(_("An outline needs at least one heading."))
        keep_outline(fresh, headings)
        for report in _reports(fresh).filter(state__in=(ReportState.EXPECTED, *ADDED_TO)):
            _follow(report, _added(headings, present))
        details = {
            "before": [heading.title for heading in present],
            "sections": [heading.title for heading in headings],
        }
        record(Verb.OUTLINE_SET, actor=actor, at=at, plan=fresh.plan, details=details)


def _added(headings: Sequence[Heading], present: Sequence[Heading]) -> list[Heading]:
    """The headings that are new; one that was taken out of the form and put back is not."""
    titles = {one.title for one in present}
    return [one for one in headings if not one.key and one.title not in titles]


def _reports(obligation: ReportingObligation) -> QuerySet[Report]:
    return Report.objects.filter(period__obligation=obligation).exclude(state=ReportState.CANCELLED)


def _follow(report: Report, added: Sequence[Heading]) -> None:
    with locked_report(report) as fresh:
        if fresh.state == ReportState.EXPECTED:
            fresh.sections.all().delete()
            begin_sections(fresh)
        elif fresh.state in ADDED_TO:
            append_sections(fresh, added)


def require_outliner(actor: Actor, plan: Plan) -> None:
    require(actor, "act_for_unit", unit=plan.focal_unit, right="consolidate_plan", on=plan)
