"""Delivery against a real mail server: what arrives, waits, is refused, or is in doubt."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from notifications import deliver as delivering
from notifications import parcels
from notifications.announce import announce_events
from notifications.channels.mail import LINES, Courier
from notifications.channels.outcome import Fate, Outcome
from notifications.compose import Letter, compose
from notifications.deliver import BY_MAIL, Delivery, deliver, send_again
from notifications.fire import fire_due
from notifications.models import Breaker, Mail, Message
from notifications.parcels import LEASE, back_off
from notifications.plan import plan_deadlines
from tasks.models import (
    Deadline,
    DeadlineKind,
    Membership,
    Participation,
    ParticipationState,
    Person,
    Report,
    ReportState,
    Verb,
)
from tests.factories import make_person
from tests.notifications.conftest import Postmaster
from tests.notifications.scene import LEADER, OFFICER, Scene, at, make_scene
from workflows.access import sync_memberships
from workflows.models import PlanGroupObjectPermission

pytestmark = pytest.mark.django_db
REMINDER = at(2023, 6, 16)
ALERT = at(2023, 7, 3)


def reminded() -> Scene:
    """One reminder waits, for the officer."""
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    fire_due(at=REMINDER)
    return scene


def states() -> set[tuple[str, str]]:
    return set(Message.objects.filter(channel="email").values_list("state", "reason"))


def the_mail() -> Mail:
    return Mail.objects.get()


def test_reminder_arrives_once(smtp: Postmaster) -> None:
    scene = reminded()
    assert deliver(at=REMINDER) == Delivery(seen=2, composed=1, sent=1)
    assert deliver(at=REMINDER) == Delivery()
    (received,) = smtp.received
    mail = the_mail()
    assert (received["To"], received["Message-ID"]) == (scene.officer.email, mail.message_id)
    assert received["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in received.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (mail.state, mail.sent_at, mail.attempts, mail.doubtful) == ("sent", REMINDER, 1, False)
    assert states() == {("sent", "")}


def test_mails_about_one_matter_answer_the_same_letter(smtp: Postmaster) -> None:
    scene = reminded()
    deliver(at=REMINDER)
    fire_due(at=ALERT)
    deliver(at=ALERT)
    mine = [mail for mail in smtp.received if mail["To"] == scene.officer.email]
    root = f"<item-{scene.part.item_id}@localhost>"
    assert [(one["In-Reply-To"], one["References"]) for one in mine] == [(root, root)] * 2
    assert len({one["Message-ID"] for one in mine}) == 2


def test_message_id_names_our_host(settings: Settings) -> None:
    settings.DONDOC_BASE_URL = "https://dondoc.example.vn:8443"
    reminded()
    deliver(at=REMINDER)
    assert the_mail().message_id.endswith("@dondoc.example.vn>")


@pytest.mark.parametrize("answer", ["451 try later", "421 shutting down", "452 mailbox full"])
def test_temporary_refusal_is_tried_again_later(smtp: Postmaster, answer: str) -> None:
    scene = reminded()
    smtp.answers[scene.officer.email] = answer
    deliver(at=REMINDER)
    mail = the_mail()
    assert (mail.state, mail.doubtful) == ("pending", False)
    assert mail.next_attempt_at == REMINDER + dt.timedelta(minutes=1)
    assert answer[4:] in mail.error
    assert states() == {("pending", "")}
    smtp.answers.clear()
    assert deliver(at=REMINDER) == Delivery()
    assert deliver(at=mail.next_attempt_at) == Delivery(seen=1, sent=1)
    assert [received["Message-ID"] for received in smtp.received] == [mail.message_id]
    assert (the_mail().attempts, the_mail().error) == (2, "")


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_permanent_refusal_fails_and_keeps_the_words(smtp: Postmaster, where: str) -> None:
    scene = reminded()
    if where == "recipient":
        smtp.answers[scene.officer.email] = "550 no such user"
    else:
        smtp.data_answer = "550 no such user"
    deliver(at=REMINDER)
    assert the_mail().state == "failed"
    assert "no such user" in the_mail().error
    assert states() == {("failed", "")}
    assert deliver(at=REMINDER + dt.timedelta(days=1)) == Delivery()


def test_one_refused_recipient_does_not_stop_the_others(smtp: Postmaster) -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    make_person(scene.unit, OFFICER)
    make_person(scene.unit, OFFICER)
    fire_due(at=REMINDER)
    smtp.answers[scene.officer.email] = "421 shutting down"
    assert deliver(at=REMINDER) == Delivery(seen=6, composed=3, sent=2)
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["pending", "sent", "sent"]


@pytest.mark.usefixtures("no_server")
def test_refused_connection_puts_the_batch_off() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    make_person(scene.unit, OFFICER)
    fire_due(at=REMINDER)
    assert deliver(at=REMINDER) == Delivery(seen=4, composed=2, sent=0)
    found = set(Mail.objects.values_list("state", "doubtful", "attempts"))
    assert found == {("pending", False, 1)}
    assert "refused" in Mail.objects.all()[0].error


def test_server_that_takes_one_connection_gets_all_mails_over_it(smtp: Postmaster) -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    for _ in range(LINES + 1):
        make_person(scene.unit, OFFICER)
    fire_due(at=REMINDER)
    smtp.most_connections = 1
    assert deliver(at=REMINDER).sent == LINES + 2
    assert set(Mail.objects.values_list("state", "attempts", "error")) == {("sent", 1, "")}
    assert not Breaker.objects.exists()


def test_mail_that_is_another_senders_now_is_not_handed_over(
    smtp: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease runs out while the connections are made."""
    reminded()
    offer = Courier.offer

    def late(courier: Courier, mail: Mail) -> Outcome | None:
        Mail.objects.update(leased_until=REMINDER + 3 * LEASE)
        return offer(courier, mail)

    monkeypatch.setattr(Courier, "offer", late)
    deliver(at=REMINDER)
    assert (smtp.received, the_mail().state, the_mail().attempts) == ([], "pending", 0)


