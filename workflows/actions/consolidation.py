"""The focal unit makes the draft of a consolidated report, and answers for what is not in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from tasks.models import LeftOut, Report, ReportSection, SourceNote, Verb
from tasks.reporting.assembly import Sourced
from tasks.reporting.consolidating import (
    Missing,
    accepted_sources,
    account_of,
    assemble,
    section_for,
)
from tasks.reporting.statements import key_of, marked, rounded
from tasks.rules.calendar import local_date
from workflows.access import Actor
from workflows.actions.base import attempt, locked_report, needed, record
from workflows.actions.reports import keep_text, require_open, require_writer
from workflows.errors import ActionRefused


@contextmanager
def _writing(report: Report, actor: Actor) -> Iterator[Report]:
    """The consolidated report under its lock, for somebody who may write it now."""
    with locked_report(report) as fresh:
        require_writer(actor, fresh)
        require_open(fresh)
        if not fresh.is_consolidated:
            raise ActionRefused(_("Only a consolidated report is put together from others."))
        yield fresh


def assemble_report(*, report: Report, actor: Actor, at: dt.datetime) -> None:
    """Write the first draft from the accepted unit reports, a note at each statement.

    What is written already stays below it. Reports that are accepted later are taken over by
    `put_in`: a draft is put together only once.
    """
    with _writing(report, actor) as fresh:
        if fresh.notes.exists():
            raise ActionRefused(
                _("The draft is put together already. Add what is missing from its list.")
            )
        drafts = assemble(fresh, today=local_date(at))
        if not any(draft.notes for draft in drafts.values()):
            raise ActionRefused(
                _("No unit report is accepted yet. Accept the reports that were handed in first.")
            )
        for section in fresh.sections.all():
            keep_text(section, drafts[section.pk].text, actor, at)
            _note(fresh, drafts[section.pk].notes)
        _written(fresh, fresh.sections.all(), actor, at)


def put_in(
    *, report: Report, actor: Actor, at: dt.datetime, chosen: Sequence[tuple[int, str]]
) -> int:
    """Add sentences of the sources to the draft, each under its unit and with a note of its own.

    `chosen` names them by the key of their section and their words. What is in the draft by now
    is passed over. Returns how many were added.
    """
    with _writing(report, actor) as fresh:
        missing = _chosen(fresh, chosen)
        if not missing:
            return 0
        own = {section.pk: section for section in fresh.sections.all()}
        units = {key_of(source.unit.name) for source in accepted_sources(fresh)}
        last = fresh.notes.aggregate(last=Max("number"))["last"] or 0
        changed: dict[int, ReportSection] = {}
        for number, one in enumerate(missing, last + 1):
            target = own[section_for(one.section, list(own.values())).pk]
            line = marked(rounded(one.words), [number])
            target.text = _inserted(target.text, one.source.unit.name, line, units)
            changed[target.pk] = target
            _note(fresh, [Sourced(number, one.section.pk, None, one.words)])
        for section in changed.values():
            keep_text(section, section.text, actor, at)
        _written(fresh, changed.values(), actor, at)
        return len(missing)


def leave_out(
    *,
    report: Report,
    actor: Actor,
    at: dt.datetime,
    chosen: Sequence[tuple[int, str]],
    reason: str,
) -> int:
    """Record that sentences of the sources are knowingly not in the draft, and why."""
    reason = needed(reason)[:300]
    with _writing(report, actor) as fresh:
        missing = _chosen(fresh, chosen)
        LeftOut.objects.bulk_create(
            [
                LeftOut(
                    report=fresh,
                    source=one.section,
                    words=one.words,
                    reason=reason,
                    decided_by=actor.person,
                    decided_at=at,
                )
                for one in {(one.section.pk, one.key): one for one in missing}.values()
            ]
        )
        return len(missing)


def take_back(*, report: Report, actor: Actor, at: dt.datetime, left_out: int) -> None:
    """A sentence that was left out is asked about again."""
    with _writing(report, actor) as fresh:
        LeftOut.objects.filter(report=fresh, pk=left_out).delete()


def _chosen(report: Report, chosen: Sequence[tuple[int, str]]) -> list[Missing]:
    wanted = {(section, key_of(words)) for section, words in chosen}
    return [one for one in account_of(report).missing if (one.section.pk, one.key) in wanted]


def _inserted(text: str, unit: str, line: str, units: set[str]) -> str:
    """The text with the line at the end of what it last says under the unit's name."""
    lines = text.splitlines()
    heads = [at for at, one in enumerate(lines) if key_of(one) == key_of(unit)]
    if not heads:
        return "\n".join([*lines, *([""] if lines else []), unit, line])
    end = heads[-1] + 1
    while end < len(lines) and lines[end].strip() and key_of(lines[end]) not in units:
        end += 1
    return "\n".join([*lines[:end], line, *lines[end:]])


def _note(report: Report, notes: Sequence[Sourced]) -> None:
    SourceNote.objects.bulk_create(
        SourceNote(
            report=report,
            number=one.number,
            source_id=one.section,
            item_id=one.item,
            words=one.quote,
        )
        for one in notes
    )


def _written(
    report: Report, sections: Iterable[ReportSection], actor: Actor, at: dt.datetime
) -> None:
    attempt(report.write)
    report.save()
    record(
        Verb.REPORT_WRITTEN,
        actor=actor,
        at=at,
        plan=report.plan,
        report=report,
        details={"sections": [section.title for section in sections]},
    )
