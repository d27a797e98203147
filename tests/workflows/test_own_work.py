"""The focal unit leads, too: nobody there judges their own work."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tasks.models import Event, MembershipRole, ParticipationState, ReportState, SectionKind, Verb
from tests.factories import lead_part, make_actor, make_plan, make_unit
from tests.workflows.world import AT
from workflows.access import Actor
from workflows.actions import assignment, reports, work
from workflows.actions.reports import texts_by_kind
from workflows.errors import NotAllowed
from workflows.inbox import open_steps

pytestmark = pytest.mark.django_db


def claimed_by_focal() -> tuple[Actor, Actor]:
    """The focal unit claims its own part; its officer and its leader."""
    focal = make_unit()
    plan = make_plan(leads=[focal], focal=focal)
    officer, leader = make_actor(focal), make_actor(focal, MembershipRole.LEADER)
    part = lead_part(plan)
    assignment.acknowledge(participation=part, actor=officer, at=AT)
    work.claim_completion(participation=part, actor=officer, at=AT, words="x")
    return officer, leader


def test_officer_cannot_accept_the_own_units_claim(client: Client) -> None:
    officer, _leader = claimed_by_focal()
    assert officer.unit is not None
    part = officer.unit.participations.get()
    with pytest.raises(NotAllowed):
        work.accept_completion(participation=part, actor=officer, at=AT)
    client.force_login(officer.person)
    assert client.get(reverse("accept", args=[part.pk])).status_code == 403
    assert "judge" not in {step.flow_task.name for step in open_steps(officer)}


def test_leader_accepts_the_own_units_claim() -> None:
    _officer, leader = claimed_by_focal()
    assert leader.unit is not None
    part = leader.unit.participations.get()
    assert "judge" in {step.flow_task.name for step in open_steps(leader)}
    work.accept_completion(participation=part, actor=leader, at=AT)
    assert leader.unit.participations.get().state == ParticipationState.ACCEPTED


def test_report_to_oneself_is_accepted_with_the_leaders_approval() -> None:
    focal = make_unit()
    plan = make_plan(leads=[focal], focal=focal)
    officer, leader = make_actor(focal), make_actor(focal, MembershipRole.LEADER)
    report = plan.reports.get(unit=focal, is_consolidated=False)
    texts = texts_by_kind(report, {SectionKind.RESULTS: "x"})
    reports.save_report(report=report, actor=officer, at=AT, texts=texts)
    reports.present_report(report=report, actor=officer, at=AT)
    reports.submit_report(report=report, actor=leader, at=AT)
    assert plan.reports.get(pk=report.pk).state == ReportState.ACCEPTED
    assert Event.objects.filter(report=report, verb=Verb.REPORT_ACCEPTED).count() == 1
