"""Saying what becomes of a unit: first what happens, then what passes to whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import SuccessionKind, Unit
from workflows.succeeding.moves import Move, Sort, Succession, Target

KINDS = (
    (SuccessionKind.RENAME, _("It gets another name")),
    (SuccessionKind.MERGE, _("It is merged, alone or with others, into one unit")),
    (SuccessionKind.SPLIT, _("It is split among several units")),
    (SuccessionKind.TRANSFER, _("It goes on, but gives functions to other units")),
)
BETWEEN_NAMES = ";"
_MOST_NEW = 20


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A choice of several units by their full names."""

    def label_from_instance(self, unit: Any) -> str:
        return str(unit.name)


class SuccessionForm(forms.Form):
    """What happens to `unit`. Its fields stay in the address while the preview is looked at."""

    kind = forms.ChoiceField(label=_("What happens"), choices=KINDS, widget=forms.RadioSelect)
    effective_on = forms.DateField(
        label=_("Since"),
        widget=forms.DateInput(),
        help_text=_("The first day on which the successor exists or carries on the work."),
    )
    others = UnitsField(
        Unit.objects.none(),
        label=_("Merged together with it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a merger: the other units that end with it."),
    )
    into = UnitsField(
        Unit.objects.none(),
        label=_("Units that carry on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that exist already. Leave it empty where only new units carry on."),
    )
    new = forms.CharField(
        label=_("New units"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One line for each: full name; short name."
            " Such as “Sở Khoa học và Công nghệ; Sở KH&CN”."
        ),
    )
    note = forms.CharField(
        label=_("Decision"),
        required=False,
        max_length=200,
        help_text=_("The number and date of the decision, for the record."),
    )

    def __init__(self, *args: Any, unit: Unit, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.today = unit, today
        units = Unit.objects.valid_on(today).exclude(pk=unit.pk).order_by("name")
        for name in ("others", "into"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = units

    def clean_new(self) -> list[Target]:
        found = []
        lines = [line for line in self.cleaned_data["new"].splitlines() if line.strip()]
        if len(lines) > _MOST_NEW:
            raise forms.ValidationError(_("At most 20 new units at once."))
        for number, line in enumerate(lines):
            name, _sign, short = (part.strip() for part in line.partition(BETWEEN_NAMES))
            if not name or len(name) > 200 or len(short or name) > 60:
                raise forms.ValidationError(
                    _("“%(line)s”: at most 200 characters for the name, 60 for the short one."),
                    params={"line": line},
                )
            found.append(Target(f"n{number}", name, short or name))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        count = len(data["into"]) + len(data["new"])
        kind = data["kind"]
        if kind == SuccessionKind.RENAME and (len(data["new"]) != 1 or data["into"]):
            self.add_error("new", _("Write the new name: one line, and choose no other unit."))
        elif kind == SuccessionKind.MERGE and count != 1:
            self.add_error("into", _("A merger has one successor: choose it, or write a new one."))
        elif kind == SuccessionKind.SPLIT and count < 2:
            self.add_error("into", _("A split needs at least two successors."))
        elif kind == SuccessionKind.TRANSFER and count < 1:
            self.add_error("into", _("Choose who takes the functions over."))
        if kind != SuccessionKind.MERGE and data["others"]:
            self.add_error("others", _("Only a merger ends several units at once."))
        if data["effective_on"] > self.today:
            message = _("Record it on the day it takes effect: from then on, work moves.")
            self.add_error("effective_on", message)
        return data

    def succession(self) -> Succession:
        """What the valid form says. Of a merger, the unit that stays is no predecessor."""
        data = self.cleaned_data
        into = [Target.existing(unit) for unit in data["into"]] + data["new"]
        stays = {target.unit.pk for target in into if target.unit}
        others = [unit for unit in data["others"] if unit.pk not in stays]
        return Succession(
            kind=SuccessionKind(data["kind"]),
            leaving=(self.unit, *others),
            into=tuple(into),
            effective_on=data["effective_on"],
            note=data["note"],
        )


class ChoicesForm(forms.Form):
    """For each thing that passes on, to whom; by default to the first successor."""

    def __init__(
        self, *args: Any, succession: Succession, moves: list[Move], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not succession.has_choice:
            return
        for move in moves:
            if move.sort is Sort.GROUP:
                continue
            self.fields[move.key] = forms.ChoiceField(
                label=move.label,
                choices=succession.choices(),
                initial=succession.default,
                required=False,
            )
