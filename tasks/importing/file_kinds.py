"""What a file is: its first bytes decide, its name only where they leave it open."""

import re
import zipfile
from enum import Enum, auto
from io import BytesIO
from pathlib import PurePath

from tasks.importing.errors import (
    CorruptDocumentError,
    LockedDocumentError,
    OldExcelFormatError,
    OldWordFormatError,
    OtherFormatError,
    UnsupportedFormatError,
)


class Kind(Enum):
    """The kinds of files that there is a reader for."""

    TEXT = auto()
    CSV = auto()
    WORD = auto()
    EXCEL = auto()
    PDF = auto()
    IMAGE = auto()


_BY_NAME = {
    **dict.fromkeys((".txt", ".md", ".markdown", ".text", ""), Kind.TEXT),
    **dict.fromkeys((".csv", ".tsv"), Kind.CSV),
    **dict.fromkeys((".docx", ".docm", ".dotx"), Kind.WORD),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx"), Kind.EXCEL),
    ".pdf": Kind.PDF,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), Kind.IMAGE),
}
EXTENSIONS = tuple(extension for extension in _BY_NAME if extension)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_BEGIN = 1024  # a PDF may have some bytes before its mark
# What Word also opens, and people rename to .docx or .doc.
_OTHER = (
    (re.compile(rb"\{\\rtf"), "RTF"),
    (re.compile(rb"(?:<!doctype\s+html|<html)", re.IGNORECASE), "HTML"),
    (re.compile(rb"MIME-Version:", re.IGNORECASE), "MHTML"),
    (re.compile(rb"<\?xml"), "XML"),
)


def kind_of(data: bytes, filename: str) -> Kind:
    """Return the kind of a file.

    Raises UnsupportedFormatError for formats without a reader, LockedDocumentError behind a
    password, CorruptDocumentError where the name promises what the content is not.
    """
    begin = data[:_BEGIN]
    extension = PurePath(filename).suffix.lower()
    if data.startswith(_OLE):
        _refuse_ole(data, filename, extension)
    if data.startswith(_ZIPS):
        return _kind_of_zip(data, filename, extension)
    if b"%PDF-" in begin:
        return Kind.PDF
    if data.startswith(_IMAGES):
        return Kind.IMAGE
    return _kind_of_text(begin, filename, extension)


def _kind_of_text(begin: bytes, filename: str, extension: str) -> Kind:
    plain = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    other = next((name for mark, name in _OTHER if mark.match(plain)), None)
    kind = _BY_NAME.get(extension)
    if other and kind is not Kind.TEXT:
        raise OtherFormatError(filename=filename, format=other)
    if extension == ".doc":
        raise OldWordFormatError(filename=filename)
    if kind is None:
        raise UnsupportedFormatError(extension=extension)
    if kind not in (Kind.TEXT, Kind.CSV):
        raise CorruptDocumentError(filename=filename, part=extension)
    return kind


def _refuse_ole(data: bytes, filename: str, extension: str) -> None:
    """Refuse the container of old Office files, in which locked new ones are kept as well."""
    if _utf16("EncryptedPackage") in data:
        raise LockedDocumentError(filename=filename)
    excel = extension in (".xls", ".xlsx") or _utf16("Workbook") in data
    if excel and _utf16("WordDocument") not in data:
        raise OldExcelFormatError(filename=filename)
    raise OldWordFormatError(filename=filename)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _kind_of_zip(data: bytes, filename: str, extension: str) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise CorruptDocumentError(filename=filename, part="zip") from error
    if "xl/workbook.bin" in names:
        raise OldExcelFormatError(filename=filename)
    for folder, kind in (("word/", Kind.WORD), ("xl/", Kind.EXCEL)):
        if any(name.startswith(folder) for name in names):
            return kind
    if "mimetype" in names and "content.xml" in names:
        raise OtherFormatError(filename=filename, format="OpenDocument")
    named = _BY_NAME.get(extension)
    if named in (Kind.WORD, Kind.EXCEL):
        return named
    raise UnsupportedFormatError(extension=extension if named is None else ".zip")
