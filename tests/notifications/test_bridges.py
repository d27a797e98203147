"""Message bridges: who is called, how it is signed, what is retried, and what is never called."""

import datetime as dt
import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications import parcels
from notifications.announce import announce_events
from notifications.calls import call_again, try_bridge
from notifications.channels import bridge as calling
from notifications.channels.addresses import Forbidden, checked_address, is_public, parts_of
from notifications.deliver import deliver
from notifications.fire import fire_due
from notifications.kinds import Audience, Channel
from notifications.ladder import Rung
from notifications.models import Breaker, Bridge, Call, Message, Preference
from notifications.parcels import LEASE
from notifications.plan import plan_deadlines
from tasks.models import DeadlineKind, Person, Unit, Verb
from tests.factories import ISSUED_AT, make_person, make_unit
from tests.notifications.bridge_end import OtherEnd, other_end
from tests.notifications.scene import Scene, at, make_scene
from tests.notifications.test_ladder_pages import save

REMINDER, ALERT = at(2023, 6, 16), at(2023, 7, 3)
MINUTE = dt.timedelta(minutes=1)
RUNGS = (
    Rung(-10, (Audience.OFFICER,), channels=(Channel.WEBHOOK,)),
    Rung(1, (Audience.OFFICER,), channels=(Channel.EMAIL, Channel.WEBHOOK)),
)


@pytest.fixture
def end(settings: Settings) -> Iterator[OtherEnd]:
    settings.DONDOC_BRIDGE_HTTP = settings.DONDOC_BRIDGE_PRIVATE = True
    with other_end() as end:
        yield end


def make_bridge(address: str, unit: Unit | None = None) -> Bridge:
    return Bridge.objects.create(
        name="Zalo", address=address, unit=unit, made_by=make_person(), made_at=ISSUED_AT,
        secret_made_at=ISSUED_AT,
    )  # fmt: skip


def bridged(end: OtherEnd, moment: dt.datetime = REMINDER) -> tuple[Scene, Bridge]:
    """A general bridge, and a message of the officer that waits for it."""
    scene = make_scene()
    found = make_bridge(end.address)
    scene.only(DeadlineKind.ITEM)
    save(scene, *RUNGS, moment=ISSUED_AT)
    plan_deadlines(at=ISSUED_AT)
    fire_due(at=moment)
    return scene, found


def the_message() -> Message:
    return Message.objects.get(channel=Channel.WEBHOOK)


@pytest.mark.django_db
def test_call_is_signed_and_says_whom_to_tell_what(end: OtherEnd) -> None:
    scene, found = bridged(end)
    assert deliver(at=REMINDER).called == 1
    assert deliver(at=REMINDER).seen == 0
    (told,) = end.told
    assert end.genuine(found.secret)
    assert told["recipient"]["email"] == scene.officer.email
    assert (told["type"], [one["kind"] for one in told["messages"]]) == ("digest", ["reminder"])
    assert told["messages"][0]["url"].endswith(reverse("message_go", args=[the_message().pk]))
    call = Call.objects.get()
    assert (call.state, call.status, call.answer) == ("sent", 200, end.words)
    assert end.headers[0]["webhook-id"] == str(call.key)
    assert the_message().state == "sent"


@pytest.mark.django_db
def test_other_secret_does_not_fit(end: OtherEnd) -> None:
    _scene, found = bridged(end)
    deliver(at=REMINDER)
    found.salt = "another"
    assert not end.genuine(found.secret)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 500, 503])
def test_bridge_in_trouble_is_called_again_with_the_same_identity(
    end: OtherEnd, status: int
) -> None:
    bridged(end)
    end.answers = [status]
    deliver(at=REMINDER)
    call = Call.objects.get()
    assert (call.state, call.status, call.doubtful) == ("pending", status, False)
    assert call.next_attempt_at == REMINDER + MINUTE
    assert deliver(at=call.next_attempt_at).called == 1
    assert end.headers[0]["webhook-id"] == end.headers[1]["webhook-id"]
    assert end.bodies[0] == end.bodies[1]


@pytest.mark.django_db
@pytest.mark.parametrize("status", [302, 400, 401, 410])
def test_refusal_is_final_and_redirects_are_not_followed(end: OtherEnd, status: int) -> None:
    bridged(end)
    end.answers = [status]
    deliver(at=REMINDER)
    call = Call.objects.get()
    assert (call.state, call.error, len(end.bodies)) == ("failed", f"HTTP {status}", 1)
    assert (the_message().state, deliver(at=REMINDER + LEASE).seen) == ("failed", 0)


