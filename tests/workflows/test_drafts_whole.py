"""A real provincial plan from the file to the running plan; skipped where it is absent."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tasks.models import DeadlineKind, Participation, Plan, PlanDraft, Role, Unit, UnitAlias
from tests.factories import make_person, make_unit
from tests.workflows.draft_world import send
from workflows.jobs import read_draft

SEEDS = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("002_*.txt"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not SEEDS, reason="the real documents are not here"),
]
D = dt.date
SCIENCE = "Sở Khoa học và Công nghệ"
WOMEN, YOUTH = "Hội Liên hiệp Phụ nữ tỉnh", "Tỉnh đoàn Quảng Ngãi"
EDUCATION, LABOUR = "Sở Giáo dục và Đào tạo", "Sở Lao động - Thương binh và Xã hội"
INFORMATION, PLANNING = "Sở Thông tin và Truyền thông", "Sở Kế hoạch và Đầu tư"
RADIO, PAPER = "Đài Phát thanh và Truyền hình Quảng Ngãi", "Báo Quảng Ngãi"
FINANCE, FARMING = "Sở Tài chính", "Sở Nông nghiệp và Phát triển nông thôn"
CULTURE, FARMERS = "Sở Văn hóa, Thể thao và Du lịch", "Hội Nông dân tỉnh"
BUSINESS, YOUNG = "Hiệp hội Doanh nghiệp tỉnh", "Hội Doanh nhân trẻ tỉnh"
PROPAGANDA, UNIVERSITY = "Ban Tuyên giáo Tỉnh ủy", "Trường Đại học Phạm Văn Đồng"
ENGINEERS = "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh"
COLLEGE = "Trường Cao đẳng Y tế Đặng Thùy Trâm"
OTHERS = (
    INFORMATION, PLANNING, RADIO, PAPER, FINANCE, FARMING, CULTURE, FARMERS, BUSINESS, YOUNG,
    PROPAGANDA, UNIVERSITY, ENGINEERS, COLLEGE, WOMEN, YOUTH, EDUCATION, LABOUR, SCIENCE,
)  # fmt: skip
SCHOOLS = {UNIVERSITY, COLLEGE}
# By item: who leads, who coordinates, the term.
EXPECTED = {
    "II.1.a": ({SCIENCE}, {INFORMATION}, D(2023, 1, 1), D(2023, 6, 30)),
    "II.1.b": ({SCIENCE}, {RADIO, PAPER}, D(2023, 1, 1), D(2023, 12, 31)),
    "II.1.c": ({SCIENCE}, {PROPAGANDA, UNIVERSITY}, D(2023, 1, 1), D(2023, 12, 31)),
    "II.1.d": (
        {YOUTH, WOMEN, EDUCATION, LABOUR, *SCHOOLS},
        {SCIENCE},
        D(2023, 1, 1),
        D(2023, 12, 31),
    ),
    "II.2.a": ({SCIENCE}, {WOMEN, YOUTH, EDUCATION}, D(2023, 4, 1), D(2023, 12, 31)),
    "II.2.b": (
        {SCIENCE},
        {INFORMATION, FARMING, CULTURE, YOUTH, WOMEN, FARMERS, BUSINESS, YOUNG},
        D(2023, 4, 1),
        D(2023, 6, 30),
    ),
    "II.2.c": ({SCIENCE}, set(), D(2023, 4, 1), D(2023, 6, 30)),
    "II.3.a": ({SCIENCE}, {FINANCE, PLANNING}, D(2023, 1, 1), D(2023, 12, 31)),
    "II.3.b": (
        {SCIENCE},
        {PLANNING, EDUCATION, LABOUR, ENGINEERS, YOUNG, BUSINESS, *SCHOOLS},
        D(2023, 1, 1),
        D(2023, 12, 31),
    ),
}


def register() -> tuple[Client, dict[str, Unit]]:
    """The officer of the provincial committee, and the units of the province by name."""
    committee = make_unit("Ủy ban nhân dân tỉnh Quảng Ngãi", may_issue=True)
    UnitAlias.objects.create(unit=committee, text="UBND tỉnh Quảng Ngãi")
    units = {name: make_unit(name) for name in OTHERS}
    client = Client()
    client.force_login(make_person(committee))
    return client, units


def press(client: Client, step: str, words: str, unit: Unit | None = None) -> None:
    """Answer the first open doubt about a name in these words."""
    draft = PlanDraft.objects.get()
    names = [name for item in draft.review["items"] for name in item["names"]]
    waiting = [
        name for name in names if name["name"].startswith(words) and name["kind"] == "unknown"
    ]
    choice = f"u{unit.pk}" if unit else ""
    send(client, "draft_step", draft, step=step, place=waiting[0]["key"], choice=choice)


def issue_plan_60(client: Client, units: dict[str, Unit]) -> Plan:
    file = SimpleUploadedFile("ke-hoach-60.txt", SEEDS[0].read_bytes())
    client.post(reverse("draft_upload"), {"file": file})
    read_draft(PlanDraft.objects.get().pk)
    assert PlanDraft.objects.get().review["doubts"] == 4
    press(client, "also", "các trường đại học và", units[UNIVERSITY])
    press(client, "settle", "các trường đại học và", units[COLLEGE])
    press(client, "also", "các trường đại học, cao", units[UNIVERSITY])
    press(client, "settle", "các trường đại học, cao", units[COLLEGE])
    press(client, "open", "Quỹ Khởi nghiệp")
    draft = PlanDraft.objects.get()
    assert draft.review["doubts"] == 0
    response: Any = send(client, "draft_issue", draft)
    plan = Plan.objects.get()
    assert response["Location"] == reverse("plan", args=[plan.pk])
    return plan


@pytest.fixture
def plan(settings: Any, tmp_path: Any) -> Plan:
    settings.MEDIA_ROOT = tmp_path
    return issue_plan_60(*register())


def test_plan_60_has_its_items_units_and_dates(plan: Plan) -> None:
    parts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for part in Participation.objects.filter(item__plan=plan).select_related("item", "unit"):
        parts[part.item.code, part.role].add(part.unit.name)
    found = {
        item.code: (
            parts[item.code, Role.LEAD],
            parts[item.code, Role.COORDINATING],
            item.start_on,
            item.due_on,
        )
        for item in plan.items.all()
    }
    assert found == EXPECTED


def test_plan_60_has_its_heading(plan: Plan) -> None:
    document = plan.document
    assert (document.number, document.issued_on) == ("60/KH-UBND", D(2023, 3, 15))
    assert document.signer == "Trần Phước Hiền"
    assert plan.focal_unit.name == SCIENCE
    assert {str(one.target) for one in document.citations.all()} == {
        "827/QĐ-UBND",
        "354/TTr-SKH-CN",
    }


def test_plan_60_keeps_who_is_not_named(plan: Plan) -> None:
    groups = {item.code: {str(one) for one in item.open_groups.all()} for item in plan.items.all()}
    related = "các đơn vị có liên quan"
    fund = "Quỹ Khởi nghiệp Doanh nghiệp Khoa học và Công nghệ Việt Nam"
    assert {code: found for code, found in groups.items() if found} == {
        "II.1.b": {related},
        "II.1.d": {related},
        "II.2.a": {related, fund},
        "II.2.b": {related, fund},
        "II.2.c": {related},
    }


def test_plan_60_asks_for_its_two_reports(plan: Plan) -> None:
    leads = {SCIENCE, YOUTH, WOMEN, EDUCATION, LABOUR, *SCHOOLS}
    first, final = plan.obligations.order_by("pk")
    reports = plan.reports.select_related("unit", "period")
    assert (first.via, first.feeds, final.unit) == (plan.focal_unit, final, plan.focal_unit)
    assert final.recipient_names == ["Bộ Khoa học và Công nghệ", "UBND tỉnh"]
    assert {(one.unit.name, one.period.due_on) for one in reports if not one.is_consolidated} == {
        (name, D(2023, 12, 10)) for name in leads
    }
    consolidated = reports.get(is_consolidated=True)
    assert (consolidated.unit.name, consolidated.period.due_on) == (SCIENCE, D(2023, 12, 20))
    assert {one.unit.name for one in consolidated.sources.all()} == leads


def test_plan_60_starts_a_clock_for_every_date(plan: Plan) -> None:
    counted = Counter(deadline.kind for deadline in plan.deadlines.all())
    parts = Participation.objects.filter(item__plan=plan)
    assert counted == {
        DeadlineKind.ACKNOWLEDGEMENT: parts.count(),
        DeadlineKind.ITEM: parts.filter(role=Role.LEAD).count(),
        DeadlineKind.REPORT: 7,
        DeadlineKind.CONSOLIDATED: 1,
    }
