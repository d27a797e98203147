"""A district that reports on paper, the clerks who receive it, and what the paper says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.http import HttpResponse

from tasks.models import MembershipRole, PaperReport, Plan, Report, SectionKind, Unit
from tasks.rules.calendar import local_instant
from tests.factories import make_person, make_plan, make_unit
from tests.tasks.indicator_world import make_target
from workflows.access import Actor
from workflows.actions.papers import hand_in_paper
from workflows.reading import read_paper

PAPER = Path(__file__).parents[1] / "data" / "bao-cao-giay.txt"
TODAY = dt.date(2023, 12, 7)
AT = local_instant(TODAY, 9)


@dataclass(frozen=True, slots=True)
class District:
    plan: Plan
    unit: Unit
    science: Unit
    clerk: Actor
    focal_clerk: Actor
    focal: Actor

    @property
    def report(self) -> Report:
        return Report.objects.select_related("unit", "reviewer", "plan", "period").get(
            plan=self.plan, unit=self.unit
        )

    def read(self, path: Path = PAPER, actor: Actor | None = None) -> PaperReport:
        """The paper handed in and read, as the job does it."""
        paper = hand_in_paper(
            report=self.report,
            file=ContentFile(path.read_bytes()),
            file_name=path.name,
            actor=actor or self.clerk,
            at=AT,
        )
        assert read_paper(paper.pk, lambda: AT)
        return PaperReport.objects.select_related("report__unit", "report__plan__issuer").get(
            pk=paper.pk
        )


def make_district(name: str = "UBND huyện Sông Lãnh", province: str = "UBND tỉnh Thử") -> District:
    unit, science = make_unit(name), make_unit("Sở Khoa học và Công nghệ")
    issuer = make_unit(province, may_issue=True)
    plan = make_plan(leads=[unit], focal=science, issuer=issuer)
    make_target(plan, unit, "Thành viên câu lạc bộ khởi nghiệp", measure="thành viên")
    clerk = MembershipRole.CLERK
    return District(
        plan,
        unit,
        science,
        Actor(make_person(unit, clerk), unit),
        Actor(make_person(science, clerk), science),
        Actor(make_person(science), science),
    )


def texts(report: Report) -> dict[str, str]:
    """The text of each section, by its kind."""
    return {SectionKind(one.kind).value: one.text for one in report.sections.all()}


def form_of(page: HttpResponse) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    soup = BeautifulSoup(page.content, "html.parser")
    form = soup.select_one("main form[data-keep]")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name]"):
        sent[str(field["name"])] = field.get("value", "") if field.name == "input" else field.text
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]")
        sent[str(choice["name"])] = str(chosen["value"]) if chosen else ""
    return sent
