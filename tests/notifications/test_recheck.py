"""What waits to leave the house is looked at again before it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from notifications.announce import announce_events
from notifications.deliver import Delivery, deliver
from notifications.models import Message
from tasks.models import Event
from tests.factories import ISSUED_AT
from tests.notifications.scene import Scene, at, make_scene
from workflows.access import Actor
from workflows.actions.assignment import acknowledge
from workflows.actions.extensions import request_extension
from workflows.actions.work import raise_obstacle

pytestmark = pytest.mark.django_db

ASKED_AT = at(2023, 3, 16, 20)


def ask_for_help(scene: Scene, actor: Actor) -> None:
    raise_obstacle(participation=scene.part, actor=actor, at=ASKED_AT, words="Thiếu vốn")


def ask_for_time(scene: Scene, actor: Actor) -> None:
    request_extension(
        participation=scene.part,
        actor=actor,
        at=ASKED_AT,
        due_on=dt.date(2023, 7, 31),
        reason="Chờ vốn",
    )


@pytest.mark.parametrize("ask", [ask_for_help, ask_for_time])
def test_question_of_a_withdrawn_part_is_not_mailed(ask: Callable[[Scene, Actor], None]) -> None:
    scene = make_scene()
    actor = Actor(scene.officer, scene.unit)
    acknowledge(participation=scene.part, actor=actor, at=ASKED_AT)
    Event.objects.update(announced_at=ISSUED_AT)
    ask(scene, actor)
    announce_events(at=ASKED_AT)
    withdrawn = scene.part
    withdrawn.cancel()
    withdrawn.save()
    assert deliver(at=at(2023, 3, 17)) == Delivery(seen=1)
    mails = Message.objects.filter(channel="email").values_list("state", "reason")
    assert set(mails) == {("skipped", "answered")}
