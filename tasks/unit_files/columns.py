"""The columns of a file of units, and how their headings and values are written."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tasks.models import UnitKind
from tasks.rules.names import fold

COLUMNS: dict[str, str | Promise] = {
    "code": _("Code"),
    "name": _("Name"),
    "short_name": _("Short name"),
    "kind": _("Kind"),
    "parent": _("Code of the unit above"),
    "email": _("E-mail"),
    "may_issue": _("Issues plans"),
    "valid_from": _("Exists from"),
    "valid_until": _("Exists until"),
    "aliases": _("Other names"),
}
# Headings that offices' own lists of units often have.
_USUAL = {
    "ma": "code",
    "ma don vi": "code",
    "ten don vi": "name",
    "ten day du": "name",
    "ten ngan": "short_name",
    "ten viet tat": "short_name",
    "loai don vi": "kind",
    "ma don vi cap tren": "parent",
    "email": "email",
    "ngay thanh lap": "valid_from",
    "ngay ket thuc": "valid_until",
    "ten goi khac": "aliases",
}
REQUIRED = ("code", "name")
DATES = ("valid_from", "valid_until")
BETWEEN_ALIASES = ";"
_YES = frozenset({"x", "co", "yes", "true", "1", "dung"})
_NO = frozenset({"", "khong", "no", "false", "0", "sai"})
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def by_heading() -> dict[str, str]:
    """The column of each heading, folded: its own name, or its label in any of our languages."""
    found = {**_USUAL, **{fold(name): name for name in COLUMNS}}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(label)): name for name, label in COLUMNS.items()}
    return found


def by_kind() -> dict[str, str]:
    """The kind of unit for each way of writing it, folded."""
    found = {kind.value: kind.value for kind in UnitKind}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(kind.label)): kind.value for kind in UnitKind}
    return found


def read_flag(text: str) -> bool | None:
    """Whether the text says yes or no; None when it says neither."""
    word = fold(text)
    if word in _YES:
        return True
    return False if word in _NO else None


def read_day(text: str) -> dt.date | None:
    """The date of "2025-03-01" or "01/03/2025". Raises `ValueError` for any other text."""
    if not text:
        return None
    if found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
        return dt.date(year, month, day)
    return dt.date.fromisoformat(text)
