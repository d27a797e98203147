"""The health address says whether this process can serve, to anybody who asks."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from config.health import health


@pytest.mark.django_db
def test_health_is_ok_with_a_database(rf: RequestFactory) -> None:
    response = health(rf.get("/healthz"))
    assert (response.status_code, response.content) == (200, b"ok")


def test_health_fails_without_a_database(rf: RequestFactory) -> None:
    with patch("config.health.connection.cursor", side_effect=OperationalError("gone")):
        response = health(rf.get("/healthz"))
    assert (response.status_code, response.content) == (503, b"database unavailable")


def test_health_asks_for_no_login() -> None:
    assert getattr(health, "login_required", True) is False
