"""Every action × every role, each cell tried over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from tasks.models import (
    Deadline,
    DeadlineKind,
    Event,
    Evidence,
    Membership,
    MembershipRole,
    PlanItem,
    Report,
    ReportingObligation,
    ReportSection,
    Role,
    SectionKind,
)
from tests.factories import make_plan
from tests.workflows.duty_world import leads_duty, request
from tests.workflows.world import AT, DAY, ROLES, World, lead_part, make_world
from workflows.access import sync_memberships
from workflows.actions import (
    assignment,
    extensions,
    proposals,
    report_comments,
    reports,
    supervision,
    work,
)
from workflows.actions.proposals import Addressee
from workflows.actions.reports import texts_by_kind
from workflows.views.act_table import ACTS

pytestmark = pytest.mark.django_db

OWN = {"own lead", "own lead's leader"}
FOCAL = {"focal", "focal's leader"}
TOP = {"supervisor"}
INSIDE = {*OWN, *FOCAL, *TOP, "other lead", "own coordinator", "issuing officer", "read-only"}
SIGNED_IN = {*INSIDE, "other unit", "administrator"}
WORDS = {"words": "Đã xem xét", "reason": "Lý do chính đáng"}

LETTER = {
    "number": "152/SKHCN-QLCN",
    "issued_on": "2023-05-02",
    "title": "Kết quả thực hiện Quyết định 827/QĐ-UBND",
    "reporters": "leads",
    "due_on": "2099-05-20",
}
CHANGE = {"recurrence": "quarterly", "window": "decree", **WORDS}
TO_MINISTRY = {"name": "Bộ Tài chính", **WORDS}

Prepare = Callable[[World], int]


def fresh_part(world: World) -> int:
    return lead_part(world.plan, world.units["lead"]).pk


def acknowledged(world: World) -> int:
    part = lead_part(world.plan, world.units["lead"])
    assignment.acknowledge(participation=part, actor=world.actor("own lead"), at=AT)
    return part.pk


def declined(world: World) -> int:
    part = lead_part(world.plan, world.units["lead"])
    assignment.decline(participation=part, actor=world.actor("own lead"), at=AT, reason="x")
    return part.pk


def claimed(world: World) -> int:
    acknowledged(world)
    part = lead_part(world.plan, world.units["lead"])
    work.claim_completion(participation=part, actor=world.actor("own lead"), at=AT, words="x")
    return part.pk


def obstacle(world: World) -> int:
    acknowledged(world)
    part = lead_part(world.plan, world.units["lead"])
    raised = work.raise_obstacle(
        participation=part, actor=world.actor("own lead"), at=AT, words="x"
    )
    return raised.pk


def extension(world: World) -> int:
    acknowledged(world)
    part = lead_part(world.plan, world.units["lead"])
    asked = extensions.request_extension(
        participation=part,
        actor=world.actor("own lead"),
        at=AT,
        due_on=part.item.due_on.replace(month=9),
        reason="x",
    )
    return asked.pk


def running_item(world: World) -> int:
    return world.plan.items.get().pk


def suspended(world: World) -> int:
    item = world.plan.items.get()
    supervision.suspend_item(item=item, actor=world.actor("supervisor"), at=AT, reason="x")
    return item.pk


def own_report(world: World) -> Report:
    return world.plan.reports.get(unit=world.units["lead"])


def written(world: World) -> int:
    reports.save_report(
        report=own_report(world),
        actor=world.actor("own lead"),
        at=AT,
        texts=texts_by_kind(own_report(world), {SectionKind.RESULTS: "Đã làm"}),
    )
    return own_report(world).pk


def presented(world: World) -> int:
    written(world)
    reports.present_report(report=own_report(world), actor=world.actor("own lead"), at=AT)
    return own_report(world).pk


def submitted(world: World) -> int:
    presented(world)
    reports.submit_report(report=own_report(world), actor=world.actor("own lead's leader"), at=AT)
    return own_report(world).pk


def section_of_submitted(world: World) -> int:
    submitted(world)
    return own_report(world).sections.get(kind=SectionKind.RESULTS).pk


def comment(world: World) -> int:
    """A comment on a report that was returned."""
    section = ReportSection.objects.get(pk=section_of_submitted(world))
    about: dict[str, Any] = {"actor": world.actor("focal"), "at": AT}
    said = report_comments.comment_section(section=section, words="x", **about)
    reports.return_report(report=own_report(world), reason="", **about)
    return said.pk


def open_deadline(world: World) -> int:
    return Deadline.objects.get(kind=DeadlineKind.ITEM, unit=world.units["lead"]).pk


def finished_plan(world: World) -> int:
    running = running_item(world)
    supervision.cancel_item(
        item=PlanItem.objects.get(pk=running), actor=world.actor("supervisor"), at=AT, reason="x"
    )
    world.plan.reports.all().delete()
    return world.plan.pk


def proposal(world: World) -> int:
    """Raised by a lead unit on its part, and addressed to the focal unit."""
    acknowledged(world)
    raised = proposals.raise_proposal(
        participation=lead_part(world.plan, world.units["lead"]),
        actor=world.actor("own lead"),
        at=AT,
        words="x",
        addressee=Addressee(world.units["focal"]),
    )
    return raised.pk


def proposal_in_report(world: World) -> int:
    in_report = proposals.write_proposal(
        report=own_report(world),
        actor=world.actor("own lead"),
        at=AT,
        words="x",
        addressee=Addressee(world.units["focal"]),
    )
    return in_report.pk


def recurring_duty(world: World) -> int:
    duty = leads_duty(world.plan)
    ReportingObligation.objects.filter(pk=duty.pk).update(
        recurrence="quarterly", rule="last day of month 3, 6, 9, 12"
    )
    return duty.pk


def duty_below(world: World) -> int:
    """The consolidated report, of a plan that is based on one of the focal unit and the issuer."""
    above = make_plan(leads=[world.units["focal"], world.units["issuer"]])
    world.plan.document.citations.create(target=above.document)
    return world.plan.obligations.get(unit=world.units["focal"]).pk


MATRIX: dict[str, tuple[Prepare, set[str], dict[str, Any]]] = {
    "acknowledge": (fresh_part, OWN, {}),
    "decline": (fresh_part, OWN, WORDS),
    "insist": (declined, FOCAL, WORDS),
    "reassign": (declined, FOCAL, WORDS),
    "progress": (acknowledged, OWN, {"percent": 40, **WORDS}),
    "obstacle": (acknowledged, OWN, WORDS),
    "extension_request": (acknowledged, OWN, {"due_on": "2099-09-30", **WORDS}),
    "claim": (acknowledged, OWN, WORDS),
    "accept": (claimed, FOCAL, WORDS),
    "return_work": (claimed, FOCAL, WORDS),
    "obstacle_answer": (obstacle, FOCAL, WORDS),
    "obstacle_pass_on": (obstacle, FOCAL, WORDS),
    "obstacle_propose": (obstacle, OWN, TO_MINISTRY),
    "proposal_raise": (acknowledged, OWN, TO_MINISTRY),
    "proposal_write": (written, OWN, TO_MINISTRY),
    "proposal_change": (proposal_in_report, OWN, TO_MINISTRY),
    "proposal_answer": (proposal, FOCAL, WORDS),
    "proposal_refuse": (proposal, FOCAL, WORDS),
    "proposal_pass_on": (proposal, FOCAL, TO_MINISTRY),
    "proposal_withdraw": (proposal, OWN, WORDS),
    "extension_decide": (extension, TOP, {"decision": "grant", **WORDS}),
    "suspend": (running_item, TOP, WORDS),
    "resume": (suspended, TOP, WORDS),
    "cancel": (running_item, TOP, WORDS),
    "report_present": (written, OWN, {}),
    "report_send_back": (presented, {"own lead's leader"}, WORDS),
    "report_submit": (presented, {"own lead's leader"}, {}),
    "report_return": (submitted, FOCAL, WORDS),
    "report_accept": (submitted, FOCAL, {}),
    "report_comment": (section_of_submitted, FOCAL, WORDS),
    "report_comment_settle": (comment, OWN, WORDS),
    "follow_up": (open_deadline, {*FOCAL, *TOP}, WORDS),
    "take_notice": (open_deadline, {*FOCAL, *TOP}, {}),
    "plan_close": (finished_plan, {*FOCAL, *TOP}, {}),
    "reports_request": (lambda world: world.plan.pk, {*FOCAL, *TOP}, LETTER),
    "request_withdraw": (lambda world: request(world).pk, {*FOCAL, *TOP}, WORDS),
    "duty_change": (recurring_duty, {*FOCAL, *TOP}, CHANGE),
    "duty_feed": (duty_below, {*FOCAL, *TOP}, {}),
}

# What a role without the right gets: hidden when the plan is not theirs, refused when it is.
OUTSIDE_STATUS = {"other unit": 404, "administrator": 404, "anonymous": 302}


def test_matrix_names_every_action() -> None:
    assert set(MATRIX) == {act.name for act in ACTS}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_action_by_role(name: str) -> None:
    prepare, allowed, data = MATRIX[name]
    world = make_world()
    pk = prepare(world)
    if name == "reassign":
        data = {**data, "unit": world.units["stranger"].pk}
    elif name == "duty_feed":
        above = ReportingObligation.objects.exclude(plan=world.plan)
        data = {"into": above.get(unit__isnull=False).pk}
    got = {role: _try(world, role, name, pk, data) for role in ROLES}
    expected = {
        role: (302, True) if role in allowed else (OUTSIDE_STATUS.get(role, 403), False)
        for role in ROLES
    }
    assert got == expected


def _try(world: World, role: str, name: str, pk: int, data: dict[str, Any]) -> tuple[int, bool]:
    """Open the form and send it; the status, and whether anything happened. Then undo it."""
    client = world.client(role)
    address = reverse(name, args=[pk])
    with transaction.atomic():
        before = Event.objects.count()
        shown = client.get(address).status_code
        response = client.post(address, data)
        changed = Event.objects.count() > before
        signed_out = role == "anonymous"
        assert shown == (200 if changed else response.status_code), (role, shown)
        if signed_out:
            assert response["Location"].startswith(reverse("login"))
        transaction.set_rollback(True)
    return response.status_code, changed


PAGES: dict[str, tuple[Callable[[World], int] | None, set[str]]] = {
    "home": (None, SIGNED_IN),
    "alerts": (None, SIGNED_IN),
    "help": (None, {*SIGNED_IN, "anonymous"}),
    "plan_list": (None, SIGNED_IN),
    "report_list": (None, SIGNED_IN),
    "plan": (lambda world: world.plan.pk, INSIDE),
    "document": (lambda world: world.plan.document_id, INSIDE),
    "item": (running_item, INSIDE),
    "item_chart": (running_item, INSIDE),
    "item_bpmn": (running_item, INSIDE),
    "report": (written, INSIDE),
    "report_paper": (written, INSIDE),
    "report_upload": (written, OWN),
    "report_edit": (written, OWN),
    "proposal_list": (None, SIGNED_IN - {"administrator"}),
    "proposal_export": (None, SIGNED_IN - {"administrator"}),
    "proposal": (proposal, INSIDE),
    "report_versions": (submitted, INSIDE),
    "outline": (lambda world: own_report(world).period.obligation_id, FOCAL),
    "report_calendar": (None, SIGNED_IN - {"administrator"}),
    "duty_list": (lambda world: world.plan.pk, INSIDE),
    "duty": (recurring_duty, INSIDE),
    "duty_xlsx": (recurring_duty, INSIDE),
    "duty_csv": (recurring_duty, INSIDE),
    "supervise": (None, {*FOCAL, *TOP}),
    "draft_list": (None, {"issuing officer", "supervisor"}),
    "draft_upload": (None, {"issuing officer", "supervisor"}),
    "mail_list": (None, {"administrator"}),
    "admin:index": (None, {"administrator"}),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_by_role(name: str) -> None:
    prepare, allowed = PAGES[name]
    world = make_world()
    args = [prepare(world)] if prepare else []
    got = {role: world.client(role).get(reverse(name, args=args)).status_code for role in ROLES}
    seen = {role for role, status in got.items() if status == 200}
    assert seen == allowed
    assert set(got.values()) <= {200, 302, 403, 404}


def test_evidence_by_role(tmp_path: Any, settings: Any) -> None:
    from django.core.files.base import ContentFile

    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    acknowledged(world)
    part = lead_part(world.plan, world.units["lead"])
    work.update_progress(
        participation=part,
        actor=world.actor("own lead"),
        at=AT,
        percent=10,
        words="x",
        files=[ContentFile(b"%PDF-1.4", name="a.pdf")],
    )
    address = reverse("evidence", args=[Evidence.objects.get().pk])
    got = {role for role in ROLES if world.client(role).get(address).status_code == 200}
    assert got == INSIDE


def test_coordinator_acknowledges_its_own_part_only() -> None:
    world = make_world()
    part = world.plan.items.get().participations.get(role=Role.COORDINATING)
    address = reverse("acknowledge", args=[part.pk])
    assert world.client("own lead").post(address).status_code == 403
    assert world.client("own coordinator").post(address).status_code == 302


def test_page_of_another_post_says_which_unit_to_choose() -> None:
    """Somebody with two posts follows a mail that is about the unit they do not act for now."""
    world = make_world()
    person = world.people["other unit"]
    Membership.objects.create(person=person, unit=world.units["lead"], role=MembershipRole.OFFICER)
    sync_memberships(today=DAY)
    client = world.client("other unit")
    client.post(reverse("acting_unit"), {"unit": world.units["stranger"].pk})
    response = client.get(reverse("item", args=[running_item(world)]))
    assert response.status_code == 404
    assert world.units["lead"].short_name in response.content.decode()
    client.post(reverse("acting_unit"), {"unit": world.units["lead"].pk})
    assert client.get(reverse("item", args=[running_item(world)])).status_code == 200
