"""Compose: messages of one person become the text of one mail, in that person's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.models import Message
from notifications.plain import plain_text
from notifications.rich import rich_text
from notifications.stopping import stop_address
from notifications.words import Entry, Heading, absolute, entry, page
from tasks.models import Person
from tasks.rules.calendar import local_date
from tasks.words import long_date

SUBJECT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in words. `thread` names the one matter it is about, if it is one."""

    subject: str
    text: str
    html: str
    thread: str


def compose(recipient: Person, messages: Iterable[Message]) -> Letter:
    """One mail for all `messages`: a single one as itself, several grouped by what to do."""
    with translation.override(recipient.language):
        entries = sorted(map(entry, messages), key=_pressing_first)
        urgent = any(one.message.urgent for one in entries)
        context = {
            "recipient": recipient,
            "language": recipient.language,
            "preferences_url": absolute(page("preferences")),
            "stop_url": "" if urgent else stop_address(recipient),
            **(_single(entries[0]) if len(entries) == 1 else _digest(entries)),
        }
        return Letter(
            subject=_one_line(str(context["subject"])),
            text=plain_text(context),
            html=rich_text(context),
            thread=_thread(entries),
        )


def _thread(entries: list[Entry]) -> str:
    matters = {one.matter for one in entries}
    return matters.pop() if len(matters) == 1 else ""


def _pressing_first(one: Entry) -> tuple[Heading, int, int]:
    return (one.heading, -one.days_late, one.message.pk)


def _single(one: Entry) -> dict[str, object]:
    return {
        "subject": one.subject,
        "lead": one.todo,
        "button": one.button,
        "url": one.url,
        "single": one,
    }


def _digest(entries: list[Entry]) -> dict[str, object]:
    groups = [(heading, list(group)) for heading, group in groupby(entries, _heading)]
    counts = ", ".join(
        _("%(heading)s: %(count)s") % {"heading": heading.label, "count": len(group)}
        for heading, group in groups
    )
    day = long_date(local_date(max(one.message.created_at for one in entries)))
    lead = ngettext(
        "Look at %(count)s matter, the most pressing first.",
        "Look at %(count)s matters, the most pressing first.",
        len(entries),
    )
    return {
        "subject": _("[%(counts)s] Your work, %(date)s") % {"counts": counts, "date": day},
        "lead": lead % {"count": len(entries)},
        "button": _("Open my work"),
        "url": absolute(page("home")),
        "groups": [(heading.label, group) for heading, group in groups],
    }


def _heading(one: Entry) -> Heading:
    return one.heading


def _one_line(subject: str) -> str:
    """A title of a plan may hold line breaks; a header may not."""
    return " ".join(subject.split())[:SUBJECT_LENGTH]
