"""A machine that cannot run the product is told why in one line, whatever its Python."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from config.demo import preflight


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 0), (3, 10, 99)])
def test_old_python_is_named_with_a_way_out(version: tuple[int, ...]) -> None:
    found = ".".join(map(str, version))
    assert preflight.too_old(version, "/usr/bin/python") == (
        f"Python 3.11 or newer is needed, and /usr/bin/python is {found}."
        " Name another one: make demo PYTHON=python3.11"
    )


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_new_python_is_welcome(version: tuple[int, ...]) -> None:
    assert preflight.too_old(version, "python") == ""


def test_missing_library_part_is_named_with_its_package() -> None:
    assert preflight.missing_part(["ensurepip", "sqlite3"]) == ""
    assert preflight.missing_part(["sqlite3"]) == (
        "This Python came without its module ensurepip: install your system's package"
        " for it (on Debian python3-venv) and try again."
    )


def test_folder_without_permission_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert preflight.not_writable([str(tmp_path / "var" / "deep")]) == ""
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert preflight.not_writable([str(tmp_path / "var")]) == (
        f"No permission to write in {tmp_path}: work in a folder of your own."
    )


def test_preflight_keeps_to_the_grammar_of_old_pythons() -> None:
    source = Path(preflight.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))
    assert source.isascii()
