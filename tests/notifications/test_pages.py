"""Alerts and outgoing mail: who sees what, what a button does, and at what price."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications.announce import announce_events
from notifications.fire import fire_due
from notifications.kinds import Channel
from notifications.models import Mail, Message
from tasks.models import DeadlineKind, Membership, OverdueNotice, Person, Verb
from tests.factories import make_person, make_unit
from tests.notifications.scene import LEADER, OFFICER, Scene, at, make_scene
from workflows.access import sync_memberships

pytestmark = pytest.mark.django_db
ALERT = at(2023, 7, 3)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def alerted(moment: dt.datetime = ALERT) -> Scene:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    fire_due(at=moment)
    return scene


def alert_of(person: Person) -> Message:
    return Message.objects.get(recipient=person, channel=Channel.IN_APP)


def make_mail(recipient: Person, state: str = "sent", subject: str = "Subject") -> Mail:
    return Mail.objects.create(
        recipient=recipient,
        address=recipient.email,
        subject=subject,
        text="plain words",
        html="<p>rich words</p>",
        created_at=ALERT,
        next_attempt_at=ALERT,
        state=state,
        sent_at=ALERT if state == "sent" else None,
        error="550 no such user" if state == "failed" else "",
    )


def make_administrator() -> Person:
    return Person.objects.create_superuser("admin", full_name="Quản trị", email="a@example.vn")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("alerts", []),
        ("alerts_read", []),
        ("alert_open", [1]),
        ("alert_read", [1]),
        ("mail_list", []),
        ("mail", [1]),
        ("mail_html", [1]),
        ("mail_again", [1]),
    ],
)
def test_anonymous_reader_is_asked_to_sign_in(client: Client, name: str, args: list[int]) -> None:
    url = reverse(name, args=args)
    for response in (client.get(url), client.post(url)):
        assert response.status_code in (302, 405)
    assert client.get(reverse("alerts"))["Location"].startswith(reverse("login"))


def test_alerts_show_only_my_own() -> None:
    scene = alerted()
    page = signed_in(scene.officer).get(reverse("alerts"))
    assert [row[0] for row in page.context["rows"]] == [alert_of(scene.officer)]
    assert page.context["unread_alerts"] == 1
    empty = signed_in(scene.focal).get(reverse("alerts"))
    assert empty.context["rows"] == []
    assert empty.context["unread_alerts"] == 0


def test_alerts_put_the_unread_first_and_filter_by_kind() -> None:
    scene = alerted(at(2023, 6, 16))
    fire_due(at=at(2023, 6, 27))
    Message.objects.filter(rung="before-3").update(read_at=timezone.now())
    fire_due(at=ALERT)
    client = signed_in(scene.officer)
    found = client.get(reverse("alerts")).context["rows"]
    assert [row[0].rung for row in found] == ["after-1", "before-10", "before-3"]
    assert [row[0].unread for row in found] == [True, True, False]
    rows = client.get(reverse("alerts"), {"kind": "reminder"}).context["rows"]
    assert [row[0].kind for row in rows] == ["reminder", "reminder"]


def test_opening_marks_as_read_and_leads_to_the_place_to_act() -> None:
    scene = alerted()
    alert = alert_of(scene.officer)
    client = signed_in(scene.officer)
    assert client.get(reverse("alert_open", args=[alert.pk])).status_code == 405
    assert alert_of(scene.officer).read_at is None
    response = client.post(reverse("alert_open", args=[alert.pk]))
    assert response["Location"] == reverse("item", args=[scene.part.item_id])
    assert alert_of(scene.officer).read_at is not None
    assert alert_of(scene.leader).read_at is None


def test_marking_one_as_read_stays_on_the_page() -> None:
    scene = alerted()
    alert = alert_of(scene.officer)
    address = reverse("alert_read", args=[alert.pk])
    assert signed_in(scene.leader).post(address).status_code == 404
    client = signed_in(scene.officer)
    assert client.get(address).status_code == 405
    answer = client.post(address, {"kind": "escalation"})
    assert answer["Location"] == reverse("alerts") + "?kind=escalation"
    assert alert_of(scene.officer).read_at is not None
    assert client.get(reverse("alerts")).context["unread_alerts"] == 0


def test_alert_of_somebody_else_does_not_exist() -> None:
    scene = alerted()
    alert = alert_of(scene.officer)
    response = signed_in(scene.leader).post(reverse("alert_open", args=[alert.pk]))
    assert response.status_code == 404
    assert alert_of(scene.officer).read_at is None


def test_email_row_cannot_be_opened_as_an_alert() -> None:
    scene = alerted()
    row = Message.objects.get(recipient=scene.officer, channel=Channel.EMAIL)
    response = signed_in(scene.officer).post(reverse("alert_open", args=[row.pk]))
    assert response.status_code == 404


def test_marking_all_as_read_leaves_those_of_others() -> None:
    scene = alerted()
    client = signed_in(scene.officer)
    assert client.get(reverse("alerts_read")).status_code == 405
    assert client.post(reverse("alerts_read"))["Location"] == reverse("alerts")
    assert alert_of(scene.officer).read_at is not None
    assert alert_of(scene.leader).read_at is None


def test_opening_switches_to_the_unit_the_alert_is_about() -> None:
    scene = alerted()
    other = make_unit("A first unit")
    Membership.objects.create(person=scene.officer, unit=other, role=OFFICER)
    sync_memberships(today=timezone.localdate())
    client = signed_in(scene.officer)
    client.post(reverse("acting_unit"), {"unit": other.pk})
    client.post(reverse("alert_open", args=[alert_of(scene.officer).pk]))
    assert client.session["acting_unit"] == scene.unit.pk


def test_link_of_a_mail_leads_to_the_item_for_the_unit_it_is_about() -> None:
    scene = alerted()
    other = make_unit("A first unit")
    Membership.objects.create(person=scene.officer, unit=other, role=OFFICER)
    sync_memberships(today=timezone.localdate())
    mailed = Message.objects.get(recipient=scene.officer, channel=Channel.EMAIL)
    client = signed_in(scene.officer)
    client.post(reverse("acting_unit"), {"unit": other.pk})
    item = reverse("item", args=[scene.part.item_id])
    assert client.get(item).status_code == 404
    response = client.get(reverse("message_go", args=[mailed.pk]))
    assert (response["Location"], client.session["acting_unit"]) == (item, scene.unit.pk)
    assert client.get(item).status_code == 200


def test_link_of_a_mail_switches_no_unit_without_a_post_in_it() -> None:
    scene = alerted()
    mailed = Message.objects.get(recipient=scene.officer, channel=Channel.EMAIL)
    address = reverse("message_go", args=[mailed.pk])
    other = make_unit("A first unit")
    Membership.objects.filter(person=scene.officer).update(unit=other)
    sync_memberships(today=timezone.localdate())
    for person in (scene.officer, scene.leader, make_person(other)):
        client = signed_in(person)
        assert client.get(address)["Location"] == reverse("item", args=[scene.part.item_id])
        assert "acting_unit" not in client.session
    assert Client().get(address)["Location"].startswith(reverse("login"))


def test_overseer_may_take_note_until_somebody_did() -> None:
    scene = alerted(at(2023, 7, 7))
    client = signed_in(scene.supervisor)
    deadline = scene.deadline(DeadlineKind.ITEM)
    button = reverse("take_notice", args=[deadline.pk])
    assert button in client.get(reverse("alerts")).content.decode()
    assert button not in signed_in(scene.officer).get(reverse("alerts")).content.decode()
    OverdueNotice.objects.create(
        deadline=deadline, version=1, taken_by=scene.supervisor, taken_at=ALERT
    )
    assert button not in client.get(reverse("alerts")).content.decode()


def test_button_takes_note() -> None:
    scene = alerted(at(2023, 7, 7))
    deadline = scene.deadline(DeadlineKind.ITEM)
    response = signed_in(scene.supervisor).post(reverse("take_notice", args=[deadline.pk]))
    assert response.status_code == 302
    assert OverdueNotice.objects.get().taken_by == scene.supervisor


def test_words_of_others_are_escaped() -> None:
    scene = make_scene()
    part = scene.part
    scene.happens(Verb.RETURNED, ALERT, participation=part, item=part.item, words="<b>x</b>")
    announce_events(at=ALERT)
    page = signed_in(scene.officer).get(reverse("alerts")).content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def queries_of_alerts(count: int) -> int:
    scene = make_scene(items=count)
    announce_events(at=ALERT)
    client = signed_in(scene.officer)
    client.get(reverse("alerts"))
    with CaptureQueriesContext(connection) as queries:
        rows = client.get(reverse("alerts")).context["rows"]
    assert len(rows) == count
    return len(queries)


def test_alerts_need_as_many_queries_for_one_as_for_thirty() -> None:
    assert queries_of_alerts(1) == queries_of_alerts(30)


@pytest.mark.parametrize("role", [OFFICER, LEADER, "clerk", "reader"])
@pytest.mark.parametrize("name", ["mail_list", "mail", "mail_html", "mail_again"])
def test_mail_is_for_the_administrator_alone(name: str, role: str) -> None:
    person = make_person(make_unit(), role)
    mail = make_mail(person, "failed")
    client = signed_in(person)
    url = reverse(name, args=[] if name == "mail_list" else [mail.pk])
    response = client.post(url) if name == "mail_again" else client.get(url)
    assert response.status_code == 403
    assert Mail.objects.get().state == "failed"


def test_mail_list_filters_by_state_and_words() -> None:
    client = signed_in(make_administrator())
    one, two = make_person(name="Nguyễn Văn An"), make_person(name="Trần Bình")
    failed, sent = make_mail(one, "failed", "Quá hạn"), make_mail(two, "sent", "Bản tin")

    def found(**query: str) -> list[Mail]:
        return list(client.get(reverse("mail_list"), query).context["page"])

    assert found() == [sent, failed]
    assert found(state="failed") == [failed]
    assert found(state="doubtful") == []
    assert found(q="Bình") == [sent]
    assert found(q=one.email) == [failed]
    assert found(q="Bản", state="failed") == []


def test_mail_shows_its_parts_and_its_error() -> None:
    client = signed_in(make_administrator())
    mail = make_mail(make_person(), "failed")
    page = client.get(reverse("mail", args=[mail.pk]))
    content = page.content.decode()
    assert "plain words" in content
    assert "550 no such user" in content
    assert reverse("mail_again", args=[mail.pk]) in content
    assert "frame-src 'self'" in page["Content-Security-Policy"]


def test_html_part_can_do_nothing() -> None:
    client = signed_in(make_administrator())
    response = client.get(reverse("mail_html", args=[make_mail(make_person()).pk]))
    assert response.content == b"<p>rich words</p>"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    directives = {part.strip() for part in response["Content-Security-Policy"].split(";")}
    assert directives == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'self'",
        "sandbox",
    }


def test_sending_again_puts_a_failed_mail_back_once() -> None:
    client = signed_in(make_administrator())
    mail = make_mail(make_person(), "failed")
    url = reverse("mail_again", args=[mail.pk])
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == reverse("mail", args=[mail.pk])
    assert Mail.objects.get().state == "pending"
    Mail.objects.update(state="sent", sent_at=ALERT)
    client.post(url)
    assert Mail.objects.get().state == "sent"


def test_mail_list_needs_as_many_queries_for_one_as_for_thirty() -> None:
    client = signed_in(make_administrator())
    make_mail(make_person())
    client.get(reverse("mail_list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("mail_list"))
    for _ in range(29):
        make_mail(make_person())
    with CaptureQueriesContext(connection) as thirty:
        assert len(client.get(reverse("mail_list")).context["page"].object_list) == 30
    assert len(one) == len(thirty)


def test_unread_count_is_one_query_and_none_for_strangers(client: Client) -> None:
    scene = alerted()
    page = signed_in(scene.officer).get(reverse("help"))
    assert page.context["unread_alerts"] == 1
    assert client.get(reverse("login")).context["unread_alerts"] == 0
