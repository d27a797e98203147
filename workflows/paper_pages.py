"""What the page of a report says about papers: the receipt, and what waits to be confirmed."""

from __future__ import annotations

from typing import Any

from tasks.models import PaperState, PlanState, Report
from workflows.access import Actor
from workflows.actions.papers import may_receive


def papers_on_report(report: Report, actor: Actor) -> dict[str, Any]:
    """The receipt of a report handed in on paper; for whoever may receive one, the way to it."""
    receives = report.plan.state != PlanState.CLOSED and may_receive(actor, report)
    papers = report.papers.exclude(state=PaperState.DISCARDED)
    known = list(papers.select_related("received_by", "unit").defer("text", "reading"))
    received = [one for one in known if one.state == PaperState.RECEIVED]
    return {
        "received": received[0] if received and report.on_paper else None,
        "receives_paper": receives,
        "open_papers": [one for one in known if one.state != PaperState.RECEIVED],
    }
