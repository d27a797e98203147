"""Findings in the words of an administrator: what differs, and what a repair would do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.audit import NOTES
from notifications.kinds import FindingKind
from notifications.ladder_words import when_of
from notifications.models import AuditFinding, AuditRun
from notifications.repair import LAID_OUT_ANEW, REPAIRABLE, SPOKEN_AGAIN

SAMPLES = 20

_ADVICE: dict[str, str | Promise] = {
    FindingKind.REFUSED: _(
        "Correct the address of the person or the bridge, then send it again from its page."
    ),
    FindingKind.DOUBLED: _("Nothing can call a message back. Please report this to your supplier."),
    FindingKind.LATE: _("A fact for the record. Look whether the clock or the worker was silent."),
    FindingKind.UNKNOWN: _(
        "The connection broke between sending and its record. It was sent again under the same "
        "number, so that the mail server can drop the second one."
    ),
    FindingKind.NOBODY: _("Enter people in the posts that the ladder names."),
}
_LAID_OUT = _("The dates are laid out anew; what was sent stays, and is not sent again.")
_SPOKEN = _("The reminder is due again, and tells whoever was not told.")
_SWEPT = _("The worker's round is made at once.")


@dataclass(frozen=True, slots=True)
class Sample:
    """One finding; `when` are the words of its rung, such as "3 working days before"."""

    finding: AuditFinding
    when: str


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one kind: how many, some of them, and what is to be done."""

    kind: FindingKind
    number: int
    samples: list[Sample]

    @property
    def is_note(self) -> bool:
        return self.kind in NOTES

    @property
    def repairable(self) -> bool:
        return self.kind in REPAIRABLE

    @property
    def remedy(self) -> str | Promise:
        if self.kind in LAID_OUT_ANEW:
            return _LAID_OUT
        if self.kind in SPOKEN_AGAIN:
            return _SPOKEN
        return _ADVICE.get(self.kind, _SWEPT)


def groups_of(run: AuditRun, *, samples: int = SAMPLES) -> list[Group]:
    """The findings by kind, alarms first. Two queries."""
    by_kind: dict[str, list[Sample]] = {}
    for finding in _about(run.findings.all()):
        kept = by_kind.setdefault(finding.kind, [])
        if len(kept) < samples:
            kept.append(Sample(finding, when_of(finding.rung, finding.occurrence)))
    return [
        Group(kind, run.counts[kind], by_kind.get(kind, []))
        for kind in FindingKind
        if run.counts.get(kind)
    ]


def _about(findings: Iterable[AuditFinding]) -> Iterable[AuditFinding]:
    return findings.select_related(  # type: ignore[attr-defined, no-any-return]
        "deadline__unit", "deadline__plan__document", "mail__recipient", "call__bridge"
    )
