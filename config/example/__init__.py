"""The example: an invented province, its units and people, and three plans at work.

Nothing here is real: neither the province of Thuận Giang nor its offices, people, documents or
figures. `manage.py load_example` puts it into the database; `logins()` says who can sign in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.example import passphrase

_ROLES = (
    (
        "Issuing officer, UBND tỉnh",
        "ubnd.chuyenvien1",
        "Review the plan draft, follow the plans that were issued.",
    ),
    (
        "Supervising leader, UBND tỉnh",
        "ubnd.phochutich",
        "See what is late, decide on an extension, take note of a delay.",
    ),
    (
        "Officer of the focal unit, Sở KH&CN",
        "khcn.chuyenvien1",
        "Accept or return finished work, answer an obstacle, consolidate the reports.",
    ),
    (
        "Leader of the focal unit, Sở KH&CN",
        "khcn.lanhdao",
        "Settle a refusal, send an official reminder.",
    ),
    (
        "Officer of a lead unit, Sở Y tế",
        "yte.chuyenvien1",
        "Update an overdue item, acknowledge a new assignment.",
    ),
    ("Leader of a lead unit, Sở Y tế", "yte.lanhdao", "Approve the report and hand it in."),
    (
        "Clerk of a coordinating unit, Hội Nông dân tỉnh",
        "nongdan.vanthu",
        "Acknowledge what the unit was asked to help with.",
    ),
    ("Reader, HĐND tỉnh", "hdnd.giamsat", "Read plans, items and reports; change nothing."),
    ("Administrator", "quantri", "Keep units, people and calendar; look at the mails."),
)


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the example to sign in as. `to_try` says what this role shows best."""

    role: str
    username: str
    password: str
    to_try: str


def logins(var_dir: Path | None = None) -> list[Login]:
    """One login for each role; none before the example was loaded into this `var/` folder."""
    password = passphrase.read(var_dir)
    if not password:
        return []
    return [Login(role, username, password, to_try) for role, username, to_try in _ROLES]
