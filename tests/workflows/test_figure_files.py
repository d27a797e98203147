"""Figures from a workbook: looked at cell by cell, kept together or not at all."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from tasks.models import Measurement, Target, Unit
from tests.tasks.indicator_world import make_figure, make_target
from tests.workflows.draft_world import parse, words
from tests.workflows.world import World, make_world

pytestmark = pytest.mark.django_db
HEADINGS = ["Code of the unit", "Indicator", "Figures from", "Figures to", "Value", "Source"]


class Scene:
    def __init__(self) -> None:
        self.world: World = make_world()
        self.lead = self.world.units["lead"]
        Unit.objects.filter(pk=self.lead.pk).update(parent=self.world.units["issuer"])
        self.target: Target = make_target(self.world.plan, self.world.units["issuer"])
        self.client: Client = self.world.client("own lead")

    def line(self, **changed: Any) -> list[Any]:
        cells = {
            "unit": self.lead.code,
            "name": "dự án ĐƯỢC hỗ trợ",
            "start": "1/1/2022",
            "end": "31/12/2022",
            "value": 12.5,
            "source": "Sổ",
        }
        return list({**cells, **changed}.values())

    def hand_in(self, *lines: list[Any]) -> Any:
        book = Workbook()
        for cells in (HEADINGS, *lines):
            book.active.append(cells)
        file = io.BytesIO()
        book.save(file)
        sent = {"file": SimpleUploadedFile("so-lieu.xlsx", file.getvalue())}
        return self.client.post(self.address, sent)

    @property
    def address(self) -> str:
        return reverse("figures_import", args=[self.world.plan.pk])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_file_is_looked_at_first_and_kept_by_a_second_press(scene: Scene) -> None:
    looked = scene.hand_in(scene.line(), scene.line(end="31/12/2023", start="1/1/2023"))
    assert not Measurement.objects.exists()
    assert "Keep 2 figures" in words(looked)
    rows = parse(looked).find("input", attrs={"name": "rows"})
    scene.client.post(scene.address, {"rows": rows["value"]})
    values = Measurement.objects.order_by("covers_from").values_list("value", "source", "unit")
    assert list(values) == [(Decimal("12.5"), "Sổ", scene.lead.pk)] * 2
    assert "All these figures are here already." in words(scene.hand_in(scene.line()))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"value": "1.5"}, "Value: “1.5” can be read in two ways"),
        ({"value": "mười hai"}, "Value: “mười hai” is written in words"),
        ({"unit": "xa-la"}, "Code of the unit: You give no figures of a unit with this code"),
        ({"name": "Chuyện khác"}, "Indicator: The plan has no target for an indicator"),
        ({"start": "hôm qua"}, "Figures from: This is no date"),
        ({"end": ""}, "Figures to: The date is missing"),
        ({"end": "31/12/2021"}, "Figures to: The last day of the figure is before its first"),
    ],
)
def test_flaw_is_told_by_its_cell(scene: Scene, changed: dict[str, str], says: str) -> None:
    page = words(scene.hand_in(scene.line(**changed), scene.line()))
    assert says in page
    assert "1 line cannot be taken in. Nothing was kept" in page


def test_other_figure_of_the_same_days_is_not_overwritten(scene: Scene) -> None:
    make_figure(scene.target, scene.lead, 2022, 7)
    assert "There is another figure for these days already" in words(scene.hand_in(scene.line()))


def test_figure_twice_in_a_file_is_told(scene: Scene) -> None:
    page = words(scene.hand_in(scene.line(), scene.line(value=13)))
    assert "The file says this figure twice." in page


def test_forged_rows_are_refused(scene: Scene) -> None:
    answer = scene.client.post(scene.address, {"rows": "abc:def:ghi"}, follow=True)
    assert "Choose the file again." in words(answer)
    assert not Measurement.objects.exists()


def test_file_without_its_columns_is_refused(scene: Scene) -> None:
    sent = {"file": SimpleUploadedFile("a.csv", "Tên;Số\nA;1\n".encode())}
    answer = scene.client.post(scene.address, sent)
    assert answer.status_code == 422
    assert "These columns are missing: Code of the unit" in words(answer)


def test_export_has_typed_cells_and_can_be_taken_in_again(scene: Scene) -> None:
    make_figure(scene.target, scene.lead, 2022, 1234.5, source="=1+1")
    answer = scene.client.get(reverse("figures_export", args=[scene.world.plan.pk]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    row = [cell.value for cell in sheet[2]]
    assert (row[0], row[5], row[7]) == (scene.lead.code, 1234.5, "=1+1")
    assert (sheet["D2"].is_date, sheet["F2"].data_type, sheet["H2"].data_type) == (True, "n", "s")
    sent = {"file": SimpleUploadedFile("a.xlsx", answer.content)}
    page = words(scene.client.post(scene.address, sent))
    assert "All these figures are here already." in page


def test_template_asks_for_the_own_unit_only(scene: Scene) -> None:
    answer = scene.client.get(reverse("figures_template", args=[scene.world.plan.pk]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[5]) for row in rows] == [
        (scene.lead.code, "Dự án được hỗ trợ", None)
    ]
