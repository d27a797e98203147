"""Targets, figures and proposals of a reading as plain data."""

from typing import Any

from tasks.importing.results import Figure, Proposal, Reading, Target


def facts_json(reading: Reading) -> dict[str, Any]:
    """Return the targets, the figures ("facts") and the proposals as plain data for JSON."""
    return {
        "targets": [_target(target) for target in reading.targets],
        "facts": [_figure(figure) for figure in reading.figures],
        "proposals": [_proposal(proposal) for proposal in reading.proposals],
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        **_measured(target),
        "period": target.period,
        "by": target.by.isoformat() if target.by else None,
        "soft": target.soft,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        **_measured(figure),
        "before": _number(figure.before),
        "planned": _number(figure.planned),
        "period": figure.period,
        "counted": figure.counted,
    }


def _measured(fact: Target | Figure) -> dict[str, Any]:
    """Return what targets and figures share; `value` is null for a range or an open side."""
    return {
        "name": fact.name.text,
        "value": _number(fact.low) if fact.low == fact.high else None,
        "min": _number(fact.low),
        "max": _number(fact.high),
        "unit": fact.unit,
        "text": fact.value.text,
        "approximate": fact.approximate,
        "section": fact.section,
        "line": fact.line,
        "confidence": fact.confidence,
        "source": {"name": fact.name.span, "value": fact.value.span},
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "text": proposal.text.text,
        "to": [unit.text for unit in proposal.to],
        "details": [detail.text for detail in proposal.details],
        "section": proposal.section,
        "line": proposal.line,
        "confidence": proposal.confidence,
        "source": {
            "text": proposal.text.span,
            "to": [unit.span for unit in proposal.to],
            "details": [detail.span for detail in proposal.details],
        },
    }


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value
