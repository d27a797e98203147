"""How long a plan may be; what is longer is refused before it is held in memory."""

from collections.abc import Iterable, Iterator

from tasks.importing.blocks import Line
from tasks.importing.errors import TextTooLongError, TooManyLinesError

MAX_CHARACTERS = 2_000_000  # some 700 pages
MAX_LINES = 300_000  # paragraphs and cells; a merged cell counts in each row that it covers


def bounded(lines: Iterable[Line], filename: str) -> Iterator[Line]:
    """Yield *lines* as long as they are together no more than a plan may have.

    Raises TextTooLongError or TooManyLinesError.
    """
    length = 0
    for number, line in enumerate(lines, start=1):
        length += len(line.text) + 1
        if length > MAX_CHARACTERS:
            raise TextTooLongError(filename=filename, length=length, limit=MAX_CHARACTERS)
        if number > MAX_LINES:
            raise TooManyLinesError(filename=filename, limit=MAX_LINES)
        yield line
