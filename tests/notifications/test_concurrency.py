"""Two runners at once, on whichever database the suite runs on: everything happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest
from django.db import connection
from django.db.models import Count

from notifications import sweep as sweeping
from notifications.announce import announce_events
from notifications.deliver import compose_mails, deliver
from notifications.fire import fire_due
from notifications.models import Mail, Message, ScheduledRung
from notifications.plan import plan_deadlines
from notifications.sweep import sweep
from tasks.models import Deadline, DeadlineKind, Event
from tests.factories import ISSUED_AT, make_person
from tests.notifications.conftest import Postmaster
from tests.notifications.scene import OFFICER, at, make_scene, told

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RUNNERS = 4
T = TypeVar("T")
REMINDER = at(2023, 6, 16)


def at_once(step: Callable[[], T]) -> list[T]:
    """Run `step` in several threads that start together; re-raises what any of them raised."""
    start = threading.Barrier(RUNNERS)
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            results.append(step())
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(RUNNERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results


def test_planning_at_once_lays_out_once() -> None:
    make_scene(items=20)
    at_once(lambda: plan_deadlines(at=ISSUED_AT, batch=3))
    assert ScheduledRung.objects.count() == 20 * 11 + 6 + 5
    assert set(Deadline.objects.values_list("planned_version", flat=True)) == {1}


def test_announcing_at_once_tells_once() -> None:
    make_scene(items=20)
    at_once(lambda: announce_events(at=ISSUED_AT, batch=3))
    assert Message.objects.count() == 20 * 3 * 2
    assert not Event.objects.filter(announced_at__isnull=True).exists()


@pytest.mark.parametrize("batch", [1, 5, 100])
def test_firing_at_once_tells_once(batch: int) -> None:
    make_scene(items=20)
    Deadline.objects.exclude(kind=DeadlineKind.ITEM).update(closed_at=ISSUED_AT)
    plan_deadlines(at=ISSUED_AT)
    fired = at_once(lambda: fire_due(at=REMINDER, batch=batch))
    assert sum(fired) == 20
    assert Message.objects.count() == 20 * 2
    assert ScheduledRung.objects.filter(state="fired").count() == 20


def test_catching_up_at_once_still_says_it_once() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    at_once(lambda: fire_due(at=at(2023, 7, 3)))
    assert told() == {
        (scene.officer, "escalation", "officer"),
        (scene.leader, "escalation", "leader"),
    }


def test_delivering_at_once_sends_each_mail_once(smtp: Postmaster) -> None:
    make_scene(items=3)
    announce_events(at=ISSUED_AT)
    morning = at(2023, 3, 16)

    def until_nothing_is_left() -> None:
        while deliver(at=morning, batch=1).seen:
            pass

    at_once(until_nothing_is_left)
    until_nothing_is_left()
    assert Mail.objects.count() == len(smtp.received) == 3
    assert set(Mail.objects.values_list("state", "attempts", "doubtful")) == {("sent", 1, False)}
    assert {mail["Message-ID"] for mail in smtp.received} == set(
        Mail.objects.values_list("message_id", flat=True)
    )


def test_sweeping_at_once_puts_one_morning_into_one_mail(
    smtp: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep that finds nothing left to fire must not compose while another still fires."""
    scene = make_scene(items=20)
    Deadline.objects.exclude(kind=DeadlineKind.ITEM).update(closed_at=ISSUED_AT)
    Event.objects.update(announced_at=ISSUED_AT)
    plan_deadlines(at=ISSUED_AT)
    monkeypatch.setattr(sweeping, "fire_due", partial(fire_due, batch=2))
    at_once(lambda: sweep(lambda: REMINDER))
    mail = Mail.objects.get()
    assert (mail.recipient, mail.messages.count()) == (scene.officer, 20)
    assert len(smtp.received) == 1


def test_composing_at_once_gives_each_person_one_mail() -> None:
    scene = make_scene(items=3)
    officers = [scene.officer.pk, *(make_person(scene.unit, OFFICER).pk for _ in range(20))]
    Deadline.objects.exclude(kind=DeadlineKind.ITEM).update(closed_at=ISSUED_AT)
    plan_deadlines(at=ISSUED_AT)
    fire_due(at=REMINDER)

    def compose_all() -> None:
        while compose_mails(REMINDER, 2).seen:
            pass

    at_once(compose_all)
    counts = Mail.objects.annotate(told=Count("messages")).values_list("recipient", "told")
    assert sorted(counts) == [(pk, 3) for pk in sorted(officers)]