@pytest.mark.django_db
def test_call_that_nobody_answers_is_doubtful(
    end: OtherEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "TIME_LIMIT", 0.1)
    bridged(end)
    end.hang = True
    deliver(at=REMINDER)
    call = Call.objects.get()
    assert (call.state, call.doubtful, call.status) == ("pending", True, None)


@pytest.mark.django_db
def test_call_is_given_up_after_about_a_day(end: OtherEnd) -> None:
    bridged(end)
    deliver(at=at(2023, 6, 15))
    end.answers = [500] * 3
    deliver(at=REMINDER)
    Call.objects.update(attempts=calling.MOST_ATTEMPTS - 1)
    deliver(at=REMINDER + LEASE)
    assert (Call.objects.get().state, the_message().state) == ("failed", "failed")


@pytest.mark.django_db
def test_bridge_that_is_down_is_left_alone_and_does_not_hold_up_mail(end: OtherEnd) -> None:
    scene, found = bridged(end)
    for _ in range(4):
        make_person(scene.unit)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        Bridge.objects.update(address=f"http://127.0.0.1:{closed.getsockname()[1]}/")
        fire_due(at=ALERT)
        done = deliver(at=ALERT)
    # Five of the alert, and the reminder that the alert has made outdated was never called.
    assert (done.composed, done.called) == (5, 0)
    assert Breaker.objects.get().line == found.line
    assert sorted(Call.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1, 1]


@pytest.mark.django_db
def test_crash_between_call_and_record_is_doubtful(
    end: OtherEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: object) -> None:
        raise SystemExit

    bridged(end)
    with monkeypatch.context() as patch:
        patch.setattr(parcels, "record", die)
        with pytest.raises(SystemExit):
            deliver(at=REMINDER)
    later = REMINDER + LEASE + MINUTE
    assert deliver(at=later).called == 1
    call = Call.objects.get()
    assert (call.doubtful, len(end.bodies), call.attempts) == (True, 2, 2)
    assert end.headers[0]["webhook-id"] == end.headers[1]["webhook-id"]


@pytest.mark.django_db
def test_unit_has_a_bridge_of_its_own(end: OtherEnd) -> None:
    with other_end() as general:
        scene, _found = bridged(general, moment=at(2023, 6, 1))
        own = make_bridge(end.address, scene.unit)
        fire_due(at=REMINDER)
        deliver(at=REMINDER)
        assert (len(end.bodies), len(general.bodies)) == (1, 0)
        assert end.genuine(own.secret)


@pytest.mark.django_db
def test_without_a_bridge_the_message_is_left_out_with_the_reason(end: OtherEnd) -> None:
    bridged(end)
    Bridge.objects.update(is_active=False)
    assert deliver(at=REMINDER).called == 0
    assert (the_message().state, the_message().reason) == ("skipped", "no_bridge")


@pytest.mark.django_db
def test_person_may_decline_reminders_by_bridge_and_no_alerts(end: OtherEnd) -> None:
    scene, _found = bridged(end)
    Preference.objects.create(person=scene.officer, by_bridge=False, changed_at=REMINDER)
    deliver(at=REMINDER)
    assert the_message().reason == "declined"
    fire_due(at=ALERT)
    deliver(at=ALERT)
    assert [told["type"] for told in end.told] == ["alert"]


@pytest.mark.django_db
def test_follow_up_goes_by_the_bridge_too(end: OtherEnd) -> None:
    scene, _found = bridged(end, moment=at(2023, 6, 1))
    scene.happens(Verb.FOLLOWED_UP, REMINDER, deadline=scene.deadline(DeadlineKind.ITEM))
    announce_events(at=REMINDER)
    deliver(at=REMINDER)
    assert {told["recipient"]["name"] for told in end.told} == {"Chuyên viên", "Lãnh đạo"}


@pytest.mark.django_db
def test_replay_of_a_taken_call_is_a_call_of_its_own(end: OtherEnd) -> None:
    bridged(end)
    deliver(at=REMINDER)
    first = Call.objects.get()
    again = call_again(first, at=REMINDER)
    assert again is not None
    assert (again.replay_of, again.key, again.body) == (first, first.key, first.body)
    assert call_again(again, at=REMINDER) is None
    assert deliver(at=REMINDER).called == 1
    assert end.headers[0]["webhook-id"] == end.headers[1]["webhook-id"]
    assert list(Message.objects.filter(channel="webhook").values_list("call", flat=True)) == [
        first.pk
    ]


@pytest.mark.django_db
def test_refused_call_is_put_back_in_the_line(end: OtherEnd) -> None:
    bridged(end)
    end.answers = [401]
    deliver(at=REMINDER)
    failed = Call.objects.get()
    assert call_again(failed, at=REMINDER) == failed
    assert deliver(at=REMINDER).called == 1
    assert (Call.objects.get().status, the_message().state) == (200, "sent")