def test_connection_lost_during_the_mail_is_doubtful(smtp: Postmaster) -> None:
    reminded()
    smtp.break_off = True
    deliver(at=REMINDER)
    mail = the_mail()
    assert (mail.state, mail.doubtful) == ("pending", True)
    smtp.break_off = False
    deliver(at=mail.next_attempt_at)
    assert [received["Message-ID"] for received in smtp.received] == [mail.message_id] * 2
    assert (the_mail().state, the_mail().doubtful) == ("sent", True)


def test_crash_between_sending_and_recording_is_doubtful_and_keeps_the_message_id(
    smtp: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: object) -> None:
        raise SystemExit

    reminded()
    with monkeypatch.context() as patch:
        patch.setattr(parcels, "record", die)
        with pytest.raises(SystemExit):
            deliver(at=REMINDER)
    assert (the_mail().state, the_mail().doubtful) == ("sending", False)
    assert deliver(at=REMINDER + LEASE) == Delivery()
    later = REMINDER + LEASE + dt.timedelta(seconds=1)
    assert deliver(at=later) == Delivery(seen=1, sent=1)
    mail = the_mail()
    assert (mail.state, mail.doubtful, mail.attempts) == ("sent", True, 2)
    assert [received["Message-ID"] for received in smtp.received] == [mail.message_id] * 2


def test_crash_leaves_no_doubt_about_mails_not_yet_begun(
    smtp: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: object) -> None:
        raise SystemExit

    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    for _ in range(LINES + 1):
        make_person(scene.unit, OFFICER)
    fire_due(at=REMINDER)
    with monkeypatch.context() as patch:
        patch.setattr(parcels, "record", die)
        with pytest.raises(SystemExit):
            deliver(at=REMINDER)
    in_flight = {received["Message-ID"] for received in smtp.received}
    assert deliver(at=REMINDER + LEASE) == Delivery()
    deliver(at=REMINDER + 2 * LEASE)
    found = Mail.objects.order_by("pk").values_list("state", "doubtful", "attempts")
    assert list(found) == [("sent", True, 2)] * LINES + [("sent", False, 1)] * 2
    doubtful = Mail.objects.filter(doubtful=True).values_list("message_id", flat=True)
    assert set(doubtful) == in_flight


def test_mail_taken_over_by_another_sender_is_not_begun(smtp: Postmaster) -> None:
    reminded()
    delivering.compose_mails(REMINDER, 50)
    _seen, (mail,) = parcels.lease(BY_MAIL, REMINDER, 50)
    deliver(at=REMINDER + 2 * LEASE)
    assert parcels.begin(BY_MAIL, [mail]) == []
    assert (the_mail().state, the_mail().doubtful, len(smtp.received)) == ("sent", False, 1)


