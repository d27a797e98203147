"""The why pages: what became of each rung, whom it told or will tell, and who may ask."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from notifications.announce import announce_events
from notifications.deliver import deliver
from notifications.fire import fire_due
from notifications.matters import Matters
from notifications.models import Message, Preference, ScheduledRung
from notifications.why import Line, lines_of
from tasks.models import (
    Deadline,
    DeadlineKind,
    Membership,
    Report,
    ReportState,
    Substitution,
    Verb,
)
from tests.factories import ISSUED_AT
from tests.notifications.conftest import Postmaster
from tests.notifications.scene import Scene, at, make_scene
from tests.workflows.world import make_world

pytestmark = pytest.mark.django_db
REMINDER, ALERT = at(2023, 6, 16), at(2023, 7, 3)


def lines(
    scene: Scene, kind: DeadlineKind = DeadlineKind.ITEM, moment: dt.datetime = ALERT
) -> list[Line]:
    deadline = Deadline.objects.get(plan=scene.plan, kind=kind)
    return lines_of(deadline, matters_of(deadline, moment), at=moment)


def matters_of(deadline: Deadline, moment: dt.datetime) -> Matters:
    return Matters.read({deadline.pk})


def fates(found: list[Line]) -> list[tuple[str, str]]:
    return [(line.what.partition(":")[0], line.words) for line in found]


def clock(moment: dt.datetime = ALERT) -> Scene:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    fire_due(at=moment)
    return scene


def test_every_rung_says_what_became_of_it(smtp: Postmaster) -> None:
    scene = clock()
    deliver(at=ALERT)
    found = lines(scene)
    left_out = "Left out: a later one told of it."
    to_come = "It is to come. As things stand today, it tells:"
    assert fates(found) == [
        ("10 working days before", left_out),
        ("3 working days before", left_out),
        ("On the day", left_out),
        ("1 working day after", ""),
        ("3 working days after", to_come),
        ("5 working days after, then every 5 working days, at most 12 times more", to_come),
    ]
    spoke, coming = found[3], found[4]
    assert [(one.person, one.post) for one in spoke.told] == [
        (scene.officer, "officer, Sở A"),
        (scene.leader, "leader, Sở A"),
    ]
    assert [way for way, _words in spoke.told[0].ways] == ["in the application", "e-mail"]
    assert spoke.told[0].ways[1][1].startswith("sent ")
    assert coming.expected == ((scene.focal, "officer of the focal unit, Sở KH&CN"),)
    assert spoke.source == "ladder “plan item” as the product came"


def test_report_before_its_leader_will_remind_the_leader() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.REPORT)
    coming = lines(scene, DeadlineKind.REPORT, ISSUED_AT)[0]
    assert [person for person, _post in coming.expected] == [scene.officer]
    Report.objects.filter(pk=scene.report.pk).update(state=ReportState.PRESENTED)
    coming = lines(scene, DeadlineKind.REPORT, ISSUED_AT)[0]
    assert [person for person, _post in coming.expected] == [scene.leader]


def test_rungs_of_a_date_that_no_longer_counts_say_so() -> None:
    scene = clock(REMINDER)
    Deadline.objects.filter(kind=DeadlineKind.ITEM).update(closed_at=REMINDER)
    closed = "It will not be sent: the work was handed in or called off."
    assert {line.words for line in lines(scene)[1:]} == {closed}
    fire_due(at=ALERT)
    superseded = "No longer valid: the work was handed in or called off."
    assert [line.words for line in lines(scene)[1:4]] == [superseded] * 3


def test_suspended_work_waits() -> None:
    scene = clock(REMINDER)
    Deadline.objects.filter(kind=DeadlineKind.ITEM).update(paused_at=REMINDER)
    assert lines(scene)[-1].words == "It waits: the work is suspended."


def test_unit_without_people_is_pointed_out_before_it_is_too_late() -> None:
    scene = clock(REMINDER)
    Membership.objects.all().delete()
    missing = "Nobody is registered who could be told. Register somebody before then."
    assert lines(scene)[-1].words == missing
    fire_due(at=ALERT)
    nobody = "It fired, but reached nobody: nobody is registered who could be told."
    assert nobody in [line.words for line in lines(scene)]


def test_substitute_stands_there_with_the_reason() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    Substitution.objects.create(
        absent=scene.officer, substitute=scene.clerk,
        starts_on=dt.date(2023, 6, 1), ends_on=dt.date(2023, 7, 31),
    )  # fmt: skip
    post = "officer, Sở A, in place of Chuyên viên, who is away"
    assert (scene.clerk, post) in lines(scene, moment=REMINDER)[0].expected
    fire_due(at=REMINDER)
    told = lines(scene, moment=REMINDER)[0].told
    assert [(one.person, one.post) for one in told][1] == (scene.clerk, post)


def test_ways_that_failed_or_were_declined_say_why(smtp: Postmaster) -> None:
    scene = clock(REMINDER)
    Preference.objects.create(person=scene.officer, by_email=False, changed_at=REMINDER)
    deliver(at=REMINDER)
    declined = "not sent: the person asked for none of these by this way"
    assert lines(scene)[0].told[0].ways[1] == ("e-mail", declined)
    fire_due(at=ALERT)
    smtp.answers[scene.leader.email] = "550 no such user"
    deliver(at=ALERT)
    ways = {one.person: one.ways[1][1] for one in lines(scene)[3].told}
    assert "no such user" in ways[scene.leader]
    assert ways[scene.leader].startswith("refused by the other side")


def test_follow_up_stands_among_the_rungs() -> None:
    scene = make_scene()
    deadline = scene.only(DeadlineKind.ITEM)
    scene.happens(Verb.FOLLOWED_UP, REMINDER, deadline=deadline, actor=scene.supervisor)
    announce_events(at=REMINDER)
    (news,) = [line for line in lines(scene) if not line.source]
    assert (news.what, len(news.told)) == ("Chủ tịch followed up", 2)


def test_page_needs_as_many_queries_for_one_rung_as_for_all() -> None:
    counts = []
    for moment in (REMINDER, at(2023, 9, 1)):
        scene = make_scene()
        scene.only(DeadlineKind.ITEM)
        for day in range((moment - REMINDER).days + 1):
            fire_due(at=REMINDER + dt.timedelta(days=day))
        deadline = scene.deadline(DeadlineKind.ITEM)
        matters = matters_of(deadline, moment)
        with CaptureQueriesContext(connection) as queries:
            lines_of(deadline, matters, at=moment)
        counts.append(len(queries))
    assert ScheduledRung.objects.filter(state="fired").count() > 8
    assert counts[0] == counts[1] <= 8


def test_message_says_why_its_reader_got_it(client: Client) -> None:
    scene = clock()
    message = Message.objects.get(recipient=scene.officer, channel="in_app")
    client.force_login(scene.officer)
    page = client.get(reverse("message_why", args=[message.pk]))
    assert page.context["sentences"] == [
        "The cause: ladder “plan item” as the product came says: "
        "“1 working day after: officer, leader”.",
        "Overdue alerts and follow-ups come at once and cannot be switched off.",
    ]
    assert len(page.context["told"].ways) == 2
    assert reverse("deadline_why", args=[message.deadline_id]) in page.content.decode()


def test_every_mail_leads_to_its_reason(smtp: Postmaster, settings: Settings) -> None:
    settings.DONDOC_BASE_URL = "https://dondoc.example.vn"
    scene = clock(REMINDER)
    deliver(at=REMINDER)
    message = Message.objects.get(recipient=scene.officer, channel="email")
    address = f"https://dondoc.example.vn{reverse('message_why', args=[message.pk])}"
    assert message.mail is not None
    assert address in message.mail.text
    assert address in message.mail.html


def test_reason_is_for_the_reader_and_for_whoever_sees_the_plan(client: Client) -> None:
    scene, stranger = clock(), make_scene()
    message = Message.objects.get(recipient=scene.officer, channel="in_app")
    addresses = [
        reverse("message_why", args=[message.pk]),
        reverse("deadline_why", args=[message.deadline_id]),
        reverse("report_why", args=[scene.report.pk]),
    ]
    for address in addresses:
        assert client.get(address)["Location"].startswith(reverse("login"))
    answers = {}
    for person in (scene.officer, scene.focal, scene.supervisor, stranger.officer):
        client.force_login(person)
        answers[person] = [client.get(address).status_code for address in addresses]
    assert answers == {
        scene.officer: [200, 200, 302],
        scene.focal: [200, 200, 302],
        scene.supervisor: [200, 200, 302],
        stranger.officer: [404, 404, 404],
    }


@pytest.mark.slow
def test_why_pages_by_role() -> None:
    world = make_world()
    deadline = Deadline.objects.filter(plan=world.plan)[0]
    address = reverse("deadline_why", args=[deadline.pk])
    inside = world.client("read-only").get(address).status_code
    outside = world.client("administrator").get(address).status_code
    assert (inside, outside) == (200, 404)


def test_pages_lead_there(client: Client) -> None:
    scene = make_scene()
    theirs = {reverse("deadline_why", args=[one.pk]) for one in Deadline.objects.all()}
    for person, page in (
        (scene.officer, reverse("item", args=[scene.part.item_id])),
        (scene.supervisor, reverse("supervise")),
    ):
        client.force_login(person)
        assert theirs & set(re.findall(r'href="([^"]+)"', client.get(page).content.decode()))
    client.force_login(scene.officer)
    report = client.get(reverse("report", args=[scene.report.pk])).content.decode()
    assert reverse("report_why", args=[scene.report.pk]) in report
