"""A unit proposes; whoever it is addressed to answers, refuses with a reason or passes it on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    WRITABLE,
    Deadline,
    Obstacle,
    Participation,
    Proposal,
    ProposalState,
    Report,
    Unit,
    Verb,
)
from tasks.rules.calendar import local_date
from workflows.access import Actor, grant_plan, require
from workflows.actions.base import (
    attempt,
    locked_part,
    locked_report,
    needed,
    record,
    refuse_closed,
)
from workflows.actions.deadlines import abandon, fulfil, open_proposal_answer, pass_answer_on
from workflows.errors import ActionRefused, Overtaken


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is asked: a unit of the registry, or the name of a body outside of it."""

    unit: Unit | None = None
    name: str = ""

    def __str__(self) -> str:
        return self.unit.short_name if self.unit else self.name

    @property
    def written_name(self) -> str:
        """The name to be kept: none where the unit is known."""
        return "" if self.unit else self.name.strip()


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter in which an answer was given; `issued_on` is a local date."""

    number: str = ""
    issued_on: dt.date | None = None


def write_proposal(
    *,
    report: Report,
    actor: Actor,
    at: dt.datetime,
    words: str,
    addressee: Addressee,
    proposal: Proposal | None = None,
) -> Proposal:
    """Write a proposal into a report, or change `proposal`. It is raised when the report is
    handed in. Raises `Overtaken` when the report has left the unit's desk.
    """
    refuse_nobody(addressee, report.unit)
    with locked_report(report) as fresh:
        require(actor, "act_for_unit", unit=fresh.unit, right="write_report", on=fresh)
        _refuse_handed_in(fresh)
        found = _written(fresh, proposal)
        found.raised_by, found.raised_at = actor.person, at
        found.words = _said(words)
        found.addressee, found.addressee_name = addressee.unit, addressee.written_name
        found.save()
        _note(Verb.PROPOSAL_WRITTEN, found, actor, at, words=found.words, to=str(addressee))
        return found


def _written(report: Report, proposal: Proposal | None) -> Proposal:
    if proposal is None:
        return Proposal(
            plan=report.plan, report=report, unit=report.unit, state=ProposalState.WRITTEN
        )
    found = report.proposals.filter(pk=proposal.pk, state=ProposalState.WRITTEN).first()
    if found is None:
        raise Overtaken(_("This proposal can no longer be changed in the report."))
    return found


def raise_proposal(
    *,
    participation: Participation,
    actor: Actor,
    at: dt.datetime,
    words: str,
    addressee: Addressee,
    obstacle: Obstacle | None = None,
) -> Proposal:
    """A lead unit proposes something about its part, without waiting for the next report.

    With `obstacle`, an unanswered difficulty of the part becomes the proposal.
    """
    with locked_part(participation) as part:
        require(actor, "act_for_unit", unit=part.unit, right="lead_planitem", on=part.item)
        refuse_nobody(addressee, part.unit)
        if obstacle is not None:
            _give_up_waiting(obstacle, part, at)
        proposal = Proposal.objects.create(
            plan=part.item.plan,
            participation=part,
            obstacle=obstacle,
            unit=part.unit,
            words=_said(words),
            addressee=addressee.unit,
            addressee_name=addressee.written_name,
            raised_by=actor.person,
            raised_at=at,
        )
        _ask(proposal, actor, at)
        return proposal


def _give_up_waiting(obstacle: Obstacle, part: Participation, at: dt.datetime) -> None:
    waiting = part.obstacles.filter(answered_at__isnull=True, proposal__isnull=True)
    if not waiting.filter(pk=obstacle.pk).exists():
        raise Overtaken(_("This obstacle has been answered, or is a proposal already."))
    abandon(obstacle.answer_deadlines.all(), at=at)


def raise_proposals_of(report: Report, *, actor: Actor, at: dt.datetime) -> None:
    """The report was handed in: whoever its proposals are addressed to is asked. Call it inside
    the report's lock.
    """
    for proposal in _of_report(report, ProposalState.WRITTEN):
        proposal.raise_it()
        proposal.raised_by, proposal.raised_at = actor.person, at
        proposal.save()
        _ask(proposal, actor, at)


def put_back_proposals_of(report: Report, *, at: dt.datetime) -> None:
    """The report was returned: what nobody answered yet can be changed. Call it inside the
    report's lock.
    """
    for proposal in _of_report(report, ProposalState.OPEN):
        abandon(proposal.answer_deadlines.all(), at=at)
        proposal.put_back()
        proposal.save()


def drop_proposals_of(report: Report) -> None:
    """The report is called off: what was only written in it was never proposed."""
    for proposal in _of_report(report, ProposalState.WRITTEN):
        proposal.withdraw()
        proposal.save()


def _of_report(report: Report, state: ProposalState) -> QuerySet[Proposal]:
    return (
        report.proposals.filter(state=state)
        .select_related("plan__focal_unit", "plan__issuer", "unit", "addressee")
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def pass_on_proposal(
    *, proposal: Proposal, actor: Actor, at: dt.datetime, addressee: Addressee, reason: str
) -> None:
    """It is for somebody else to answer; they get the whole time for it."""
    reason = needed(reason)
    with locked_proposal(proposal) as fresh:
        require_answerer(actor, fresh)
        _refuse_unless_open(fresh)
        refuse_nobody(addressee, fresh.unit)
        if addressee.unit == fresh.addressee and addressee.written_name == fresh.addressee_name:
            raise ActionRefused(_("It is addressed to them already: choose somebody else."))
        fresh.addressee, fresh.addressee_name = addressee.unit, addressee.written_name
        fresh.save()
        _let_see(fresh)
        pass_answer_on(
            fresh.answer_deadlines.all(),
            to=fresh.answering_unit,
            reason=reason,
            by=actor.person,
            at=at,
        )
        _note(Verb.PROPOSAL_PASSED_ON, fresh, actor, at, words=reason, to=str(addressee))


def answer_proposal(
    *, proposal: Proposal, actor: Actor, at: dt.datetime, words: str, letter: Letter | None = None
) -> None:
    """Answer it. What a body outside answered is recorded with its letter."""
    with locked_proposal(proposal) as fresh:
        _end(fresh, actor, at, needed(words), letter or Letter(), Verb.PROPOSAL_ANSWERED)


def refuse_proposal(
    *, proposal: Proposal, actor: Actor, at: dt.datetime, reason: str, letter: Letter | None = None
) -> None:
    with locked_proposal(proposal) as fresh:
        _end(fresh, actor, at, needed(reason), letter or Letter(), Verb.PROPOSAL_REFUSED)


def _end(
    fresh: Proposal, actor: Actor, at: dt.datetime, words: str, letter: Letter, verb: Verb
) -> None:
    require_answerer(actor, fresh)
    _refuse_unless_open(fresh)
    _refuse_letter(fresh, letter, at)
    fresh.answer, fresh.answered_by, fresh.answered_at = words, actor.person, at
    fresh.letter_number, fresh.letter_date = letter.number.strip(), letter.issued_on
    attempt(fresh.refuse if verb == Verb.PROPOSAL_REFUSED else fresh.mark_answered)
    fresh.save()
    fulfil(fresh.answer_deadlines.all(), at=at)
    _note(verb, fresh, actor, at, words=words)


def withdraw_proposal(
    *, proposal: Proposal, actor: Actor, at: dt.datetime, reason: str = ""
) -> None:
    """The unit no longer proposes it; what is only written in a report needs no reason."""
    report = proposal.report
    with locked_report(report) if report else nullcontext(), locked_proposal(proposal) as fresh:
        require_proposer(actor, fresh)
        unseen = fresh.state == ProposalState.WRITTEN
        words = reason.strip() if unseen else needed(reason)
        attempt(fresh.withdraw)
        fresh.save()
        abandon(fresh.answer_deadlines.all(), at=at)
        verb = Verb.PROPOSAL_REMOVED if unseen else Verb.PROPOSAL_WITHDRAWN
        _note(verb, fresh, actor, at, words=words)


@contextmanager
def locked_proposal(proposal: Proposal) -> Iterator[Proposal]:
    """The proposal, read afresh under its lock; refuses when its plan is closed."""
    with transaction.atomic():
        fresh = (
            Proposal.objects.select_for_update(of=("self",))
            .select_related("plan__focal_unit", "plan__issuer", "unit", "addressee")
            .get(pk=proposal.pk)
        )
        refuse_closed(fresh.plan)
        yield fresh


def require_answerer(actor: Actor, proposal: Proposal) -> None:
    """Staff of the unit that owes the answer, as long as it may see the plan."""
    require(
        actor, "act_for_unit", unit=proposal.answering_unit, right="view_plan", on=proposal.plan
    )


def require_proposer(actor: Actor, proposal: Proposal) -> None:
    require(actor, "act_for_unit", unit=proposal.unit, right="view_plan", on=proposal.plan)


def _ask(proposal: Proposal, actor: Actor, at: dt.datetime) -> None:
    """The addressee sees the plan from now on, has a date, and is told."""
    _let_see(proposal)
    deadline = open_proposal_answer(proposal, by=actor.person, at=at)
    to = proposal.addressee.short_name if proposal.addressee else proposal.addressee_name
    _note(Verb.PROPOSAL_RAISED, proposal, actor, at, words=proposal.words, to=to, deadline=deadline)


def _let_see(proposal: Proposal) -> None:
    grant_plan(proposal.plan, [proposal.answering_unit])


def _note(
    verb: Verb,
    proposal: Proposal,
    actor: Actor,
    at: dt.datetime,
    *,
    words: str,
    to: str = "",
    deadline: Deadline | None = None,
) -> None:
    record(
        verb,
        actor=actor,
        at=at,
        plan=proposal.plan,
        participation=proposal.participation,
        proposal=proposal,
        deadline=deadline,
        words=words,
        details={"to": to} if to else {},
    )


def _said(words: str) -> str:
    words = words.strip()
    if not words:
        raise ActionRefused(_("Write what is proposed."))
    return words


def refuse_nobody(addressee: Addressee, proposer: Unit) -> None:
    """Refuse a proposal that asks nobody, or the proposing unit itself."""
    if addressee.unit is None and not addressee.name.strip():
        raise ActionRefused(_("Say whom the proposal is addressed to."))
    if addressee.unit == proposer:
        raise ActionRefused(_("A unit does not address a proposal to itself."))


def _refuse_handed_in(report: Report) -> None:
    if report.state not in WRITABLE:
        raise Overtaken(
            _("The report is “%(state)s” and cannot be edited now.")
            % {"state": report.get_state_display()}
        )


def _refuse_unless_open(proposal: Proposal) -> None:
    if proposal.state != ProposalState.OPEN:
        raise Overtaken(
            _("The proposal is “%(state)s”: look at what became of it.")
            % {"state": proposal.get_state_display()}
        )


def _refuse_letter(proposal: Proposal, letter: Letter, at: dt.datetime) -> None:
    """A body outside is quoted with its letter; no letter is of tomorrow."""
    if proposal.is_outside and not (letter.number.strip() and letter.issued_on):
        raise ActionRefused(
            _("Enter number and date of the letter in which %(name)s answered.")
            % {"name": proposal.addressee_name}
        )
    if letter.issued_on and letter.issued_on > local_date(at):
        raise ActionRefused(_("The letter cannot be of a day that is still to come."))
