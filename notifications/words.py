"""A message in words: the same for the alert on the page and the line in the mail.

Everything here speaks the language that is active.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache, cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from notifications.facts import Facts
from notifications.kinds import Audience, Kind
from notifications.models import Message
from tasks.chips import Chip, Tone
from tasks.models import DeadlineKind, Role, Verb
from tasks.rules.timeliness import Standing, Timeliness
from tasks.story import CHANGES
from tasks.words import long_date, short_date, standing_words

TITLE_WORDS = 90


class Heading(enum.IntEnum):
    """What one has to do about it, the most pressing first."""

    LATE = 1
    SOON = 2
    ACKNOWLEDGE = 3
    NEWS = 4

    @property
    def label(self) -> str:
        return str(_HEADINGS[self])


_HEADINGS = {
    Heading.LATE: gettext_lazy("Overdue"),
    Heading.SOON: gettext_lazy("Due soon"),
    Heading.ACKNOWLEDGE: gettext_lazy("To acknowledge"),
    Heading.NEWS: gettext_lazy("Other news"),
}

# For each event: what it is, and what to do now.
_NEWS = {
    Verb.ASSIGNED: (
        gettext_lazy("To acknowledge"),
        gettext_lazy("Acknowledge the assignment, or decline it with a reason."),
    ),
    Verb.DECLINED: (
        gettext_lazy("Assignment declined"),
        gettext_lazy("Keep the assignment, or give the work to another unit."),
    ),
    Verb.INSISTED: (
        gettext_lazy("To acknowledge again"),
        gettext_lazy("The assignment stands: acknowledge it."),
    ),
    Verb.REASSIGNED: (
        gettext_lazy("Work passed on"),
        gettext_lazy("You need do nothing more: another unit now has this work."),
    ),
    Verb.OBSTACLE_RAISED: (
        gettext_lazy("Obstacle"),
        gettext_lazy("Answer the obstacle, so that the work can go on."),
    ),
    Verb.OBSTACLE_PASSED_ON: (
        gettext_lazy("Obstacle passed on to you"),
        gettext_lazy("Answer the obstacle, so that the work can go on."),
    ),
    Verb.OBSTACLE_ANSWERED: (
        gettext_lazy("Obstacle answered"),
        gettext_lazy("Read the answer and go on with the work."),
    ),
    Verb.PROPOSAL_RAISED: (
        gettext_lazy("Proposal"),
        gettext_lazy("Answer the proposal, or refuse it with a reason."),
    ),
    Verb.PROPOSAL_PASSED_ON: (
        gettext_lazy("Proposal passed on"),
        gettext_lazy("The unit it was passed on to answers the proposal."),
    ),
    Verb.PROPOSAL_ANSWERED: (
        gettext_lazy("Proposal answered"),
        gettext_lazy("Read the answer."),
    ),
    Verb.PROPOSAL_REFUSED: (
        gettext_lazy("Proposal refused"),
        gettext_lazy("Read the reason."),
    ),
    Verb.PROPOSAL_WITHDRAWN: (
        gettext_lazy("Proposal withdrawn"),
        gettext_lazy("You need do nothing more."),
    ),
    Verb.EXTENSION_REQUESTED: (
        gettext_lazy("Extension requested"),
        gettext_lazy("Grant the extension, or refuse it with a reason."),
    ),
    Verb.EXTENSION_GRANTED: (
        gettext_lazy("Extension granted"),
        gettext_lazy("Finish the work by the new date."),
    ),
    Verb.EXTENSION_REFUSED: (
        gettext_lazy("Extension refused"),
        gettext_lazy("Finish the work by the date in force."),
    ),
    Verb.CLAIMED: (
        gettext_lazy("Completion reported"),
        gettext_lazy("Check the result, then accept or return it."),
    ),
    Verb.ACCEPTED: (
        gettext_lazy("Completion accepted"),
        gettext_lazy("You need do nothing more."),
    ),
    Verb.RETURNED: (
        gettext_lazy("Work returned"),
        gettext_lazy("Read the reason, complete the work and report it again."),
    ),
    Verb.SUSPENDED: (
        gettext_lazy("Item suspended"),
        gettext_lazy("Stop the work until it is resumed."),
    ),
    Verb.RESUMED: (gettext_lazy("Item resumed"), gettext_lazy("Go on with the work.")),
    Verb.CANCELLED: (gettext_lazy("Item cancelled"), gettext_lazy("You need do nothing more.")),
    Verb.ITEM_CORRECTED: (
        gettext_lazy("Item corrected"),
        gettext_lazy("Look at what was corrected, and go on with the work."),
    ),
    Verb.WITHDRAWN: (
        gettext_lazy("Part taken back"),
        gettext_lazy("You need do nothing more: the corrected plan no longer asks it of you."),
    ),
    Verb.UNIT_SUCCEEDED: (
        gettext_lazy("Passed to the successor unit"),
        gettext_lazy("Look at what the successor unit now carries on."),
    ),
    Verb.PART_FOLDED: (
        gettext_lazy("Two parts joined"),
        gettext_lazy("A merger gave one unit two parts of this item: the one left goes on."),
    ),
    Verb.PLAN_CORRECTED: (
        gettext_lazy("Plan corrected"),
        gettext_lazy("Look at what was corrected in the plan."),
    ),
    Verb.REPORT_ASKED: (
        gettext_lazy("Report asked for"),
        gettext_lazy("Write the report and submit it."),
    ),
    Verb.REPORT_CALLED_OFF: (
        gettext_lazy("Report called off"),
        gettext_lazy("You need do nothing more."),
    ),
    Verb.REPORT_PRESENTED: (
        gettext_lazy("Report to approve"),
        gettext_lazy("Approve and submit the report, or send it back."),
    ),
    Verb.REPORT_SENT_BACK: (
        gettext_lazy("Report sent back"),
        gettext_lazy("Rewrite the report and present it again."),
    ),
    Verb.REPORT_SUBMITTED: (
        gettext_lazy("Report submitted"),
        gettext_lazy("Check the report, then accept or return it."),
    ),
    Verb.REPORT_RECEIVED: (
        gettext_lazy("Report received on paper"),
        gettext_lazy("The receiving unit checks the report, then accepts or returns it."),
    ),
    Verb.REPORT_RETURNED: (
        gettext_lazy("Report returned"),
        gettext_lazy("Complete the report and submit it again."),
    ),
    Verb.REPORT_ACCEPTED: (
        gettext_lazy("Report accepted"),
        gettext_lazy("You need do nothing more."),
    ),
}

# For each thing that can be due: what the unit has to do, and the button to it.
_DUTIES = {
    DeadlineKind.ACKNOWLEDGEMENT: (
        gettext_lazy("Acknowledge the assignment, or decline it with a reason."),
        gettext_lazy("Acknowledge"),
    ),
    DeadlineKind.ITEM: (
        gettext_lazy("Update the progress, or report completion."),
        gettext_lazy("Update progress"),
    ),
    DeadlineKind.REPORT: (
        gettext_lazy("Write the report and submit it."),
        gettext_lazy("Write the report"),
    ),
    DeadlineKind.CONSOLIDATED: (
        gettext_lazy("Consolidate the reports and submit the result."),
        gettext_lazy("Write the report"),
    ),
    DeadlineKind.OBSTACLE: (
        gettext_lazy("Answer the obstacle, so that the work can go on."),
        gettext_lazy("Answer"),
    ),
    DeadlineKind.EXTENSION: (
        gettext_lazy("Grant the extension, or refuse it with a reason."),
        gettext_lazy("Decide"),
    ),
    DeadlineKind.PROPOSAL: (
        gettext_lazy("Answer the proposal, or refuse it with a reason."),
        gettext_lazy("Answer"),
    ),
}
_OVERSEERS = (
    Audience.FOCAL,
    Audience.FOCAL_LEADER,
    Audience.SUPERVISOR,
    Audience.UNIT_ABOVE,
    Audience.POST,
)
_OPEN = pgettext_lazy("button", "Open")


@dataclass(frozen=True)
class Entry:
    """One message, ready to be shown. `path` leads to the place where one acts.

    `matter` names what it is about, such as "item-12": all messages of one matter share it.
    """

    message: Message
    heading: Heading
    days_late: int
    chip: Chip
    headline: str
    unit: str
    todo: str
    button: str
    path: str
    matter: str
    rows: tuple[tuple[str, str], ...]
    quote: str
    why: str

    @property
    def subject(self) -> str:
        """What it is, about what, and which unit: "[Overdue 1 day] Report … · unit"."""
        headline = Truncator(self.headline).chars(TITLE_WORDS)
        about = f"{headline} · {self.unit}" if self.unit else headline
        return f"[{capfirst(self.chip.words)}] {about}"

    @cached_property
    def why_url(self) -> str:
        return absolute(page("message_why", self.message.pk))

    @cached_property
    def url(self) -> str:
        """For a mail: it leads to `path`, acting for the unit that the message is about."""
        return absolute(page("message_go", self.message.pk))


def absolute(path: str) -> str:
    return f"{settings.DONDOC_BASE_URL}{path}"


def page(name: str, key: int | None = None) -> str:
    """The path of a page, if need be of the thing with this key."""
    return _paths(name) if key is None else _paths(name, _ANY_KEY).replace(str(_ANY_KEY), str(key))


# No path has it otherwise.
_ANY_KEY = 9_876_543_210


@cache
def _paths(name: str, *keys: int) -> str:
    """Django puts a path together anew each time: too slow for each line of many mails."""
    return reverse(name, args=keys)


def entry(message: Message) -> Entry:
    """Needs the message's `substitute_for` and `scheduled`; asks the database nothing else."""
    facts = Facts.read(message.facts)
    todo, button = _duty(message, facts)
    return Entry(
        message=message,
        heading=_heading(message, facts),
        days_late=facts.days_late,
        chip=_chip(message, facts),
        headline=_headline(facts, is_news=message.kind == Kind.NOTICE),
        unit=facts.unit,
        todo=todo,
        button=button,
        path=page(facts.target, facts.target_id),
        matter=f"{facts.target}-{facts.target_id}",
        rows=tuple(_rows(facts)),
        quote=facts.words,
        why=_why(message, facts),
    )


