"""The whole round, by job and by hand."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.celery import app
from notifications import sweep as sweeping
from notifications.deliver import Delivery
from notifications.jobs import tick
from notifications.kinds import Channel
from notifications.models import Mail, Message
from notifications.sweep import Sweep, sweep
from tasks.models import DeadlineKind
from tests.factories import ISSUED_AT
from tests.notifications.conftest import Postmaster
from tests.notifications.scene import at, make_scene, told

pytestmark = pytest.mark.django_db
MORNING = at(2023, 3, 16)


def test_round_tells_mails_and_then_rests(smtp: Postmaster) -> None:
    make_scene()
    first = sweep(lambda: MORNING)
    assert (first.planned, first.fired) == (4, 0)
    assert first.delivery == Delivery(seen=6, composed=3, sent=3)
    assert sweep(lambda: MORNING) == Sweep()
    assert len(smtp.received) == 3


def test_round_after_the_date_escalates_at_once(smtp: Postmaster) -> None:
    scene = make_scene()
    scene.only(DeadlineKind.REPORT)
    for day in (8, 11, 12, 13):
        sweep(lambda day=day: at(2023, 12, day))  # type: ignore[misc]
    assert told(kind="escalation", rung="after-1") == {
        (scene.officer, "escalation", "officer"),
        (scene.leader, "escalation", "leader"),
    }
    assert told(rung="after-2") == {(scene.focal, "escalation", "focal")}
    assert told(rung="after-3") == {
        (scene.leader, "escalation", "leader"),
        (scene.supervisor, "escalation", "supervisor"),
    }
    # On Friday the 8th two, on the 11th two, then the focal unit, then the two leaders.
    assert len(smtp.received) == Mail.objects.filter(state="sent").count() == 7


def test_step_that_fails_does_not_hold_up_the_next_ones(
    smtp: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_named: object) -> int:
        raise ValueError

    make_scene().only(DeadlineKind.ITEM)
    monkeypatch.setattr(sweeping, "announce_events", fail)
    with pytest.raises(ValueError):  # noqa: PT011
        sweep(lambda: at(2023, 6, 16))
    assert len(smtp.received) == 1


def test_job_has_its_name_and_can_run_twice() -> None:
    make_scene()
    app.loader.import_default_modules()
    assert "notifications.tick" in app.tasks
    tick()
    before = Message.objects.filter(channel=Channel.IN_APP).count()
    tick()
    assert Message.objects.filter(channel=Channel.IN_APP).count() == before > 0
    assert Message.objects.latest("created_at").created_at <= timezone.now()


def test_command_takes_a_moment_and_says_what_it_did(smtp: Postmaster) -> None:
    make_scene()
    out = io.StringIO()
    call_command("sweep", "--at=2023-03-16T07:30", stdout=out)
    assert out.getvalue().splitlines() == [
        "events announced: 2",
        "deadlines laid out: 4",
        "reminders projected anew: 0",
        "deadlines that spoke: 0",
        "mails composed: 3",
        "mails sent: 3",
        "calls to message bridges: 0",
    ]
    assert set(Message.objects.values_list("created_at", flat=True)) == {MORNING}


def test_command_tells_by_its_exit_code_that_the_server_refused(smtp: Postmaster) -> None:
    scene = make_scene()
    smtp.answers[scene.officer.email] = "550 no such person"
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 were refused for good") as told:
        call_command("sweep", "--at=2023-03-16T07:30", stdout=out)
    assert told.value.returncode == 2
    assert "mails sent: 2" in out.getvalue()


def test_command_tells_by_its_exit_code_that_mails_wait(no_server: None) -> None:
    make_scene()
    with pytest.raises(CommandError, match="3 mails wait for another attempt") as told:
        call_command("sweep", "--at=2023-03-16T07:30", stdout=io.StringIO())
    assert told.value.returncode == 2


def test_command_tells_what_was_done_in_spite_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_named: object) -> int:
        raise ValueError("broken")

    make_scene()
    monkeypatch.setattr(sweeping, "announce_events", fail)
    out = io.StringIO()
    with pytest.raises(ValueError, match="broken"):
        call_command("sweep", "--at=2023-03-16T07:30", stdout=out)
    assert "deadlines laid out: 4" in out.getvalue()


def test_command_refuses_what_is_no_moment() -> None:
    with pytest.raises(CommandError):
        call_command("sweep", "--at=tomorrow")


def test_nothing_is_told_before_its_moment() -> None:
    make_scene().only(DeadlineKind.ITEM)
    sweep(lambda: at(2023, 6, 16) - dt.timedelta(seconds=1))
    assert told() == set()
    assert at(2023, 6, 16) > ISSUED_AT
