"""What the demonstration leaves on disk, and how it is removed."""

from __future__ import annotations

import shutil
from pathlib import Path

FILES = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "celerybeat-schedule*")
FOLDERS = ("queue", "media", "mail", "log")


def remove_demo_data(var_dir: Path) -> list[str]:
    """Remove what the demonstration made, and nothing else; return the names removed, sorted.

    The secret key stays: it says nothing about the example.
    """
    removed = []
    for pattern in FILES:
        for path in var_dir.glob(pattern):
            path.unlink()
            removed.append(path.name)
    for name in FOLDERS:
        folder = var_dir / name
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
            removed.append(name)
    return sorted(removed)
