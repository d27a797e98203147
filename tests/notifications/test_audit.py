"""The auditor finds every way in which the records can differ, and repairs without doubling."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from notifications.announce import announce_events
from notifications.audit import run_audit
from notifications.expected import expected_rungs
from notifications.fire import fire_due
from notifications.kinds import FindingKind, MailState, RungState
from notifications.ladder import DayKind, Rung, lay_out
from notifications.ladder_words import when_of
from notifications.models import (
    AuditFinding,
    AuditRun,
    Bridge,
    Call,
    Ladder,
    LadderRung,
    Mail,
    Message,
    ScheduledRung,
)
from notifications.plan import plan_deadlines
from notifications.repair import repair
from tasks.models import Deadline, DeadlineKind, DeadlineVersion, Event, OverdueNotice, Verb
from tasks.rules.calendar import WorkingCalendar, local_instant
from tests.factories import ISSUED_AT
from tests.notifications.scene import Scene, at, make_scene
from workflows.access import Actor
from workflows.actions.supervision import resume_item, suspend_item

pytestmark = pytest.mark.django_db
NOON = at(2023, 7, 3, 12)
CALENDAR = WorkingCalendar()


@pytest.fixture(autouse=True)
def _old_ladders(db: None) -> None:
    """The ladders came with the product, long before the story of these tests."""
    Ladder.objects.update(saved_at=ISSUED_AT)


@pytest.fixture
def scene() -> Scene:
    """One item due on 30/6, whose reminders and first alert have been sent."""
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    for day in (dt.date(2023, 6, 16), dt.date(2023, 6, 27), dt.date(2023, 6, 30)):
        fire_due(at=local_instant(day, 7, 30))
    fire_due(at=at(2023, 7, 3))
    Message.objects.filter(channel="email").update(state="skipped")
    return scene


def found(moment: dt.datetime = NOON) -> Counter[str]:
    run = run_audit(at=moment)
    assert run is not None
    counted = Counter(AuditFinding.objects.filter(run=run).values_list("kind", flat=True))
    assert run.counts == counted
    return counted


def rung(key: str) -> "ScheduledRung":
    return ScheduledRung.objects.get(rung=key, state__in=("planned", "fired", "skipped"))


def alter(key: str, **changes: object) -> None:
    ScheduledRung.objects.filter(pk=rung(key).pk).update(**changes)


def repaired(moment: dt.datetime = NOON) -> Counter[str]:
    run = AuditRun.objects.finished().latest("pk")
    repair(run, clock=lambda: moment, by=None)
    return found(moment)


def test_sound_records_agree(scene: Scene) -> None:
    run = run_audit(at=NOON)
    assert run is not None
    assert (run.deadlines, run.expected, run.counts, run.alarms) == (1, 6, {}, 0)


@pytest.mark.parametrize("due_on", [dt.date(2023, 12, 10), dt.date(2023, 4, 30)])
@pytest.mark.parametrize("day_kind", [DayKind.WORKING, DayKind.CALENDAR])
def test_reference_agrees_with_the_planner(due_on: dt.date, day_kind: DayKind) -> None:
    rungs = [Rung(offset, (), day_kind) for offset in range(-20, 21)]
    set_at = local_instant(dt.date(2023, 1, 3))
    steps = lay_out(rungs, due_on=due_on, set_at=set_at, calendar=CALENDAR)
    expected = expected_rungs(rungs, due_on=due_on, set_at=set_at, calendar=CALENDAR)
    assert {step.rung.key: (step.fire_at, step.skip is None) for step in steps} == {
        key: (one.fire_at, one.alone) for key, one in expected.items()
    }


def test_lost_row_is_missed_and_laid_out_again(scene: Scene) -> None:
    rung("after-3").delete()
    assert found() == {FindingKind.MISSING: 1}
    assert repaired() == {}
    assert rung("after-3").state == RungState.PLANNED


def test_lost_row_of_the_past_speaks_late_but_speaks(scene: Scene) -> None:
    Message.objects.filter(rung="after-1").delete()
    rung("after-1").delete()
    assert found() == {FindingKind.MISSING: 1}
    repaired()
    told = Message.objects.filter(rung="after-1", channel="in_app")
    assert {message.recipient for message in told} == {scene.officer, scene.leader}


def test_lost_row_whose_alert_exists_tells_nobody_twice(scene: Scene) -> None:
    before = Message.objects.count()
    rung("day").delete()
    assert found() == {FindingKind.MISSING: 1}
    repaired()
    assert Message.objects.count() == before


def test_unplanned_version_is_found_after_the_grace(scene: Scene) -> None:
    Deadline.objects.filter(closed_at__isnull=True).update(version=2, due_on=dt.date(2023, 8, 1))
    deadline = scene.deadline(DeadlineKind.ITEM)
    DeadlineVersion.objects.create(
        deadline=deadline, version=2, due_on=deadline.due_on, set_at=at(2023, 7, 3, 12, 20)
    )
    assert found() == {}
    assert found(at(2023, 7, 3, 12, 40)) == {FindingKind.UNPLANNED: 1}
    assert repaired(at(2023, 7, 3, 12, 40)) == {}


def test_fired_rung_without_alert_tells_whoever_was_not_told(scene: Scene) -> None:
    Message.objects.filter(rung="after-1").delete()
    assert found() == {FindingKind.UNTOLD: 1}
    assert repaired() == {FindingKind.LATE: 1}
    assert Message.objects.filter(rung="after-1", channel="in_app").count() == 2


def test_due_rung_that_nobody_fired_is_found_and_fired(scene: Scene) -> None:
    moment = at(2023, 7, 5, 7, 50)
    assert found(moment) == {FindingKind.OVERDUE: 1}
    assert repaired(moment) == {FindingKind.LATE: 1}
    assert rung("after-3").state == RungState.FIRED


def test_wrong_moment_is_found_and_corrected(scene: Scene) -> None:
    right = rung("after-3").fire_at
    alter("after-3", fire_at=at(2023, 8, 1))
    assert found() == {FindingKind.MOVED: 1}
    assert repaired() == {}
    assert rung("after-3").fire_at == right


@pytest.mark.parametrize("reason", ["past", "same_day", "caught_up", "noted"])
def test_rung_left_out_without_reason_is_found_and_put_back(scene: Scene, reason: str) -> None:
    alter("after-5", state=RungState.SKIPPED, reason=reason)
    assert found() == {FindingKind.MISSING: 1}
    assert repaired() == {}
    assert rung("after-5").state == RungState.PLANNED


def test_rung_of_no_ladder_is_found_and_superseded(scene: Scene) -> None:
    alter("after-5", rung="after-4")
    assert found() == {FindingKind.UNEXPECTED: 1, FindingKind.MISSING: 1}
    assert repaired() == {}


def test_lost_repetition_is_found_and_goes_on(scene: Scene) -> None:
    for day in (5, 7):
        fire_due(at=at(2023, 7, day))
    Message.objects.filter(channel="email").update(state="skipped")
    ScheduledRung.objects.get(rung="after-5", occurrence=1).delete()
    noon = at(2023, 7, 7, 12)
    assert found(noon) == {FindingKind.MISSING: 1}
    assert repaired(noon) == {}
    assert ScheduledRung.objects.get(rung="after-5", occurrence=1).fire_at == at(2023, 7, 14)


def test_lost_repetition_of_a_rung_that_was_caught_up_is_found(scene: Scene) -> None:
    LadderRung.objects.filter(ladder__kind="item", offset=3).update(repeat_every=2, repeat_limit=9)
    fire_due(at=at(2023, 7, 7))
    Message.objects.filter(channel="email").update(state="skipped")
    ScheduledRung.objects.get(rung="after-3", occurrence=1).delete()
    noon = at(2023, 7, 7, 12)
    assert found(noon)[FindingKind.MISSING] == 1
    assert repaired(noon)[FindingKind.MISSING] == 0
    assert ScheduledRung.objects.get(rung="after-3", occurrence=1).fire_at == at(2023, 7, 11)


def test_noted_delay_need_not_repeat(scene: Scene) -> None:
    deadline = scene.deadline(DeadlineKind.ITEM)
    for day in (5, 7):
        fire_due(at=at(2023, 7, day))
    ScheduledRung.objects.filter(occurrence=1).delete()
    Message.objects.filter(channel="email").update(state="skipped")
    OverdueNotice.objects.create(
        deadline=deadline, version=1, taken_by=scene.supervisor, taken_at=NOON
    )
    assert found(at(2023, 7, 7, 12)) == {}


def test_suspended_work_is_silent_with_reason() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    part = scene.part
    actor = Actor(scene.supervisor, scene.plan.issuer)
    suspend_item(item=part.item, actor=actor, at=at(2023, 6, 1), reason="Chờ vốn")
    Event.objects.update(announced_at=NOON)
    assert found(at(2023, 6, 20)) == {}
    resume_item(item=part.item, actor=actor, at=at(2023, 6, 20, 9))
    Event.objects.update(announced_at=NOON)
    assert found(at(2023, 6, 20, 9, 5)) == {}
    fire_due(at=at(2023, 6, 20, 9, 5))
    assert FindingKind.LATE not in found(at(2023, 6, 20, 9, 6))


def test_late_rung_is_noted_but_no_alarm(scene: Scene) -> None:
    ScheduledRung.objects.filter(rung="after-1").update(
        fired_at=F("fire_at") + dt.timedelta(hours=2)
    )
    run = run_audit(at=NOON)
    assert run is not None
    assert (run.counts, run.alarms) == ({"late": 1}, 0)


def test_reminder_that_reached_nobody_is_shown(scene: Scene) -> None:
    Message.objects.filter(rung="after-1").delete()
    alter("after-1", reason="nobody")
    assert found() == {FindingKind.NOBODY: 1}


def test_news_that_was_not_told_is_found_and_told(scene: Scene) -> None:
    scene.happens(Verb.SUSPENDED, at(2023, 7, 3, 9), item=scene.part.item)
    assert found() == {FindingKind.UNANNOUNCED: 1}
    assert repaired()[FindingKind.UNANNOUNCED] == 0


def mail(scene: Scene, **about: object) -> Mail:
    return Mail.objects.create(
        recipient=scene.officer,
        address="a@example.vn",
        created_at=at(2023, 7, 3, 8),
        next_attempt_at=at(2023, 7, 3, 8),
        **about,
    )


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ({"state": MailState.PENDING}, FindingKind.UNDELIVERED),
        ({"state": MailState.SENDING, "leased_until": at(2023, 7, 3, 9)}, FindingKind.STUCK),
        ({"state": MailState.FAILED}, FindingKind.REFUSED),
        ({"state": MailState.SENT, "sent_at": NOON, "doubtful": True}, FindingKind.UNKNOWN),
    ],
)
def test_mail_that_did_not_arrive_for_sure_is_found(
    scene: Scene, about: dict[str, object], kind: FindingKind
) -> None:
    mail(scene, **about)
    assert found() == {kind: 1}


def call(scene: Scene, **about: object) -> Call:
    bridge = Bridge.objects.create(
        name="Zalo",
        address="https://bridge.example.vn",
        secret_made_at=NOON,
        made_by=scene.leader,
        made_at=NOON,
    )
    moment = at(2023, 7, 3, 8)
    return Call.objects.create(
        bridge=bridge,
        recipient=scene.officer,
        created_at=moment,
        next_attempt_at=moment,
        **about,
    )


@pytest.mark.parametrize(
    ("state", "kind"),
    [(MailState.PENDING, FindingKind.UNDELIVERED), (MailState.FAILED, FindingKind.REFUSED)],
)
def test_call_that_did_not_arrive_is_found(scene: Scene, state: str, kind: FindingKind) -> None:
    made = call(scene, state=state)
    assert found() == {kind: 1}
    assert AuditFinding.objects.get().call == made


def test_message_called_sent_although_its_call_was_not_is_found(scene: Scene) -> None:
    one = Message.objects.filter(channel="email")[0]
    made = call(scene, state=MailState.KEPT)
    Message.objects.filter(pk=one.pk).update(channel="webhook", state="sent", call=made)
    assert found() == {FindingKind.UNDELIVERED: 1}


def test_message_without_its_mail_is_found(scene: Scene) -> None:
    some = Message.objects.filter(channel="email")[:3].values_list("pk", flat=True)
    waiting, half, claimed = (Message.objects.filter(pk=pk) for pk in list(some))
    waiting.update(state="pending")
    half.update(state="pending", mail=mail(scene, state=MailState.SENT, sent_at=NOON))
    claimed.update(state="sent", mail=mail(scene, state=MailState.KEPT))
    assert found() == {FindingKind.UNDELIVERED: 3}


def test_repairing_twice_changes_nothing_more(scene: Scene) -> None:
    Message.objects.filter(rung="day").delete()
    rung("after-3").delete()
    found()
    run = AuditRun.objects.latest("pk")
    repair(run, clock=lambda: NOON, by=None)
    counted = Message.objects.count(), ScheduledRung.objects.exclude(state="superseded").count()
    repair(run, clock=lambda: NOON, by=None)
    assert counted == (
        Message.objects.count(),
        ScheduledRung.objects.exclude(state="superseded").count(),
    )


def test_only_one_check_runs_at_a_time(scene: Scene) -> None:
    AuditRun.objects.create(started_at=NOON)
    assert run_audit(at=NOON) is None
    assert run_audit(at=NOON + dt.timedelta(hours=3)) is not None


@pytest.mark.slow
def test_whole_plan_agrees_before_and_after_its_year() -> None:
    make_scene(items=3)
    for month in range(3, 13):
        moment = at(2023, month, 20)
        announce_events(at=moment)
        plan_deadlines(at=moment)
        fire_due(at=moment)
        Message.objects.filter(channel="email").update(state="skipped")
        run = run_audit(at=moment, page=2)
        assert run is not None
        assert (run.alarms, run.deadlines) == (0, 8)


def test_check_costs_the_same_for_one_date_and_for_many() -> None:
    counted = []
    for items in (1, 6):
        make_scene(items=items)
        plan_deadlines(at=ISSUED_AT)
        Event.objects.update(announced_at=ISSUED_AT)
        with CaptureQueriesContext(connection) as queries:
            assert found(ISSUED_AT) == {}
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("key", "occurrence", "words"),
    [
        ("before-3", 0, "3 working days before"),
        ("after-1c", 0, "1 calendar day after"),
        ("day", 0, "on the day"),
        ("after-5", 2, "5 working days after, repeat 2"),
        ("", 0, ""),
    ],
)
def test_rung_is_told_in_words(key: str, occurrence: int, words: str) -> None:
    assert when_of(key, occurrence) == words
