"""The pass phrase of the example's people: made once for each installation, never in the code."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from config.settings.environment import VAR_DIR

FILE_NAME = "demo_logins.json"
WORDS = 4
_SYLLABLES = (  # noqa: SIM905 (words read better as words)
    "bien buom cam canh chanh chim cong dao diep dong dua duong gach gao giang gio hac hoa"
    " hong huong khe khoai kim lan lua luoi mai may me mia mit mo moc mua muoi na nang ngan"
    " ngo nhan nui ong oi phao quat que rung sach sen song sua suoi sung tam tao thuyen tim"
    " tre tram trang trau tuyet vai vang voi vuon xanh xoai xuan"
).split()


def read(folder: Path | None = None) -> str:
    """The pass phrase of an installation, this one by default; empty while there is none."""
    path = (folder or VAR_DIR) / FILE_NAME
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["password"])
    except (FileNotFoundError, ValueError, KeyError):
        return ""


def read_or_make() -> str:
    """The pass phrase kept under `var/`, made now if need be; only its owner may read the file."""
    kept = read()
    if kept:
        return kept
    words = "-".join(secrets.choice(_SYLLABLES) for _place in range(WORDS))
    made = f"{words}-{secrets.randbelow(9000) + 1000}"
    # Written beside and moved into place, so that a kill leaves no half of it.
    beside = VAR_DIR / f"{FILE_NAME}.{os.getpid()}"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"password": made}, file)
    beside.replace(VAR_DIR / FILE_NAME)
    return made
