"""What a document states in numbers and what it asks for: targets, results, proposals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.importing.figures import read_figures
from tasks.importing.indicator_tables import read_indicator_tables
from tasks.importing.outline import Entry
from tasks.importing.proposals import read_proposals
from tasks.importing.results import Figure, Header, Item, Proposal, Target
from tasks.importing.targets import read_targets


@dataclass(frozen=True, slots=True)
class Facts:
    """Each in the order of the text."""

    targets: tuple[Target, ...]
    figures: tuple[Figure, ...]
    proposals: tuple[Proposal, ...]


def read_facts(entries: Sequence[Entry], header: Header) -> Facts:
    """Return what the lines and tables of a document state; nothing is invented."""
    tables = read_indicator_tables(entries, header)
    targets = (*read_targets(entries, header), *tables.targets)
    figures = (*read_figures(entries, header), *tables.figures)
    return Facts(
        tuple(sorted(targets, key=lambda target: target.value.start)),
        tuple(sorted(figures, key=lambda figure: figure.value.start)),
        read_proposals(entries, header),
    )


def without_targets(items: Iterable[Item], targets: Iterable[Target]) -> tuple[Item, ...]:
    """Return the tasks without the lines that only set a target ("Tỷ lệ hộ nghèo còn dưới 3%")."""
    places = [target.value.start for target in targets]
    return tuple(
        item
        for item in items
        if item.leads or not any(item.title.start <= one < item.title.end for one in places)
    )
