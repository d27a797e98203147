"""Targets on their way from a document to a running plan."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tasks.models import Direction, Indicator, Plan, PlanDraft, Target, Unit
from tests.factories import make_actor, make_unit
from tests.workflows.draft_world import (
    AT,
    Office,
    card_fields,
    doubts,
    fresh,
    header_fields,
    make_draft,
    make_office,
    send,
    words,
)
from workflows.access import visible_plans
from workflows.actions.drafts import issue_draft
from workflows.drafting.targets import likeness
from workflows.errors import IncompletePlan

pytestmark = pytest.mark.django_db

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
RESOLUTION = """ỦY BAN NHÂN DÂN TỈNH BÌNH LÂM
Số: 12/KH-UBND
Bình Lâm, ngày 05 tháng 02 năm 2023

KẾ HOẠCH
Phát triển hợp tác xã

I. TÌNH HÌNH
Toàn tỉnh đã có 40 hợp tác xã thành lập mới.

II. MỤC TIÊU, CHỈ TIÊU
1. Giai đoạn 2023 - 2025
- Thành lập mới 60 - 80 hợp tác xã.
- Tỷ lệ hộ nghèo giảm còn dưới 2,5%.
2. Giai đoạn 2026 - 2030
- Thành lập mới 100 - 120 hợp tác xã.
"""


@pytest.fixture
def office() -> Office:
    return make_office()


def ready(office: Office, text: str = RESOLUTION) -> PlanDraft:
    """A draft of targets alone, with its focal unit chosen."""
    draft = make_draft(office, text)
    given = header_fields(draft, focal=f"u{office.finance.pk}", issuer=f"u{office.committee.pk}")
    correct(office, draft, "header", given)
    return fresh(draft)


def correct(office: Office, draft: PlanDraft, card: str, given: dict[str, Any]) -> Any:
    return office.client().post(reverse("draft_card", args=[draft.pk, card]), given)


def issued(office: Office, draft: PlanDraft) -> Plan:
    return issue_draft(draft=draft, actor=office.officer, at=AT, revision=draft.revision)


def shape(target: Target) -> tuple[Any, ...]:
    low, high = target.low, target.high
    return target.indicator.name, target.start_on.year, target.end_on.year, low, high


def test_two_phases_become_two_targets_of_one_indicator(office: Office) -> None:
    plan = issued(office, ready(office))
    assert [shape(one) for one in plan.targets.select_related("indicator")] == [
        ("Thành lập mới hợp tác xã", 2023, 2025, Decimal(60), Decimal(80)),
        ("Tỷ lệ hộ nghèo giảm", 2023, 2025, None, Decimal("2.5")),
        ("Thành lập mới hợp tác xã", 2026, 2030, Decimal(100), Decimal(120)),
    ]
    assert Indicator.objects.count() == 2
    assert Indicator.objects.get(measure="%").direction == Direction.DOWN


def test_plan_without_items_is_recorded(office: Office) -> None:
    draft = ready(office)
    preview = words(office.client().get(reverse("draft_preview", args=[draft.pk])))
    assert "Its 3 targets are followed from now on." in preview
    answer = send(office.client(), "draft_issue", draft)
    plan = Plan.objects.get()
    assert answer["Location"] == reverse("plan_targets", args=[plan.pk])
    assert not plan.items.exists()


def test_units_below_see_the_document_that_gives_no_work(office: Office) -> None:
    below, beside = make_unit(), make_unit()
    Unit.objects.filter(pk=below.pk).update(parent=office.committee)
    plan = issued(office, ready(office))
    seen = {unit: visible_plans(make_actor(unit)) for unit in (below, beside)}
    assert {unit: list(plans) for unit, plans in seen.items()} == {below: [plan], beside: []}


def test_reversed_range_is_refused_with_its_place(office: Office) -> None:
    draft = ready(office)
    key = draft.review["targets"][0]["key"]
    given = card_fields(draft, key) | {"low": "80", "high": "60"}
    answer = correct(office, draft, key, given)
    assert answer.status_code == 422
    assert "The range is reversed" in words(answer)
    assert 'value="80"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"low": "80", "high": "60"}, "has its range reversed"),
        ({"start_on": "2026-01-01"}, "ends before it begins"),
        ({"low": None, "high": None}, "does not say how much"),
        ({"end_on": None}, "does not say for which days"),
    ],
)
def test_reader_s_slip_keeps_the_plan_from_being_issued(
    office: Office, changed: dict[str, Any], says: str
) -> None:
    draft = ready(office)
    draft.review["targets"][0] |= changed
    draft.save()
    key = draft.review["targets"][0]["key"]
    assert [one.card for one in doubts(draft) if one.blocks and says in one.message] == [key]
    with pytest.raises(IncompletePlan) as raised:
        issued(office, draft)
    assert [says in one for one in raised.value.problems].count(True) == 1


def test_range_reversed_in_the_document_is_kept_and_asked_about(office: Office) -> None:
    draft = ready(office, RESOLUTION.replace("60 - 80", "80 - 60"))
    line = draft.review["targets"][0]
    assert (line["name"], line["low"], line["high"]) == ("Thành lập mới hợp tác xã", "80", "60")
    assert [one.code for one in doubts(draft) if one.card == line["key"]] == ["reversed"]


def test_figure_in_words_is_refused_and_kept_in_the_form(office: Office) -> None:
    draft = ready(office)
    key = draft.review["targets"][0]["key"]
    given = card_fields(draft, key) | {"baseline": "bốn mươi", "low": "1.5"}
    answer = correct(office, draft, key, given)
    assert "“bốn mươi” is written in words" in words(answer)
    assert "“1.5” can be read in two ways" in words(answer)
    assert 'value="bốn mươi"' in answer.content.decode()


def test_corrected_target_is_issued_as_corrected(office: Office) -> None:
    draft = ready(office)
    key = draft.review["targets"][0]["key"]
    given = card_fields(draft, key) | {"low": "1.060,5", "high": "", "baseline": "41"}
    correct(office, draft, key, given)
    send(
        office.client(),
        "draft_step",
        fresh(draft),
        step="drop",
        place=draft.review["targets"][1]["key"],
    )
    target = issued(office, fresh(draft)).targets.order_by("position")[0]
    assert (target.low, target.high, target.baseline) == (Decimal("1060.5"), None, Decimal(41))


def test_left_out_target_is_not_set_and_a_new_one_can_be_added(office: Office) -> None:
    draft = ready(office)
    gone = draft.review["targets"][1]["key"]
    send(office.client(), "draft_step", draft, step="drop", place=gone)
    send(office.client(), "draft_add", fresh(draft), what="target")
    draft = fresh(draft)
    key = draft.review["targets"][-1]["key"]
    given = card_fields(draft, key) | {"name": "Lớp tập huấn", "low": "5", "high": "5"}
    given |= {"start_on": "2023-01-01", "end_on": "2023-12-31", "measure": "lớp"}
    correct(office, draft, key, given)
    names = issued(office, fresh(draft)).targets.values_list("indicator__name", flat=True)
    assert sorted(set(names)) == ["Lớp tập huấn", "Thành lập mới hợp tác xã"]


def test_known_indicator_is_found_and_a_similar_one_is_asked_about(office: Office) -> None:
    same = Indicator.objects.create(name="THÀNH LẬP MỚI HỢP TÁC XÃ", measure="hợp tác xã")
    near = Indicator.objects.create(name="Tỷ lệ hộ nghèo", measure="%")
    draft = ready(office)
    lines = draft.review["targets"]
    assert [line["indicator"] for line in lines] == [same.pk, None, same.pk]
    assert lines[1]["candidates"] == [near.pk]
    assert [one.card for one in doubts(draft) if one.code == "indicator"] == [lines[1]["key"]]


def test_likeness_is_the_share_of_common_words() -> None:
    assert likeness("Số dự án mới", "dự án") == pytest.approx(4 / 6)
    assert likeness("hộ nghèo", "doanh nghiệp") == 0


def test_words_of_a_target_lead_to_the_document(office: Office) -> None:
    draft = ready(office)
    key = draft.review["targets"][0]["key"]
    page = office.client().get(reverse("draft", args=[draft.pk])).content.decode()
    assert f'href="#t-{key}-value"' in page
    assert f'id="t-{key}-value"' in page


# ---- Real documents ----


def seed(prefix: str) -> tuple[str, list[dict[str, Any]]]:
    found = sorted(SEEDS.glob(f"{prefix}_*.txt"))
    if not found:
        pytest.skip("the real documents are not here")
    known = json.loads(found[0].with_suffix("").with_suffix(".expected.json").read_text("utf-8"))
    return found[0].read_text(encoding="utf-8"), known["targets"]


def record(office: Office, text: str, number: str) -> Plan:
    """Hand in the targets of a document and record it under `number`."""
    draft = make_draft(office, text)
    given = header_fields(
        draft,
        number=number,
        issued_on="2022-05-20",
        title="Văn bản",
        focal=f"u{office.finance.pk}",
        issuer=f"u{office.committee.pk}",
    )
    correct(office, draft, "header", given)
    draft = fresh(draft)
    draft.review["items"], draft.review["duties"] = [], []
    draft.save()
    return issued(office, draft)


def bounds(target: Target) -> tuple[Any, ...]:
    return target.low, target.high, target.indicator.measure


@pytest.mark.parametrize("prefix", ["001", "003", "004"])
def test_seed_targets_are_imported(office: Office, prefix: str) -> None:
    text, known = seed(prefix)
    plan = record(office, text, f"{prefix}/KH")
    targets = list(plan.targets.select_related("indicator"))
    assert [bounds(one) for one in targets] == [
        (one.get("min", one.get("value")), one.get("max", one.get("value")), one["unit"])
        for one in known
    ]
    phases = [f"{one.start_on.year}-{one.end_on.year}" for one in targets]
    assert phases == [one.get("period", "2023-2023") for one in known]


def test_seed_001_has_its_baseline_and_six_indicators(office: Office) -> None:
    plan = record(office, seed("001")[0], "08-NQ/TU")
    firms = plan.targets.filter(indicator__measure="doanh nghiệp").order_by("start_on")
    assert [one.baseline for one in firms] == [15, None]
    assert Indicator.objects.count() == 6


def test_seed_004_helps_to_reach_the_targets_of_001(office: Office) -> None:
    upper = record(office, seed("001")[0], "08-NQ/TU")
    local = record(office, seed("004")[0], "09-CTr/TU")
    assert Indicator.objects.count() == 6
    above = [
        (one.indicator.measure, one.end_on.year, one.under.plan_id if one.under else None)
        for one in local.targets.select_related("under", "indicator")
    ]
    assert above == [
        ("dự án", 2025, upper.pk),
        ("doanh nghiệp", 2025, upper.pk),
        ("dự án", 2030, upper.pk),
        ("doanh nghiệp", 2030, upper.pk),
    ]
    assert all(one.under.end_on == one.end_on for one in local.targets.all() if one.under)
