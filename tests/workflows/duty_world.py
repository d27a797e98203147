"""A plan whose lead units report and requests for more reports by letter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tasks.models import (
    MembershipRole,
    Plan,
    Report,
    Reporters,
    ReportingObligation,
    SectionKind,
)
from tasks.rules.calendar import local_instant
from tests.factories import make_actor
from tests.workflows.world import World
from workflows.actions import obligations, reports
from workflows.actions.obligations import RequestLetter, Wanted

DUE = dt.date(2023, 12, 10)  # of the lead units in `make_world`


def request(
    world: World,
    *units: str,
    role: str = "focal",
    due_on: dt.date = dt.date(2099, 5, 20),
    number: str = "152/SKHCN-QLCN",
    **wanted: Any,
) -> ReportingObligation:
    """Ask the units by a letter of 2 May 2023; without any, every lead unit."""
    about: dict[str, Any] = {"reporters": Reporters.LEADS, **wanted}
    if units:
        about = {"reporters": Reporters.CHOSEN, "units": [world.units[name] for name in units]}
    return obligations.request_reports(
        plan=world.plan,
        wanted=Wanted(title="Kết quả thực hiện Quyết định 827/QĐ-UBND", due_on=due_on, **about),
        letter=RequestLetter(number, dt.date(2023, 5, 2)),
        actor=world.actor(role),
        at=local_instant(dt.date(2023, 5, 2), 9),
    )


def leads_duty(plan: Plan) -> ReportingObligation:
    return plan.obligations.get(reporters=Reporters.LEADS, request__isnull=True)


def hand_in(report: Report, at: dt.datetime) -> None:
    leader = make_actor(report.unit, MembershipRole.LEADER)
    texts = reports.texts_by_kind(report, {SectionKind.RESULTS: "Đã làm"})
    reports.save_report(report=report, actor=leader, at=at, texts=texts)
    reports.present_report(report=report, actor=leader, at=at)
    reports.submit_report(report=report, actor=leader, at=at)
