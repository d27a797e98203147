"""What reviewers teach the registry: which unit a name of a plan means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tasks.importing.matching import MatchKind
from tasks.models import Person, PlanDraft, RegistryChange, RegistryVerb, Unit, UnitAlias
from tasks.rules.names import fold, match_key, tidy
from workflows.access import Actor, require_registrar
from workflows.drafting.edits import CHOSEN
from workflows.drafting.review import Name, Review, all_names
from workflows.errors import ActionRefused

# Names that the registry could not tell for sure, so that a person's answer teaches something.
_TEACHABLE = (MatchKind.UNKNOWN, MatchKind.FUZZY, CHOSEN)
_PROPER = 3  # words: with fewer a name means something else in each agency
_LONGEST = 200  # characters, as the column holds

Before = dict[str, tuple[str, int | None]]


def names_before(review: Review) -> Before:
    """What each name of the review was taken for, to be compared after a change."""
    return {name["key"]: (name["kind"], name["unit"]) for name in all_names(review)}


def learn_aliases(draft: PlanDraft, before: Before, *, actor: Actor, at: dt.datetime) -> None:
    """Remember the units that a person has just chosen for names the registry did not know.

    A name that can be several units, that is another unit's, or that is short like "nhà trường" is
    remembered for the plans of the draft's unit only. A second choice for the same name replaces
    what was learned from the first. A name that stands for several units teaches nothing. Call
    inside the transaction.
    """
    for name in _chosen(draft.review, before):
        _kind, former = before[name["key"]]
        _forget_former(name, former, draft.unit)
        unit = Unit.objects.get(pk=name["unit"] or 0)
        issuer = draft.unit if _depends_on_issuer(name, unit) else None
        _remember(name, unit, issuer, actor, at)


def unlearn_aliases(*, learned_by: Person, learned_at: dt.datetime) -> None:
    """Forget what one step of a review taught, when that step is undone."""
    UnitAlias.objects.filter(learned_by=learned_by, learned_at=learned_at).delete()


@transaction.atomic
def add_alias(
    *, unit: Unit, text: str, issuer: Unit | None, actor: Actor, at: dt.datetime
) -> UnitAlias:
    """An administrator teaches a name; twice the same is no error. Raises `NotAllowed`."""
    require_registrar(actor)
    text = tidy(text).strip()[:_LONGEST]
    if not match_key(text):
        raise ActionRefused(_("Write the name as documents write it."))
    alias, is_new = UnitAlias.objects.get_or_create(
        unit=unit, folded=fold(text), issuer=issuer, defaults={"text": text}
    )
    if is_new:
        RegistryChange.objects.create(
            unit=unit, actor=actor.person, at=at, verb=RegistryVerb.ALIAS_ADDED, words=text
        )
    return alias


@transaction.atomic
def forget_alias(*, alias: UnitAlias, actor: Actor, at: dt.datetime) -> None:
    """Take an alias back; plans that are issued keep their units. Raises `NotAllowed`."""
    require_registrar(actor)
    RegistryChange.objects.create(
        unit=alias.unit,
        actor=actor.person,
        at=at,
        verb=RegistryVerb.ALIAS_REMOVED,
        words=alias.text,
    )
    alias.delete()


def _chosen(review: Review, before: Before) -> Iterator[Name]:
    """The names that the change gave a unit, each wording once."""
    names = list(all_names(review))
    seen: set[str] = set()
    for name in names:
        kind, former = before.get(name["key"], ("", None))
        key = match_key(name["name"])
        if (
            name["kind"] != CHOSEN
            or not name["unit"]
            or name["unit"] == former
            or kind not in _TEACHABLE
            or (kind == CHOSEN and former is None)
            or not key
            or key in seen
            or _stands_for_several(name, review)
        ):
            continue
        seen.add(key)
        yield name


def _stands_for_several(name: Name, review: Review) -> bool:
    """Whether one item asks several units under the same words."""
    return any(
        one["key"] != name["key"] and one["name"] == name["name"] and one["unit"] != name["unit"]
        for item in review["items"]
        if any(own["key"] == name["key"] for own in item["names"])
        for one in item["names"]
    )


def _forget_former(name: Name, former: int | None, issuer: Unit) -> None:
    if former is None:
        return
    learned = UnitAlias.objects.filter(
        unit=former, folded=fold(name["name"]), learned_by__isnull=False
    )
    for alias in learned:
        if alias.issuer_id in (None, issuer.pk):
            alias.delete()


def _depends_on_issuer(name: Name, unit: Unit) -> bool:
    short = len(match_key(name["name"]).split()) < _PROPER
    return short or bool(name["candidates"]) or _means_others(name, unit)


def _means_others(name: Name, unit: Unit) -> bool:
    """Whether other units go by the same words, accents and case aside."""
    folded = fold(name["name"])
    others = UnitAlias.objects.filter(folded=folded).exclude(unit=unit)
    named = Unit.objects.filter(folded_name__contains=folded).exclude(pk=unit.pk)
    return others.exists() or any(
        match_key(name["name"]) in (match_key(one.name), match_key(one.short_name)) for one in named
    )


def _remember(name: Name, unit: Unit, issuer: Unit | None, actor: Actor, at: dt.datetime) -> None:
    text = tidy(name["name"]).strip()[:_LONGEST]
    if issuer is not None:
        # Here the words mean one unit only: the latest answer counts.
        key = match_key(text)
        own = UnitAlias.objects.filter(issuer=issuer, folded=fold(text)).exclude(unit=unit)
        UnitAlias.objects.filter(
            pk__in=[one.pk for one in own if match_key(one.text) == key]
        ).delete()
    UnitAlias.objects.get_or_create(
        unit=unit,
        folded=fold(text),
        issuer=issuer,
        defaults={"text": text, "learned_by": actor.person, "learned_at": at},
    )
