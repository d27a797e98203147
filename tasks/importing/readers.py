"""Files and pasted text to a normalised text: the one place that knows file formats."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tasks.importing.blocks import Line, Text, normalise, split_lines
from tasks.importing.bounds import bounded
from tasks.importing.docx_package import MEGABYTE
from tasks.importing.docx_reader import read_docx
from tasks.importing.encodings import decode, legacy_encoding
from tasks.importing.errors import DocumentTooLargeError, EmptyDocumentError
from tasks.importing.file_kinds import Kind, kind_of
from tasks.importing.flat_tables import restore_tables
from tasks.importing.legacy_fonts import from_legacy
from tasks.importing.ocr import read_image
from tasks.importing.pdf_reader import read_pdf
from tasks.importing.progress import OPENING, Progress, Report, nobody_waits
from tasks.importing.results import Caution
from tasks.importing.xlsx_reader import read_csv, read_xlsx

MAX_SIZE = 20 * MEGABYTE
_SAMPLE = 20_000  # characters that show in which encoding a text is

Reader = Callable[[bytes, str, Report], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file, and what its reader doubts."""

    text: Text
    cautions: tuple[Caution, ...] = ()


def read_file(
    data: bytes, filename: str, max_size: int = MAX_SIZE, progress: Progress = nobody_waits
) -> Source:
    """Return the text of a file of at most *max_size* bytes.

    The content decides over the name where they disagree. Raises DocumentError.
    """
    if len(data) > max_size:
        size, limit = (round(number / MEGABYTE, 1) for number in (len(data), max_size))
        raise DocumentTooLargeError(filename=filename, size=size, limit=limit)
    if not data.strip():
        raise EmptyDocumentError(filename=filename)
    progress(0, 1, OPENING)
    report = Report(progress)
    lines = _READERS[kind_of(data, filename)](data, filename, report)
    text = _text(lines, filename, report)
    return Source(text, tuple(report.cautions))


def read_pasted_lines(pasted: str, name: str) -> Text:
    """Return the text that a person pasted; *name* serves the refusals. Raises DocumentError."""
    return _text(split_lines(pasted), name, Report())


def _text(lines: Iterable[Line], filename: str, report: Report) -> Text:
    """Return the normalised text, unless it is empty or too long to be a plan."""
    read = _in_unicode(list(bounded(lines, filename)), report)
    text = normalise(restore_tables(read))
    if not text.text:
        raise EmptyDocumentError(filename=filename)
    return text


def _in_unicode(lines: list[Line], report: Report) -> list[Line]:
    """Return *lines* with letters of fonts older than Unicode converted, and a doubt about it."""
    encoding = legacy_encoding(_sample(lines))
    if encoding is None:
        return lines
    report.doubt("legacy_font", encoding=encoding)
    return [Line(from_legacy(line.text, encoding), line.number, line.cell) for line in lines]


def _sample(lines: Iterable[Line]) -> str:
    """Return the first words of a document, which show its encoding."""
    sample: list[str] = []
    length = 0
    for line in lines:
        sample.append(line.text)
        length += len(line.text)
        if length > _SAMPLE:
            break
    return "\n".join(sample)


def _read_text(data: bytes, filename: str, report: Report) -> Iterable[Line]:
    return split_lines(decode(data, filename))


def _read_word(data: bytes, filename: str, report: Report) -> Iterable[Line]:
    return read_docx(data, filename)


def _read_csv(data: bytes, filename: str, report: Report) -> Iterable[Line]:
    return read_csv(data, filename)


_READERS: dict[Kind, Reader] = {
    Kind.TEXT: _read_text,
    Kind.CSV: _read_csv,
    Kind.WORD: _read_word,
    Kind.EXCEL: read_xlsx,
    Kind.PDF: read_pdf,
    Kind.IMAGE: read_image,
}
