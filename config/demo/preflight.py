"""Says in one line why this machine cannot run the product, before anything is made.

Run by path with whatever interpreter is at hand, so its syntax stays readable to Python 2.7.
"""

import os
import sys

OLDEST = (3, 11)
PARTS = [("ensurepip", "python3-venv"), ("sqlite3", "libsqlite3-0")]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def too_old(version, executable):
    # type: (tuple[int, ...], str) -> str
    """The complaint about an interpreter of this version, or nothing."""
    if version[:2] >= OLDEST:
        return ""
    wanted = ".".join(map(str, OLDEST))
    found = ".".join(map(str, version[:3]))
    return (
        "Python " + wanted + " or newer is needed, and " + executable + " is " + found + "."
        " Name another one: make demo PYTHON=python" + wanted
    )


def missing_part(present):
    # type: (list[str]) -> str
    """The complaint about an interpreter that came without parts of its library, or nothing."""
    for part, package in PARTS:
        if part not in present:
            return (
                "This Python came without its module " + part + ": install your system's package"
                " for it (on Debian " + package + ") and try again."
            )
    return ""


def not_writable(folders):
    # type: (list[str]) -> str
    """The complaint about the first folder that cannot be written, or nothing."""
    for folder in folders:
        nearest = os.path.abspath(folder)
        while not os.path.exists(nearest):
            nearest = os.path.dirname(nearest)
        if not os.access(nearest, os.W_OK | os.X_OK):
            return "No permission to write in " + nearest + ": work in a folder of your own."
    return ""


def main():
    # type: () -> None
    """Exit with one line when something is missing; otherwise say nothing."""
    complaint = too_old(tuple(sys.version_info[:3]), sys.executable)
    if not complaint:
        from importlib.util import find_spec

        complaint = missing_part([part for part, _ in PARTS if find_spec(part)])
    var = os.environ.get("DONDOC_VAR_DIR", os.path.join(ROOT, "var"))
    complaint = complaint or not_writable([ROOT, var])
    if complaint:
        sys.exit(complaint)


if __name__ == "__main__":
    main()
