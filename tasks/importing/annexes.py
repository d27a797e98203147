"""A plan and its annexes, handed in as several files, read as one document."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tasks.importing.blocks import Block, Text
from tasks.importing.progress import Progress, nobody_waits
from tasks.importing.readers import MAX_SIZE, Source, read_file
from tasks.importing.reading import read_text
from tasks.importing.results import Caution, Reading
from tasks.importing.slips import Slip


def read_documents(
    files: Iterable[tuple[bytes, str]],
    max_size: int = MAX_SIZE,
    progress: Progress = nobody_waits,
) -> Reading:
    """Return the reading of one or more files, given as content and name, the plan first.

    An annex continues the plan: its dates are in the plan's year. Raises DocumentError, which
    names the file that cannot be read. *max_size* is that of each file, in bytes.
    """
    sources, names = [], []
    for data, name in files:
        sources.append(read_file(data, name, max_size, progress))
        names.append(name)
    whole = _joined(sources)
    reading = read_text(whole.text, names[0])
    return replace(reading, cautions=(*whole.cautions, *reading.cautions))


def _joined(sources: Sequence[Source]) -> Source:
    if len(sources) == 1:
        return sources[0]
    blocks: list[Block] = []
    cautions: list[Caution] = []
    lookalikes: list[int] = []
    slips: list[Slip] = []
    for source in sources:
        line = blocks[-1].line if blocks else 0
        blocks += _moved(source.text.blocks, blocks)
        lookalikes += [number + line for number in source.text.lookalikes]
        slips += [replace(one, line=one.line + line) for one in source.text.slips]
        cautions += [
            replace(one, line=one.line + line if one.line else one.line) for one in source.cautions
        ]
    text = "\n".join(block.text for block in blocks)
    return Source(Text(text, tuple(blocks), tuple(lookalikes), tuple(slips)), tuple(cautions))


def _moved(blocks: Iterable[Block], before: Sequence[Block]) -> Iterable[Block]:
    """The blocks of a file, with places, lines and tables counted on from those *before* it."""
    if not before:
        return blocks
    start, line = before[-1].end + 1, before[-1].line
    table = 1 + max((block.cell.table for block in before if block.cell), default=-1)
    return [
        replace(
            block,
            start=block.start + start,
            line=block.line + line,
            cell=block.cell and replace(block.cell, table=block.cell.table + table),
        )
        for block in blocks
    ]
