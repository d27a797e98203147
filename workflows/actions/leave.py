"""Leave and substitutes: who stands in for whom, from when until when.

The substitute joins the groups of the absent person's posts on these days, so they may do what the
absent person might, and are told in their place with the reason said.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.models import Membership, Person, Substitution
from tasks.rules.calendar import local_date
from workflows.access import Actor, sync_memberships
from workflows.errors import ActionRefused, NotAllowed, Overtaken


def colleagues(person: Person, *, on: dt.date) -> QuerySet[Person]:
    """Who may stand in for `person`: those with a post in a unit of theirs."""
    units = Membership.objects.current(on).filter(person=person).values("unit")
    posts = Membership.objects.current(on).filter(unit__in=units)
    return Person.objects.filter(pk__in=posts.values("person")).exclude(pk=person.pk)


def may_arrange(actor: Actor, absent: Person, *, on: dt.date) -> bool:
    """Oneself, and the leader of a unit for whoever has a post in it."""
    if actor.person.pk == absent.pk:
        return True
    led = actor.may("approve_for_unit")
    return led and Membership.objects.current(on).filter(person=absent, unit=actor.unit).exists()


@transaction.atomic
def arrange_leave(
    *,
    absent: Person,
    substitute: Person,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    actor: Actor,
    at: dt.datetime,
) -> Substitution:
    """Let `substitute` stand in for `absent`, both days included.

    Raises `NotAllowed` for anybody but the absent person and the leader of their unit, and
    `ActionRefused` when the days or the substitute make no sense.
    """
    today = local_date(at)
    _require(actor, absent, today)
    # The row of the absent person keeps two leaves from being entered at once.
    Person.objects.select_for_update().get(pk=absent.pk)
    _check(absent, substitute, starts_on, ends_on, today)
    made = Substitution.objects.create(
        absent=absent,
        substitute=substitute,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        entered_by=actor.person,
        entered_at=at,
    )
    sync_memberships(today=today)
    return made


@transaction.atomic
def end_leave(*, substitution: Substitution, actor: Actor, at: dt.datetime) -> None:
    """End a leave early, or call off one to come. Raises `NotAllowed` or `Overtaken`."""
    found = Substitution.objects.select_for_update(of=("self",)).select_related("absent")
    leave = found.get(pk=substitution.pk)
    today = local_date(at)
    _require(actor, leave.absent, today)
    if leave.ended_at is not None or leave.ends_on < today:
        raise Overtaken(_("This leave is over already; nothing was changed."))
    leave.ended_at, leave.ended_by = at, actor.person
    leave.save(update_fields=["ended_at", "ended_by"])
    sync_memberships(today=today)


def _require(actor: Actor, absent: Person, today: dt.date) -> None:
    if not may_arrange(actor, absent, on=today):
        raise NotAllowed(
            _("Only %(person)s and the leader of the unit enter this leave.") % {"person": absent}
        )


def _check(
    absent: Person, substitute: Person, starts_on: dt.date, ends_on: dt.date, today: dt.date
) -> None:
    if ends_on < starts_on:
        raise ActionRefused(_("The leave ends before it begins: correct the days."))
    if ends_on < today:
        raise ActionRefused(_("These days are over: enter days from today on."))
    if not colleagues(absent, on=today).filter(pk=substitute.pk).exists():
        raise ActionRefused(
            _("Choose somebody with a post in the same unit as %(person)s.") % {"person": absent}
        )
    standing = Substitution.objects.standing().filter(
        starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if standing.filter(absent=substitute).exists():
        raise ActionRefused(
            _("%(person)s is away on some of these days: choose somebody else.")
            % {"person": substitute}
        )
    if standing.filter(absent=absent).exists():
        raise ActionRefused(
            _("A leave of %(person)s on some of these days is entered already: end it first.")
            % {"person": absent}
        )
