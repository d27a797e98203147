"""What units propose ("đề xuất, kiến nghị"), and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.plan import Plan
from tasks.models.report import Report
from tasks.models.unit import Person, Unit


class ProposalState(models.TextChoices):
    OPEN = "open", _("waiting for an answer")
    ANSWERED = "answered", _("answered")
    REFUSED = "refused", _("refused")


class Proposal(FSMModelMixin, models.Model):
    """A proposal ends answered, or refused with the reason; it is never just put away."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="proposals")
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="proposals", verbose_name=_("proposed by")
    )
    words = models.TextField(_("proposal"))
    # Who shall answer. A body outside of this installation is only named.
    addressee = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="proposals_received"
    )
    addressee_name = models.CharField(_("addressed to"), max_length=300, blank=True)
    state = FSMField(
        _("state"), choices=ProposalState.choices, default=ProposalState.OPEN, protected=True
    )
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-raised_at", "pk")
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ended_proposal_has_words_and_moment",
                condition=Q(state="open", answered_at__isnull=True, answer="")
                | (
                    ~Q(state="open")
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                ),
            ),
        ]
        indexes: ClassVar = [
            # Serves what waits for an answer of a unit.
            models.Index(
                fields=("addressee",), condition=Q(state="open"), name="proposal_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @transition(field=state, source=ProposalState.OPEN, target=ProposalState.ANSWERED)
    def mark_answered(self) -> None: ...

    @transition(field=state, source=ProposalState.OPEN, target=ProposalState.REFUSED)
    def refuse(self) -> None: ...
