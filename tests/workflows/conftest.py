"""What the tests of plans under review begin with."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.workflows.draft_world import Office, make_office


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Any) -> Office:
    """An issuing office; files that are handed in stay in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path
    return make_office()


@pytest.fixture
def client(office: Office) -> Client:
    """The browser of the office's officer."""
    return office.client()