def test_sender_that_outlives_its_lease_leaves_a_doubt(smtp: Postmaster) -> None:
    reminded()
    delivering.compose_mails(REMINDER, 50)
    _seen, (mail,) = parcels.lease(BY_MAIL, REMINDER, 50)
    assert parcels.begin(BY_MAIL, [mail]) == [mail]
    deliver(at=REMINDER + 2 * LEASE)
    parcels.record(BY_MAIL, [(mail, Outcome(Fate.SENT))], REMINDER + 3 * LEASE)
    assert (the_mail().state, the_mail().doubtful, the_mail().sent_at) == (
        "sent",
        True,
        REMINDER + 2 * LEASE,
    )


def test_no_configured_server_keeps_the_mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    reminded()
    deliver(at=REMINDER)
    assert the_mail().state == "kept"
    assert states() == {("skipped", "no_server")}


def leave(scene: Scene) -> None:
    Person.objects.filter(pk=scene.officer.pk).update(is_active=False)


def lose_address(scene: Scene) -> None:
    Person.objects.filter(pk=scene.officer.pk).update(email="")


def move_away(scene: Scene) -> None:
    Membership.objects.filter(person=scene.officer).delete()
    sync_memberships(today=dt.date(2023, 6, 16))


def lose_sight(scene: Scene) -> None:
    """Other rights on the plan do not let one see it."""
    PlanGroupObjectPermission.objects.filter(permission__codename="view_plan").delete()
    grant = PlanGroupObjectPermission.objects.filter(permission__codename="consolidate_plan")
    scene.officer.groups.add(*(one.group for one in grant))


def hand_in(scene: Scene) -> None:
    Deadline.objects.update(closed_at=REMINDER)


def suspend(scene: Scene) -> None:
    Deadline.objects.update(paused_at=REMINDER)


def extend(scene: Scene) -> None:
    Deadline.objects.update(version=2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (leave, "inactive"),
        (lose_address, "no_address"),
        (move_away, "no_access"),
        (lose_sight, "no_access"),
        (hand_in, "closed"),
        (suspend, "closed"),
        (extend, "new_date"),
    ],
)
def test_recheck_leaves_out_what_is_no_longer_wanted(
    smtp: Postmaster, change: object, reason: str
) -> None:
    change(reminded())  # type: ignore[operator]
    assert deliver(at=REMINDER) == Delivery(seen=1)
    assert states() == {("skipped", reason)}
    assert (smtp.received, Mail.objects.count()) == ([], 0)


def test_administrator_is_mailed_without_a_grant(smtp: Postmaster) -> None:
    scene = reminded()
    Person.objects.update(is_superuser=True)
    move_away(scene)
    assert deliver(at=REMINDER).sent == 1


def test_answered_assignment_is_not_in_the_digest_of_the_morning(smtp: Postmaster) -> None:
    scene = make_scene()
    part = scene.part
    scene.happens(Verb.ASSIGNED, at(2023, 3, 15, 10), participation=part, item=part.item)
    announce_events(at=at(2023, 3, 15, 10))
    Participation.objects.filter(pk=part.pk).update(state=ParticipationState.ACKNOWLEDGED)
    assert deliver(at=at(2023, 3, 16)) == Delivery(seen=3)
    assert states() == {("skipped", "answered")}


def test_officer_who_has_presented_the_report_is_not_mailed_to_write_it(smtp: Postmaster) -> None:
    scene = make_scene()
    scene.only(DeadlineKind.REPORT)
    fire_due(at=at(2023, 11, 27))
    Report.objects.filter(pk=scene.report.pk).update(state=ReportState.PRESENTED)
    assert deliver(at=at(2023, 11, 27)).sent == 0
    assert states() == {("skipped", "presented")}
    fire_due(at=at(2023, 12, 7))
    assert deliver(at=at(2023, 12, 7)).sent == 1
    assert smtp.received[0]["To"] == scene.leader.email


def test_retry_of_what_is_no_longer_wanted_is_withdrawn(smtp: Postmaster) -> None:
    scene = reminded()
    smtp.answers[scene.officer.email] = "451 try later"
    deliver(at=REMINDER)
    hand_in(scene)
    smtp.answers.clear()
    assert deliver(at=REMINDER + dt.timedelta(hours=2)) == Delivery(seen=1)
    assert (the_mail().state, states(), smtp.received) == (
        "withdrawn",
        {("skipped", "closed")},
        [],
    )


