"""The pages of targets, indicators and figures, by role and by what they show."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import Indicator, Measurement, PlanItem, ReportingPeriod, Target, Unit
from tests.tasks.indicator_world import make_figure, make_target
from tests.workflows.draft_world import parse, words
from tests.workflows.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db

OWN = {"own lead", "own lead's leader"}
FOCAL = {"focal", "focal's leader"}
ISSUER = {"issuing officer", "supervisor"}
STAFF = {*OWN, *FOCAL, *ISSUER, "other lead", "own coordinator"}
INSIDE = {*STAFF, "read-only"}
SIGNED_IN = {*INSIDE, "other unit", "administrator"}


class Scene:
    """The world of the permission matrix with one target and one figure of the own lead."""

    def __init__(self) -> None:
        self.world: World = make_world()
        units = self.world.units
        below = [units[name].pk for name in ("lead", "other_lead", "coordinator", "focal")]
        Unit.objects.filter(pk__in=below).update(parent=units["issuer"])
        self.target: Target = make_target(self.world.plan, units["issuer"])
        self.figure: Measurement = make_figure(self.target, units["lead"], 2022, 12)

    def get(self, role: str, name: str, *args: int) -> Any:
        return self.world.client(role).get(reverse(name, args=args))

    def seen_by(self, name: str, *args: int) -> set[str]:
        return {role for role in ROLES if self.get(role, name, *args).status_code == 200}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_pages_by_role(scene: Scene) -> None:
    plan, target, indicator = scene.world.plan.pk, scene.target.pk, scene.target.indicator_id
    got = {
        "plan_targets": scene.seen_by("plan_targets", plan),
        "figures_export": scene.seen_by("figures_export", plan),
        "indicator_list": scene.seen_by("indicator_list"),
        "indicator": scene.seen_by("indicator", indicator),
        "indicator_edit": scene.seen_by("indicator_edit", indicator),
        "indicator_merge": scene.seen_by("indicator_merge", indicator),
        "indicator_registry": scene.seen_by("indicator_registry"),
        "target_new": scene.seen_by("target_new", plan),
        "target_edit": scene.seen_by("target_edit", plan, target),
        "figure_enter": scene.seen_by("figure_enter", target),
        "figure_correct": scene.seen_by("figure_correct", target, scene.figure.pk),
        "figures_import": scene.seen_by("figures_import", plan),
    }
    assert got == {
        "plan_targets": INSIDE,
        "figures_export": INSIDE,
        "indicator_list": SIGNED_IN,
        "indicator": {*INSIDE, "administrator"},
        "indicator_edit": {*FOCAL, "administrator"},
        "indicator_merge": {*FOCAL, "administrator"},
        "indicator_registry": {"administrator"},
        "target_new": FOCAL,
        "target_edit": FOCAL,
        "figure_enter": STAFF,
        "figure_correct": OWN,
        "figures_import": STAFF,
    }


def test_figures_page_of_a_report_by_role(scene: Scene) -> None:
    report = scene.world.plan.reports.get(unit=scene.world.units["lead"])
    assert scene.seen_by("report_figures", report.pk) == OWN


def test_administrator_sees_the_indicator_but_no_figures(scene: Scene) -> None:
    page = words(scene.get("administrator", "indicator", scene.target.indicator_id))
    assert "Nothing was measured yet." in page
    assert "No plan you can see has a target for it." in page


def test_plan_page_shows_value_pace_and_what_is_missing(scene: Scene) -> None:
    Measurement.objects.update(source="")
    page = words(scene.get("focal", "plan_targets", scene.world.plan.pk))
    assert "Wanted 100–120 dự án" in page
    assert "Measured 12 dự án (until 31 Dec 2022)" in page
    assert "25 a year" in page
    assert "29,33 a year, 2,44 a month" in page
    assert "1 figure has no source" in page
    assert "1 item has no target" in page


def test_item_with_a_target_is_not_missed(scene: Scene) -> None:
    Target.objects.update(item=PlanItem.objects.get())
    page = words(scene.get("focal", "plan_targets", scene.world.plan.pk))
    assert "has no target" not in page


def test_local_targets_stand_beside_the_one_above(scene: Scene) -> None:
    local = {"under": scene.target, "low": Decimal(20), "high": Decimal(30)}
    make_target(scene.world.plan, scene.world.units["lead"], **local)
    make_target(scene.world.plan, scene.world.units["other_lead"], **local)
    page = words(scene.get("focal", "plan_targets", scene.world.plan.pk))
    assert "2 local targets: together 40–60 of 100–120" in page


def test_list_is_worst_first_and_filters(scene: Scene) -> None:
    done = make_target(scene.world.plan, scene.world.units["issuer"], "A đã đạt", low=Decimal(1))
    make_figure(done, scene.world.units["lead"], 2022, 200)
    client, address = scene.world.client("focal"), reverse("indicator_list")
    names = [cell.get_text() for cell in parse(client.get(address)).select("tbody th")]
    assert names == ["Dự án được hỗ trợ", "A đã đạt"]
    for query, left in (("standing=reached", "A đã đạt"), ("q=du an", "Dự án được hỗ trợ")):
        page = parse(client.get(f"{address}?{query}"))
        assert [cell.get_text() for cell in page.select("tbody th")] == [left]


@pytest.mark.parametrize("name", ["plan_targets", "indicator_list", "indicator"])
def test_pages_cost_the_same_for_one_and_for_many(scene: Scene, name: str) -> None:
    args = {"plan_targets": [scene.world.plan.pk], "indicator": [scene.target.indicator_id]}
    address = reverse(name, args=args.get(name, []))
    client = scene.world.client("focal")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for number in range(12):
        unit = scene.world.units["other_lead" if number % 2 else "coordinator"]
        span = {"start_on": dt.date(2022, 1, 1), "end_on": dt.date(2025, 12, 1 + number)}
        make_target(
            scene.world.plan, scene.world.units["issuer"], f"Số {number}", under=scene.target
        )
        make_target(scene.world.plan, scene.world.units["issuer"], **span)
        make_figure(scene.target, unit, 2010 + number, number, source="")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(one)


def test_indicator_page_strikes_through_what_was_corrected(scene: Scene) -> None:
    client = scene.world.client("own lead")
    address = reverse("figure_correct", args=[scene.target.pk, scene.figure.pk])
    answer = client.post(address, {"value": "1.234,5", "reason": "Nhầm cột", "source": "Sổ 2"})
    assert answer.status_code == 302
    page = parse(scene.get("focal", "indicator", scene.target.indicator_id))
    row = page.select_one("#figures ~ .table-frame tbody tr")
    assert row is not None
    assert row.s.get_text(strip=True).endswith("12")
    assert "1.234,5" in row.get_text()
    assert "Nhầm cột" in row.get_text()


@pytest.mark.parametrize(("role", "offered"), [("own lead", True), ("focal", False)])
def test_correcting_is_offered_to_the_unit_itself(scene: Scene, role: str, offered: bool) -> None:
    page = parse(scene.get(role, "indicator", scene.target.indicator_id))
    address = reverse("figure_correct", args=[scene.target.pk, scene.figure.pk])
    assert bool(page.find("a", href=address)) is offered


def test_tree_tells_own_figures_from_the_whole_and_differences(scene: Scene) -> None:
    make_figure(scene.target, scene.world.units["issuer"], 2022, 30)
    page = parse(scene.get("focal", "indicator", scene.target.indicator_id))
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in page.select("#units ~ .table-frame")[0].select("tbody tr")
    ]
    lead, issuer = scene.world.units["lead"].name, scene.world.units["issuer"].name
    assert rows == [[issuer, "30", "30"], [lead, "12", "12"]]
    assert "itself 30, the units below 12" in page.get_text()


def test_doubtful_number_is_refused_in_place_and_kept(scene: Scene) -> None:
    client = scene.world.client("own lead")
    given = {"unit": scene.world.units["lead"].pk, "value": "2.30"}
    given |= {"covers_from": "2023-01-01", "covers_to": "2023-12-31"}
    answer = client.post(reverse("figure_enter", args=[scene.target.pk]), given)
    assert answer.status_code == 422
    assert "“2.30” can be read in two ways" in words(answer)
    assert 'value="2.30"' in answer.content.decode()


def test_report_page_enters_figures_for_the_span_of_its_period(scene: Scene) -> None:
    ReportingPeriod.objects.update(data_from=dt.date(2022, 12, 15), data_to=dt.date(2023, 12, 14))
    report = scene.world.plan.reports.get(unit=scene.world.units["lead"])
    client, address = scene.world.client("own lead"), reverse("report_figures", args=[report.pk])
    assert "last figure 12, until 31 Dec 2022" in words(client.get(address))
    pk = scene.target.pk
    client.post(address, {f"value_{pk}": "0,7", f"source_{pk}": "Sổ"})
    kept = Measurement.objects.get(report=report)
    assert (kept.value, kept.covers_from) == (Decimal("0.7"), dt.date(2022, 12, 15))
    assert "0,7" in words(client.get(reverse("report", args=[report.pk])))
    assert "Correct" in words(client.get(address))


def test_focal_unit_sets_and_changes_a_target(scene: Scene) -> None:
    client, plan = scene.world.client("focal"), scene.world.plan
    given = {"name": "Lớp tập huấn", "measure": "lớp", "low": "5", "high": "6"}
    given |= {"start_on": "2023-01-01", "end_on": "2023-12-31"}
    given["unit"] = str(scene.world.units["issuer"].pk)
    client.post(reverse("target_new", args=[plan.pk]), given)
    made = Target.objects.get(indicator__name="Lớp tập huấn")
    given |= {"indicator": str(made.indicator_id), "high": "4"}
    address = reverse("target_edit", args=[plan.pk, made.pk])
    assert "The range is reversed" in words(client.post(address, given))
    client.post(address, given | {"high": "8"})
    assert Target.objects.get(pk=made.pk).high == Decimal(8)


def test_merging_is_looked_at_and_moves_everything(scene: Scene) -> None:
    twin = make_target(scene.world.plan, scene.world.units["lead"], "Dự án được giúp")
    client = scene.world.client("focal")
    address = reverse("indicator_merge", args=[twin.indicator_id])
    into = scene.target.indicator_id
    assert "1 target goes over." in words(client.get(f"{address}?into={into}"))
    client.post(address, {"into": into})
    assert Target.objects.get(pk=twin.pk).indicator_id == into
    assert not Indicator.objects.filter(pk=twin.indicator_id).exists()


def test_merging_is_refused_where_both_have_the_figure(scene: Scene) -> None:
    twin = make_target(scene.world.plan, scene.world.units["lead"], "Dự án được giúp")
    make_figure(twin, scene.world.units["lead"], 2022, 13)
    client = scene.world.client("focal")
    address = reverse("indicator_merge", args=[scene.target.indicator_id])
    page = words(client.get(f"{address}?into={twin.indicator_id}"))
    assert "has a figure of both for 2022: 12 and 13." in page
    client.post(address, {"into": twin.indicator_id})
    assert Indicator.objects.filter(pk=scene.target.indicator_id).exists()


def test_plan_without_targets_says_what_to_do(scene: Scene) -> None:
    Target.objects.all().delete()
    for role, what in (("focal", "Set one"), ("own lead", "Its focal unit can set some.")):
        assert what in words(scene.get(role, "plan_targets", scene.world.plan.pk))
