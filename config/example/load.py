"""Loads the example: the registry, the plans, ten weeks of work. All of it, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils import translation

from config.example import papers, passphrase
from config.example.days import FIRST_DAY, Days
from config.example.directory import PROVINCE
from config.example.people import DEPUTY_CHAIR
from config.example.registry import CODE_PREFIX, code_of, create_registry, set_password
from config.example.replay import replay
from config.example.stage import Cast, Story, cast
from config.example.story import tell
from config.example.story_consolidation import tell_consolidation
from config.example.story_duties import tell_duties
from config.example.story_proposals import tell_proposals, tell_written_proposals
from config.example.story_reports import tell_reports
from config.example.story_targets import tell_targets
from notifications.announce import announce_events
from tasks.models import Person, Plan, Unit
from tasks.queries import working_calendar
from tasks.rules.calendar import local_date, local_instant
from workflows.access import Actor

# The unit that reports of the main plan go through.
FOCAL = "khcn"
Say = Callable[[str], None]


class LoadRefused(Exception):
    """The example is not loaded; the message says why."""


def is_present() -> bool:
    return Unit.objects.filter(code__startswith=CODE_PREFIX).exists()


def load(*, at: dt.datetime, say: Say, force: bool = False) -> bool:
    """Load the example as it stands at the instant `at`; false when it was there already.

    Raises `LoadRefused` where other plans are kept, unless `force`.
    """
    password = passphrase.read_or_make()
    if is_present():
        _keep_password(password)
        return False
    if Plan.objects.exists() and not force:
        raise LoadRefused("This database holds plans of its own: the example is not mixed in.")
    today = local_date(at)
    if today < FIRST_DAY:
        raise LoadRefused(f"The example's units exist from July 2025: choose {FIRST_DAY} or later.")
    with transaction.atomic(), translation.override("vi"):
        _load(today, at, password, say)
    return True


def _keep_password(password: str) -> None:
    """The file of the pass phrase may be younger than the people: then they get the new one."""
    if not Person.objects.get(username=DEPUTY_CHAIR).check_password(password):
        set_password(password)


def _load(today: dt.date, at: dt.datetime, password: str, say: Say) -> None:
    create_registry(today=today, password=password)
    say(f"{Unit.objects.count()} units and {Person.objects.count()} people of {PROVINCE}.")
    days = Days(today, working_calendar())
    players = cast()
    plan = _issue(papers.MAIN, days, players, local_instant(days.issued, 9))
    announce_events(at=local_instant(days.issued, 9))
    say(f"Plan {plan} was read and issued: {plan.items.count()} items.")
    story = Story(plan, days, players, focal=FOCAL)
    tell(story)
    tell_written_proposals(story)
    tell_reports(story)
    _targets(story)
    tell_proposals(story)
    tell_consolidation(story)
    _younger_papers(story)
    replay(days, story.by_day(), at=at, say=lambda day: say(f"The week of {day:%d/%m/%Y} …"))


def _targets(story: Story) -> None:
    """A document that sets targets and gives no work, with what was measured since."""
    days, players = story.days, story.cast
    at, leader = local_instant(days.issued, 10), players.supervisor.person
    draft = papers.begin_draft(papers.TARGETS, days, leader, _issuer(players), at)
    focal = Unit.objects.get(code=code_of("vhttdl"))
    plan = papers.issue(draft, leader, _issuer(players), at, focal=focal.pk)
    tell_targets(story, plan)
    tell_duties(story, plan)


def _younger_papers(story: Story) -> None:
    """A plan so young that nobody has answered yet, and one that is still being reviewed."""
    days, players = story.days, story.cast

    def issue(at: dt.datetime) -> None:
        _issue(papers.SMALL, days, players, at)

    def draft(at: dt.datetime) -> None:
        papers.begin_draft(papers.DRAFT, days, players.supervisor.person, _issuer(players), at)

    story.add(days.ago(1), issue)
    story.add(days.ago(1), draft)


def _issuer(players: Cast) -> Actor:
    return players.officer("ubnd")


def _issue(name: str, days: Days, players: Cast, at: dt.datetime) -> Plan:
    """Paste the document, review what was read, and issue."""
    leader, actor = players.supervisor.person, _issuer(players)
    draft = papers.begin_draft(name, days, leader, actor, at)
    return papers.issue(draft, leader, actor, at)
