"""The example's documents: texts with open places, filled in for the day, then read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from string import Template

from config.example.days import Days
from tasks.importing.reading import read_pasted
from tasks.models import DraftVerb, Person, Plan, PlanDraft
from tasks.rules.calendar import DAY, local_date
from workflows.access import Actor
from workflows.actions.drafts import Step, issue_draft, open_draft, registry_of, save_review
from workflows.drafting.doubts import find_doubts
from workflows.drafting.review import Review

_TEXTS = Path(__file__).parent / "texts"
MAIN, SMALL, DRAFT = "dich-vu-cong", "moi-truong", "duoi-nuoc"
TARGETS = "van-hoa-doc"
NUMBERS = {MAIN: "236/KH-UBND", SMALL: "289/KH-UBND", DRAFT: "", TARGETS: "231/KH-UBND"}
OLD = (MAIN, TARGETS)


def _dates(name: str, days: Days) -> dict[str, dt.date]:
    """The dates of one text, by the names of its open places."""
    ago, ahead, issued = days.ago, days.ahead, days.issued
    if name == MAIN:
        return {
            "resolution": days.worked(issued - 140 * DAY),
            "proposal": days.worked(issued - 6 * DAY),
            "training": ago(25),
            "campaign": ahead(5),
            "leaflets": ahead(30),
            "catalogue": ago(21),
            "land": ago(14),
            "health": ago(2),
            "digitising": ahead(9),
            "fees": ago(35),
            "points": ahead(20),
            "security": ago(12),
            "survey": ahead(12),
            "schools": ahead(3),
            "business": ahead(27),
            "reports": dt.date(days.today.year, 12, 10),
            "consolidated": dt.date(days.today.year, 12, 20),
        }
    if name == TARGETS:
        return {"proposal": days.worked(issued - 9 * DAY)}
    return {
        "proposal": ago(8),
        "mapping": ahead(15),
        "cleaning": ahead(45),
        "medical": ahead(25),
        "markets": ahead(38),
        "fences": ahead(40),
        "reports": ahead(60),
        "consolidated": ahead(70),
    }


def render(name: str, days: Days, signer: str) -> str:
    """The text as it was signed for an example shown on `days.today`."""
    issued = days.issued if name in OLD else days.ago(1)
    year = days.today.year
    upgrade_to = days.today + 40 * DAY
    lessons = days.today + 60 * DAY
    places = {place: f"{day:%d/%m/%Y}" for place, day in _dates(name, days).items()}
    return Template((_TEXTS / f"{name}.txt").read_text(encoding="utf-8")).substitute(
        places,
        number=NUMBERS[name],
        first=year - 2,
        second=year + 1,
        third=year + 2,
        last=year + 6,
        issued_long=f"ngày {issued:%d} tháng {issued:%m} năm {issued.year}",
        month=f"{days.today:%m}",
        year=year,
        years=_years(issued.year, _last_year(name, days)),
        upgrade_from=f"{issued.month}/{issued.year}",
        upgrade_to=f"{upgrade_to.month}/{upgrade_to.year}",
        lessons=f"{lessons.month}/{lessons.year}",
        signer=signer,
    )


def _last_year(name: str, days: Days) -> int:
    return max(day.year for day in _dates(name, days).values())


def _years(first: int, last: int) -> str:
    return f"năm {first}" if first == last else f"các năm {first} - {last}"


def begin_draft(name: str, days: Days, signer: Person, actor: Actor, at: dt.datetime) -> PlanDraft:
    """The document as `actor` pasted it at the instant `at`, with the review the reader offers."""
    reading = read_pasted(render(name, days, signer.full_name))
    return open_draft(reading=reading, actor=actor, at=at)


def issue(
    draft: PlanDraft, leader: Person, actor: Actor, at: dt.datetime, *, focal: int | None = None
) -> Plan:
    """The reviewer confirms every doubt, names the supervising leader, and issues."""
    registry = registry_of(draft, today=local_date(at))
    doubts = [doubt.key for doubt in find_doubts(draft.review, registry, draft.unit)]

    def confirm(review: Review) -> None:
        review["confirmed"] = doubts
        review["leader"] = leader.pk
        # A document that names no focal unit: the one that it lets consolidate.
        review["focal"] = review["focal"] or focal

    step = Step(DraftVerb.CONFIRMED, "", confirm)
    saved = save_review(draft=draft, actor=actor, at=at, revision=draft.revision, step=step)
    return issue_draft(draft=saved, actor=actor, at=at, revision=saved.revision)
