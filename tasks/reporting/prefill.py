"""The first text of a report, put together from what was already said during the year.

Nobody should type again what the system knows. A unit's report is drawn from its items; what the
consolidated one takes over from the units is put together by `consolidating`. The officer edits
the text: nothing here is saved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.models import (
    GONE,
    Deadline,
    DeadlineKind,
    Extension,
    ExtensionState,
    Obstacle,
    Participation,
    ParticipationState,
    ProgressUpdate,
    Report,
    ReportState,
    Role,
    SectionKind,
)
from tasks.queries import working_calendar
from tasks.reporting.proposals import proposal_text, proposals_of
from tasks.rules.calendar import WorkingCalendar, local_date
from tasks.rules.timeliness import Standing, Timeliness, standing
from tasks.words import sentence as _sentence
from tasks.words import standing_words

PLAN_LANGUAGE = "vi"
HANDED_IN = (ReportState.SUBMITTED, ReportState.ACCEPTED)
DONE = (Timeliness.DONE_ON_TIME, Timeliness.DONE_LATE)


# What a report begins with, by the kind of its sections; a kind that is not in it begins empty.
Texts = dict[SectionKind, str]


def prefill(report: Report, *, today: dt.date, language: str = PLAN_LANGUAGE) -> dict[int, str]:
    """The texts to begin with, by the key of the section, as things stand on the day `today`.

    They are worded in the language of the plan, whatever the reader's. A constant number of
    queries.
    """
    with translation.override(language):
        texts: Texts = {}
        if not report.is_consolidated:
            texts = unit_texts(parts_led(report), today=today, calendar=working_calendar())
        asked = texts.get(SectionKind.PROPOSALS, "")
        texts[SectionKind.PROPOSALS] = _with_proposals(report, asked)
    return {
        section.pk: texts.get(SectionKind(section.kind), "") for section in report.sections.all()
    }


def _with_proposals(report: Report, text: str) -> str:
    """After what is asked, what became of what was proposed; nothing is just put away."""
    lines = proposal_text(proposals_of(report), names_unit=report.is_consolidated)
    if lines and report.is_consolidated:
        lines = f"{_('What became of the proposals:')}\n{lines}"
    return "\n\n".join(filter(None, (text, lines)))


def parts_led(report: Report) -> list[Participation]:
    """The parts the unit answers for in the plan, with all that was said about them."""
    updates = ProgressUpdate.objects.prefetch_related("evidence")
    dates = Deadline.objects.filter(kind=DeadlineKind.ITEM).order_by("pk")
    extensions = Extension.objects.order_by("requested_at")
    return list(
        Participation.objects.filter(item__plan=report.plan_id, unit=report.unit_id, role=Role.LEAD)
        .exclude(state__in=GONE)
        .select_related("item")
        .prefetch_related(
            Prefetch("updates", updates),
            Prefetch("obstacles", Obstacle.objects.order_by("raised_at")),
            Prefetch(
                "deadlines",
                dates.prefetch_related("versions", Prefetch("extensions", extensions)),
            ),
        )
        .order_by("item__position")
    )


def unit_texts(
    parts: Iterable[Participation], *, today: dt.date, calendar: WorkingCalendar
) -> Texts:
    """A unit's report from its parts (`parts_led`), in the language that is active."""
    stood = [(part, _standing(part, today, calendar)) for part in parts]
    difficulties = [line for part, _how in stood for line in _difficulties(part)]
    suggestions = [line for part, _how in stood for line in _suggestions(part)]
    steps = [_next_step(part, how) for part, how in stood if _is_open(how, part)]
    return {
        SectionKind.RESULTS: "\n\n".join(_result(part, how) for part, how in stood),
        SectionKind.DIFFICULTIES: "\n".join(difficulties),
        SectionKind.PROPOSALS: "\n".join(suggestions),
        SectionKind.NEXT_STEPS: "\n".join(steps),
    }


def _standing(part: Participation, today: dt.date, calendar: WorkingCalendar) -> Standing:
    date = _date(part)
    return standing(
        due_on=date.due_on if date else None,
        fulfilled_on=date.fulfilled_on if date else None,
        paused=bool(date and date.paused_at),
        today=today,
        calendar=calendar,
    )


def _date(part: Participation) -> Deadline | None:
    dates = list(part.deadlines.all())
    return dates[-1] if dates else None


def _is_open(how: Standing, part: Participation) -> bool:
    handed_in = (ParticipationState.CLAIMED, ParticipationState.ACCEPTED)
    return how.timeliness not in DONE and part.state not in handed_in


