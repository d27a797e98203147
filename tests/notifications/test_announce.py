"""Each event tells exactly the people it concerns, at once in the application."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.announce import AUDIENCES, announce_events
from notifications.kinds import Channel
from notifications.models import Message
from tasks.models import (
    DeadlineKind,
    Event,
    Membership,
    MembershipRole,
    Obstacle,
    Participation,
    ParticipationState,
    Person,
    Role,
    Verb,
)
from tests.factories import make_person, make_unit
from tests.notifications.scene import CLERK, LEADER, OFFICER, Scene, at, make_scene, told

pytestmark = pytest.mark.django_db
NOON = at(2023, 3, 16, 12)
EVERYBODY = {"officer", "leader", "clerk"}
TABLE = {
    Verb.PLAN_ISSUED: set(),
    Verb.PLAN_CLOSED: set(),
    Verb.ASSIGNED: EVERYBODY,
    Verb.ACKNOWLEDGED: set(),
    Verb.DECLINED: {"focal", "focal_leader"},
    Verb.INSISTED: EVERYBODY,
    Verb.REASSIGNED: EVERYBODY,
    Verb.PROGRESSED: set(),
    Verb.OBSTACLE_RAISED: {"focal"},
    Verb.OBSTACLE_PASSED_ON: {"supervisor"},
    Verb.OBSTACLE_ANSWERED: {"officer"},
    Verb.EXTENSION_REQUESTED: {"supervisor"},
    Verb.EXTENSION_GRANTED: {"officer", "leader"},
    Verb.EXTENSION_REFUSED: {"officer", "leader"},
    Verb.CLAIMED: {"focal"},
    Verb.ACCEPTED: {"officer"},
    Verb.RETURNED: {"officer"},
    Verb.ITEM_COMPLETED: set(),
    Verb.SUSPENDED: {"officer"},
    Verb.RESUMED: {"officer"},
    Verb.CANCELLED: {"officer"},
    Verb.NOTICE_TAKEN: set(),
    Verb.ITEM_CORRECTED: {"officer", "leader"},
    Verb.WITHDRAWN: {"clerk", "officer", "leader"},
    Verb.UNIT_SUCCEEDED: {"clerk", "officer", "leader", "focal"},
    Verb.PART_FOLDED: {"officer", "leader", "focal"},
    Verb.PLAN_CORRECTED: {"focal", "focal_leader", "supervisor"},
}
REPORTS = {
    Verb.OUTLINE_SET: set(),
    Verb.REPORT_WRITTEN: set(),
    Verb.REPORT_ASKED: {"clerk", "officer", "leader"},
    Verb.REPORTS_REQUESTED: set(),
    Verb.REQUEST_WITHDRAWN: set(),
    Verb.DUTY_CHANGED: set(),
    Verb.DUTY_FED: set(),
    Verb.REPORT_CALLED_OFF: {"clerk", "officer", "leader"},
    Verb.REPORT_COMMENTED: set(),
    Verb.REPORT_COMMENT_SETTLED: set(),
    Verb.REPORT_PRESENTED: {"leader"},
    Verb.REPORT_SENT_BACK: {"officer"},
    Verb.REPORT_RETURNED: {"officer", "leader"},
    Verb.REPORT_ACCEPTED: {"officer"},
    Verb.TARGET_SET: set(),
    Verb.INDICATOR_CHANGED: set(),
    Verb.FIGURES_ENTERED: set(),
    Verb.FIGURE_CORRECTED: set(),
}
# Made by the leader of a lead unit, for the focal unit to answer: who is told, and as what.
_ANSWERERS = {("focal", "officer"), ("focal_leader", "leader")}
PROPOSALS: dict[Verb, set[tuple[str, str]]] = {
    Verb.PROPOSAL_WRITTEN: set(),
    Verb.PROPOSAL_REMOVED: set(),
    Verb.PROPOSAL_RAISED: _ANSWERERS,
    Verb.PROPOSAL_PASSED_ON: {*_ANSWERERS, ("officer", "officer"), ("leader", "leader")},
    Verb.PROPOSAL_ANSWERED: {("leader", "raiser"), ("officer", "officer")},
    Verb.PROPOSAL_REFUSED: {("leader", "raiser"), ("officer", "officer")},
    Verb.PROPOSAL_WITHDRAWN: {("focal", "officer")},
}


def people(scene: Scene, posts: set[str], kind: str = "notice") -> set[tuple[Person, str, str]]:
    return {(getattr(scene, post), kind, post) for post in posts}


def test_tables_cover_every_verb() -> None:
    tested = {
        *TABLE,
        *REPORTS,
        *PROPOSALS,
        Verb.REPORT_RECEIVED,
        Verb.REPORT_SUBMITTED,
        Verb.FOLLOWED_UP,
    }
    assert tested == set(Verb)
    telling = {verb for verb, posts in {**TABLE, **REPORTS, **PROPOSALS}.items() if posts}
    assert telling == set(AUDIENCES) - {
        Verb.REPORT_RECEIVED,
        Verb.REPORT_SUBMITTED,
        Verb.FOLLOWED_UP,
    }


@pytest.mark.parametrize("verb", TABLE)
def test_event_of_a_part_tells_exactly_its_people(verb: Verb) -> None:
    scene = make_scene()
    part = scene.part
    event = scene.happens(verb, NOON, participation=part, item=part.item)
    assert announce_events(at=NOON) == 1
    assert told(Channel.IN_APP) == told(Channel.EMAIL) == people(scene, TABLE[verb])
    assert Event.objects.get(pk=event.pk).announced_at == NOON


@pytest.mark.parametrize("verb", REPORTS)
def test_event_of_a_report_tells_exactly_its_people(verb: Verb) -> None:
    scene = make_scene()
    scene.happens(verb, NOON, report=scene.report)
    announce_events(at=NOON)
    assert told() == people(scene, REPORTS[verb])


@pytest.mark.parametrize("verb", PROPOSALS)
def test_event_of_a_proposal_tells_exactly_its_people(verb: Verb) -> None:
    scene = make_scene()
    scene.happens(verb, NOON, proposal=scene.proposal())
    announce_events(at=NOON)
    assert told() == {(getattr(scene, person), "notice", post) for person, post in PROPOSALS[verb]}


def test_submitted_report_is_told_to_who_receives_it_and_confirmed_to_who_wrote_it() -> None:
    scene = make_scene()
    scene.happens(Verb.REPORT_SUBMITTED, NOON, report=scene.report)
    announce_events(at=NOON)
    assert told() == {(scene.focal, "notice", "reviewer"), (scene.officer, "notice", "officer")}


def test_report_received_on_paper_is_told_to_those_who_check_it_and_to_its_unit() -> None:
    scene = make_scene()
    scene.happens(Verb.REPORT_RECEIVED, NOON, report=scene.report)
    announce_events(at=NOON)
    assert told() == {
        (scene.focal, "notice", "reviewer"),
        (scene.officer, "notice", "officer"),
    }


def test_submitted_consolidated_report_is_told_to_the_leaders_who_receive_it() -> None:
    scene = make_scene()
    scene.happens(Verb.REPORT_SUBMITTED, NOON, report=scene.consolidated)
    announce_events(at=NOON)
    assert told() == {
        (scene.supervisor, "notice", "reviewer_leader"),
        (scene.focal, "notice", "officer"),
    }


def test_follow_up_is_urgent_and_named_as_such() -> None:
    scene = make_scene()
    deadline = scene.deadline(DeadlineKind.REPORT)
    scene.happens(Verb.FOLLOWED_UP, NOON, report=scene.report, deadline=deadline)
    announce_events(at=NOON)
    assert told() == people(scene, {"officer", "leader"}, "follow_up")
    assert set(Message.objects.values_list("urgent", "deliver_after")) == {(True, NOON)}


def test_news_waits_for_the_digest_of_the_next_morning() -> None:
    scene = make_scene()
    scene.happens(Verb.CLAIMED, NOON, participation=scene.part, item=scene.part.item)
    announce_events(at=NOON)
    waiting = Message.objects.filter(channel=Channel.EMAIL)
    assert set(waiting.values_list("urgent", "deliver_after")) == {(False, at(2023, 3, 17))}


def test_nobody_is_told_of_their_own_act() -> None:
    scene = make_scene()
    part = scene.part
    scene.happens(Verb.RETURNED, NOON, participation=part, item=part.item, actor=scene.officer)
    announce_events(at=NOON)
    assert told() == set()


def test_answer_reaches_whoever_raised_the_obstacle_though_another_is_in_charge() -> None:
    scene = make_scene()
    part = scene.part
    in_charge = make_person(scene.unit, OFFICER)
    Participation.objects.filter(pk=part.pk).update(officer=in_charge)
    Obstacle.objects.create(
        participation=part,
        words="?",
        raised_by=scene.leader,
        raised_at=NOON,
        answer="!",
        answered_by=scene.focal,
        answered_at=NOON,
    )
    scene.happens(Verb.OBSTACLE_ANSWERED, NOON, participation=part, item=part.item)
    announce_events(at=NOON)
    assert told() == {(scene.leader, "notice", "raiser"), (in_charge, "notice", "officer")}


@pytest.mark.parametrize("verb", [Verb.SUSPENDED, Verb.RESUMED, Verb.CANCELLED])
def test_event_of_an_item_tells_the_officers_of_every_unit_in_it(verb: Verb) -> None:
    scene = make_scene()
    item, helper = scene.part.item, make_unit("Tỉnh đoàn")
    officer = make_person(helper, OFFICER)
    make_person(helper, LEADER)
    Participation.objects.create(item=item, unit=helper, role=Role.COORDINATING)
    scene.happens(verb, NOON, item=item)
    announce_events(at=NOON)
    assert told() == people(scene, {"officer"}) | {(officer, "notice", "officer")}


def test_event_of_an_item_does_not_reach_a_unit_that_gave_its_part_away() -> None:
    scene = make_scene()
    gone = make_unit()
    make_person(gone, OFFICER)
    Participation.objects.create(
        item=scene.part.item, unit=gone, role=Role.LEAD, state=ParticipationState.REPLACED
    )
    scene.happens(Verb.SUSPENDED, NOON, item=scene.part.item)
    announce_events(at=NOON)
    assert told() == people(scene, {"officer"})


def test_unit_without_people_is_told_of_to_the_focal_unit() -> None:
    scene = make_scene()
    Membership.objects.filter(unit=scene.unit).delete()
    scene.happens(Verb.ASSIGNED, NOON, participation=scene.part, item=scene.part.item)
    announce_events(at=NOON)
    assert told() == {(scene.focal, "notice", "focal")}
    assert Message.objects.all()[0].params["nobody_at"] == "Sở A"


def test_issuing_a_plan_tells_each_unit_of_each_part() -> None:
    scene = make_scene(items=2)
    announce_events(at=NOON, batch=1)
    recipients = Message.objects.filter(channel="in_app").values_list("recipient", flat=True)
    assert sorted(recipients) == sorted(2 * [scene.officer.pk, scene.leader.pk, scene.clerk.pk])


def test_announcing_again_tells_nobody_again() -> None:
    make_scene()
    announce_events(at=NOON)
    before = Message.objects.count()
    assert announce_events(at=NOON) == 0
    Event.objects.update(announced_at=None)
    assert announce_events(at=NOON) > 0
    assert Message.objects.count() == before == 6


def test_message_keeps_the_date_to_acknowledge_by() -> None:
    scene = make_scene()
    scene.happens(Verb.ASSIGNED, NOON, participation=scene.part, item=scene.part.item)
    announce_events(at=NOON)
    facts = Message.objects.all()[0].params
    assert (facts["thing"], facts["due_on"], facts["working_days_left"]) == (
        "acknowledgement",
        "2023-03-22",
        4,
    )


@pytest.mark.parametrize("role", [OFFICER, LEADER, CLERK, MembershipRole.READER])
def test_reader_is_never_told(role: MembershipRole) -> None:
    scene = make_scene()
    person = make_person(scene.unit, role)
    scene.happens(Verb.ASSIGNED, NOON, participation=scene.part, item=scene.part.item)
    announce_events(at=NOON)
    assert Message.objects.filter(recipient=person).exists() == (role != MembershipRole.READER)


def queries_of_announcing(items: int) -> int:
    make_scene(items=items)
    with CaptureQueriesContext(connection) as queries:
        announce_events(at=NOON)
    return len([query for query in queries if not query["sql"].startswith("INSERT")])


def test_announcing_needs_as_many_queries_for_one_item_as_for_thirty() -> None:
    assert queries_of_announcing(1) == queries_of_announcing(30)
