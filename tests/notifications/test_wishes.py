"""Digests, quiet hours and what a person may decline: the hours, the skipping, the stop address."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.announce import announce_events
from notifications.deliver import deliver
from notifications.fire import fire_due
from notifications.kinds import Channel
from notifications.models import Mail, Message, Preference
from notifications.stopping import reader_of, set_digest_by_email, stop_address
from notifications.wishes import Wishes
from tasks.models import DeadlineKind, Person, Verb
from tasks.rules.calendar import WorkingCalendar
from tests.factories import make_person
from tests.notifications.conftest import Postmaster
from tests.notifications.scene import Scene, at, make_scene

REMINDER, ALERT = at(2023, 6, 16), at(2023, 7, 3)
CALENDAR = WorkingCalendar()
FRIDAY, MONDAY = dt.date(2023, 6, 16), dt.date(2023, 6, 19)


def wish(person: Person, **chosen: object) -> None:
    Preference.objects.create(person=person, changed_at=REMINDER, **chosen)


def mailed(person: Person) -> Message:
    return Message.objects.get(recipient=person, channel=Channel.EMAIL)


def reminded(moment: dt.datetime = REMINDER, **chosen: object) -> Scene:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    if chosen:
        wish(scene.officer, **chosen)
    fire_due(at=moment)
    return scene


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2023, 6, 16, 20, 59), at(2023, 6, 16, 20, 59)),
        (at(2023, 6, 16, 21, 0), at(2023, 6, 17, 6, 0)),
        (at(2023, 6, 17, 5, 59), at(2023, 6, 17, 6, 0)),
        (at(2023, 6, 17, 6, 0), at(2023, 6, 17, 6, 0)),
    ],
)
def test_quiet_hours_end_in_the_morning(moment: dt.datetime, expected: dt.datetime) -> None:
    assert Wishes().after_quiet(moment) == expected
    assert Wishes(quiet_from=None, quiet_until=None).after_quiet(moment) == moment


def test_quiet_hours_within_one_day() -> None:
    noon = Wishes(quiet_from=dt.time(12), quiet_until=dt.time(13, 30))
    assert noon.after_quiet(at(2023, 6, 16, 12, 15)) == at(2023, 6, 16, 13, 30)
    assert noon.after_quiet(at(2023, 6, 16, 23)) == at(2023, 6, 16, 23)


@pytest.mark.parametrize(
    ("meant_for", "known_at", "due_on", "expected"),
    [
        # The rung of this morning, swept a few seconds later.
        (REMINDER, at(2023, 6, 16, 7, 31), MONDAY, at(2023, 6, 16, 7, 31)),
        # A rung of the afternoon joins the next working morning …
        (at(2023, 6, 16, 15), at(2023, 6, 16, 15), MONDAY, at(2023, 6, 19)),
        # … unless that is too late.
        (at(2023, 6, 16, 15), at(2023, 6, 16, 15), FRIDAY, at(2023, 6, 16, 15)),
        # After a standstill it has waited long enough.
        (REMINDER, at(2023, 6, 18, 10), MONDAY, at(2023, 6, 18, 10)),
        (REMINDER, at(2023, 6, 18, 23), MONDAY, at(2023, 6, 19, 6, 0)),
    ],
)
def test_reminder_waits_for_the_digest_but_never_too_long(
    meant_for: dt.datetime, known_at: dt.datetime, due_on: dt.date, expected: dt.datetime
) -> None:
    found = Wishes().digest_after(meant_for, at=known_at, calendar=CALENDAR, due_on=due_on)
    assert found == expected


def test_later_morning_moves_the_digest() -> None:
    late = Wishes(morning_at=dt.time(9))
    assert late.digest_after(REMINDER, at=REMINDER, calendar=CALENDAR) == at(2023, 6, 16, 9, 0)


@pytest.mark.django_db
def test_reminder_goes_out_at_the_hour_its_reader_chose(smtp: Postmaster) -> None:
    reminded(morning_at=dt.time(9))
    assert deliver(at=REMINDER).seen == 0
    assert deliver(at=at(2023, 6, 16, 9, 0)).sent == 1


@pytest.mark.django_db
def test_declined_reminder_is_left_out_with_the_reason(smtp: Postmaster) -> None:
    scene = reminded(by_email=False)
    deliver(at=REMINDER)
    assert (mailed(scene.officer).state, mailed(scene.officer).reason) == ("skipped", "declined")
    assert Message.objects.filter(recipient=scene.officer, channel=Channel.IN_APP).count() == 1
    assert smtp.received == []


@pytest.mark.django_db
def test_escalation_cannot_be_declined(smtp: Postmaster) -> None:
    scene = reminded(ALERT, by_email=False)
    deliver(at=ALERT)
    assert mailed(scene.officer).state == "sent"


@pytest.mark.django_db
def test_follow_up_of_the_evening_waits_for_the_end_of_the_quiet_hours() -> None:
    scene = make_scene()
    wish(scene.leader, quiet_from=None, quiet_until=None)
    night = at(2023, 6, 16, 22)
    scene.happens(Verb.FOLLOWED_UP, night, deadline=scene.deadline(DeadlineKind.ITEM))
    announce_events(at=night)
    assert mailed(scene.officer).deliver_after == at(2023, 6, 17, 6, 0)
    assert mailed(scene.leader).deliver_after == night


@pytest.mark.django_db
def test_digest_says_how_to_stop_and_an_alert_does_not(
    smtp: Postmaster, settings: Settings
) -> None:
    settings.DONDOC_BASE_URL = "https://dondoc.example.vn"
    scene = reminded()
    deliver(at=REMINDER)
    fire_due(at=ALERT)
    deliver(at=ALERT)
    digest, alert = (mail for mail in smtp.received if mail["To"] == scene.officer.email)
    address = stop_address(scene.officer)
    assert digest["List-Unsubscribe"].strip() == f"<{address}>"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in Mail.objects.get(digest=True, recipient=scene.officer).text
    assert alert["List-Unsubscribe"] is None
    assert "/stop/" not in Mail.objects.get(digest=False, recipient=scene.officer).text


@pytest.mark.django_db
def test_stop_address_works_without_signing_in_and_only_stops_digests() -> None:
    person = make_person()
    path = urlsplit(stop_address(person)).path
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert not Preference.objects.exists()
    for _press in range(2):
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    chosen = Preference.objects.get(person=person)
    assert (chosen.by_email, chosen.by_bridge) == (False, True)
    assert chosen.wishes.quiet_from == Wishes().quiet_from
    client.post(path, {"again": "1"})
    assert Preference.objects.get(person=person).by_email


@pytest.mark.django_db
def test_stop_address_is_nobodys_once_forged_or_outdated() -> None:
    person = make_person()
    token = urlsplit(stop_address(person)).path.split("/")[2]
    assert reader_of(token) == person
    assert reader_of(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    Person.objects.filter(pk=person.pk).update(email="new@example.vn")
    assert reader_of(token) is None
    answer = Client().post(reverse("stop", args=[token]), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Preference.objects.count()) == (404, 0)


def chosen(**changed: str) -> dict[str, str]:
    usual = {
        "by_email": "on",
        "morning_at": "08:30:00",
        "quiet_from": "20:00",
        "quiet_until": "07:00",
        "language": "en",
    }
    return usual | changed


@pytest.mark.django_db
def test_person_changes_only_their_own(client: Client) -> None:
    person, other = make_person(), make_person()
    set_digest_by_email(other, wanted=False, at=REMINDER)
    client.force_login(person)
    address = reverse("preferences")
    assert client.get(address).status_code == 200
    assert Preference.objects.count() == 1
    answer = client.post(address, chosen(person=str(other.pk)))
    assert answer.status_code == 302
    mine = Preference.objects.get(person=person)
    assert mine.wishes == Wishes(True, False, dt.time(8, 30), dt.time(20), dt.time(7))
    assert Person.objects.get(pk=person.pk).language == "en"
    assert not Preference.objects.get(person=other).by_email


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"quiet_until": ""}, "Give both hours, or neither."),
        ({"quiet_from": "12:00"}, "Quiet hours may begin at 17:00"),
        ({"quiet_until": "11:00"}, "Quiet hours may last until 09:00"),
        ({"morning_at": "05:00:00"}, "Select a valid choice"),
    ],
)
def test_hours_that_would_silence_the_day_are_refused(
    client: Client, changed: dict[str, str], words: str
) -> None:
    client.force_login(make_person())
    answer = client.post(reverse("preferences"), chosen(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Preference.objects.exists()


def test_preferences_ask_for_signing_in(client: Client) -> None:
    assert client.get(reverse("preferences"))["Location"].startswith(reverse("login"))
