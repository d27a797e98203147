"""What the page of writing proposes for a section, and single sections sent by htmx."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tasks.models import Event, Report, ReportingPeriod, ReportSection, SectionKind
from tasks.rules.calendar import local_instant
from tests.workflows.world import World, make_world
from workflows.actions.owed_reports import expect_report
from workflows.actions.reports import present_report, save_report, submit_report, texts_by_kind
from workflows.forms.reports import MAX_TEXT, SectionForm
from workflows.report_desk import DeskSection

pytestmark = pytest.mark.django_db
NOW = local_instant(dt.date(2023, 12, 4), 9)


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def world() -> World:
    return make_world()


def report_of(world: World) -> Report:
    return Report.objects.select_related("period").get(
        unit=world.units["lead"], period__label="2023"
    )


def write(world: World, report: Report, text: str, role: str = "own lead", **at: Any) -> None:
    texts = texts_by_kind(report, {SectionKind.RESULTS: text})
    save_report(report=report, actor=world.actor(role), texts=texts, **{"at": NOW, **at})


def following_report(world: World) -> Report:
    """The unit's report for the next year of the same obligation."""
    first = report_of(world).period
    period = ReportingPeriod.objects.create(
        obligation=first.obligation, label="2024", due_on=first.due_on.replace(year=2024)
    )
    return expect_report(period, world.units["lead"], by=None, at=NOW)


def section(report: Report) -> ReportSection:
    return report.sections.get(kind=SectionKind.RESULTS)


def shown(response: Any) -> DeskSection:
    """The section of the results, on the whole page or alone."""
    context = response.context
    found: DeskSection = context["sections"][0] if "sections" in context else context["it"]
    return found


def opened(world: World, report: Report, role: str = "own lead") -> DeskSection:
    return shown(world.client(role).get(reverse("report_edit", args=[report.pk])))


def press(world: World, form: SectionForm, *, htmx: bool, text: str = "", **button: str) -> Any:
    data = {form[name].html_name: form[name].value() for name in form.fields}
    data |= {form["text"].html_name: text, **button}
    address = reverse("report_edit", args=[form.section.report_id])
    headers = {"HX-Request": "true"} if htmx else {}
    return world.client("own lead").post(address, data, headers=headers)


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("source", "expected"), [("proposal", "Của tôi\n\nI.1. "), ("replace", "I.1. ")]
)
def test_what_is_recorded_is_taken_over_without_being_saved(
    world: World, source: str, expected: str, htmx: bool
) -> None:
    report = report_of(world)
    write(world, report, "Cũ")
    form, before = opened(world, report).form, Event.objects.count()
    insert = f"{source}-{form.section.pk}"
    response = press(world, form, htmx=htmx, text="Của tôi", insert=insert)
    assert response.status_code == 200
    assert shown(response).form["text"].value().startswith(expected)
    assert (section(report).text, Event.objects.count()) == ("Cũ", before)


def test_saved_text_that_was_taken_over_is_saved_by_the_next_press(world: World) -> None:
    report = report_of(world)
    write(world, report, "Cũ")
    form = opened(world, report).form
    response = press(world, form, htmx=False, text="Cũ", insert=f"replace-{form.section.pk}")
    again = shown(response).form
    press(world, again, htmx=False, text=again["text"].value())
    assert section(report).text.startswith("I.1. ")


def test_last_periods_text_is_offered_once_it_was_handed_in(world: World) -> None:
    last, report = report_of(world), following_report(world)
    write(world, last, "Năm trước")
    assert opened(world, report).earlier == ""
    present_report(report=last, actor=world.actor("own lead"), at=NOW)
    submit_report(report=last, actor=world.actor("own lead's leader"), at=NOW)
    desk = opened(world, report)
    assert desk.earlier == "Năm trước"
    response = press(
        world, desk.form, htmx=False, text="Mới", insert=f"earlier-{section(report).pk}"
    )
    assert shown(response).form["text"].value() == "Mới\n\nNăm trước"


def test_one_section_is_saved_by_itself(world: World) -> None:
    report = report_of(world)
    form = opened(world, report).form
    response = press(world, form, htmx=True, text="Của tôi", only=str(form.section.pk))
    assert (response.status_code, section(report).text) == (200, "Của tôi")
    assert response.context["is_saved"]
    assert not report.sections.exclude(kind=SectionKind.RESULTS).exclude(revision=0).exists()


def test_section_that_a_colleague_saved_shows_both_texts(world: World) -> None:
    report = report_of(world)
    form = opened(world, report).form
    write(world, report, "Của đồng nghiệp", "own lead's leader")
    response = press(world, form, htmx=True, text="Của tôi", only=str(form.section.pk))
    it = shown(response)
    assert (it.form.is_overtaken, it.form["text"].value()) == (True, "Của tôi")
    assert it.section.text == section(report).text == "Của đồng nghiệp"
    assert response.context["refusal"] != ""
    press(world, it.form, htmx=True, text="Của tôi", only=str(form.section.pk))
    assert section(report).text == "Của tôi"


def test_section_that_is_too_long_comes_back_with_the_reason(world: World) -> None:
    form = opened(world, report_of(world)).form
    text = "a" * (MAX_TEXT + 1)
    response = press(world, form, htmx=True, text=text, only=str(form.section.pk))
    assert (response.status_code, list(shown(response).form.errors)) == (200, ["text"])
    assert shown(response).form["text"].value() == text


@pytest.mark.parametrize("pressed", ["", "x", "0"])
def test_button_of_no_section_is_not_found(world: World, pressed: str) -> None:
    form = opened(world, report_of(world)).form
    assert press(world, form, htmx=True, text="a", only=pressed).status_code == 404


@pytest.mark.parametrize(
    ("role", "ago", "busy"),
    [("own lead's leader", 2, True), ("own lead's leader", 11, False), ("own lead", 2, False)],
)
def test_colleague_who_saved_just_now_is_named_as_busy(
    world: World, role: str, ago: int, busy: bool
) -> None:
    report = report_of(world)
    write(world, report, "Một", role, at=NOW - dt.timedelta(minutes=ago))
    assert opened(world, report).is_busy is busy
