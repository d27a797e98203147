"""The kinds of card of a review: their form, its first content, what it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.models import PlanDraft
from tasks.rules.numbers import show_number
from workflows.drafting.edits import (
    change_duty,
    change_header,
    change_item,
    change_target,
    choice_of,
    find_duty,
    find_item,
    find_target,
)
from workflows.drafting.history import HEADER, parts_of, value_at
from workflows.drafting.registry import Registry
from workflows.drafting.review import LEADS, Duty, Item, Review, TargetLine, day_of
from workflows.forms.draft_cards import CardForm, DutyForm, HeaderForm, ItemForm, TargetForm

Fields = dict[str, Any]


def _header_fields(review: Review) -> Fields:
    relations = {f"relation_{one['key']}": one["relation"] for one in review["citations"]}
    return {
        **{name: review[name] for name in ("number", "kind", "title", "signer", "leader")},
        **{name: day_of(review[name]) for name in ("issued_on", "start_on", "end_on")},
        "issuer": choice_of(review["issuer"]),
        "focal": f"u{review['focal']}" if review["focal"] else "",
        **{f"section_{n}": section["title"] for n, section in enumerate(review["sections"])},
        **relations,
    }


def _item_fields(item: Item) -> Fields:
    names = ("code", "title", "section", "timeframe_text", "recurrence", "product")
    return {
        **{name: item[name] for name in names},  # type: ignore[literal-required]
        "start_on": day_of(item["start_on"]),
        "due_on": day_of(item["due_on"]),
        **{f"name_{name['key']}": choice_of(name) for name in item["names"]},
    }


def _duty_fields(duty: Duty) -> Fields:
    return {
        "who": LEADS if duty["who"] == LEADS else choice_of(duty["reporter"]),
        "via": choice_of(duty["via"]),
        "due_text": duty["due_text"],
        "due_on": day_of(duty["due_on"]),
        "recurrence": duty["recurrence"],
        "to": "\n".join(duty["to"]),
        "text": duty["text"],
    }


def _target_fields(target: TargetLine) -> Fields:
    numbers = ("low", "high", "baseline")
    names = ("name", "measure", "aggregation", "direction", "text")
    return {
        **{name: target[name] for name in names},  # type: ignore[literal-required]
        **{name: _as_number(target[name]) for name in numbers},  # type: ignore[literal-required]
        "start_on": day_of(target["start_on"]),
        "end_on": day_of(target["end_on"]),
        "unit": f"u{target['unit']}" if target["unit"] else "",
        "indicator": str(target["indicator"] or ""),
        "under": str(target["under"] or ""),
    }


def _as_number(text: str | None) -> str:
    return "" if text is None else show_number(Decimal(text))


def _change_header(review: Review, _key: str, given: Mapping[str, Any]) -> None:
    change_header(review, given)


@dataclass(frozen=True, slots=True)
class CardKind:
    """How the cards of one kind are corrected."""

    form: type[CardForm]
    fields: Callable[[Any], Fields]
    change: Callable[[Review, str, Mapping[str, Any]], None]


_HEADER = CardKind(HeaderForm, _header_fields, _change_header)
_ITEM = CardKind(ItemForm, _item_fields, change_item)
_DUTY = CardKind(DutyForm, _duty_fields, change_duty)
_TARGET = CardKind(TargetForm, _target_fields, change_target)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed meanwhile; `mine` is empty where I left it alone."""

    name: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a draft: its key, and how it is corrected."""

    draft: PlanDraft
    key: str
    kind: CardKind
    registry: Registry
    differences: list[Difference] = field(default_factory=list)

    @classmethod
    def of(cls, draft: PlanDraft, key: str, registry: Registry) -> Card | None:
        """The card with this key, if the review has one."""
        review: Review = draft.review
        if key == HEADER:
            return cls(draft, key, _HEADER, registry)
        if find_item(review, key):
            return cls(draft, key, _ITEM, registry)
        if find_target(review, key):
            return cls(draft, key, _TARGET, registry)
        return cls(draft, key, _DUTY, registry) if find_duty(review, key) else None

    def form(self, data: Mapping[str, Any] | None = None) -> CardForm:
        """The form as the review fills it, or with what was sent."""
        initial = {**self._now(), "revision": self.draft.revision}
        about: dict[str, Any] = {"review": self.draft.review, "registry": self.registry}
        about["auto_id"] = f"{self.key}-%s"  # several cards may be open at once
        if self.key != HEADER:
            about["key"] = self.key
        if data is not None and (theirs := _chosen(data)):
            data = {**_flat(data), **{name: _as_sent(initial.get(name)) for name in theirs}}
        return self.kind.form(data, initial=initial, **about)

    def change(self, form: CardForm) -> Callable[[Review], None]:
        """What saving the valid `form` does to a review."""
        return lambda review: self.kind.change(review, self.key, form.cleaned_data)

    def _now(self) -> Fields:
        return self.kind.fields(parts_of(self.draft.review)[self.key])

    def merged(self, data: Mapping[str, Any], revision: int) -> CardForm:
        """The form after somebody else saved the card: both inputs, nothing overwritten.

        `data` was filled in on `revision`. A field that only the other person changed shows what
        they wrote; where both did, mine stays in the field and `differences` holds theirs.
        """
        edits = self.draft.edits.filter(revision__gt=revision).order_by("revision")
        now = parts_of(self.draft.review)[self.key]
        base = self.kind.fields(value_at(edits.values_list("changes", flat=True), self.key, now))
        sent, theirs = _flat(data), self.kind.fields(now)
        for name, told in self.form().fields.items():
            if name == "revision" or base.get(name) == theirs.get(name):
                continue
            if told.has_changed(base.get(name), sent.get(name)):
                self._differ(name, told, sent.get(name), theirs.get(name))
            else:
                sent[name] = _as_sent(theirs.get(name))
                self.differences.append(
                    Difference(name, _label(told), "", _shown(told, sent[name]))
                )
        form = self.form({**sent, "revision": str(self.draft.revision)})
        # Marks the form as not saved, for the script that keeps half-filled forms.
        form.add_error("revision", _("Not saved."))
        return form

    def _differ(self, name: str, told: forms.Field, mine: Any, theirs: Any) -> None:
        if told.has_changed(theirs, mine):
            values = _shown(told, mine), _shown(told, _as_sent(theirs))
            self.differences.append(Difference(name, _label(told), *values))


def _chosen(data: Mapping[str, Any]) -> list[str]:
    """The fields for which the person takes what the other one wrote."""
    read = getattr(data, "getlist", None)
    return list(read("theirs")) if read else []


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """One value for each field, with the line breaks of the review."""
    return {name: str(data[name]).replace("\r\n", "\n") for name in data}


def _as_sent(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)


def _label(told: forms.Field) -> str:
    return str(told.label)


def _shown(told: forms.Field, sent: Any) -> str:
    """A value as a person reads it."""
    if isinstance(told, forms.DateField):
        return _shown_date(told, sent)
    if isinstance(told, forms.ChoiceField | forms.ModelChoiceField):
        return _choice_label(told.choices, str(sent or ""))
    return str(sent or "") or _("(empty)")


def _shown_date(told: forms.DateField, sent: Any) -> str:
    try:
        day = told.to_python(sent)
    except forms.ValidationError:
        return str(sent)
    return date_format(day, "SHORT_DATE_FORMAT") if day else _("(empty)")


def _choice_label(choices: Any, sent: str) -> str:
    for value, label in choices:
        if isinstance(label, list | tuple):
            if found := _choice_label(label, sent):
                return found
        elif str(value) == sent:
            return str(label)
    return ""
