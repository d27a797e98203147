"""Makes the private environment and fills it with the pinned packages, once for each pin.

Run by path with the machine's own Python: nothing of the project is imported here.
"""

import hashlib
import subprocess
import sys
from pathlib import Path


def requirement_files(requirements: Path) -> list[Path]:
    """This file and, after it, the files that it includes with `-r`."""
    files = [requirements]
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            files += requirement_files(requirements.parent / line[3:].strip())
    return files


def fingerprint(requirements: Path) -> str:
    """Changes whenever a pin changes."""
    texts = [path.read_bytes() for path in requirement_files(requirements)]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def stamp_of(venv: Path, requirements: Path) -> Path:
    return venv / f".installed-{requirements.stem}"


def is_installed(venv: Path, requirements: Path) -> bool:
    """Whether an earlier run got to its end with these very pins."""
    stamp = stamp_of(venv, requirements)
    return stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint(requirements)


def last_words(log: Path) -> str:
    """The line of an installer's log that tells most: its last error, or else its last line."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["nothing was said"])[-1]


def run(command: list[str], log: Path) -> bool:
    """Run one step, its words appended to the log; whether it succeeded."""
    with log.open("ab") as sink:
        done = subprocess.run(command, stdout=sink, stderr=sink, check=False)  # noqa: S603
    return done.returncode == 0


def install(venv: Path, requirements: Path) -> str:
    """Make the environment if need be and install; the complaint, or nothing."""
    venv.mkdir(parents=True, exist_ok=True)
    log = venv / "install.log"
    log.unlink(missing_ok=True)
    python = venv / "bin" / "python"
    if not run([sys.executable, "-m", "venv", str(venv)], log):
        return f"The environment {venv} could not be made: {last_words(log)}"
    if not run([str(python), "-m", "pip", "install", "-r", str(requirements)], log):
        return (
            "The packages could not be installed: is this machine online?"
            f" pip said: {last_words(log)} (all of it: {log})"
        )
    for path in requirement_files(requirements):
        stamp_of(venv, path).write_text(fingerprint(path), encoding="ascii")
    return ""


def main() -> None:
    venv, requirements = Path(sys.argv[1]), Path(sys.argv[2])
    if is_installed(venv, requirements):
        return
    sys.stdout.write(f"Installing {requirements} into {venv}, once; about a minute.\n")
    sys.stdout.flush()
    complaint = install(venv, requirements)
    if complaint:
        sys.exit(complaint)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped; the next run goes on from here.")
