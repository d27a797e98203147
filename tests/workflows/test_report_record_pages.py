"""Comments on the page of a report, its versions side by side, and the receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import ReportComment, ReportState, SectionKind
from tests.workflows.acts import LATER, presented, report_of, small_world, submitted
from tests.workflows.world import ROLES, World
from workflows.actions import reports
from workflows.actions.report_comments import comment_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world(reports=True)


def comment(world: World, role: str = "focal", words: str = "Nêu số lượt người") -> None:
    section = report_of(world).sections.get(kind=SectionKind.RESULTS)
    comment_section(section=section, actor=world.actor(role), at=LATER, words=words)


def give_back(world: World, reason: str = "") -> None:
    actor = world.actor("focal")
    reports.return_report(report=report_of(world), actor=actor, at=LATER, reason=reason)


def page(world: World, role: str, name: str = "report", *more: int, **query: Any) -> Any:
    address = reverse(name, args=[report_of(world).pk, *more])
    return world.client(role).get(address, query)


def words_on(response: Any) -> list[str]:
    sections = response.context["sections"]
    return [one.words for section in sections for one in section.comments.all()]


class TestComments:
    def test_returning_takes_comments_for_a_reason(self, world: World) -> None:
        submitted(world)
        address = reverse("report_return", args=[report_of(world).pk])
        client = world.client("focal")
        assert client.post(address, {"reason": ""}).status_code == 422
        comment(world)
        assert client.post(address, {"reason": ""}).status_code == 302
        assert report_of(world).state == ReportState.RETURNED

    @pytest.mark.parametrize(
        ("role", "seen", "may_settle"),
        [
            ("own lead", ["Nêu số lượt người"], True),
            ("read-only", ["Nêu số lượt người"], False),
            ("focal", ["Nêu số lượt người"], False),
            ("other lead", [], False),
            ("supervisor", [], False),
        ],
    )
    def test_page_shows_comments_to_the_two_units(
        self, world: World, role: str, seen: list[str], may_settle: bool
    ) -> None:
        submitted(world)
        comment(world)
        give_back(world)
        response = page(world, role)
        assert words_on(response) == seen
        assert response.context["open_comments"] == len(seen)
        assert response.context["may_settle"] is may_settle

    def test_page_offers_commenting_to_whoever_decides(self, world: World) -> None:
        presented(world)
        may = [
            role for role in ("own lead", "own lead's leader", "focal") if self._may(world, role)
        ]
        assert may == ["own lead's leader"]

    def _may(self, world: World, role: str) -> bool:
        return bool(page(world, role).context["may_comment"])

    def test_writer_settles_by_a_tick_with_the_text(self, world: World) -> None:
        submitted(world)
        comment(world)
        give_back(world)
        client, address = (
            world.client("own lead"),
            reverse("report_edit", args=[report_of(world).pk]),
        )
        shown = client.get(address).context["sections"][0]
        prefix = shown.form.add_prefix
        (said,) = ReportComment.objects.all()
        sent = {
            prefix("text"): "Đã làm cho 85 lượt người",
            prefix("revision"): shown.section.revision,
            prefix("settled"): [said.pk],
        }
        assert client.post(address, sent).status_code == 302
        said.refresh_from_db()
        assert said.settled_by == world.people["own lead"]
        assert "settled" not in client.get(address).context["sections"][0].form.fields

    def test_page_costs_the_same_for_one_comment_and_for_ten(self, world: World) -> None:
        submitted(world)

        def cost() -> int:
            client, address = world.client("focal"), reverse("report", args=[report_of(world).pk])
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            return len(queries)

        comment(world)
        one = cost()
        for _n in range(9):
            comment(world)
        assert cost() == one


def rewritten(world: World) -> None:
    """Submitted, returned, and submitted again with another text."""
    submitted(world)
    give_back(world, "Viết lại")
    report, actor = report_of(world), world.actor("own lead")
    texts = reports.texts_by_kind(report, {SectionKind.RESULTS: "Đã làm xong"})
    reports.save_report(report=report, actor=actor, at=LATER, texts=texts)
    reports.present_report(report=report, actor=actor, at=LATER)
    leader = world.actor("own lead's leader")
    reports.submit_report(report=report, actor=leader, at=LATER)


class TestVersions:
    @pytest.mark.parametrize(
        ("role", "numbers"), [("own lead", [5, 4, 3, 2, 1]), ("focal", [5, 3, 2])]
    )
    def test_what_was_presented_inside_stays_inside(
        self, world: World, role: str, numbers: list[int]
    ) -> None:
        rewritten(world)
        response = page(world, role, "report_versions")
        assert [one.number for one in response.context["versions"]] == numbers

    def test_newest_is_compared_with_what_it_answers(self, world: World) -> None:
        rewritten(world)
        response = page(world, "focal", "report_versions")
        assert (response.context["old"].number, response.context["new"].number) == (3, 5)
        assert "<ins>" in response.content.decode()
        first = response.context["sections"][0]
        assert [(piece.change, piece.text) for piece in first.pieces] == [
            ("same", "Đã làm"),
            ("in", " xong"),
        ]

    def test_reader_chooses_the_two(self, world: World) -> None:
        rewritten(world)
        response = page(world, "own lead", "report_versions", old=1, new=2)
        assert (response.context["old"].number, response.context["new"].number) == (1, 2)
        assert not any(section.is_changed for section in response.context["sections"])

    def test_version_of_the_house_cannot_be_named_by_others(self, world: World) -> None:
        rewritten(world)
        response = page(world, "focal", "report_versions", old=1, new=4)
        assert (response.context["old"], response.context["new"].number) == (None, 5)

    def test_report_without_versions_says_when_one_is_kept(self, world: World) -> None:
        response = page(world, "own lead", "report_versions")
        assert (response.status_code, response.context["versions"]) == (200, [])

    def test_whoever_decides_reads_what_changed(self, world: World) -> None:
        rewritten(world)
        context = page(world, "focal").context
        assert (context["given_back"].number, len(context["changed"])) == (3, 1)


class TestReceipt:
    def test_receipt_names_what_was_submitted(self, world: World) -> None:
        submitted(world)
        version = report_of(world).versions.get(number=2)
        text = page(world, "own lead", "report_receipt", 2).content.decode()
        assert version.digest in text
        assert world.people["own lead's leader"].full_name in text.replace("&#x27;", "'")
        assert world.units["focal"].name in text

    def test_only_a_submitted_version_has_a_receipt(self, world: World) -> None:
        submitted(world)
        assert page(world, "own lead", "report_receipt", 1).status_code == 404

    def test_receipt_by_role(self, world: World) -> None:
        submitted(world)
        world.people["administrator"] = world.people["other unit"]
        got = {role for role in ROLES if page(world, role, "report_receipt", 2).status_code == 200}
        assert got == set(ROLES) - {"other unit", "administrator", "anonymous"}
