"""The page on which a report is written: who may, and two writers at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.models import Event, Report, ReportSection, SectionKind
from tasks.rules.calendar import local_instant
from tests.factories import make_person, make_plan, make_unit
from tests.workflows.world import World, make_world
from workflows.actions.reports import present_report, save_report, texts_by_kind
from workflows.forms.reports import SectionForm

pytestmark = pytest.mark.django_db
NOW = local_instant(dt.date(2023, 12, 4), 9)


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def world() -> World:
    return make_world()


def report_of(world: World) -> Report:
    return Report.objects.get(unit=world.units["lead"])


def section_of(world: World, kind: str = "results") -> ReportSection:
    return report_of(world).sections.get(kind=kind)


def write(world: World, role: str, text: str, kind: SectionKind = SectionKind.RESULTS) -> None:
    report = report_of(world)
    texts = texts_by_kind(report, {kind: text})
    save_report(report=report, actor=world.actor(role), at=NOW, texts=texts)


def forms_of(response: Any) -> dict[str, SectionForm]:
    return {it.section.kind: it.form for it in response.context["sections"]}


def open_form(world: World, role: str = "own lead") -> dict[str, SectionForm]:
    """The forms that the page shows, by the kind of their section."""
    response = world.client(role).get(reverse("report_edit", args=[report_of(world).pk]))
    return forms_of(response)


def sent(forms: dict[str, SectionForm], **texts: str) -> dict[str, Any]:
    """What a browser sends for these forms, with these texts typed into them."""
    data = {
        form[name].html_name: form[name].value() for form in forms.values() for name in form.fields
    }
    return data | {forms[kind]["text"].html_name: text for kind, text in texts.items()}


def post(world: World, data: dict[str, Any], role: str = "own lead") -> Any:
    address = reverse("report_edit", args=[report_of(world).pk])
    return world.client(role).post(address, data)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("own lead", 200),
        ("own lead's leader", 200),
        ("other lead", 403),
        ("own coordinator", 403),
        ("focal", 403),
        ("supervisor", 403),
        ("read-only", 403),
        ("other unit", 404),
        ("administrator", 404),
    ],
)
def test_only_the_units_writers_may_write(
    world: World, role: str, status: int, method: str
) -> None:
    data = sent(open_form(world), results="Của tôi")
    address = reverse("report_edit", args=[report_of(world).pk])
    response = getattr(world.client(role), method)(address, data)
    done = 302 if status == 200 and method == "post" else status
    assert response.status_code == done
    assert section_of(world).revision == int(done == 302)


def test_opening_the_form_writes_nothing(world: World) -> None:
    before = Event.objects.count()
    assert "Nhiệm vụ 1" in open_form(world)["results"]["text"].value()
    assert (Event.objects.count(), section_of(world).text) == (before, "")


def test_saved_text_comes_back_instead_of_the_prefilled_one(world: World) -> None:
    write(world, "own lead", "Đã sửa")
    forms = open_form(world)
    assert forms["results"]["text"].value() == "Đã sửa"
    assert "I.1" in forms["next_steps"]["text"].value()


def test_form_as_proposed_is_saved_as_it_was_shown(world: World) -> None:
    proposed = open_form(world)
    post(world, sent(proposed))
    saved = {section.kind: section.text for section in report_of(world).sections.all()}
    assert saved == {kind: form["text"].value() for kind, form in proposed.items()}


def test_save_and_present_does_both(world: World) -> None:
    response = post(world, {**sent(open_form(world), results="Của tôi"), "present": "yes"})
    assert response.url == reverse("report", args=[report_of(world).pk])
    assert (report_of(world).state, section_of(world).text) == ("presented", "Của tôi")


def test_empty_report_is_saved_but_not_presented(world: World) -> None:
    forms = open_form(world)
    response = post(world, {**sent(forms, results=" ", next_steps=""), "present": "yes"})
    assert response.url == reverse("report_edit", args=[report_of(world).pk])
    assert (report_of(world).state, section_of(world).revision) == ("drafted", 1)


def test_lines_end_the_same_whichever_way_the_browser_sends_them(world: World) -> None:
    post(world, sent(open_form(world), results="Một\r\nHai"))
    assert section_of(world).text == "Một\nHai"
    before = Event.objects.count()
    post(world, sent(open_form(world), results="Một\r\nHai"))
    assert Event.objects.count() == before


def test_writers_in_different_sections_keep_both_texts(world: World) -> None:
    mine, theirs = open_form(world), open_form(world, "own lead's leader")
    post(world, sent(theirs, difficulties="Của lãnh đạo"), "own lead's leader")
    assert post(world, sent(mine, results="Của tôi")).status_code == 302
    assert section_of(world).text == "Của tôi"
    assert section_of(world, "difficulties").text == "Của lãnh đạo"


def test_second_writer_sees_both_texts_and_loses_none(world: World) -> None:
    mine = open_form(world)
    write(world, "own lead's leader", "Của đồng nghiệp")
    response = post(world, sent(mine, results="Của tôi", difficulties="Cũng của tôi"))
    forms = forms_of(response)
    assert response.status_code == 409
    assert section_of(world).text == "Của đồng nghiệp"
    assert [kind for kind, form in forms.items() if form.is_overtaken] == ["results"]
    assert forms["results"].section.text == "Của đồng nghiệp"
    typed = [forms[kind]["text"].value() for kind in ("results", "difficulties")]
    assert typed == ["Của tôi", "Cũng của tôi"]
    assert forms["next_steps"]["text"].value() == mine["next_steps"]["text"].value()


def test_second_save_after_the_warning_is_deliberate(world: World) -> None:
    mine = open_form(world)
    write(world, "own lead's leader", "Của đồng nghiệp")
    warned = forms_of(post(world, sent(mine, results="Của tôi")))
    assert post(world, sent(warned)).status_code == 302
    assert (section_of(world).text, section_of(world).revision) == ("Của tôi", 2)


def test_report_that_left_the_desk_keeps_the_late_text_in_the_form(world: World) -> None:
    mine = open_form(world)
    write(world, "own lead", "Bản trình")
    present_report(report=report_of(world), actor=world.actor("own lead"), at=NOW)
    response = post(world, sent(mine, results="Của tôi"))
    assert response.status_code == 409
    assert forms_of(response)["results"]["text"].value() == "Của tôi"
    assert section_of(world).text == "Bản trình"


def test_report_that_left_the_desk_cannot_be_opened_for_writing(world: World) -> None:
    write(world, "own lead", "Bản trình")
    present_report(report=report_of(world), actor=world.actor("own lead"), at=NOW)
    address = reverse("report_edit", args=[report_of(world).pk])
    response = world.client("own lead").get(address)
    assert response["Location"] == reverse("report", args=[report_of(world).pk])


def test_tampered_revision_is_refused(world: World) -> None:
    forms = open_form(world)
    data = sent(forms, results="Của tôi") | {forms["results"]["revision"].html_name: "x"}
    assert post(world, data).status_code == 409
    assert section_of(world).revision == 0


def test_form_costs_the_same_for_one_item_and_for_thirty() -> None:
    def cost(items: int) -> int:
        unit = make_unit()
        plan = make_plan(leads=[unit], items=items)
        client = Client()
        client.force_login(make_person(unit))
        address = reverse("report_edit", args=[plan.reports.get(unit=unit).pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    assert cost(30) == cost(1)