def _name(part: Participation) -> str:
    """The item as the plan calls it: "II.1.d. Thúc đẩy hoạt động …"."""
    code, title = part.item.code, part.item.title.strip().rstrip(".;")
    return f"{code.rstrip('.')}. {title}" if code else title


def _short_name(part: Participation) -> str:
    if part.item.code:
        return _("Item %(code)s") % {"code": part.item.code.rstrip(".")}
    return part.item.title.strip().rstrip(".;")


def _day(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")


def _result(part: Participation, how: Standing) -> str:
    updates = list(part.updates.all())
    lines = [_name(part), _("- Progress: %(progress)s") % {"progress": _progress(part, how)}]
    if updates:
        lines.append(_("- Results: %(words)s") % {"words": _sentence(updates[0].words)})
    files = [evidence.name for update in reversed(updates) for evidence in update.evidence.all()]
    if files:
        lines.append(_("- Attached: %(files)s") % {"files": "; ".join(dict.fromkeys(files))})
    return "\n".join(lines)


def _progress(part: Participation, how: Standing) -> str:
    words = {"percent": part.percent, "standing": standing_words(how)}
    if how.due_on is None:
        return _("%(percent)s %%") % words
    words |= {"due": _day(how.due_on)}
    if how.timeliness in (Timeliness.IN_TERM, Timeliness.DUE_SOON):
        return _("%(percent)s %%, within the term until %(due)s") % words
    return _("%(percent)s %%, %(standing)s (term: %(due)s)") % words


def _difficulties(part: Participation) -> list[str]:
    lines = [
        _("- %(item)s: %(words)s %(answer)s")
        % {
            "item": _short_name(part),
            "words": _sentence(obstacle.words),
            "answer": _answer(obstacle),
        }
        for obstacle in part.obstacles.all()
    ]
    date = _date(part)
    if date is None:
        return lines
    return lines + [_extension(part, date, one) for one in date.extensions.all()]


def _answer(obstacle: Obstacle) -> str:
    if obstacle.answered_at is None:
        return _("Not answered yet.")
    return _("Answered on %(day)s: %(words)s") % {
        "day": _day(local_date(obstacle.answered_at)),
        "words": _sentence(obstacle.answer),
    }


def granted_date(date: Deadline, extension: Extension) -> dt.date:
    """The date the leader set, which need not be the one that was asked for."""
    versions = date.versions.all()
    set_then = [one.due_on for one in versions if one.set_at == extension.decided_at]
    return set_then[0] if set_then else extension.requested_due_on


def _extension(part: Participation, date: Deadline, extension: Extension) -> str:
    words = {
        "item": _short_name(part),
        "before": _day(extension.due_on_before),
        "after": _day(granted_date(date, extension)),
        "asked": _day(extension.requested_due_on),
        "reason": _sentence(extension.reason),
        "decision": _sentence(extension.decision_words),
    }
    match extension.state:
        case ExtensionState.GRANTED:
            return (
                _("- %(item)s: extended from %(before)s to %(after)s. Reason: %(reason)s") % words
            )
        case ExtensionState.REFUSED:
            return (
                _(
                    "- %(item)s: an extension to %(asked)s was refused. Reason given: %(reason)s"
                    " Decision: %(decision)s"
                )
                % words
            )
    return (
        _("- %(item)s: an extension to %(asked)s is waiting for a decision. Reason: %(reason)s")
        % words
    )


def _suggestions(part: Participation) -> list[str]:
    """Each obstacle without an answer becomes a request to the focal unit."""
    return [
        _("- %(item)s: please consider and answer: %(words)s")
        % {"item": _short_name(part), "words": _sentence(obstacle.words)}
        for obstacle in part.obstacles.all()
        if obstacle.answered_at is None
    ]


def _next_step(part: Participation, how: Standing) -> str:
    words = {"item": _short_name(part), "left": 100 - part.percent}
    if how.timeliness == Timeliness.PAUSED:
        return _("- %(item)s: suspended, to go on when it is resumed.") % words
    if how.due_on is None:
        return _("- %(item)s: to go on.") % words
    words |= {"due": _day(how.due_on)}
    if how.timeliness == Timeliness.OVERDUE:
        return _("- %(item)s: to be finished as soon as possible (term: %(due)s).") % words
    return _("- %(item)s: to be finished by %(due)s (%(left)s %% left).") % words
