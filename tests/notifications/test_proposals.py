"""The ladder of the answer to a proposal, and what is said about it."""

import pytest

from notifications.book import Book
from notifications.fire import fire_due
from notifications.kinds import LadderKind
from notifications.models import Ladder, Message
from notifications.shipping import ship_ladders
from notifications.simulation_sources import obligations_of
from notifications.words import entry
from tasks.models import Deadline, DeadlineKind
from tests.notifications.scene import Scene, at, make_scene, rungs, told

pytestmark = pytest.mark.django_db


def asked() -> tuple[Scene, Deadline]:
    scene = make_scene()
    scene.proposal()
    return scene, scene.only(DeadlineKind.PROPOSAL)


def test_answer_to_a_proposal_climbs_its_own_ladder() -> None:
    _scene, deadline = asked()
    assert [(key, state) for _v, key, state, _reason in rungs(deadline)] == [
        ("before-3", "planned"),
        ("day", "planned"),
        ("after-1", "planned"),
        ("after-3", "planned"),
        ("after-5", "planned"),
    ]


def test_late_answer_is_told_to_the_unit_that_owes_it_and_not_to_the_proposer() -> None:
    scene, _deadline = asked()
    fire_due(at=at(2023, 3, 30, 8))
    assert told(kind="escalation") == {
        (scene.focal, "escalation", "officer"),
        (scene.focal_leader, "escalation", "leader"),
    }


def test_message_leads_to_the_proposal_and_quotes_it() -> None:
    scene, deadline = asked()
    fire_due(at=at(2023, 3, 29, 8))
    message = Message.objects.filter(recipient=scene.focal).latest("pk")
    shown = entry(message)
    assert (shown.path, shown.headline, shown.quote) == (
        f"/proposals/{deadline.proposal_id}/",
        "Answer to the proposal: Đề nghị bố trí kinh phí",
        "Đề nghị bố trí kinh phí",
    )
    assert ("From", "Lãnh đạo, Sở A") in shown.rows


def test_simulation_plays_the_answer() -> None:
    scene, deadline = asked()
    (one,) = obligations_of(scene.plan)
    assert (one.ladder, one.what, one.circle.unit) == (
        LadderKind.PROPOSAL,
        "Đề nghị bố trí kinh phí",
        deadline.unit,
    )


def test_ladder_comes_to_an_installation_that_did_not_have_it() -> None:
    Ladder.objects.filter(kind=LadderKind.PROPOSAL).delete()
    ship_ladders()
    assert next(rung.key for rung in Book([]).page(LadderKind.PROPOSAL).rungs) == "before-3"
