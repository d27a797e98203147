"""What stands before the sections of a consolidated report: counted and named, not written.

How many items are in each class, whose reports are in it and whose are not, which reports came
late, which dates were moved and why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.models import (
    Deadline,
    DeadlineKind,
    Extension,
    ExtensionState,
    Report,
    ReportState,
    Verb,
)
from tasks.reporting.content import COUNTED, AnnexRow, totals_by
from tasks.reporting.prefill import granted_date
from tasks.rules.calendar import WorkingCalendar, local_date
from tasks.rules.timeliness import Timeliness, standing

_NOT_BEGUN = (ReportState.EXPECTED, ReportState.DRAFTED, ReportState.PRESENTED)


def preface(
    report: Report, annex: Sequence[AnnexRow], day: dt.date, calendar: WorkingCalendar
) -> Iterator[str]:
    """The paragraphs, in the active language, as things stood on the local date `day`."""
    yield _classes(annex)
    if others := _others(annex):
        yield others
    sources = list(
        report.sources.exclude(state=ReportState.CANCELLED)
        .select_related("unit")
        .order_by("unit__name", "pk")
    )
    yield from _coverage(sources)
    yield from _late(sources, day, calendar)
    yield from _extensions(report)
    yield from _after_the_last(report)


def _classes(annex: Sequence[AnnexRow]) -> str:
    counted = totals_by("", annex)
    numbers = dict(zip(COUNTED, counted[0].counts, strict=True)) if counted else {}
    counts = {"total": len(annex)} | {name: numbers.get(name, 0) for name in COUNTED}
    return (
        _(
            "Assigned to lead units: %(total)s; done on time: %(done_on_time)s; done late:"
            " %(done_late)s; in progress within the term: %(in_term)s; in progress overdue:"
            " %(overdue)s; without a date: %(no_deadline)s; suspended: %(paused)s."
        )
        % counts
    )


def _others(annex: Sequence[AnnexRow]) -> str:
    counts = {
        "unstarted": sum(row.is_unstarted for row in annex),
        "returned": sum(row.is_returned for row in annex),
        "extended": sum(row.is_extended for row in annex),
    }
    if not any(counts.values()):
        return ""
    return (
        _(
            "Among these: not started: %(unstarted)s; returned for completion: %(returned)s;"
            " extended: %(extended)s."
        )
        % counts
    )


def _coverage(sources: Sequence[Report]) -> Iterator[str]:
    """How many reports are in it, and by name each one that is not."""
    ready = sum(source.state == ReportState.ACCEPTED for source in sources)
    yield ngettext(
        "Consolidated from %(ready)s of %(expected)s report.",
        "Consolidated from %(ready)s of %(expected)s reports.",
        len(sources),
    ) % {"ready": ready, "expected": len(sources)}
    for words, states in (
        (_("Handed in and not accepted yet: %(units)s."), (ReportState.SUBMITTED,)),
        (_("Returned for completion: %(units)s."), (ReportState.RETURNED,)),
        (_("No report yet from: %(units)s."), _NOT_BEGUN),
    ):
        if named := [source.unit.name for source in sources if source.state in states]:
            yield words % {"units": "; ".join(named)}


def _late(sources: Sequence[Report], day: dt.date, calendar: WorkingCalendar) -> Iterator[str]:
    """The reports that were handed in late, and those that are still owed after their date."""
    dates = {
        one.report_id: one
        for one in Deadline.objects.filter(report__in=sources, kind=DeadlineKind.REPORT)
    }
    late: dict[Timeliness, list[str]] = {Timeliness.DONE_LATE: [], Timeliness.OVERDUE: []}
    for source in sources:
        if date := dates.get(source.pk):
            how = standing(
                due_on=date.due_on,
                fulfilled_on=date.fulfilled_on,
                paused=date.paused_at is not None,
                today=day,
                calendar=calendar,
            )
            if how.timeliness in late:
                late[how.timeliness].append(_days(source, how.days_late))
    for words, timeliness in (
        (_("Reports handed in late: %(units)s."), Timeliness.DONE_LATE),
        (_("Reports still owed after their date: %(units)s."), Timeliness.OVERDUE),
    ):
        if named := late[timeliness]:
            yield words % {"units": "; ".join(named)}


def _days(source: Report, days: int) -> str:
    return ngettext("%(unit)s (%(days)s day)", "%(unit)s (%(days)s days)", days) % {
        "unit": source.unit.name,
        "days": days,
    }


def _extensions(report: Report) -> Iterable[str]:
    """Each date that was moved for good, with the reason the unit gave."""
    granted = (
        Extension.objects.filter(
            deadline__plan=report.plan_id,
            deadline__kind=DeadlineKind.ITEM,
            state=ExtensionState.GRANTED,
        )
        .select_related("deadline__unit", "deadline__participation__item")
        .prefetch_related("deadline__versions")
        .order_by("deadline__participation__item__position", "decided_at", "pk")
    )
    for one in granted:
        part = one.deadline.participation
        item = part.item if part else None
        yield _(
            "Extended: %(item)s, %(unit)s, from %(before)s to %(after)s. Reason: %(reason)s"
        ) % {
            "item": (item.code.rstrip(".") or item.title) if item else "",
            "unit": one.deadline.unit.name,
            "before": date_format(one.due_on_before, "SHORT_DATE_FORMAT"),
            "after": date_format(granted_date(one.deadline, one), "SHORT_DATE_FORMAT"),
            "reason": one.reason.strip(),
        }


def _after_the_last(report: Report) -> Iterable[str]:
    """Reports of the period before that were accepted after its consolidated one had gone."""
    before = (
        Report.objects.filter(
            period__obligation=report.period.obligation_id,
            period__due_on__lt=report.period.due_on,
            is_consolidated=True,
            submitted_at__isnull=False,
        )
        .select_related("period")
        .order_by("-period__due_on")
        .first()
    )
    if before is None:
        return
    accepted = before.sources.filter(
        state=ReportState.ACCEPTED,
        events__verb=Verb.REPORT_ACCEPTED,
        events__at__gt=before.submitted_at,
    )
    came = accepted.select_related("unit").distinct().order_by("unit__name")
    named = [f"{one.unit.name} ({_handed_in(one):%d/%m/%Y})" for one in came]
    if named:
        yield _("Reports for %(period)s that came after it was sent: %(units)s.") % {
            "period": before.period,
            "units": "; ".join(named),
        }


def _handed_in(report: Report) -> dt.date:
    assert report.submitted_at is not None  # a constraint of what was accepted
    return local_date(report.submitted_at)
