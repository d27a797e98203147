"""A mail server that hangs: what it costs, who waits, and when it is tried again."""

import datetime as dt
import socket
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.breaker import Fuses, pause
from notifications.channels.mail import LINES
from notifications.channels.outcome import Fate, Outcome
from notifications.deliver import deliver
from notifications.figures import mail_figures
from notifications.fire import fire_due
from notifications.models import Breaker, Mail
from notifications.parcels import LEASE
from tasks.models import DeadlineKind
from tests.factories import make_person
from tests.notifications.conftest import Postmaster
from tests.notifications.scene import OFFICER, at, make_scene

pytestmark = pytest.mark.django_db
REMINDER = at(2023, 6, 16)
BROKEN = Outcome(Fate.RETRY, "timed out", doubtful=True, broken=True)
TIME_LIMIT = 0.1


@pytest.fixture
def hanging(settings: Settings) -> Iterator[None]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listener.getsockname()[1]
        settings.EMAIL_TIMEOUT = TIME_LIMIT
        yield


def reminded(people: int) -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    for _ in range(people - 1):
        make_person(scene.unit, OFFICER)
    fire_due(at=REMINDER)


def attempts() -> list[int]:
    return list(Mail.objects.order_by("pk").values_list("attempts", flat=True))


@pytest.mark.usefixtures("hanging")
def test_server_that_hangs_costs_two_time_limits_however_many_mails_wait() -> None:
    reminded(people=8)
    while deliver(at=REMINDER).seen:
        pass
    assert attempts() == [1, 1, 0, 0, 0, 0, 0, 0]
    assert set(Mail.objects.values_list("state", "leased_until")) == {("pending", None)}


def test_server_that_hangs_with_the_texts_leaves_doubt_about_those_alone(
    smtp: Postmaster, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = TIME_LIMIT
    smtp.slowness = 5 * TIME_LIMIT
    reminded(people=LINES + 2)
    deliver(at=REMINDER)
    assert attempts() == [1] * LINES + [0, 0]
    assert Mail.objects.filter(doubtful=True, state="pending").count() == LINES
    assert Breaker.objects.get().failures == 1


@pytest.mark.usefixtures("hanging")
def test_line_that_is_down_is_tried_ever_more_rarely() -> None:
    reminded(people=8)
    deliver(at=REMINDER)
    first = Breaker.objects.get()
    assert (first.line, first.failures) == ("mail", 1)
    assert first.open_until == REMINDER + dt.timedelta(minutes=1)
    deliver(at=first.open_until)
    second = Breaker.objects.get()
    assert (second.failures, second.open_until) == (2, first.open_until + dt.timedelta(minutes=2))
    # One attempt was enough to know.
    assert sum(attempts()) == 3


def test_mended_line_carries_everything_and_forgets(smtp: Postmaster) -> None:
    reminded(people=3)
    down = Breaker.objects.create(
        line="mail", failures=4, opened_at=REMINDER, open_until=REMINDER + LEASE
    )
    assert deliver(at=REMINDER).sent == 0
    assert attempts() == [0, 0, 0]
    assert deliver(at=down.open_until).sent == 3
    assert not Breaker.objects.exists()


def test_clock_set_back_does_not_keep_the_line_closed(smtp: Postmaster) -> None:
    reminded(people=1)
    later = REMINDER + dt.timedelta(days=3)
    Breaker.objects.create(line="mail", failures=1, opened_at=later, open_until=later + LEASE)
    assert deliver(at=REMINDER).sent == 1


def test_one_mail_that_breaks_the_line_does_not_stop_the_others() -> None:
    fuses = Fuses(REMINDER)
    for outcome in (BROKEN, Outcome(Fate.SENT), BROKEN):
        fuses.note("mail", outcome)
    assert fuses.down() == set()
    fuses.note("mail", BROKEN)
    assert fuses.down() == Fuses(REMINDER).down() == {"mail"}


def test_pause_doubles_up_to_ten_minutes() -> None:
    assert [pause(times) for times in (1, 2, 3, 5, 400)] == [
        dt.timedelta(minutes=minutes) for minutes in (1, 2, 4, 10, 10)
    ]


@pytest.mark.usefixtures("hanging")
def test_figures_say_what_waits_and_since_when() -> None:
    reminded(people=3)
    deliver(at=REMINDER)
    found = mail_figures(at=timezone.now())
    assert (found.waiting, found.waiting_since, found.sent_lately) == (3, REMINDER, 0)
    assert found.breaker is not None
    assert "timed out" in found.breaker.error