@pytest.mark.django_db
def test_trial_call_says_only_that_the_bridge_works(end: OtherEnd) -> None:
    found, person = make_bridge(end.address), make_person()
    try_bridge(found, by=person, at=REMINDER)
    assert deliver(at=REMINDER).called == 1
    assert (end.told[0]["type"], end.told[0]["recipient"]["username"]) == ("test", person.username)


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 (nothing is bound)
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_only_public_numbers_are_called(number: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(number)) is public


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://name:word@example.org/",
        "https://example.org:99999/",
        "file:///etc/passwd",
    ],
)
def test_address_must_be_plain_https(address: str) -> None:
    with pytest.raises(Forbidden):
        parts_of(address)


def test_name_that_leads_inside_is_refused() -> None:
    with pytest.raises(Forbidden, match="must not be called"):
        checked_address(parts_of("https://localhost/"))


@pytest.mark.django_db
def test_address_that_now_leads_inside_is_not_called(end: OtherEnd, settings: Settings) -> None:
    """It was public when it was entered; the name has been turned inside since."""
    bridged(end)
    settings.DONDOC_BRIDGE_PRIVATE = False
    deliver(at=REMINDER)
    assert Call.objects.get().state == "failed"
    assert "must not be called" in Call.objects.get().error
    assert end.bodies == []


def administrator() -> Client:
    client = Client()
    client.force_login(Person.objects.create_superuser("admin", full_name="Quản trị"))
    return client


@pytest.mark.django_db
def test_secret_is_shown_once(end: OtherEnd) -> None:
    client = administrator()
    data = {"name": "Zalo", "address": end.address, "is_active": "on"}
    page = client.post(reverse("bridge_new"), data)
    found = Bridge.objects.get()
    assert found.secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    for address in (reverse("bridge_list"), reverse("bridge", args=[found.pk])):
        assert found.secret not in client.get(address).content.decode()
    renewed = client.post(reverse("bridge_secret", args=[found.pk])).content.decode()
    assert found.secret not in renewed
    assert Bridge.objects.get().secret in renewed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://example.org/", "The address must begin with https://."),
        ("https://127.0.0.1/", "must not be called"),
        ("nothing", "This is not an address."),
    ],
)
def test_form_refuses_what_must_not_be_called(address: str, words: str) -> None:
    data = {"name": "Zalo", "address": address, "is_active": "on"}
    answer = administrator().post(reverse("bridge_new"), data)
    assert (answer.status_code, Bridge.objects.count()) == (422, 0)
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_second_bridge_for_everybody_is_refused(end: OtherEnd) -> None:
    make_bridge(end.address)
    data = {"name": "Teams", "address": end.address, "is_active": "on"}
    answer = administrator().post(reverse("bridge_new"), data)
    assert "There is a bridge for everybody already." in answer.content.decode()


@pytest.mark.django_db
def test_pages_of_a_call(end: OtherEnd) -> None:
    client = administrator()
    bridged(end)
    deliver(at=REMINDER)
    call = Call.objects.get()
    listed = client.get(reverse("bridge_list"), {"state": "sent"})
    assert [one.pk for one in listed.context["page"]] == [call.pk]
    assert list(client.get(reverse("bridge_list"), {"state": "failed"}).context["page"]) == []
    assert "taken" in client.get(reverse("call", args=[call.pk])).content.decode()
    answer = client.post(reverse("call_again", args=[call.pk]))
    assert answer["Location"] == reverse("call", args=[call.pk + 1])
    tried = client.post(reverse("bridge_try", args=[call.bridge_id]))
    assert tried["Location"] == reverse("call", args=[call.pk + 2])


PAGES: list[tuple[str, str, bool]] = [
    ("bridge_list", "get", False),
    ("bridge_new", "get", False),
    ("bridge_new", "post", False),
    ("bridge", "get", True),
    ("bridge", "post", True),
    ("bridge_secret", "post", True),
    ("bridge_try", "post", True),
    ("call", "get", True),
    ("call_again", "post", True),
]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "leader", "clerk", "reader", ""])
def test_bridges_are_for_the_administrator_alone(role: Any) -> None:
    client = Client()
    found = make_bridge("https://example.org/")
    call = try_bridge(found, by=make_person(), at=REMINDER)
    if role:
        client.force_login(make_person(make_unit(), role))
    for name, method, keyed in PAGES:
        key = call.pk if name.startswith("call") else found.pk
        answer = getattr(client, method)(reverse(name, args=[key] if keyed else []))
        assert answer.status_code == (403 if role else 302)
    assert (Call.objects.count(), Bridge.objects.get().salt) == (1, found.salt)
