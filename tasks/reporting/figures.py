"""The figures of a report: what its unit measured for the targets of the plan, as plain data.

A report that was handed in keeps these rows; a figure that is corrected later changes none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from tasks.indicators import TargetRow, current_figures, row_of, unit_tree
from tasks.models import Measurement, Report, ReportState, Target, Unit
from tasks.reporting.charts import Chart, chart_of
from tasks.rules.numbers import number_text, show_number
from tasks.rules.rollup import Figure, Rule, Tree, total
from tasks.words import bounds_words, phase_words


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """What one unit's part of a figure is; `source` are the words it was entered with."""

    unit: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One target of the plan as a report tells it. Numbers are plain text ("12.5"), or None.

    `value` is that of the span of the report, `since_start` that of the phase so far, `before` that
    of the phase up to the eve of the span. A unit that only has a share of the target is told
    neither where the target stands nor its picture; what was never measured has none to show.
    """

    target: int
    indicator: int
    name: str
    measure: str
    phase: str
    wanted: str
    value: str | None
    since_start: str | None
    before: str | None
    standing: str
    units: tuple[UnitFigure, ...]
    chart: Chart | None

    @property
    def has_source(self) -> bool:
        return all(one.source for one in self.units)

    @property
    def shown_value(self) -> str:
        return shown(self.value)

    @property
    def shown_since_start(self) -> str:
        return shown(self.since_start)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def span_of(report: Report) -> tuple[dt.date, dt.date]:
    """The days that the figures of the report cover, both included (local dates)."""
    period, plan = report.period, report.plan
    last = period.data_to or period.due_on
    first = period.data_from or plan.start_on or dt.date(last.year, 1, 1)
    return min(first, last), last


def targets_for(plan_id: int, unit_id: int, tree: Tree) -> list[Target]:
    """The targets of the plan to which the unit's figures count, or that are set below it."""
    below = set(tree.under(unit_id))
    targets = Target.objects.filter(plan=plan_id).select_related("indicator", "unit")
    return [one for one in targets if one.unit_id in below or unit_id in tree.under(one.unit_id)]


def figures_of(report: Report) -> list[FigureRow]:
    """The rows of a report, in the order of the plan. A constant number of queries.

    A unit's report tells the figures of the unit and all below it. A consolidated one tells those
    of its accepted sources and of its own unit, made one.
    """
    tree = unit_tree()
    start, end = span_of(report)
    targets = [
        one
        for one in targets_for(report.plan_id, report.unit_id, tree)
        if one.start_on <= end and start <= one.end_on
    ]
    figures = current_figures({one.indicator_id for one in targets})
    if report.is_consolidated:
        told = _told(report, targets, tree)
        figures = {
            pk: [one for one in listed if one.unit in told] for pk, listed in figures.items()
        }
    teller = _Teller(report, tree, start, end)
    made = [teller.made(one, figures.get(one.indicator_id, ())) for one in targets]
    return teller.rows(made)


def _told(report: Report, targets: Iterable[Target], tree: Tree) -> set[int]:
    """The units whose figures a consolidated report tells."""
    accepted = report.sources.filter(state=ReportState.ACCEPTED).values_list("unit_id", flat=True)
    below = {unit for source in accepted for unit in tree.under(source)}
    return below | {report.unit_id} | {target.unit_id for target in targets}


@dataclass(frozen=True, slots=True)
class _Made:
    row: TargetRow
    root: int
    value: Decimal | None
    before: Decimal | None
    parts: Sequence[Figure]


class _Teller:
    def __init__(self, report: Report, tree: Tree, start: dt.date, end: dt.date) -> None:
        self.report, self.tree, self.start, self.end = report, tree, start, end

    def made(self, target: Target, figures: Collection[Figure]) -> _Made:
        rule = Rule(target.indicator.aggregation)
        root = target.unit_id
        if not self.report.is_consolidated and root not in self.tree.under(self.report.unit_id):
            root = self.report.unit_id
        listed = list(figures)
        eve = self.start - dt.timedelta(days=1)
        span = total(listed, self.tree, root, rule, self.start, self.end)
        before = total(listed, self.tree, root, rule, target.start_on, eve)
        row = row_of(target, listed, self.tree, today=self.end, root=root)
        return _Made(row, root, span.value, before.value, span.counted)

    def rows(self, made: Sequence[_Made]) -> list[FigureRow]:
        keys = {figure.key for one in made for figure in one.parts}
        sources = dict(Measurement.objects.filter(pk__in=keys).values_list("pk", "source"))
        units = Unit.objects.in_bulk({figure.unit for one in made for figure in one.parts})
        return [
            self._row(
                one,
                tuple(
                    UnitFigure(
                        units[part.unit].short_name, number_text(part.value), sources[part.key]
                    )
                    for part in one.parts
                ),
            )
            for one in made
        ]

    def _row(self, made: _Made, units: tuple[UnitFigure, ...]) -> FigureRow:
        target = made.row.target
        is_whole = made.root == target.unit_id
        return FigureRow(
            target=target.pk,
            indicator=target.indicator_id,
            name=target.indicator.name,
            measure=target.indicator.measure,
            phase=phase_words(target.start_on, target.end_on),
            wanted=bounds_words(target.low, target.high),
            value=_text(made.value),
            since_start=_text(made.row.progress.value),
            before=_text(made.before),
            standing=made.row.standing if is_whole else "",
            units=units,
            chart=chart_of(made.row) if is_whole and made.row.points else None,
        )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else number_text(number)


def shown(text: str | None) -> str:
    """A number of a row in Vietnamese writing; nothing for one that is not known."""
    return "" if text is None else show_number(Decimal(text))
