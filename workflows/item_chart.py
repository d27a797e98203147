"""The flow of an item as a picture in our own colours, and where each unit is in it.

viewflow lays the nodes out; its drawing brings styles of its own, which our policy forbids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from django.utils.translation import ngettext
from viewflow.workflow import chart, nodes
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from tasks.models import PlanItem
from workflows.actions.base import process_of
from workflows.flows import PlanItemFlow
from workflows.nodes import UnitStep

LINE_HEIGHT = 16
LETTERS_PER_LINE = 20
MARGIN = 24
# Nodes where the flow parts or meets: viewflow makes up their titles from names in the code.
GATES = (nodes.Split, nodes.If, nodes.Join)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a box, measured from the box's corner."""

    words: str
    y: int
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A node of the picture. `kind` is step, gate or end; `status` here, done or empty."""

    kind: str
    status: str
    title: str
    x: int
    y: int
    width: int
    height: int
    lines: list[Line]

    @property
    def middle(self) -> int:
        return self.width // 2

    @property
    def diamond(self) -> str:
        half, full = self.width // 2, self.width
        return f"{half},0 {full},{half} {half},{full} 0,{half}"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit and the step that waits for it now."""

    unit: str
    about: str
    step: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    shapes: list[Shape]
    paths: list[str]
    places: list[Place]


def item_picture(item: PlanItem) -> Picture:
    """The chart of the item's process with every open step. A constant number of queries."""
    grid = chart.calc_layout_data(PlanItemFlow)
    steps = list(
        Task.objects.filter(process=process_of(item))
        .prefetch_related("seed__unit")
        .order_by("created", "pk")
    )
    open_steps = [step for step in steps if step.status == STATUS.NEW]
    passed = {step.flow_task for step in steps if step.status == STATUS.DONE}
    return Picture(
        width=int(grid.width) + 2 * MARGIN,
        height=int(grid.height) + 2 * MARGIN,
        shapes=[_shape(cell, open_steps, passed) for cell in grid.cells],
        paths=[_path(edge.segments) for edge in grid.edges],
        places=[_place(step, item) for step in open_steps],
    )


def _shape(cell: Any, open_steps: Iterable[Task], passed: set[Any]) -> Shape:
    node = cell.node
    here = [step.seed.unit.short_name for step in open_steps if step.flow_task == node]
    is_step, is_gate = isinstance(node, UnitStep), isinstance(node, GATES)
    title = "" if is_gate else str(node.task_title)
    return Shape(
        kind="step" if is_step else "gate" if is_gate else "end",
        status="here" if here else "done" if node in passed else "",
        title=title,
        x=int(cell.shape.x) + MARGIN,
        y=int(cell.shape.y) + MARGIN,
        width=int(cell.shape.width),
        height=int(cell.shape.height),
        lines=_lines(title, here, int(cell.shape.height)) if is_step else [],
    )


def _lines(title: str, here: list[str], height: int) -> list[Line]:
    """The title, and under it who is there: a name, or how many."""
    many = ngettext("%(count)s unit", "%(count)s units", len(here)) % {"count": len(here)}
    who = "" if not here else here[0] if len(here) == 1 else many
    texts = [(text, False) for text in _balanced(title)]
    texts += [(text, True) for text in _balanced(who)[:2]]
    first = (height - LINE_HEIGHT * (len(texts) - 1)) // 2
    return [Line(text, first + LINE_HEIGHT * n, strong) for n, (text, strong) in enumerate(texts)]


def _balanced(text: str) -> list[str]:
    """Lines of about equal length, so that no word stands alone."""
    lines = -(-len(text) // LETTERS_PER_LINE)
    return wrap(text, len(text) // lines + 4) if lines > 1 else wrap(text, LETTERS_PER_LINE)


def _path(segments: Iterable[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{int(x) + MARGIN},{int(y) + MARGIN}" for x, y in segments)


def _place(step: Task, item: PlanItem) -> Place:
    """Judging and settling wait for the focal unit, about another unit's part."""
    own = step.seed.unit.short_name
    title = str(step.flow_task.task_title)
    if step.owner_permission_obj_pk == str(item.plan.focal_unit_id) != str(step.seed.unit_id):
        return Place(item.plan.focal_unit.short_name, own, title)
    return Place(own, "", title)


def item_bpmn(item: PlanItem) -> str:
    """The flow in BPMN 2.0, for other tools. Gateways have no name: theirs is for programmers."""
    grid = chart.calc_layout_data(PlanItemFlow)
    for cell in grid.cells:
        if isinstance(cell.node, GATES):
            cell.title = ""
        cell.shape.x, cell.shape.y = int(cell.shape.x), int(cell.shape.y)
    for edge in grid.edges:
        edge.segments = [(int(x), int(y)) for x, y in edge.segments]
    return str(chart.grid_to_bpmn(grid))
