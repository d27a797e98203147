"""Setting the outline of reports: what follows it, what is left alone, and the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.urls import reverse

from tasks.models import ReportingObligation, SectionKind, Verb
from tasks.reporting.outline import Heading, default_headings, headings_of
from tests.workflows.acts import last_event, refused, report_of, small_world, submitted, written
from tests.workflows.world import AT, World
from workflows.actions.outlines import effect_of, outline_mark, set_outline
from workflows.errors import ActionRefused, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db
NEW = Heading("Chuyển đổi số", SectionKind.FREE, "Nêu theo từng trụ cột")


@pytest.fixture
def world() -> World:
    return small_world(reports=True)


def duty(world: World) -> ReportingObligation:
    return report_of(world).period.obligation


def change(world: World, headings: Sequence[Heading], role: str = "focal") -> None:
    mark = outline_mark(headings_of(duty(world)))
    set_outline(
        obligation=duty(world), headings=headings, made_from=mark, actor=world.actor(role), at=AT
    )


def titles(world: World, unit: str) -> list[str]:
    return [section.title for section in report_of(world, unit).sections.all()]


def test_report_not_begun_is_written_under_the_new_headings(world: World) -> None:
    first, *rest = headings_of(duty(world))
    change(world, [NEW, Heading("Kết quả chính", first.kind, key=first.key), rest[0]])
    assert titles(world, "lead") == ["Chuyển đổi số", "Kết quả chính", rest[0].title]
    section = report_of(world).sections.get(position=1)
    assert (section.kind, section.hint) == ("free", "Nêu theo từng trụ cột")
    assert last_event() == (Verb.OUTLINE_SET, str(world.units["focal"]), "")


def test_report_being_written_keeps_its_text_and_gets_the_new_heading_last(world: World) -> None:
    written(world)
    before = titles(world, "lead")
    change(world, [NEW, *headings_of(duty(world))[1:]])
    assert titles(world, "lead") == [*before, "Chuyển đổi số"]
    assert report_of(world).sections.get(kind="results").text == "Đã làm"


def test_heading_that_was_there_all_along_is_not_added_again(world: World) -> None:
    written(world)
    before = titles(world, "lead")
    change(world, default_headings())
    assert titles(world, "lead") == before


def test_report_before_somebody_else_stays_as_it_is(world: World) -> None:
    submitted(world)
    before = titles(world, "lead")
    change(world, [NEW])
    assert titles(world, "lead") == before
    assert titles(world, "other_lead") == ["Chuyển đổi số"]


def test_effect_counts_what_setting_would_do(world: World) -> None:
    written(world)
    kept = headings_of(duty(world))
    effect = effect_of(duty(world), [*kept, NEW])
    assert (effect.begun_anew, effect.added_to, effect.left_alone) == (1, 1, 0)
    assert effect.added == ["Chuyển đổi số"]
    without_new = effect_of(duty(world), kept[:2])
    assert (without_new.begun_anew, without_new.added_to, without_new.left_alone) == (1, 0, 1)


def test_outline_of_another_obligation_is_not_touched(world: World) -> None:
    before = titles(world, "focal")
    change(world, [NEW])
    assert titles(world, "focal") == before


@pytest.mark.parametrize("role", ["own lead", "own lead's leader", "supervisor", "issuing officer"])
def test_only_the_focal_unit_sets_it(world: World, role: str) -> None:
    with refused(NotAllowed):
        change(world, [NEW], role)


def test_outline_without_headings_or_changed_meanwhile_is_refused(world: World) -> None:
    with refused(ActionRefused):
        change(world, [])
    mark = outline_mark(headings_of(duty(world)))
    change(world, [NEW])
    about: dict[str, Any] = {"obligation": duty(world), "actor": world.actor("focal"), "at": AT}
    with refused(Overtaken):
        set_outline(headings=[NEW], made_from=mark, **about)


class TestPage:
    def sent(self, response: Any, **changes: Any) -> dict[str, Any]:
        """What a browser sends for the rows that were shown, with these changes."""
        rows = response.context["rows"]
        data = {field.html_name: field.value() for field in rows.management_form}
        for row in rows:
            for name in row.fields:
                value = row[name].value()
                data[row.add_prefix(name)] = "" if value in (None, False) else value
        shown = {"made_from": response.context["made_from"], "seen": response.context["seen"]}
        return data | shown | changes

    def test_outline_is_looked_at_before_it_is_set(self, world: World) -> None:
        client, address = world.client("focal"), reverse("outline", args=[duty(world).pk])
        shown = client.get(address)
        changes = {"form-0-place": "9", "form-1-removed": "on", "form-5-title": "Chuyển đổi số"}
        preview = client.post(address, self.sent(shown, **changes, save="yes"))
        assert preview.context["effect"].added == ["Chuyển đổi số"]
        assert len(headings_of(duty(world))) == 5
        assert client.post(address, self.sent(preview, save="yes")).status_code == 302
        assert [one.kind for one in headings_of(duty(world))] == [
            "difficulties", "proposals", "next_steps", "results", "free",
        ]  # fmt: skip

    def test_usual_outline_comes_back_with_one_press(self, world: World) -> None:
        change(world, [NEW])
        client, address = world.client("focal"), reverse("outline", args=[duty(world).pk])
        shown = client.post(address, {"default": "yes"})
        preview = client.post(address, self.sent(shown, preview="yes"))
        assert client.post(address, self.sent(preview, save="yes")).status_code == 302
        assert len(titles(world, "lead")) == 5

    def test_same_heading_twice_is_refused_and_comes_back(self, world: World) -> None:
        client, address = world.client("focal"), reverse("outline", args=[duty(world).pk])
        shown = client.get(address)
        twice = shown.context["rows"][0]["title"].value()
        response = client.post(address, self.sent(shown, **{"form-5-title": twice}))
        assert response.status_code == 422
        assert response.context["rows"][5]["title"].value() == twice
