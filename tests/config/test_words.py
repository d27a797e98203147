"""The words of dates and standings, as page, mail and document use them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.utils import translation

from tasks.bars import Segment, Share, share_segments
from tasks.chips import Tone, standing_chip, state_chip
from tasks.models import Participation, ParticipationState, Unit
from tasks.rules.calendar import local_instant
from tasks.rules.timeliness import Standing, Timeliness
from tasks.words import due_words, long_date, short_date, standing_words

FRIDAY = dt.date(2023, 12, 8)
SUNDAY = dt.date(2023, 12, 10)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def draw(source: str, **context: object) -> str:
    template = Template("{% load dondoc %}" + source)
    return " ".join(template.render(Context(context)).split())


STANDINGS = [
    (Standing(Timeliness.NO_DEADLINE), "neutral", "no date"),
    (Standing(Timeliness.IN_TERM, SUNDAY, working_days_left=9), "neutral", "on schedule"),
    (Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=1), "soon", "1 working day left"),
    (Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=3), "soon", "3 working days left"),
    (Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=0), "soon", "due Sunday, 10 Dec"),
    (Standing(Timeliness.DUE_SOON, FRIDAY, working_days_left=0), "soon", "due today"),
    (Standing(Timeliness.OVERDUE, FRIDAY, days_late=1), "late", "1 day overdue"),
    (Standing(Timeliness.OVERDUE, FRIDAY, days_late=2), "late", "2 days overdue"),
    (Standing(Timeliness.DONE_ON_TIME, FRIDAY), "done", "done on time"),
    (Standing(Timeliness.DONE_LATE, FRIDAY, days_late=1), "done", "done, 1 day late"),
    (Standing(Timeliness.DONE_LATE, FRIDAY, days_late=4), "done", "done, 4 days late"),
    (Standing(Timeliness.PAUSED, FRIDAY), "off", "suspended"),
]


@pytest.mark.parametrize(("standing", "tone", "words"), STANDINGS)
def test_standing_has_its_words_and_tone(standing: Standing, tone: str, words: str) -> None:
    assert standing_words(standing, FRIDAY) == words
    assert standing_chip(standing, FRIDAY).tone == tone


@pytest.mark.parametrize(("standing", "tone", "words"), STANDINGS)
def test_chip_shows_the_words(standing: Standing, tone: str, words: str) -> None:
    drawn = draw("{% chip standing %}", standing=standing, today=FRIDAY)

    assert drawn.startswith(f'<span class="chip chip-{tone}">')
    assert drawn.endswith(f"{words}</span>")


@pytest.mark.parametrize("standing", [row[0] for row in STANDINGS])
def test_standing_that_asks_for_attention_has_a_mark(standing: Standing) -> None:
    chip = standing_chip(standing)

    assert bool(chip.mark) == (chip.tone is not Tone.NEUTRAL)


@pytest.mark.parametrize("state", ParticipationState)
def test_every_state_of_a_participation_has_a_chip(state: ParticipationState) -> None:
    part = Participation(state=state)

    assert state_chip(part).words == str(state.label)
    assert draw("{% state_chip part %}", part=part).endswith(f"{state.label}</span>")


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(Timeliness.NO_DEADLINE), "no date"),
        (
            Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=2),
            "Sunday, 10 Dec 2023 (2 working days left)",
        ),
        (
            Standing(Timeliness.IN_TERM, SUNDAY, working_days_left=9),
            "Sunday, 10 Dec 2023 (9 working days left)",
        ),
        (Standing(Timeliness.DUE_SOON, FRIDAY, working_days_left=0), "Friday, 8 Dec 2023 (today)"),
        (Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=0), "Sunday, 10 Dec 2023"),
        (
            Standing(Timeliness.OVERDUE, FRIDAY, days_late=2),
            "Friday, 8 Dec 2023 (2 days overdue)",
        ),
    ],
)
def test_due_date_comes_with_what_remains(standing: Standing, words: str) -> None:
    assert due_words(standing, FRIDAY) == words
    assert draw("{% due standing %}", standing=standing, today=FRIDAY) == words


def test_dates_name_their_weekday() -> None:
    assert long_date(FRIDAY) == "Friday, 8 Dec 2023"
    assert short_date(FRIDAY) == "Friday, 8 Dec"
    assert long_date(None) == ""


def test_instant_is_read_as_the_local_date() -> None:
    assert long_date(local_instant(FRIDAY, 0, 30)) == "Friday, 8 Dec 2023"


def test_unit_keeps_its_full_name_at_hand() -> None:
    unit = Unit(name="Sở Khoa học & Công nghệ", short_name="Sở KH&CN")

    assert draw("{% unit unit %}", unit=unit) == (
        '<abbr class="unit" title="Sở Khoa học &amp; Công nghệ">Sở KH&amp;CN</abbr>'
    )


def test_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "clock" %}')
    assert 'role="img" aria-label="Due soon"' in draw('{% icon "clock" "Due soon" %}')


def test_bar_is_filled_whole_by_its_shares() -> None:
    shares = [Share(Tone.LATE, "late", 1), Share(Tone.OFF, "off", 0), Share(Tone.DONE, "done", 2)]

    assert share_segments(shares) == [
        Segment(Tone.LATE, "late", 0, 333),
        Segment(Tone.DONE, "done", 333, 667),
    ]
    assert share_segments([]) == []


def test_bar_says_its_figures_in_words() -> None:
    drawn = draw(
        "{% stacked_bar label shares %}", label="All", shares=[Share(Tone.LATE, "late", 2)]
    )

    assert "All:" in drawn
    assert "late <strong>2</strong>" in drawn
