"""The environment is installed once for each set of pins."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.demo import install


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("Django==5.2\n")
    path = tmp_path / "requirements-dev.txt"
    path.write_text("-r requirements.txt\npytest==9.2.0\n")
    return path


def pretend_to_install(venv: Path, requirements: Path) -> None:
    venv.mkdir(exist_ok=True)
    stamp = install.stamp_of(venv, requirements)
    stamp.write_text(install.fingerprint(requirements), encoding="ascii")


def test_second_run_has_nothing_to_install(tmp_path: Path, requirements: Path) -> None:
    venv = tmp_path / "venv"
    assert not install.is_installed(venv, requirements)
    pretend_to_install(venv, requirements)
    assert install.is_installed(venv, requirements)


def test_changed_pin_in_an_included_file_installs_again(tmp_path: Path, requirements: Path) -> None:
    pretend_to_install(tmp_path / "venv", requirements)
    (tmp_path / "requirements.txt").write_text("Django==5.3\n")
    assert not install.is_installed(tmp_path / "venv", requirements)


def test_failed_installation_says_one_line_and_is_tried_again(
    tmp_path: Path, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_to_install(command: list[str], log: Path) -> bool:
        log.write_text("WARNING: retrying\nERROR: No matching distribution found for Django\n")
        return "venv" in command

    monkeypatch.setattr(install, "run", fail_to_install)
    complaint = install.install(tmp_path / "venv", requirements)
    assert complaint == (
        "The packages could not be installed: is this machine online? pip said: ERROR: No matching"
        f" distribution found for Django (all of it: {tmp_path / 'venv' / 'install.log'})"
    )
    assert not install.is_installed(tmp_path / "venv", requirements)
