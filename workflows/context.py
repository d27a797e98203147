"""Who looks at a page, for which unit, and on which day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def acting(request: HttpRequest) -> dict[str, Any]:
    """`actor`, the units to choose from, and `today`; nothing before somebody has signed in."""
    if getattr(request, "actor", None) is None or not request.user.is_authenticated:
        return {}
    return {name: getattr(request, name) for name in ("actor", "acting_units", "today")}
