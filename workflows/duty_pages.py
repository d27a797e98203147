"""What somebody can do with duties to report: on the page of a plan's duties, and of one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tasks.models import Plan, PlanState, ReportingObligation, ReportState
from tasks.plan_queries import HANDED_IN
from tasks.reporting.periods import CYCLES
from workflows.access import Actor
from workflows.actions.obligations import feedable
from workflows.inbox import Offer
from workflows.plan_pages import oversees_plan


def plan_offers(actor: Actor, plan: Plan) -> list[Offer]:
    if plan.state == PlanState.CLOSED or not oversees_plan(actor, plan):
        return []
    return [Offer("reports_request", _("Ask for reports by letter…"), plan.pk)]


def duty_offers(actor: Actor, duty: ReportingObligation) -> list[Offer]:
    """What the actor can do with the duty, for whoever oversees its plan."""
    if duty.plan.state == PlanState.CLOSED or not oversees_plan(actor, duty.plan):
        return []
    offers = []
    if duty.recurrence in CYCLES:
        offers.append(Offer("duty_change", _("Change or end…"), duty.pk))
    if feedable(duty, actor).exists():
        offers.append(Offer("duty_feed", _("Consolidated in…"), duty.pk))
    if duty.request_id is not None and duty.ends_on is None and not _is_answered(duty):
        offers.append(Offer("request_withdraw", _("Withdraw the request"), duty.pk, False, True))
    return offers


def _is_answered(duty: ReportingObligation) -> bool:
    states = (*HANDED_IN, ReportState.RETURNED)
    return duty.periods.filter(reports__state__in=states).exists()
