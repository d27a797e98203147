"""Tests read English, the language of the source, unless they ask for Vietnamese themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _static_files_on_demand(settings: Any) -> None:
    """Every test client builds the middleware anew; listing all static files each time is slow."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _english(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
