"""What is doubtful about the type of a document, its targets and its figures."""

from collections.abc import Iterator

from tasks.importing.facts import Facts
from tasks.importing.results import Caution, Header

_INFERRED_TYPE, _UNCLEAR_TARGET = 0.7, 0.8
_LONGEST_NAME = 80  # characters


def find_fact_cautions(header: Header, facts: Facts) -> Iterator[Caution]:
    """Yield a doubt for each thing that was put together rather than read."""
    if header.type and header.confidence.get("type", 1.0) < _INFERRED_TYPE:
        yield Caution("type_inferred", params={"type": header.type})
    for target in facts.targets:
        if target.confidence < _UNCLEAR_TARGET:
            name = {"name": target.name.text[:_LONGEST_NAME]}
            yield Caution("target_unclear", target.line, target.value.span, name)
    for figure in facts.figures:
        if figure.counted:
            params = {"count": int(figure.low or 0), "name": figure.name.text[:_LONGEST_NAME]}
            yield Caution("figure_counted", figure.line, figure.value.span, params)
