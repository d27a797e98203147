"""The example loads on any day, shows what it promises, and is nobody else's text."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F, Max, QuerySet

from config.example import logins, papers, passphrase
from config.example.days import FIRST_DAY, Days
from config.example.directory import UNITS
from config.example.load import LoadRefused, load
from config.example.people import people
from config.example.registry import create_registry
from config.example.stage import cast
from notifications.models import Mail, Message
from tasks.models import (
    Deadline,
    Event,
    Extension,
    LeftOut,
    Obstacle,
    Participation,
    ParticipationState,
    Person,
    Plan,
    PlanDraft,
    PlanItem,
    Proposal,
    Report,
    ReportComment,
    ReportFile,
    ReportState,
    ReportVersion,
    SourceNote,
    Substitution,
    Unit,
)
from tasks.rules.calendar import DAY, WorkingCalendar, local_date, local_instant
from tests.factories import make_plan
from workflows.actions.drafts import registry_of
from workflows.drafting.doubts import find_doubts
from workflows.drafting.review import all_names

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TODAY = dt.date(2026, 11, 21)
# The first working week, Tết, midsummer, a Saturday, after the report dates, a leap day.
DAYS = [
    dt.date(2026, 1, 5),
    dt.date(2026, 2, 17),
    dt.date(2026, 6, 15),
    TODAY,
    dt.date(2026, 12, 25),
    dt.date(2028, 2, 29),
]
RUN_OF_WORDS = 16
LOADED = "The example is loaded. Its province, people and figures are invented."


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(passphrase, "VAR_DIR", tmp_path)
    return tmp_path


def load_on(today: dt.date, *, force: bool = False) -> bool:
    return load(at=local_instant(today, 8), say=lambda _line: None, force=force)


def main_plan() -> Plan:
    return Plan.objects.get(document__number="236/KH-UBND")


def work_promised(today: dt.date) -> dict[str, QuerySet[Any]]:
    parts = Participation.objects.filter(item__plan=main_plan())
    dates = Deadline.objects.filter(plan=main_plan(), kind="item")
    return {
        **{state: parts.filter(state=state) for state in set(ParticipationState) - {"cancelled"}},
        "new": Participation.objects.filter(state="assigned").exclude(pk__in=parts),
        "due soon": dates.due_between(today, today + 7 * DAY),
        "overdue by days": dates.overdue(today).filter(due_on__gte=today - 6 * DAY),
        "overdue by weeks": dates.overdue(today).filter(due_on__lte=today - 14 * DAY),
        "done on time": dates.filter(fulfilled_on__lte=F("due_on")),
        "done late": dates.filter(fulfilled_on__gt=F("due_on")),
        "extended": dates.overdue(dt.date.max).filter(due_on__gt=F("original_due_on")),
        "suspended": PlanItem.objects.filter(state="suspended"),
        "completed": PlanItem.objects.filter(state="completed"),
    }


def rest_promised(today: dt.date) -> dict[str, QuerySet[Any]]:
    reports = Report.objects.filter(plan=main_plan(), is_consolidated=False)
    proposals = Proposal.objects.filter(plan=main_plan())
    late = Deadline.objects.overdue(today).filter(kind="proposal")
    asked = ("requested", "granted", "refused")
    return {
        "answered proposal": proposals.filter(state="answered"),
        "refused proposal": proposals.filter(state="refused"),
        "late answer": proposals.filter(state="open", answer_deadlines__in=late),
        "on paper": reports.filter(on_paper=True),
        "missing though asked for by letter": Report.objects.filter(
            period__obligation__request__isnull=False, period__due_on__lt=today, state="expected"
        ),
        **{state: reports.filter(state=state) for state in set(ReportState) - {"cancelled"}},
        **{state: Extension.objects.filter(state=state) for state in asked},
        "open obstacle": Obstacle.objects.filter(answered_at=None),
        "answered obstacle": Obstacle.objects.exclude(answered_at=None),
        "substitution": Substitution.objects.filter(starts_on__lte=today, ends_on__gte=today),
        "open comment": ReportComment.objects.unsettled(),
        "settled comment": ReportComment.objects.filter(settled_at__isnull=False),
        "report submitted again": ReportVersion.objects.filter(occasion="submitted", number__gt=3),
        "draft": PlanDraft.objects.filter(state="reviewing"),
        "follow-up": Event.objects.filter(verb="followed_up"),
        "escalation": Message.objects.filter(kind="escalation"),
        "unread alert": Message.objects.filter(channel="in_app", read_at=None),
        "kept mail": Mail.objects.filter(state="kept"),
        "source of a statement": SourceNote.objects.filter(report__plan=main_plan()),
        "sentence left out": LeftOut.objects.exclude(reason=""),
        "file of a report": ReportFile.objects.filter(state="ready"),
    }


def missing(promised: dict[str, QuerySet[Any]]) -> list[str]:
    return sorted(name for name, found in promised.items() if not found.exists())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_example_shows_every_state_on_any_day(today: dt.date) -> None:
    assert load_on(today)
    assert missing(work_promised(today) | rest_promised(today)) == []
    due = main_plan().reports.order_by("is_consolidated").values_list("period__due_on", flat=True)
    assert sorted(set(due)) == [dt.date(today.year, 12, 10), dt.date(today.year, 12, 20)]
    assert main_plan().items.count() >= 12
    assert Unit.objects.filter(memberships__isnull=False).distinct().count() >= 20
    # Nothing has happened that was still to come.
    last = Event.objects.aggregate(last=Max("at"))["last"]
    assert last < local_instant(today)


@pytest.mark.slow
@pytest.mark.django_db
def test_second_load_changes_nothing() -> None:
    tables = (Unit, Person, Plan, Participation, Event, Message, Mail, Report)
    assert load_on(TODAY)
    before = [table.objects.count() for table in tables]
    hashed = Person.objects.get(username="quantri").password
    assert not load_on(TODAY + DAY)
    assert [table.objects.count() for table in tables] == before
    assert Person.objects.get(username="quantri").password == hashed


@pytest.mark.slow
@pytest.mark.django_db
def test_every_role_may_do_what_it_is_for() -> None:
    load_on(TODAY)
    found = [authenticate(username=one.username, password=one.password) for one in logins()]
    assert [person is not None for person in found] == [True] * 9
    rights = {
        "ubnd.chuyenvien1": ("issue_for_unit", Unit.objects.get(short_name="UBND tỉnh")),
        "ubnd.phochutich": ("supervise_plan", main_plan()),
        "khcn.chuyenvien1": ("consolidate_plan", main_plan()),
        "yte.lanhdao": ("approve_report", Report.objects.get(state="presented")),
        "hdnd.giamsat": ("view_plan", main_plan()),
        "quantri": ("change_unit", None),
    }
    people = {person.username: person for person in Person.objects.filter(username__in=rights)}
    may = {
        username: people[username].has_perm(f"tasks.{right}", on)
        for username, (right, on) in rights.items()
    }
    assert may == dict.fromkeys(rights, True)
    assert people["quantri"].has_perm("notifications.view_mail")
    assert not people["quantri"].is_superuser


@pytest.mark.slow
@pytest.mark.django_db
def test_command_says_what_it_did() -> None:
    first, second = StringIO(), StringIO()
    call_command("load_example", on=TODAY, stdout=first)
    call_command("load_example", stdout=second)
    assert first.getvalue().splitlines()[-1] == LOADED
    assert second.getvalue() == "The example is here already: its data are kept as they are.\n"


@pytest.mark.django_db
def test_other_plans_are_not_mixed_with_the_example() -> None:
    make_plan()
    with pytest.raises(LoadRefused):
        load_on(TODAY)
    assert not Unit.objects.filter(code__startswith="thuan-giang-").exists()


@pytest.mark.django_db
def test_day_before_the_units_exist_is_refused() -> None:
    with pytest.raises(CommandError, match="choose 2025-10-01 or later"):
        call_command("load_example", on=FIRST_DAY - DAY)


@pytest.mark.django_db
def test_lost_pass_phrase_is_replaced_for_everybody(own_folder: Path) -> None:
    create_registry(today=TODAY, password="an older one")
    assert not load_on(TODAY)
    phrase = passphrase.read(own_folder)
    assert [one.password for one in logins(own_folder)] == [phrase] * 9
    assert authenticate(username="quantri", password=phrase)


def test_pass_phrase_is_kept_for_its_owner_only(own_folder: Path) -> None:
    assert logins() == []
    phrase = passphrase.read_or_make()
    assert passphrase.read_or_make() == phrase
    assert (own_folder / passphrase.FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"([a-z]+-){4}\d{4}", phrase)


def draft_of(name: str, today: dt.date) -> PlanDraft:
    create_registry(today=today, password="x")
    days, players = Days(today, WorkingCalendar()), cast()
    at = local_instant(days.issued if name in papers.OLD else days.ago(1), 9)
    person = players.supervisor.person
    return papers.begin_draft(name, days, person, players.officer("ubnd"), at)


def doubts_of(draft: PlanDraft) -> list[tuple[str, str]]:
    """What the product itself would have a person look at, and in which words of the plan."""
    registry = registry_of(draft, today=local_date(draft.uploaded_at))
    found = find_doubts(draft.review, registry, draft.unit)
    names = {name["key"]: name["name"] for name in all_names(draft.review)}
    return [(doubt.code, names.get(doubt.place, "")) for doubt in found]


@pytest.mark.django_db
@pytest.mark.parametrize("today", [TODAY, DAYS[0]], ids=str)
@pytest.mark.parametrize(
    ("name", "items", "doubts"),
    [
        # Both shares that its purpose strives for stand outside a section of targets.
        (papers.MAIN, 16, [("time_conditional", ""), *[("target_unclear", "")] * 2]),
        (papers.SMALL, 5, []),
    ],
    ids=["main", "small"],
)
def test_issued_plans_read_without_an_unknown_name(
    today: dt.date, name: str, items: int, doubts: list[tuple[str, str]]
) -> None:
    draft = draft_of(name, today)
    assert doubts_of(draft) == doubts
    assert (len(draft.review["items"]), len(draft.review["duties"])) == (items, 2)
    assert draft.review["focal"] is not None


@pytest.mark.django_db
def test_document_of_targets_reads_without_a_doubt() -> None:
    draft = draft_of(papers.TARGETS, TODAY)
    assert doubts_of(draft) == [("focal", "")]
    bounds = [(one["low"], one["high"], one["baseline"]) for one in draft.review["targets"]]
    assert bounds == [
        ("60", "80", "12"),
        ("40", "40", None),
        ("35", None, None),
        (None, "2.5", None),
        ("90", "110", None),
    ]


@pytest.mark.django_db
def test_plan_under_review_leaves_something_to_decide() -> None:
    draft = draft_of(papers.DRAFT, TODAY)
    assert doubts_of(draft) == [
        ("number", ""),
        ("date", ""),
        ("time_unknown", ""),
        ("name", "Sở Lao động - Thương binh và Xã hội"),
        ("time_ambiguous", ""),
        # Merged into the department of science: proposed, and asked about.
        ("match", "Sở Thông tin và Truyền thông"),
    ]


@pytest.mark.django_db
def test_reform_of_2025_is_kept_as_history() -> None:
    create_registry(today=TODAY, password="x")
    former = Unit.objects.get(name="Sở Thông tin và Truyền thông")
    assert [unit.short_name for unit in former.successors.all()] == ["Sở KH&CN"]
    assert former.valid_until == dt.date(2025, 2, 28)


def test_story_keeps_its_order_on_every_day() -> None:
    """Answers to the plan come before the first progress, and an open date is still to come."""
    day = FIRST_DAY
    while day < dt.date(2030, 1, 1):
        days = Days(day, WorkingCalendar())
        assert days.after(days.issued, 6) <= days.ago(46) < days.after(days.ago(35), 5)
        assert days.after(days.issued, 5) <= days.ago(50)
        assert days.ago(1) < day < days.ahead(3)
        day += DAY


def test_everybody_has_a_name_of_their_own() -> None:
    rows = people()
    assert len(rows) >= 60
    assert len({row.full_name for row in rows}) == len({row.username for row in rows}) == len(rows)
    assert {row.email.partition("@")[2] for row in rows} == {"thuangiang.example"}
    assert [row.key for row in UNITS if not row.officers and row.until is None] == ["doanhnhantre"]


def runs_of_words(path: Path) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", path.read_text(encoding="utf-8").casefold())
    return set(zip(*(words[start:] for start in range(RUN_OF_WORDS)), strict=False))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the source documents are not beside the project")
def test_no_sentence_is_taken_from_the_source_documents() -> None:
    sources = [*SHARED.glob("seeds/*.txt"), *SHARED.glob("samples/*.txt")]
    taken = set().union(*map(runs_of_words, sources))
    example = ROOT / "config" / "example"
    ours = [*example.glob("texts/*.txt"), *example.glob("*.py")]
    assert {path.name: sorted(runs_of_words(path) & taken) for path in ours} == {
        path.name: [] for path in ours
    }