def _heading(message: Message, facts: Facts) -> Heading:
    if facts.verb in (Verb.ASSIGNED, Verb.INSISTED):
        return Heading.ACKNOWLEDGE
    if message.kind == Kind.NOTICE:
        return Heading.NEWS
    return Heading.LATE if facts.days_late else Heading.SOON


def _chip(message: Message, facts: Facts) -> Chip:
    if message.kind == Kind.NOTICE:
        tone, icon = (
            (Tone.WAITING, "waiting")
            if _heading(message, facts) is Heading.ACKNOWLEDGE
            else (Tone.NEUTRAL, "")
        )
        return Chip(tone, icon, str(_NEWS[Verb(facts.verb)][0]))
    tone, icon = (Tone.LATE, "alert") if facts.days_late else (Tone.SOON, "clock")
    standing = _standing_words(facts)
    if message.kind != Kind.FOLLOW_UP:
        return Chip(tone, icon, standing)
    return Chip(tone, icon, _("Follow-up: %(standing)s") % {"standing": standing})


def _standing_words(facts: Facts) -> str:
    timeliness = Timeliness.OVERDUE if facts.days_late else Timeliness.DUE_SOON
    standing = Standing(timeliness, facts.due_on, facts.days_late, facts.working_days_left)
    return standing_words(standing, facts.today)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a deadline is about, and the page where it is."""

    headline: str
    path: str


def subject_of(facts: Facts) -> Subject:
    return Subject(_headline(facts, is_news=False), page(facts.target, facts.target_id))


def _headline(facts: Facts, *, is_news: bool) -> str:
    item = f"{facts.code} {facts.title}".strip()
    match facts.thing:
        case DeadlineKind.REPORT:
            return _("Report on plan %(plan)s, %(period)s") % {
                "plan": facts.plan,
                "period": facts.title,
            }
        case DeadlineKind.CONSOLIDATED:
            return _("Consolidated report on plan %(plan)s, %(period)s") % {
                "plan": facts.plan,
                "period": facts.title,
            }
        case DeadlineKind.ACKNOWLEDGEMENT if not is_news:
            return _("Acknowledgement of %(item)s") % {"item": item}
        case DeadlineKind.OBSTACLE:
            return _("Answer to the obstacle in %(item)s") % {"item": item}
        case DeadlineKind.EXTENSION:
            return _("Decision on the extension of %(item)s") % {"item": item}
        case DeadlineKind.PROPOSAL if is_news:
            return _("Proposal: %(words)s") % {"words": _short(facts.title)}
        case DeadlineKind.PROPOSAL:
            return _("Answer to the proposal: %(words)s") % {"words": _short(facts.title)}
        case DeadlineKind.ITEM | DeadlineKind.ACKNOWLEDGEMENT:
            return item
        case _:
            return facts.plan_title


def _short(words: str) -> str:
    return Truncator(words).chars(TITLE_WORDS)


def _duty(message: Message, facts: Facts) -> tuple[str, str]:
    """What to do, and the words on the button."""
    if message.kind == Kind.NOTICE:
        if facts.verb == Verb.REPORT_SUBMITTED and message.audience == Audience.OFFICER:
            return _("It has reached the receiving unit: the receipt is on its page."), str(_OPEN)
        return str(_NEWS[Verb(facts.verb)][1]), str(_OPEN)
    if facts.thing == DeadlineKind.EXTENSION and message.audience == Audience.SUPERVISOR:
        todo, button = _DUTIES[DeadlineKind.EXTENSION]
        return str(todo), str(button)
    if message.audience == Audience.SUPERVISOR:
        words = _("%(unit)s is late: follow it up, or take note of the delay.")
        return words % {"unit": facts.unit}, str(_OPEN)
    if message.audience in _OVERSEERS:
        return _("%(unit)s is late: follow it up.") % {"unit": facts.unit}, str(_OPEN)
    if facts.presented and message.audience == Audience.LEADER:
        return str(_NEWS[Verb.REPORT_PRESENTED][1]), str(_OPEN)
    todo, button = _DUTIES[DeadlineKind(facts.thing)]
    return str(todo), str(button)


def _rows(facts: Facts) -> list[tuple[str, str]]:
    """The facts as label and value; only those that are known."""
    plan = _("%(number)s, %(title)s") % {"number": facts.plan, "title": facts.plan_title}
    rows = [
        (gettext_noop("Plan"), plan),
        (gettext_noop("Unit"), facts.unit),
        (gettext_noop("Part"), str(Role(facts.role).label) if facts.role else ""),
        (gettext_noop("Due on"), _due(facts)),
        (gettext_noop("New date"), long_date(facts.new_due_on)),
        (gettext_noop("Corrected"), ", ".join(str(CHANGES[one]) for one in facts.changed)),
        (gettext_noop("Progress"), "" if facts.percent is None else f"{facts.percent} %"),
        (gettext_noop("From"), ", ".join(filter(None, (facts.actor, facts.actor_unit)))),
        (gettext_noop("Passed on to"), facts.passed_to),
        (gettext_noop("Not sent earlier"), _missed(facts)),
    ]
    return [(_(label), value) for label, value in rows if value]


def _due(facts: Facts) -> str:
    if facts.due_on is None:
        return ""
    words = long_date(facts.due_on)
    if facts.working_days_left == 0 and facts.today < facts.due_on:
        words = _("%(date)s, a day off: today is the last working day before it") % {"date": words}
    if facts.original_due_on not in (None, facts.due_on):
        words = _("%(date)s (originally %(original)s)") % {
            "date": words,
            "original": long_date(facts.original_due_on),
        }
    return words


def _missed(facts: Facts) -> str:
    return "; ".join(
        _("%(kind)s of %(date)s") % {"kind": Kind(kind).label, "date": short_date(day)}
        for kind, day in facts.missed
    )


def _why(message: Message, facts: Facts) -> str:
    post = {"post": Audience(message.audience).label, "unit": facts.audience_unit}
    if message.substitute_for is not None:
        words = _("You receive this in place of %(person)s, who is away: %(post)s, %(unit)s.")
        words %= {"person": message.substitute_for, **post}
    else:
        words = _("You receive this as %(post)s, %(unit)s.") % post
    if facts.nobody_at:
        words += " " + _("%(unit)s has nobody registered who could receive it.") % {
            "unit": facts.nobody_at
        }
    return words
