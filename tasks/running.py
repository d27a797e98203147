"""What is under way: parts and reports of running plans that somebody still has to finish."""

from __future__ import annotations

from django.db.models import QuerySet

from tasks.models import (
    ItemState,
    Participation,
    ParticipationState,
    PlanState,
    Proposal,
    ProposalState,
    Report,
    ReportState,
)

FINISHED_PARTS = (
    ParticipationState.ACCEPTED,
    ParticipationState.REPLACED,
    ParticipationState.CANCELLED,
)
# Somebody will be asked, or is being asked.
OPEN_PROPOSALS = (ProposalState.WRITTEN, ProposalState.OPEN)
FINISHED_REPORTS = (ReportState.ACCEPTED, ReportState.CANCELLED)


def open_parts() -> QuerySet[Participation]:
    """Parts that are neither finished nor given away, in items that still run."""
    return (
        Participation.objects.exclude(state__in=FINISHED_PARTS)
        .exclude(item__state__in=(ItemState.COMPLETED, ItemState.CANCELLED))
        .filter(item__plan__state=PlanState.RUNNING)
    )


def open_reports() -> QuerySet[Report]:
    """Reports that are still owed or still to be judged."""
    return Report.objects.exclude(state__in=FINISHED_REPORTS).filter(plan__state=PlanState.RUNNING)


def open_proposals() -> QuerySet[Proposal]:
    """Proposals that wait for an answer, or will once their report is handed in."""
    return Proposal.objects.filter(state__in=OPEN_PROPOSALS, plan__state=PlanState.RUNNING)
