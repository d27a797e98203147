"""The history of an item as a story: one sentence for each event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Event, Unit, Verb
from tasks.words import long_date

# Read after "10:15, unit, person:". `about` is the unit whose part or report it is.
SENTENCES: dict[str, str | Promise] = {
    Verb.PLAN_ISSUED: gettext_lazy("issued the plan"),
    Verb.PLAN_CLOSED: gettext_lazy("closed the plan"),
    Verb.PLAN_CORRECTED: gettext_lazy("corrected the plan"),
    Verb.ITEM_CORRECTED: gettext_lazy("corrected the item: %(changes)s"),
    Verb.WITHDRAWN: gettext_lazy("took the part of %(about)s back"),
    Verb.ASSIGNED: gettext_lazy("assigned the work to %(about)s"),
    Verb.ACKNOWLEDGED: gettext_lazy("acknowledged the assignment"),
    Verb.DECLINED: gettext_lazy("declined the assignment"),
    Verb.INSISTED: gettext_lazy("kept the assignment of %(about)s"),
    Verb.REASSIGNED: gettext_lazy("re-assigned the part of %(about)s to %(to)s"),
    Verb.PROGRESSED: gettext_lazy("updated progress to %(percent)s %%"),
    Verb.OBSTACLE_RAISED: gettext_lazy("raised an obstacle"),
    Verb.OBSTACLE_PASSED_ON: gettext_lazy("passed the obstacle of %(about)s on to %(to)s"),
    Verb.OBSTACLE_ANSWERED: gettext_lazy("answered the obstacle of %(about)s"),
    Verb.PROPOSAL_WRITTEN: gettext_lazy("wrote a proposal to %(to)s in the report"),
    Verb.PROPOSAL_REMOVED: gettext_lazy("removed the proposal from the report"),
    Verb.PROPOSAL_RAISED: gettext_lazy("made a proposal to %(to)s"),
    Verb.PROPOSAL_PASSED_ON: gettext_lazy("passed the proposal of %(about)s on to %(to)s"),
    Verb.PROPOSAL_ANSWERED: gettext_lazy("answered the proposal of %(about)s"),
    Verb.PROPOSAL_REFUSED: gettext_lazy("refused the proposal of %(about)s"),
    Verb.PROPOSAL_WITHDRAWN: gettext_lazy("withdrew the proposal"),
    Verb.EXTENSION_REQUESTED: gettext_lazy("asked for an extension from %(before)s to %(after)s"),
    Verb.EXTENSION_GRANTED: gettext_lazy("gave %(about)s more time, until %(after)s"),
    Verb.EXTENSION_REFUSED: gettext_lazy("refused the extension for %(about)s"),
    Verb.CLAIMED: gettext_lazy("reported completion"),
    Verb.ACCEPTED: gettext_lazy("accepted the completion by %(about)s"),
    Verb.RETURNED: gettext_lazy("returned the work to %(about)s"),
    Verb.ITEM_COMPLETED: gettext_lazy("with this, the item is completed"),
    Verb.SUSPENDED: gettext_lazy("suspended the item"),
    Verb.RESUMED: gettext_lazy("resumed the item"),
    Verb.CANCELLED: gettext_lazy("cancelled the item"),
    Verb.OUTLINE_SET: gettext_lazy("set the outline of the reports"),
    Verb.REPORTS_REQUESTED: gettext_lazy("asked for reports by letter %(to)s"),
    Verb.REQUEST_WITHDRAWN: gettext_lazy("withdrew the request for reports"),
    Verb.DUTY_CHANGED: gettext_lazy("changed the reporting duty; dates not yet asked for follow"),
    Verb.DUTY_FED: gettext_lazy("had the reports consolidated in %(to)s"),
    Verb.REPORT_ASKED: gettext_lazy("asked %(about)s for the report"),
    Verb.REPORT_CALLED_OFF: gettext_lazy("called the report of %(about)s off"),
    Verb.REPORT_WRITTEN: gettext_lazy("wrote the report"),
    Verb.REPORT_COMMENTED: gettext_lazy("commented on the report of %(about)s"),
    Verb.REPORT_COMMENT_SETTLED: gettext_lazy("settled a comment on the report"),
    Verb.REPORT_PRESENTED: gettext_lazy("presented the report to the leader"),
    Verb.REPORT_SENT_BACK: gettext_lazy("sent the report back for rewriting"),
    Verb.REPORT_SUBMITTED: gettext_lazy("submitted the report"),
    Verb.REPORT_RECEIVED: gettext_lazy("received the report of %(about)s on paper"),
    Verb.REPORT_RETURNED: gettext_lazy("returned the report of %(about)s"),
    Verb.REPORT_ACCEPTED: gettext_lazy("accepted the report of %(about)s"),
    Verb.TARGET_SET: gettext_lazy("set a target"),
    Verb.INDICATOR_CHANGED: gettext_lazy("changed an indicator"),
    Verb.FIGURES_ENTERED: gettext_lazy("entered figures"),
    Verb.FIGURE_CORRECTED: gettext_lazy("corrected a figure"),
    Verb.FOLLOWED_UP: gettext_lazy("sent %(about)s an official reminder"),
    Verb.UNIT_SUCCEEDED: gettext_lazy("passed the work of %(from)s on to %(to)s"),
    Verb.PART_FOLDED: gettext_lazy("joined the part of %(from)s with that of %(about)s"),
    Verb.NOTICE_TAKEN: gettext_lazy("took note of the delay of %(about)s"),
}
# What a correction may change in an item, as `details["changed"]` of its event names it.
CHANGES: dict[str, str | Promise] = {
    "code": gettext_lazy("its code"),
    "title": gettext_lazy("its words"),
    "product": gettext_lazy("its product"),
    "due": gettext_lazy("its date"),
    "leads": gettext_lazy("its lead units"),
    "coordinators": gettext_lazy("its coordinating units"),
}


@dataclass(frozen=True)
class StoryLine:
    """What a history line says. Units that were assigned together share one line."""

    event: Event
    sentence: str
    units: list[str] = field(default_factory=list)


def sentence(event: Event) -> str:
    """What the event's actor did, as the end of a sentence.

    Reads `participation.unit` and `report.unit`: have them at hand, as `Event.story()` does.
    """
    return _sentence(event, _about(event))


def _sentence(event: Event, about: str) -> str:
    details = event.details
    return str(SENTENCES[event.verb]) % {
        "about": about or _("the unit"),
        "to": details.get("to") or _("another unit"),
        "from": details.get("from") or _("the unit"),
        "changes": ", ".join(str(CHANGES[one]) for one in details.get("changed", ())),
        "percent": details.get("percent", 0),
        "before": _date(details.get("before")),
        "after": _date(details.get("after")),
    }


def _about(event: Event) -> str:
    unit: Unit | None = None
    if event.proposal is not None:
        unit = event.proposal.unit
    elif event.participation is not None:
        unit = event.participation.unit
    elif event.report is not None:
        unit = event.report.unit
    return unit.short_name if unit else ""


def _date(text: str | None) -> str:
    return long_date(dt.date.fromisoformat(text)) if text else _("the date asked for")


Matter = tuple[str, int | None]


def _matter(event: Event) -> Matter:
    if event.participation_id is not None:
        return "part", event.participation_id
    return "report", event.report_id


def _former_names(events: Iterable[Event]) -> dict[Matter, list[Event]]:
    """For each part and report that passed to a successor: the passings, oldest first."""
    about = {_matter(event) for event in events}
    passed = Event.objects.filter(
        Q(participation__in=[pk for kind, pk in about if kind == "part" and pk])
        | Q(report__in=[pk for kind, pk in about if kind == "report" and pk]),
        verb=Verb.UNIT_SUCCEEDED,
    )
    found: dict[Matter, list[Event]] = {}
    for event in passed.order_by("at", "pk"):
        found.setdefault(_matter(event), []).append(event)
    return found


def _name_then(event: Event, passed: dict[Matter, list[Event]]) -> str:
    """The unit the event is about, by its name at that moment."""
    later = (
        one for one in passed.get(_matter(event), ()) if (one.at, one.pk) > (event.at, event.pk)
    )
    next_passing = next(later, None)
    return next_passing.details.get("from", "") if next_passing else _about(event)


def story(events: Iterable[Event]) -> list[StoryLine]:
    """The lines of a history, in the order of `events`; units by the name they then had."""
    lines = []
    events = list(events)
    passed = _former_names(events)
    for (verb, _at, _actor), group in groupby(events, key=lambda e: (e.verb, e.at, e.actor_id)):
        together = list(group)
        if verb == Verb.ASSIGNED:
            units = [_name_then(event, passed) for event in reversed(together)]
            lines.append(StoryLine(together[0], _sentence(together[0], ", ".join(units)), units))
        else:
            lines += [
                StoryLine(event, _sentence(event, _name_then(event, passed))) for event in together
            ]
    return lines
