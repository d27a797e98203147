"""What a mail says: in whose language, what first, how grouped, and nothing that breaks it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from notifications.announce import AUDIENCES
from notifications.compose import Letter, compose
from notifications.facts import Facts
from notifications.kinds import Channel
from notifications.models import Message
from notifications.words import Heading, entry
from tasks.models import Person, Verb

pytestmark = pytest.mark.django_db
FACTS = {
    "thing": "report",
    "plan": "60/KH-UBND",
    "plan_title": "Phát triển khởi nghiệp",
    "target": "report",
    "target_id": 7,
    "today": "2023-12-11",
    "title": "2023",
    "unit": "Sở GD&ĐT",
    "due_on": "2023-12-10",
    "original_due_on": "2023-12-10",
    "audience_unit": "Sở GD&ĐT",
}
MONDAY = dt.datetime(2023, 12, 11, 0, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def host(settings: Settings) -> None:
    settings.DONDOC_BASE_URL = "https://dondoc.example.vn"


@pytest.fixture
def reader() -> Person:
    return Person.objects.create_user("reader", full_name="Người đọc", language="en")


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def message(kind: str = "escalation", audience: str = "officer", **facts: Any) -> Message:
    return Message(
        kind=kind,
        audience=audience,
        channel=Channel.EMAIL,
        created_at=MONDAY,
        pk=1,
        params={**FACTS, **facts},
    )


def letter(reader: Person, *messages: Message) -> Letter:
    return compose(reader, messages)


def test_single_mail_says_what_it_is_and_then_what_to_do(reader: Person) -> None:
    found = letter(reader, message())
    assert found.subject == "[1 day overdue] Report on plan 60/KH-UBND, 2023 · Sở GD&ĐT"
    assert found.text.splitlines()[:2] == [
        "Write the report and submit it.",
        f"Write the report: https://dondoc.example.vn{reverse('message_go', args=[1])}",
    ]
    assert found.text.splitlines()[3:9] == [
        "1 day overdue",
        "Report on plan 60/KH-UBND, 2023",
        "Plan: 60/KH-UBND, Phát triển khởi nghiệp",
        "Unit: Sở GD&ĐT",
        "Due on: Sunday, 10 Dec 2023",
        "",
    ]
    assert found.text.splitlines()[9] == "You receive this as officer, Sở GD&ĐT."


def test_html_has_one_button_and_escapes_what_people_wrote(reader: Person) -> None:
    words = message("notice", verb=Verb.REPORT_RETURNED, words="<script>x</script>")
    html = letter(reader, words).html
    assert html.count('class="button"') == 1
    assert "<script" not in html
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "“<script>x</script>”" in letter(reader, words).text


def test_mail_speaks_the_language_of_its_reader(reader: Person) -> None:
    with translation.override("vi"):
        assert 'lang="en"' in letter(reader, message()).html
        reader.language = "vi"
        assert 'lang="vi"' in letter(reader, message()).html
        assert translation.get_language() == "vi"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("facts", "subject"),
    [
        ({"today": "2023-12-05", "working_days_left": 3}, "[3 working days left]"),
        ({"today": "2023-11-24", "working_days_left": 10}, "[10 working days left]"),
        ({"today": "2023-12-08", "working_days_left": 0}, "[Due Sunday, 10 Dec]"),
        (
            {"today": "2023-12-08", "due_on": "2023-12-08", "working_days_left": 0},
            "[Due today]",
        ),
        ({"today": "2023-12-12"}, "[2 days overdue]"),
    ],
)
def test_subject_begins_with_how_the_date_stands(facts: dict[str, Any], subject: str) -> None:
    found = entry(message("reminder", **facts)).subject
    assert found == f"{subject} Report on plan 60/KH-UBND, 2023 · Sở GD&ĐT"


@pytest.mark.usefixtures("english")
def test_date_on_a_day_off_is_explained() -> None:
    rows = dict(entry(message(today="2023-12-08", working_days_left=0)).rows)
    assert rows["Due on"] == (
        "Sunday, 10 Dec 2023, a day off: today is the last working day before it"
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("audience", "todo"),
    [
        ("officer", "Write the report and submit it."),
        ("focal", "Sở GD&ĐT is late: follow it up."),
        ("supervisor", "Sở GD&ĐT is late: follow it up, or take note of the delay."),
    ],
)
def test_each_reader_is_told_what_they_can_do(audience: str, todo: str) -> None:
    assert entry(message(audience=audience)).todo == todo


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("audience", "todo"),
    [
        ("reviewer", "Check the report, then accept or return it."),
        ("officer", "It has reached the receiving unit: the receipt is on its page."),
    ],
)
def test_submitted_report_is_work_for_one_and_a_receipt_for_the_other(
    audience: str, todo: str
) -> None:
    news = message("notice", audience, verb=Verb.REPORT_SUBMITTED)
    assert entry(news).todo == todo


def test_missed_reminders_are_listed() -> None:
    rows = dict(entry(message(missed=[["reminder", "2023-12-05"]])).rows)
    assert rows["Not sent earlier"] == "reminder of Tuesday, 5 Dec"


@pytest.mark.usefixtures("english")
def test_substitute_reads_in_whose_place(reader: Person) -> None:
    told = message(nobody_at="Sở X")
    told.substitute_for = reader
    assert entry(told).why == (
        "You receive this in place of Người đọc, who is away: officer, Sở GD&ĐT. "
        "Sở X has nobody registered who could receive it."
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("verb", sorted(AUDIENCES))
def test_every_announced_event_has_words(verb: str) -> None:
    kind = "follow_up" if verb == Verb.FOLLOWED_UP else "notice"
    found = entry(message(kind, verb=verb))
    assert found.todo
    assert found.subject.startswith("[")


def test_digest_groups_by_what_to_do_most_pressing_first(reader: Person) -> None:
    found = letter(
        reader,
        message("notice", verb=Verb.REPORT_ACCEPTED),
        message("notice", verb=Verb.ASSIGNED, thing="acknowledgement", target="item"),
        message("reminder", today="2023-12-05", working_days_left=3),
        message("escalation"),
        message("escalation", today="2023-12-20", plan="61/KH-UBND"),
    )
    assert found.subject == (
        "[Overdue: 2, Due soon: 1, To acknowledge: 1, Other news: 1] Your work, Monday, 11 Dec 2023"
    )
    lines = found.text.splitlines()
    assert lines[0] == "Look at 5 matters, the most pressing first."
    assert lines[1] == "Open my work: https://dondoc.example.vn/"
    headings = [line for line in lines if line.startswith("==")]
    assert headings == [
        "== Overdue (2) ==",
        "== Due soon (1) ==",
        "== To acknowledge (1) ==",
        "== Other news (1) ==",
    ]
    assert found.text.index("61/KH-UBND, 2023") < found.text.index("60/KH-UBND, 2023")


def test_line_breaks_in_a_title_do_not_reach_the_subject(reader: Person) -> None:
    found = letter(reader, message(thing="item", title="Một\nhai\r\nba " + "dài " * 200))
    assert len(found.subject) <= 300
    assert "\n" not in found.subject


def test_facts_come_back_as_they_went() -> None:
    facts = Facts.read({**FACTS, "missed": [["reminder", "2023-12-05"]], "dropped_later": 1})
    assert (facts.due_on, facts.days_late) == (dt.date(2023, 12, 10), 1)
    assert facts.missed == (("reminder", dt.date(2023, 12, 5)),)


def test_headings_are_in_order_of_pressure() -> None:
    assert list(Heading) == sorted(Heading)
    assert Heading.LATE is min(Heading)
