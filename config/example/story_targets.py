"""What was measured for the targets of the reading plan: years of several units, one corrected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from config.example.registry import code_of
from config.example.stage import Story
from tasks.models import Measurement, Plan, Target, Unit
from workflows.actions.measurements import (
    Correction,
    FigureInput,
    correct_figure,
    enter_figures,
)

REGISTER = "Sổ theo dõi thư viện, quyển 2"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of a year, counted back from that of the example; `weight` is for shares.

    `about` is a word of the indicator's name.
    """

    about: str
    value: str
    years_ago: int
    source: str = REGISTER
    weight: str = ""


# By unit: reading places and courses add up, shares are weighted by pupils and by loans.
FIGURES = {
    "vhttdl": (
        Told("điểm", "11", 2),
        Told("điểm", "18", 1),
        Told("lớp", "4", 2),
        Told("lớp", "5", 1),
        Told("giảm", "3,9", 2, weight="41200"),
        Told("giảm", "3,1", 1, weight="47650"),
    ),
    "gddt": (
        Told("lớp", "7", 2, "Báo cáo tổng kết năm học"),
        Told("lớp", "8", 1, "Báo cáo tổng kết năm học"),
        Told("học sinh", "17,5", 2, "Báo cáo tổng kết năm học", "98400"),
        Told("học sinh", "22,4", 1, "Báo cáo tổng kết năm học", "99150"),
    ),
    "congao": (Told("điểm", "3", 1, "Biên bản bàn giao ngày 12/12"),),
    # Nobody wrote down where this one comes from: the pages point it out.
    "nuivoi": (Told("điểm", "2", 1, ""),),
}


def tell_targets(story: Story, plan: Plan) -> None:
    """Each unit enters its figures, the department some weeks later corrects one of them."""
    for position, (key, told) in enumerate(FIGURES.items()):
        _enter(story, plan, key, told, story.days.ago(40 - position))
    _correct(story, plan, story.days.ago(12))


def _target(plan: Plan, told: Told) -> Target:
    """The target of the first phase whose indicator has the word in its name."""
    targets = plan.targets.select_related("indicator").order_by("start_on", "position")
    return next(one for one in targets if told.about in one.indicator.name.lower())


def _enter(story: Story, plan: Plan, key: str, told: tuple[Told, ...], day: dt.date) -> None:
    def act(at: dt.datetime) -> None:
        unit = Unit.objects.get(code=code_of(key))
        figures = [_figure(story, plan, unit, one) for one in told]
        enter_figures(plan=plan, figures=figures, actor=story.cast.officer(key), at=at)

    story.add(day, act)


def _figure(story: Story, plan: Plan, unit: Unit, told: Told) -> FigureInput:
    year = story.days.today.year - told.years_ago
    return FigureInput(
        indicator=_target(plan, told).indicator,
        unit=unit,
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        value=_number(told.value),
        weight=_number(told.weight) if told.weight else None,
        source=told.source,
    )


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _correct(story: Story, plan: Plan, day: dt.date) -> None:
    def act(at: dt.datetime) -> None:
        wrong = Measurement.objects.get(
            unit__code=code_of("vhttdl"), indicator__measure="điểm", value=18
        )
        to = Correction(Decimal(16), "Hai điểm mở lại sau sửa chữa, không phải mở mới.", REGISTER)
        correct_figure(
            measurement=wrong, plan=plan, to=to, actor=story.cast.officer("vhttdl"), at=at
        )

    story.add(day, act)
