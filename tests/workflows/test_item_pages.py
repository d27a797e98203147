"""The item page by role, its history, its chart and its files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from tasks.models import (
    Event,
    Evidence,
    Extension,
    Obstacle,
    Participation,
    PlanItem,
    UnitGroup,
    Verb,
)
from tasks.rules.calendar import local_instant
from tasks.story import SENTENCES, sentence, story
from tests.factories import make_actor, make_person, make_plan, make_unit
from tests.workflows.world import AT, World, lead_part, make_world
from workflows.actions.assignment import acknowledge, decline, reassign
from workflows.actions.extensions import grant_extension, request_extension
from workflows.actions.supervision import cancel_item, suspend_item
from workflows.actions.work import claim_completion, raise_obstacle, update_progress

pytestmark = pytest.mark.django_db
TODAY = dt.date(2023, 6, 1)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: local_instant(TODAY, 9))


@pytest.fixture
def world() -> World:
    return make_world()


def get(client: Client, name: str, *args: int, **query: Any) -> Any:
    return client.get(reverse(name, args=args), query)


def page(world: World, role: str) -> Any:
    return get(world.client(role), "item", PlanItem.objects.get().pk)


def part(world: World) -> Participation:
    return lead_part(world.plan, world.units["lead"])


def take(world: World) -> Participation:
    acknowledge(participation=part(world), actor=world.actor("own lead"), at=AT)
    return part(world)


def ask_for_more_time(world: World) -> Extension:
    return request_extension(
        participation=take(world),
        actor=world.actor("own lead"),
        at=AT,
        due_on=dt.date(2023, 7, 31),
        reason="Chờ vốn",
    )


def report_completion(world: World) -> None:
    claim_completion(participation=take(world), actor=world.actor("own lead"), at=AT, words="Xong")


def refuse(world: World) -> None:
    decline(participation=part(world), actor=world.actor("own lead"), at=AT, reason="Sai việc")


def ask_for_help(world: World) -> Obstacle:
    return raise_obstacle(
        participation=take(world), actor=world.actor("own lead"), at=AT, words="Thiếu vốn"
    )


def withdraw_with_open_questions(world: World) -> None:
    """The lead asked for help and for time; then a correction took its part out of the item."""
    ask_for_more_time(world)
    actor = world.actor("own lead")
    raise_obstacle(participation=part(world), actor=actor, at=AT, words="Thiếu vốn")
    withdrawn = part(world)
    withdrawn.cancel()
    withdrawn.save()


def nothing(_world: World) -> None:
    """The plan as it was issued."""


class TestNextStep:
    @pytest.mark.parametrize(
        ("before", "names"),
        [
            (
                nothing,
                {
                    "own lead": ["acknowledge", "decline"],
                    "own coordinator": ["acknowledge", "decline"],
                    "focal": [],
                    "supervisor": [],
                    "read-only": [],
                },
            ),
            (
                take,
                {
                    "own lead": [
                        "progress",
                        "claim",
                        "obstacle",
                        "extension_request",
                        "proposal_raise",
                    ]
                },
            ),
            (refuse, {"own lead": [], "focal": ["reassign", "insist"]}),
            (report_completion, {"own lead": [], "focal": ["accept", "return_work"]}),
            (ask_for_help, {"focal": ["obstacle_answer", "obstacle_pass_on"]}),
            (
                ask_for_more_time,
                {
                    "own lead": ["progress", "claim", "obstacle", "proposal_raise"],
                    "supervisor": ["extension_decide"],
                    "focal": [],
                },
            ),
            (withdraw_with_open_questions, {"supervisor": [], "focal": []}),
        ],
    )
    def test_next_step_is_what_waits_for_the_acting_unit(
        self, world: World, before: Callable[[World], Any], names: dict[str, list[str]]
    ) -> None:
        before(world)
        steps = {role: page(world, role).context["it"].next_step for role in names}
        assert {r: [o.name for o in (s.offers if s else [])] for r, s in steps.items()} == names

    def test_questions_of_a_withdrawn_part_wait_for_nobody(self, world: World) -> None:
        withdraw_with_open_questions(world)
        text = page(world, "focal").content.decode()
        assert text.count("left open when the work ended") == 2
        assert "waiting for an answer" not in text
        assert "waiting for a decision" not in text

    def test_page_has_one_primary_button_for_each_width(self, world: World) -> None:
        text = page(world, "own lead").content.decode()
        buttons = re.findall(r'class="btn btn-primary[^"]*" href="([^"]+)"', text)
        assert buttons == [reverse("acknowledge", args=[part(world).pk])] * 2

    def test_page_says_whom_the_item_waits_for(self, world: World) -> None:
        report_completion(world)
        awaited = page(world, "own lead").context["it"].awaited
        assert [units for _what, units in awaited] == [
            [world.units["other_lead"], world.units["coordinator"]],
            [world.units["focal"]],
        ]


class TestWho:
    @pytest.mark.parametrize("name", ["item", "item_chart", "item_bpmn"])
    def test_pages_open_for_the_units_of_the_plan_only(self, world: World, name: str) -> None:
        wanted = {
            "own lead": 200,
            "other lead": 200,
            "own coordinator": 200,
            "focal": 200,
            "supervisor": 200,
            "read-only": 200,
            "other unit": 404,
            "administrator": 404,
            "anonymous": 302,
        }
        key = PlanItem.objects.get().pk
        found = {role: get(world.client(role), name, key).status_code for role in wanted}
        assert found == wanted

    def test_each_unit_has_its_own_clock(self, world: World) -> None:
        take(world)
        holders = page(world, "focal").context["it"].holders
        assert [(h.part.unit, h.standing.due_on) for h in holders] == [
            (world.units["lead"], dt.date(2023, 6, 30)),
            (world.units["other_lead"], dt.date(2023, 3, 22)),
            (world.units["coordinator"], dt.date(2023, 3, 22)),
        ]

    def test_replaced_unit_is_struck_through_with_its_heir(self, world: World) -> None:
        refuse(world)
        heir = make_unit("Sở Kế thừa")
        reassign(
            participation=part(world), unit=heir, actor=world.actor("focal"), at=AT, words="Đổi"
        )
        text = page(world, "focal").content.decode()
        struck = re.findall(r'<s class="holder-unit">.*?</s>.*?</li>', text, re.DOTALL)
        assert [(world.units["lead"].name in one, heir.name in one) for one in struck] == [
            (True, True)
        ]

    def test_open_group_is_shown_as_nobody_yet(self, world: World) -> None:
        group = UnitGroup.objects.create(name="các đơn vị liên quan", is_open=True)
        PlanItem.objects.get().open_groups.add(group)
        assert list(page(world, "focal").context["open_groups"]) == [group]

    def test_overseers_may_follow_up_each_late_clock(self, world: World) -> None:
        pages = [page(world, role) for role in ("focal", "supervisor", "own lead")]
        links = [re.findall(r"/deadlines/\d+/follow-up/", p.content.decode()) for p in pages]
        assert [len(found) for found in links] == [3, 3, 0]


class TestSupervision:
    def test_supervision_is_for_the_issuers_leader(self, world: World) -> None:
        roles = ("supervisor", "issuing officer", "focal")
        offers = [page(world, role).context["it"].supervision for role in roles]
        assert [[o.name for o in held] for held in offers] == [["suspend", "cancel"], [], []]

    def test_suspended_item_can_only_be_resumed_or_cancelled(self, world: World) -> None:
        supervisor = world.actor("supervisor")
        suspend_item(item=PlanItem.objects.get(), actor=supervisor, at=AT, reason="Chờ chỉ đạo")
        it = page(world, "supervisor").context["it"]
        assert [offer.name for offer in it.supervision] == ["resume", "cancel"]
        assert page(world, "own lead").context["it"].next_step is None

    def test_halted_item_says_why(self, world: World) -> None:
        supervisor = world.actor("supervisor")
        cancel_item(item=PlanItem.objects.get(), actor=supervisor, at=AT, reason="Bỏ chủ trương")
        context = page(world, "supervisor").context
        assert (context["halt"].words, context["it"].supervision) == ("Bỏ chủ trương", [])


class TestDates:
    def test_extension_shows_the_original_date_and_why(self, world: World) -> None:
        extension = ask_for_more_time(world)
        grant_extension(extension=extension, actor=world.actor("supervisor"), at=AT)
        (moved,) = page(world, "own lead").context["it"].moved
        assert [(v.version, v.due_on, v.reason) for v in moved.versions.all()] == [
            (1, dt.date(2023, 6, 30), ""),
            (2, dt.date(2023, 7, 31), "Chờ vốn"),
        ]

    def test_date_shown_first_is_that_of_my_own_part(self, world: World) -> None:
        extension = ask_for_more_time(world)
        grant_extension(extension=extension, actor=world.actor("supervisor"), at=AT)
        dates = [
            page(world, role).context["it"].clock.standing.due_on
            for role in ("own lead", "other lead", "focal")
        ]
        assert dates == [dt.date(2023, 7, 31), dt.date(2023, 6, 30), dt.date(2023, 6, 30)]

    def test_source_sentence_is_quoted(self, world: World) -> None:
        PlanItem.objects.update(source_text="a) Việc <của> đơn vị")
        text = page(world, "focal").content.decode()
        quoted = re.findall(r'<blockquote class="source">(.*?)<footer>', text)
        assert quoted == ["a) Việc &lt;của&gt; đơn vị"]


def tell(verb: str, **details: Any) -> str:
    event = Event(verb=verb, details=details)
    with translation.override("en"):
        return sentence(event)


class TestStory:
    def test_every_verb_has_a_sentence(self) -> None:
        assert set(SENTENCES) == set(Verb)

    def test_sentence_names_the_percentage(self) -> None:
        assert tell(Verb.PROGRESSED, percent=60) == "updated progress to 60 %"

    def test_sentence_names_the_dates(self) -> None:
        dates = {"before": "2023-12-08", "after": "2023-12-15"}
        assert tell(Verb.EXTENSION_REQUESTED, **dates) == (
            "asked for an extension from Friday, 8 Dec 2023 to Friday, 15 Dec 2023"
        )

    def test_units_assigned_together_share_a_line(self, world: World) -> None:
        take(world)
        lines = story(Event.objects.filter(item__isnull=False).story())
        assert [(line.event.verb, line.units) for line in lines] == [
            ("acknowledged", []),
            ("assigned", [world.units[u].name for u in ("lead", "other_lead", "coordinator")]),
        ]

    def test_page_tells_the_newest_first_with_its_words(self, world: World) -> None:
        update_progress(
            participation=take(world),
            actor=world.actor("own lead"),
            at=AT + dt.timedelta(hours=1),
            percent=60,
            words="Đã mở <thầu>",
        )
        response = page(world, "focal")
        assert response.context["story"][0].event.verb == "progressed"
        assert response.content.decode().count("Đã mở &lt;thầu&gt;") == 1


class TestCost:
    def cost(self, number: int) -> int:
        leads = [make_unit() for _n in range(number)]
        plan = make_plan(leads=leads, coordinating=[make_unit() for _n in range(number)])
        for unit in leads:
            actor, mine = make_actor(unit), lead_part(plan, unit)
            acknowledge(participation=mine, actor=actor, at=AT)
            raise_obstacle(participation=mine, actor=actor, at=AT, words="Thiếu vốn")
            request_extension(
                participation=mine, actor=actor, at=AT, due_on=TODAY.replace(year=2024), reason="x"
            )
        return self.queries(plan.focal_unit, plan.items.get().pk)

    def queries(self, unit: Any, item: int) -> int:
        client = Client()
        client.force_login(make_person(unit))
        get(client, "item", item)
        with CaptureQueriesContext(connection) as queries:
            assert get(client, "item", item).status_code == 200
        with CaptureQueriesContext(connection) as chart:
            assert get(client, "item_chart", item).status_code == 200
        return 1000 * len(queries) + len(chart)

    def test_pages_cost_the_same_for_one_unit_and_for_thirty(self) -> None:
        assert self.cost(15) == self.cost(1)


class TestChart:
    def svg(self, world: World, role: str = "focal") -> ElementTree.Element:
        item = PlanItem.objects.get()
        text = get(world.client(role), "item_chart", item.pk).content.decode()
        (drawn,) = re.findall(r'<svg class="chart".*?</svg>', text, re.DOTALL)
        return ElementTree.fromstring(drawn.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1))  # noqa: S314

    def test_picture_has_a_title_and_a_description(self, world: World) -> None:
        svg = self.svg(world)
        title, words = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None
        assert words is not None
        assert svg.get("aria-labelledby") == title.get("id")
        assert (words.text or "").count(world.units["lead"].name) == 1

    def test_picture_names_no_node_and_has_no_style(self, world: World) -> None:
        drawn = ElementTree.tostring(self.svg(world), encoding="unicode").lower()
        names = ("each_lead", "each lead", "lead_took_it", "took it", "fork", "style=", "<style")
        assert [name for name in names if name in drawn] == []

    def test_picture_shows_where_each_unit_is(self, world: World) -> None:
        take(world)
        item = PlanItem.objects.get()
        picture = get(world.client("focal"), "item_chart", item.pk).context["picture"]
        assert sorted(place.unit for place in picture.places) == sorted(
            world.units[unit].name for unit in ("lead", "other_lead", "coordinator")
        )
        assert sum(shape.status == "here" for shape in picture.shapes) == 3

    def test_step_of_the_focal_unit_names_whose_part_it_is(self, world: World) -> None:
        report_completion(world)
        item = PlanItem.objects.get()
        places = get(world.client("focal"), "item_chart", item.pk).context["picture"].places
        assert [(p.unit, p.about) for p in places if p.about] == [
            (world.units["focal"].name, world.units["lead"].name)
        ]

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_bpmn_is_well_formed_with_whole_numbers(self, world: World, language: str) -> None:
        item = PlanItem.objects.get()
        client = world.client("focal")
        client.cookies["django_language"] = language
        answer = get(client, "item_bpmn", item.pk)
        root = ElementTree.fromstring(answer.content)  # noqa: S314
        numbers = [e.get("x") for e in root.iter() if e.get("x")]
        assert answer["Content-Type"].startswith("application/xml")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert root.tag == f"{BPMN}definitions"
        assert [n for n in numbers if not re.fullmatch(r"-?\d+", n or "")] == []


@pytest.fixture
def proof(world: World, settings: Any, tmp_path: Any) -> Evidence:
    settings.MEDIA_ROOT = tmp_path
    page = SimpleUploadedFile("trang.html", b"<script>alert(1)</script>", content_type="text/html")
    update_progress(
        participation=take(world),
        actor=world.actor("own lead"),
        at=AT,
        percent=10,
        words="Kèm tệp",
        files=[page],
    )
    return Evidence.objects.get()


class TestEvidence:
    def test_file_is_saved_and_never_opened_as_a_page(self, world: World, proof: Evidence) -> None:
        answer = get(world.client("own coordinator"), "evidence", proof.pk)
        assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
        assert answer["Content-Disposition"] == 'attachment; filename="trang.html"'
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_file_is_refused_to_others(self, world: World, proof: Evidence) -> None:
        others = ("other unit", "administrator", "anonymous")
        answers = [get(world.client(role), "evidence", proof.pk) for role in others]
        assert [answer.status_code for answer in answers] == [404, 404, 302]

    def test_missing_file_is_not_found(self, world: World, proof: Evidence) -> None:
        proof.file.delete(save=False)
        Evidence.objects.update(file="evidence/2023/06/trang.html")
        assert get(world.client("focal"), "evidence", proof.pk).status_code == 404

    def test_page_links_the_file(self, world: World, proof: Evidence) -> None:
        text = page(world, "focal").content.decode()
        assert text.count(reverse("evidence", args=[proof.pk])) == 1
