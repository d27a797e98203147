"""The ruled lines of a scanned table: long runs of dark pixels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageFilter

from tasks.importing.page import Edge

_DARK = 150  # of 255
_LEAST_SHARE = 20  # a rule is at least a twentieth of the width
_THICKEST = 14  # pixels; what is thicker is a filled box
_MOST = 3_000


@dataclass(slots=True)
class Rule:
    """A ruled line in pixels."""

    x0: int
    top: int
    x1: int
    bottom: int
    upright: bool = False


def find_rules(grey: Image.Image) -> list[Rule]:
    """Return the ruled lines of a picture; none of a picture that is a drawing or a photo."""
    ink = grey.point([0 if value < _DARK else 255 for value in range(256)]).filter(
        ImageFilter.MinFilter(3)
    )
    least = max(min(grey.size) // _LEAST_SHARE, 20)
    level = list(_runs(ink, least))
    upright = list(_runs(ink.transpose(Image.Transpose.TRANSPOSE), least))
    if not level or not upright or len(level) + len(upright) > _MOST:
        return []
    return [*level, *(Rule(one.top, one.x0, one.bottom, one.x1, True) for one in upright)]


def straightened(grey: Image.Image) -> Image.Image:
    """Return a picture of a page that was laid in askew by up to two degrees turned straight."""
    small = grey.copy()
    small.thumbnail((700, 900))
    small = small.point([255 - value for value in range(256)])
    angle = max((step / 10 for step in range(-20, 21)), key=lambda angle: _evenness(small, angle))
    if abs(angle) < 0.15:
        return grey
    return grey.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)


def _evenness(ink: Image.Image, angle: float) -> float:
    """Return how sharply rows of text and blank rows differ in a picture turned by *angle*."""
    turned = ink.rotate(angle, Image.Resampling.BILINEAR)
    rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
    return float(sum((one - other) ** 2 for one, other in pairwise(rows)))


def _runs(ink: Image.Image, least: int) -> Iterator[Rule]:
    """Yield the level runs of at least *least* dark pixels, neighbours in height as one."""
    pixels, width = ink.tobytes(), ink.width
    dark = re.compile(rb"\x00{%d,}" % least)
    under_way: list[Rule] = []
    for row in range(ink.height):
        fresh: list[Rule] = []
        for run in dark.finditer(pixels, row * width, (row + 1) * width):
            x0, x1 = run.start() - row * width, run.end() - row * width
            known = next((one for one in under_way if one.x0 < x1 and x0 < one.x1), None)
            if known is None:
                known = Rule(x0, row, x1, row)
            else:
                under_way.remove(known)
            known.x0, known.x1, known.bottom = min(known.x0, x0), max(known.x1, x1), row
            fresh.append(known)
        yield from (one for one in under_way if one.bottom - one.top < _THICKEST)
        under_way = fresh
    yield from (one for one in under_way if one.bottom - one.top < _THICKEST)


def as_edge(rule: Rule, scale: float) -> Edge:
    """Return a rule as the table finder wants it, in points: as thin as a line."""
    middle = (rule.x0 + rule.x1) / 2 if rule.upright else (rule.top + rule.bottom) / 2
    edge: Edge = {"x0": rule.x0, "x1": rule.x1, "top": rule.top, "bottom": rule.bottom}
    edge |= {"x0": middle, "x1": middle} if rule.upright else {"top": middle, "bottom": middle}
    scaled: Edge = {name: value * scale for name, value in edge.items()}
    scaled["width"] = scaled["x1"] - scaled["x0"]
    scaled["height"] = scaled["bottom"] - scaled["top"]
    scaled["orientation"] = "v" if rule.upright else "h"
    scaled["object_type"] = "line"
    return scaled
