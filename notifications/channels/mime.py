"""A mail as bytes: plain text and HTML as alternatives, as RFC 2046 describes them.

Python's own way builds a tree of parts and walks through it, for every line of every mail; a
morning's digests would spend a third of their time there. All our mails have one form.
"""

from __future__ import annotations

import binascii
import secrets
from collections.abc import Iterable, Mapping
from email.header import Header

# RFC 5322: bytes in a line without its end.
_LONGEST_LINE = 998


def written(headers: Mapping[str, str], text: str, html: str) -> bytes:
    """The mail with line ends as SMTP wants them.

    Values of `headers` that are not ASCII are encoded as words (RFC 2047); addresses must be
    ASCII already. Raises `ValueError` for a line break in a header, which could begin another.
    """
    boundary = secrets.token_hex(16)
    whole = {
        **headers,
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    mark = b"--" + boundary.encode()
    pieces = (_headers(whole.items()), mark, _part("plain", text), mark, _part("html", html))
    return b"\r\n".join((*pieces, mark + b"--", b""))


def _part(subtype: str, content: str) -> bytes:
    lines = content.encode().splitlines()
    long = any(len(line) > _LONGEST_LINE for line in lines)
    about = {
        "Content-Type": f'text/{subtype}; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable" if long else "8bit",
    }
    if long:
        lines = binascii.b2a_qp(b"\n".join(lines)).splitlines()
    return b"\r\n".join((_headers(about.items()), *lines, b""))


def _headers(headers: Iterable[tuple[str, str]]) -> bytes:
    lines = "".join(f"{name}: {_value(name, value)}\r\n" for name, value in headers)
    return lines.encode("ascii")


def _value(name: str, value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError(f"A line break in the header {name}: {value!r}")
    if value.isascii():
        return value
    return Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
