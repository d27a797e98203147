"""Is a Word or Excel package safe to open? Checked before anything in it is parsed."""

import zipfile
import zlib
from io import BytesIO

from tasks.importing.errors import (
    CompressedTooFarError,
    CorruptDocumentError,
    TooManyPartsError,
    UnsafeDocumentError,
)

MEGABYTE = 1024 * 1024
MAX_UNPACKED = 200 * MEGABYTE
MAX_XML = 60 * MEGABYTE  # what is parsed; the rest are pictures
MAX_PARTS = 5_000
# What zipfile raises for damage, for encryption and for methods it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)


def check_package(data: bytes, filename: str, max_unpacked: int = MAX_UNPACKED) -> None:
    """Raise unless *data* is a whole zip of at most *max_unpacked* bytes without XML entities.

    The declared sizes are checked first; each part is then read, which zipfile ends at its
    declared size. Raises CompressedTooFarError, TooManyPartsError, UnsafeDocumentError or
    CorruptDocumentError.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check_size(package, filename, max_unpacked)
            for part in package.infolist():
                _check_part(package, part, filename)
    except _BROKEN as error:
        raise CorruptDocumentError(filename=filename, part="zip") from error


def _check_size(package: zipfile.ZipFile, filename: str, max_unpacked: int) -> None:
    parts = package.infolist()
    size = sum(part.file_size for part in parts)
    parsed = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if len(parts) > MAX_PARTS:
        raise TooManyPartsError(filename=filename, parts=len(parts), limit=MAX_PARTS)
    if size > max_unpacked or parsed > MAX_XML:
        limit = (max_unpacked if size > max_unpacked else MAX_XML) // MEGABYTE
        raise CompressedTooFarError(filename=filename, size=size // MEGABYTE, limit=limit)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, filename: str) -> None:
    content = package.read(part)
    if len(content) != part.file_size:
        raise CorruptDocumentError(filename=filename, part=part.filename)
    # Any part may be declared as XML, whatever its name; only pictures of SVG rightly say this.
    is_svg = part.filename.lower().endswith(".svg")
    if not is_svg and b"<!DOCTYPE" in content.replace(b"\0", b"").upper():
        raise UnsafeDocumentError(filename=filename, part=part.filename)
