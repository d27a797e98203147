"""The text of a document cut where the words of a field begin or end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workflows.drafting.review import Name, Review, Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of text under the same fields, the narrowest last; `begins` are those that begin."""

    text: str
    fields: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    is_doubtful: bool = False

    @property
    def field(self) -> str:
        return self.fields[-1] if self.fields else ""

    @property
    def target(self) -> str:
        """The place of the review that shows the field: whole sentences belong to their card."""
        return self.field.removesuffix("-text")

    @property
    def is_first(self) -> bool:
        return self.field in self.begins

    @property
    def others(self) -> tuple[str, ...]:
        """The wider fields that begin here too: they need an anchor of their own."""
        return tuple(name for name in self.begins if name != self.field)


def sources(review: Review) -> dict[str, Span]:
    """The place in the text of every field that has one, by the anchor of the field."""
    found = {f"h-{name}": span for name, span in review["source"].items()}
    for item in review["items"]:
        found |= {f"{item['key']}-{name}": span for name, span in item["source"].items()}
        found |= _of_names(item["names"])
    for duty in review["duties"]:
        found |= {f"{duty['key']}-{name}": span for name, span in duty["source"].items()}
        found |= _of_names([duty["reporter"], duty["via"]])
    for target in review["targets"]:
        found |= {f"{target['key']}-{name}": span for name, span in target["source"].items()}
    found |= {cited["key"]: cited["source"] for cited in review["citations"] if cited["source"]}
    return found


def _of_names(names: Iterable[Name]) -> dict[str, Span]:
    return {name["key"]: name["source"] for name in names if name["source"]}


@dataclass(slots=True)
class _Edges:
    begins: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)


def stretches(text: str, spans: dict[str, Span], doubtful: Iterable[str]) -> Iterator[Stretch]:
    """Yield the whole text in order; `doubtful` are the fields to be told apart."""
    doubtful = set(doubtful)
    edges: dict[int, _Edges] = defaultdict(_Edges)
    for name, (begin, end) in spans.items():
        if 0 <= begin < end <= len(text):
            edges[begin].begins.append(name)
            edges[end].ends.append(name)
    open_fields: set[str] = set()
    begin = 0
    begins: tuple[str, ...] = ()
    for place in (*sorted(edges), len(text)):
        if place > begin:
            yield _stretch(text[begin:place], spans, open_fields, begins, doubtful)
        open_fields -= set(edges[place].ends)
        open_fields |= set(edges[place].begins)
        begin, begins = place, tuple(edges[place].begins)


def _stretch(
    text: str,
    spans: dict[str, Span],
    fields: Iterable[str],
    begins: tuple[str, ...],
    doubtful: set[str],
) -> Stretch:
    ordered = sorted(fields, key=lambda name: (spans[name][0] - spans[name][1], name))
    is_doubtful = bool(ordered) and ordered[-1] in doubtful
    return Stretch(text, tuple(ordered), begins, is_doubtful)
