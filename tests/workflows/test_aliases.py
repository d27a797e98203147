"""A reviewer's answer is remembered: the next plan with that name needs nobody."""

from __future__ import annotations

import pytest

from tasks.models import PlanDraft, UnitAlias
from tests.factories import make_actor, make_unit
from tests.workflows.draft_world import (
    AT,
    UNKNOWN,
    Office,
    doubts,
    edited,
    make_draft,
    name_of,
    registry,
    settled,
)
from workflows.actions.aliases import forget_alias
from workflows.actions.drafts import undo_edit
from workflows.drafting.edits import OPEN, settle, settle_one_more
from workflows.errors import NotAllowed

pytestmark = pytest.mark.django_db


def choose(office: Office, draft: PlanDraft, choice: str) -> PlanDraft:
    return edited(
        office, draft, lambda review: settle(review, name_of(draft, UNKNOWN)["key"], choice)
    )


def test_answer_is_remembered_with_its_author_and_moment(office: Office) -> None:
    settled(office, make_draft(office))
    alias = UnitAlias.objects.get(text=UNKNOWN)
    assert (alias.unit, alias.issuer) == (office.finance, None)
    assert (alias.learned_by, alias.learned_at) == (office.officer.person, AT)


def test_next_document_needs_no_answer(office: Office) -> None:
    settled(office, make_draft(office))
    draft = make_draft(office)
    assert (name_of(draft, UNKNOWN)["unit"], doubts(draft)) == (office.finance.pk, [])


def test_second_answer_replaces_the_first(office: Office) -> None:
    draft = settled(office, make_draft(office))
    choose(office, draft, f"u{office.transport.pk}")
    assert [alias.unit for alias in UnitAlias.objects.filter(text=UNKNOWN)] == [office.transport]


def test_answer_that_names_nobody_teaches_nothing(office: Office) -> None:
    choose(office, make_draft(office), OPEN)
    assert not UnitAlias.objects.filter(text=UNKNOWN).exists()


def test_name_that_stands_for_several_units_teaches_nothing(office: Office) -> None:
    draft = make_draft(office)
    key = name_of(draft, UNKNOWN)["key"]
    draft = edited(
        office, draft, lambda review: settle_one_more(review, key, f"u{office.transport.pk}")
    )
    edited(office, draft, lambda review: settle(review, key, f"u{office.finance.pk}"))
    assert not UnitAlias.objects.filter(text=UNKNOWN).exists()


def test_name_that_can_be_several_units_is_remembered_for_this_issuer_only(office: Office) -> None:
    for unit in (office.finance, office.transport):
        UnitAlias.objects.create(unit=unit, text=UNKNOWN)
    draft = make_draft(office)
    assert set(name_of(draft, UNKNOWN)["candidates"]) == {office.finance.pk, office.transport.pk}
    choose(office, draft, f"u{office.finance.pk}")
    assert UnitAlias.objects.get(text=UNKNOWN, learned_at=AT).issuer == office.committee
    assert registry(draft).match([UNKNOWN])[UNKNOWN].unit == office.finance.pk
    other = registry(draft)
    other._home = make_unit().pk
    assert other.match([UNKNOWN])[UNKNOWN].unit is None


def test_known_name_given_to_another_unit_teaches_nothing(office: Office) -> None:
    draft = make_draft(office)
    edited(
        office,
        draft,
        lambda review: settle(
            review, name_of(draft, "Sở Giao thông vận tải")["key"], f"u{office.finance.pk}"
        ),
    )
    assert not UnitAlias.objects.filter(learned_at__isnull=False).exists()


def test_only_the_administrator_takes_an_alias_back(office: Office) -> None:
    settled(office, make_draft(office))
    alias = UnitAlias.objects.get(text=UNKNOWN)
    with pytest.raises(NotAllowed):
        forget_alias(alias=alias, actor=make_actor(office.finance), at=AT)
    assert UnitAlias.objects.filter(pk=alias.pk).exists()


def test_undone_answer_is_forgotten_and_learned_again_when_done_again(office: Office) -> None:
    draft = settled(office, make_draft(office))
    draft = undo_edit(draft=draft, actor=office.officer, at=AT, edit=draft.edits.get().pk)
    assert not UnitAlias.objects.filter(text=UNKNOWN).exists()
    undo_edit(draft=draft, actor=office.officer, at=AT, edit=draft.edits.all()[0].pk)
    assert UnitAlias.objects.get(text=UNKNOWN).unit == office.finance
