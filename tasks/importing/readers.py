"""Files and pasted text to a normalised text: the one place that knows file formats."""

from pathlib import PurePath

from tasks.importing.blocks import Text, normalise, split_lines
from tasks.importing.docx_package import MEGABYTE
from tasks.importing.docx_reader import read_docx
from tasks.importing.encodings import decode, legacy_encoding
from tasks.importing.errors import (
    DocumentTooLargeError,
    EmptyDocumentError,
    LegacyEncodingError,
    OldWordFormatError,
    PdfNotSupportedError,
    TextTooLongError,
    UnsupportedFormatError,
)

MAX_SIZE = 20 * MEGABYTE
MAX_CHARACTERS = 2_000_000  # some 700 pages
_TEXT = {".txt", ".md", ".markdown", ".text", ""}
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"


def read_bytes(data: bytes, filename: str, max_size: int = MAX_SIZE) -> Text:
    """Return the text of a .txt, .md or .docx file of at most *max_size* bytes.

    The content decides over the name where they disagree. Raises DocumentError.
    """
    if len(data) > max_size:
        size, limit = (round(number / MEGABYTE, 1) for number in (len(data), max_size))
        raise DocumentTooLargeError(filename=filename, size=size, limit=limit)
    if not data.strip():
        raise EmptyDocumentError(filename=filename)
    word = _is_docx(data, filename)
    text = normalise(read_docx(data, filename) if word else split_lines(decode(data, filename)))
    return checked(text, filename)


def read_pasted_lines(pasted: str, name: str) -> Text:
    """Return the text that a person pasted; *name* serves the refusals. Raises DocumentError."""
    _refuse_long(len(pasted), name)
    return checked(normalise(split_lines(pasted)), name)


def checked(text: Text, filename: str) -> Text:
    """Return *text*, unless it is empty, too long to be a plan or typed in an old font."""
    if not text.text:
        raise EmptyDocumentError(filename=filename)
    _refuse_long(len(text.text), filename)
    encoding = legacy_encoding(text.text)
    if encoding:
        raise LegacyEncodingError(filename=filename, encoding=encoding)
    return text


def _refuse_long(length: int, filename: str) -> None:
    if length > MAX_CHARACTERS:
        raise TextTooLongError(filename=filename, length=length, limit=MAX_CHARACTERS)


def _is_docx(data: bytes, filename: str) -> bool:
    """Tell whether to read a Word package; refuse the formats that are neither that nor text."""
    extension = PurePath(filename).suffix.lower()
    if data.startswith(_PDF) or extension == ".pdf":
        raise PdfNotSupportedError(filename=filename)
    if data.startswith(_OLE) or extension == ".doc":
        raise OldWordFormatError(filename=filename)
    if extension not in _TEXT | {".docx"}:
        raise UnsupportedFormatError(extension=extension)
    return extension == ".docx" or data.startswith(_ZIP)
