"""What units propose ("đề xuất, kiến nghị"), and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.item import Obstacle, Participation
from tasks.models.plan import Plan
from tasks.models.report import Report
from tasks.models.unit import Person, Unit


class ProposalState(models.TextChoices):
    WRITTEN = "written", _("in a report not yet handed in")
    OPEN = "open", _("waiting for an answer")
    ANSWERED = "answered", _("answered")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


# What became of a proposal, in the words of whoever was asked.
ENDED = (ProposalState.ANSWERED, ProposalState.REFUSED)


class Proposal(FSMModelMixin, models.Model):
    """A proposal ends answered, or refused with the reason; it is never just put away.

    One of a report is only written until the report is handed in; then its addressee is asked.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="proposals")
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    # The part it was raised on, and the obstacle that nobody answered, where it came from one.
    participation = models.ForeignKey(
        Participation, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    obstacle = models.OneToOneField(
        Obstacle, models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="proposals", verbose_name=_("proposed by")
    )
    words = models.TextField(_("proposal"))
    # Who shall answer. A body outside of this installation is only named: the focal unit then
    # records what it answered.
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
    # The letter in which it was answered, above all that of a body outside.
    letter_number = models.CharField(_("number of the letter"), max_length=60, blank=True)
    letter_date = models.DateField(_("date of the letter"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-raised_at", "pk")
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ended_proposal_has_words_and_moment",
                condition=Q(
                    state__in=("written", "open", "withdrawn"), answered_at__isnull=True, answer=""
                )
                | (
                    Q(state__in=("answered", "refused"))
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                ),
            ),
            models.CheckConstraint(
                name="proposal_names_its_addressee",
                condition=Q(addressee__isnull=False) | ~Q(addressee_name=""),
            ),
            models.CheckConstraint(
                name="written_proposal_is_in_a_report",
                condition=~Q(state="written") | Q(report__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            # Serves what waits for an answer of a unit.
            models.Index(
                fields=("addressee",), condition=Q(state="open"), name="proposal_unanswered"
            ),
            # Serves the register, newest first.
            models.Index(fields=("plan", "-raised_at"), name="proposal_plan_raised"),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def answering_unit(self) -> Unit:
        """Who owes the answer; for a body outside, the focal unit that records it."""
        return self.addressee or self.plan.focal_unit

    @property
    def addressed_to(self) -> str:
        return self.addressee.name if self.addressee else self.addressee_name

    @property
    def is_outside(self) -> bool:
        """Addressed to a body that does not use this installation."""
        return self.addressee_id is None

    @transition(field=state, source=ProposalState.WRITTEN, target=ProposalState.OPEN)
    def raise_it(self) -> None:
        """Its report was handed in."""

    @transition(field=state, source=ProposalState.OPEN, target=ProposalState.WRITTEN)
    def put_back(self) -> None:
        """Its report was returned: it can be changed until the report is handed in again."""

    @transition(field=state, source=ProposalState.OPEN, target=ProposalState.ANSWERED)
    def mark_answered(self) -> None: ...

    @transition(field=state, source=ProposalState.OPEN, target=ProposalState.REFUSED)
    def refuse(self) -> None: ...

    @transition(
        field=state,
        source=(ProposalState.WRITTEN, ProposalState.OPEN),
        target=ProposalState.WITHDRAWN,
    )
    def withdraw(self) -> None: ...