def test_withdrawn_digest_is_composed_anew_from_what_is_still_wanted(smtp: Postmaster) -> None:
    scene = make_scene(items=2)
    first = Deadline.objects.filter(kind=DeadlineKind.ITEM).order_by("pk")[0]
    Deadline.objects.exclude(kind=DeadlineKind.ITEM).update(closed_at=REMINDER)
    scene.happens(Verb.PLAN_ISSUED, REMINDER)
    plan_and_fire(REMINDER)
    smtp.answers[scene.officer.email] = "451 try later"
    deliver(at=REMINDER)
    Deadline.objects.filter(pk=first.pk).update(closed_at=REMINDER)
    smtp.answers.clear()
    later = REMINDER + dt.timedelta(hours=2)
    assert [deliver(at=later).sent, deliver(at=later).sent] == [0, 1]
    assert len(smtp.received) == 1
    assert states() == {("skipped", "closed"), ("sent", "")}


def plan_and_fire(moment: dt.datetime) -> None:
    plan_deadlines(at=moment)
    fire_due(at=moment)


def test_news_is_mailed_in_the_morning_and_not_before(smtp: Postmaster) -> None:
    scene = make_scene()
    scene.happens(Verb.CLAIMED, at(2023, 3, 17, 10), participation=scene.part, item=scene.part.item)
    Participation.objects.filter(pk=scene.part.pk).update(state=ParticipationState.CLAIMED)
    announce_events(at=at(2023, 3, 17, 10))
    assert deliver(at=at(2023, 3, 20, 7, 29)) == Delivery()
    assert deliver(at=at(2023, 3, 20)) == Delivery(seen=2, composed=1, sent=1)


def test_one_digest_for_news_and_one_mail_for_alerts(smtp: Postmaster) -> None:
    scene = make_scene(items=3)
    make_person(scene.unit, LEADER)
    plan_and_fire(at(2023, 3, 20))
    announce_events(at=at(2023, 3, 20))
    plan_and_fire(ALERT)
    while deliver(at=ALERT).seen:
        pass
    mails = Mail.objects.filter(recipient=scene.officer)
    urgent = {mail.messages.values_list("urgent", flat=True).distinct().get() for mail in mails}
    assert (mails.count(), urgent) == (2, {True, False})
    counts = sorted(mail.messages.count() for mail in mails)
    assert counts == [3, 6]
    assert set(mails.values_list("thread", "digest")) == {("", True), ("", False)}


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (4, 8), (7, 60), (500, 60)])
def test_back_off_doubles_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert back_off(attempts) == dt.timedelta(minutes=minutes)


def test_sending_again_goes_to_the_corrected_address(smtp: Postmaster) -> None:
    scene = reminded()
    smtp.answers[scene.officer.email] = "550 no such user"
    deliver(at=REMINDER)
    Person.objects.filter(pk=scene.officer.pk).update(email="right@example.vn")
    failed = Mail.objects.select_related("recipient").get()
    assert send_again(failed, at=REMINDER)
    assert not send_again(failed, at=REMINDER)
    assert deliver(at=REMINDER).sent == 1
    (received,) = smtp.received
    assert (received["To"], received["Message-ID"]) == ("right@example.vn", failed.message_id)
    assert states() == {("sent", "")}


def test_composing_needs_as_many_queries_for_one_person_as_for_thirty() -> None:
    counts = []
    for officers in (1, 30):
        scene = make_scene()
        for _ in range(officers - 1):
            make_person(scene.unit, OFFICER)
        scene.only(DeadlineKind.ITEM)
        fire_due(at=REMINDER)
        with CaptureQueriesContext(connection) as queries:
            delivering.compose_mails(REMINDER, 50)
        counts.append(len([query for query in queries if query["sql"].startswith("SELECT")]))
    assert counts[0] == counts[1] <= 4


def test_mail_that_cannot_be_worded_stops_no_other(
    smtp: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    fire_due(at=ALERT)

    def stumbles(recipient: Person, messages: list[Message]) -> Letter:
        if recipient == scene.officer:
            raise KeyError("new_verb")
        return compose(recipient, messages)

    monkeypatch.setattr(delivering, "compose", stumbles)
    while deliver(at=ALERT).seen:
        pass
    failed = Mail.objects.get(recipient=scene.officer)
    assert (failed.state, failed.error) == ("failed", "KeyError: 'new_verb'")
    assert set(failed.messages.values_list("state", flat=True)) == {"failed"}
    assert scene.officer.email not in {mail["To"] for mail in smtp.received}
    assert len(smtp.received) == 1
    monkeypatch.undo()
    assert send_again(failed, at=ALERT)
    assert not send_again(failed, at=ALERT)
    deliver(at=ALERT)
    assert Mail.objects.get(recipient=scene.officer, state="sent").text
