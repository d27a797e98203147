"""What the papers list is what the project has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def first_cells(markdown: str) -> list[str]:
    """The names in code style that begin the rows of its tables."""
    return re.findall(r"^\| `([^`]+)` \|", markdown, re.MULTILINE)


def table_row(markdown: str, name: str) -> list[str]:
    row = next(line for line in markdown.splitlines() if line.startswith(f"| `{name}` |"))
    return [cell.strip() for cell in row.strip("|").split("|")]


def environment_calls() -> dict[str, str]:
    """Each setting that the environment may change, with its default as written."""
    source = read("config", "settings", "environment.py")
    return {
        f"DONDOC_{name}": default
        for name, default in re.findall(r'env\.\w+\("(\w+)", default=(.+)\)\n', source)
    }


def test_every_setting_is_documented_in_its_order() -> None:
    assert first_cells(read("docs", "operations.md")) == list(environment_calls())


@pytest.mark.parametrize(
    ("name", "default"),
    [
        (name, default.strip('"').lower())
        for name, default in environment_calls().items()
        if re.fullmatch(r'"[^"]+"|\d+|True|False', default)
    ],
)
def test_documented_default_is_the_real_one(name: str, default: str) -> None:
    assert table_row(read("docs", "operations.md"), name)[1] == f"`{default}`"


def pinned(file: str) -> list[str]:
    return re.findall(r"^([A-Za-z][\w-]*)(?:\[\w+\])?==", read(file), re.MULTILINE)


def test_every_dependency_has_its_reason() -> None:
    reasons = first_cells(read("docs", "dependencies.md"))
    assert reasons == pinned("requirements.txt") + pinned("requirements-dev.txt")


def test_every_dependency_is_pinned() -> None:
    lines = (read("requirements.txt") + read("requirements-dev.txt")).splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
    assert len(wanted) == len(pinned("requirements.txt") + pinned("requirements-dev.txt"))
