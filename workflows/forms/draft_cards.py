"""Correcting what was read in a plan, one card at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    Aggregation,
    CitationRelation,
    Direction,
    Membership,
    MembershipRole,
    Person,
    Recurrence,
    Role,
)
from workflows.drafting.edits import OPEN, REMOVE, find_duty, find_item, find_target
from workflows.drafting.registry import Registry
from workflows.drafting.review import LEADS, Duty, Item, Review, TargetLine, names_of
from workflows.drafting.targets import Known
from workflows.forms.actions import DateField, PersonChoice
from workflows.forms.targets import RangeForm, target_label

Label = Any  # text, perhaps lazy
Choices = list[tuple[Any, Any]]
MORE_SELECTS = 2  # empty selects for further units of a role
EARLIEST, LATEST = dt.date(1945, 9, 2), dt.date(2100, 12, 31)


class StepForm(forms.Form):
    """The revision on which a correction is made.

    It is an unseen number, not a hidden field: a browser that puts back a half-filled form puts
    back the revision with it, so that a colleague's later correction is not overwritten.
    """

    revision = forms.IntegerField(
        min_value=1, widget=forms.NumberInput(attrs={"hidden": True, "readonly": True})
    )


class CardForm(StepForm):
    """What the forms of all cards check; `Card` knows what each of them changes."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field, day in data.items():
            if isinstance(day, dt.date) and not EARLIEST <= day <= LATEST:
                self.add_error(field, _("This date cannot be meant: check the year."))
        return data

    def _forward(self, first: str, last: str, message: Label) -> None:
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begin and end and end < begin:
            self.add_error(last, message)


def unit_choices(registry: Registry) -> Choices:
    """Every unit, those that no longer exist with the day until which they did."""
    return [
        (f"u{unit.pk}", _unit_label(registry, unit.pk))
        for unit in sorted(registry.units.values(), key=lambda unit: unit.name)
    ]


def _unit_label(registry: Registry, pk: int) -> str:
    unit = registry.units[pk]
    if registry.exists_today(pk) or unit.valid_until is None:
        return unit.name
    return str(_("%(name)s (until %(year)s)") % {"name": unit.name, "year": unit.valid_until.year})


def group_choices(registry: Registry) -> Choices:
    return [
        (f"g{group.pk}", f"{group.name} ({len(registry.members_of(group.pk))})")
        for group in registry.groups.values()
        if not group.is_open
    ]


def who_choices(registry: Registry, candidates: list[int] | None = None) -> Choices:
    """Units and groups, the candidates of a name first."""
    found: Choices = []
    if candidates:
        likely = [
            (f"u{pk}", _unit_label(registry, pk)) for pk in candidates if pk in registry.units
        ]
        found.append((_("Likely"), likely))
    found.append((_("Units"), unit_choices(registry)))
    if groups := group_choices(registry):
        found.append((_("Groups"), groups))
    return found


class LongSelect(forms.Select):
    """A select of every unit. Drawn in one template: Django's takes one for each option."""

    template_name = "workflows/partials/long_select.html"


def choice_field(
    label: Label, choices: Choices, *, empty: Label | None = None
) -> forms.ChoiceField:
    offered = choices if empty is None else [("", empty), *choices]
    return forms.ChoiceField(label=label, choices=offered, required=False, widget=LongSelect)


class HeaderForm(CardForm):
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    issued_on = DateField(label=_("Issued on"), required=False)
    kind = forms.CharField(label=_("Type"), max_length=60, required=False)
    title = forms.CharField(
        label=_("Title"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signer = forms.CharField(label=_("Signed by"), max_length=120, required=False)
    issuer = forms.ChoiceField(label=_("Issued by"), required=False, widget=LongSelect)
    focal = forms.ChoiceField(
        label=_("Focal unit"),
        required=False,
        help_text=_("It follows up and consolidates."),
        widget=LongSelect,
    )
    leader = PersonChoice(
        label=_("Supervising leader"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Any leader of the issuing unit"),
    )
    start_on = DateField(label=_("From"), required=False)
    end_on = DateField(label=_("Until"), required=False)
    new_cited = forms.CharField(label=_("One more document"), max_length=60, required=False)
    new_relation = forms.ChoiceField(
        label=_("What it is to this plan"), choices=CitationRelation.choices, required=False
    )
    new_code = forms.CharField(label=_("Code of one more section"), max_length=30, required=False)
    new_section = forms.CharField(label=_("Its title"), max_length=500, required=False)

    def __init__(self, *args: Any, review: Review, registry: Registry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [("", _("Not chosen yet")), *unit_choices(registry)]
        for field in ("issuer", "focal"):
            self.fields[field].choices = units  # type: ignore[attr-defined]
        self.fields["leader"].queryset = _leaders(review, registry)  # type: ignore[attr-defined]
        for cited in review["citations"]:
            self.fields[f"relation_{cited['key']}"] = choice_field(
                cited["number"], CitationRelation.choices, empty=_("Leave it out")
            )
        used = {item["section"] for item in review["items"]}
        for number, section in enumerate(review["sections"]):
            if section["code"] not in used:
                continue
            label = _("Title of section %(code)s") % {"code": section["code"]}
            self.fields[f"section_{number}"] = forms.CharField(
                label=label, max_length=500, required=False
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._forward("start_on", "end_on", _("The end is before the beginning."))
        return data

    @property
    def cited(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("relation_")]

    @property
    def sections(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("section_")]


def _leaders(review: Review, registry: Registry) -> Any:
    posts = Membership.objects.current(registry.today).filter(
        unit=review["issuer"]["unit"], role=MembershipRole.LEADER
    )
    return Person.objects.filter(pk__in=posts.values("person_id"))


class ItemForm(CardForm):
    code = forms.CharField(label=_("Code"), max_length=30, required=False)
    title = forms.CharField(
        label=_("What"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    section = forms.ChoiceField(label=_("Section"), required=False)
    timeframe_text = forms.CharField(
        label=_("Time, in the plan's words"), max_length=300, required=False
    )
    recurrence = forms.ChoiceField(label=_("How it recurs"), choices=Recurrence.choices)
    start_on = DateField(label=_("Starts on"), required=False)
    due_on = DateField(label=_("Due on"), required=False)
    product = forms.CharField(label=_("Product"), max_length=500, required=False)

    def __init__(
        self, *args: Any, review: Review, key: str, registry: Registry, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        found = find_item(review, key)
        assert found is not None
        self.item: Item = found
        sections = [
            (one["code"], f"{one['code']}. {one['title']}"[:80]) for one in review["sections"]
        ]
        self.fields["section"].choices = [("", _("None")), *sections]  # type: ignore[attr-defined]
        self._add_names(registry)

    def _add_names(self, registry: Registry) -> None:
        everybody = who_choices(registry)
        others = [(OPEN, _("Names nobody in particular")), (REMOVE, _("Take it off the item"))]
        for name in self.item["names"]:
            label = name["name"] or _("Unit")
            field = choice_field(label, [*others, *everybody], empty=_("Not known yet"))
            self.fields[f"name_{name['key']}"] = field
        for role, label in ((Role.LEAD, _("One more lead unit")), _MORE_COORDINATING):
            for number in range(1, MORE_SELECTS + 1):
                field = choice_field(label, everybody, empty=_("None"))
                self.fields[f"add_{role}_{number}"] = field

    def roles(self) -> list[tuple[Label, str, list[forms.BoundField]]]:
        """The selects of each role: its heading, its anchor, the fields."""
        return [
            (
                label,
                role.value,
                [
                    *(self[f"name_{name['key']}"] for name in names_of(self.item, role)),
                    *(self[f"add_{role}_{number}"] for number in range(1, MORE_SELECTS + 1)),
                ],
            )
            for role, label in (
                (Role.LEAD, _("Lead units")),
                (Role.COORDINATING, _("Coordinating units")),
            )
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._forward("start_on", "due_on", _("The item is due before it starts."))
        return {**data, "added": [(role.value, self._added(role)) for role in Role]}

    def _added(self, role: Role) -> list[str]:
        """The further units that were chosen for the role."""
        fields = [f"add_{role}_{number}" for number in range(1, MORE_SELECTS + 1)]
        return [choice for field in fields if (choice := self.cleaned_data.get(field))]


_MORE_COORDINATING = (Role.COORDINATING, _("One more coordinating unit"))


class DutyForm(CardForm):
    who = forms.ChoiceField(label=_("Who reports"), widget=LongSelect)
    via = forms.ChoiceField(
        label=_("Through"),
        required=False,
        help_text=_("The unit that receives it first."),
        widget=LongSelect,
    )
    due_text = forms.CharField(label=_("Time, in the plan's words"), max_length=300, required=False)
    due_on = DateField(label=_("Due on"), required=False)
    recurrence = forms.ChoiceField(label=_("How it recurs"), choices=Recurrence.choices)
    to = forms.CharField(
        label=_("To whom"),
        required=False,
        max_length=2000,
        help_text=_("One on each line, in the plan's words."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(
        label=_("Words of the plan"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, review: Review, key: str, registry: Registry, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        found = find_duty(review, key)
        assert found is not None
        self.duty: Duty = found
        leads = [("", _("Choose")), (LEADS, _("Every lead unit of the plan"))]
        self.fields["who"].choices = [*leads, *who_choices(registry)]  # type: ignore[attr-defined]
        via = [("", _("Nobody: straight to the focal unit")), *unit_choices(registry)]
        self.fields["via"].choices = via  # type: ignore[attr-defined]


class TargetForm(RangeForm, CardForm):
    name = forms.CharField(label=_("Indicator, in the document's words"), max_length=300)
    indicator = forms.ChoiceField(
        label=_("Which indicator is it"), required=False, widget=LongSelect
    )
    measure = forms.CharField(label=_("Unit of measure"), max_length=60, required=False)
    aggregation = forms.ChoiceField(label=_("How it adds up"), choices=Aggregation.choices)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    unit = forms.ChoiceField(label=_("Whose figures count"), required=False, widget=LongSelect)
    under = forms.ChoiceField(label=_("Helps to reach"), required=False, widget=LongSelect)
    text = forms.CharField(
        label=_("Words of the plan"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, review: Review, key: str, registry: Registry, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        found = find_target(review, key)
        assert found is not None
        known = Known.of(cited["number"] for cited in review["citations"])
        units = [("", _("The issuing unit")), *unit_choices(registry)]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["indicator"].choices = _indicator_choices(known, found)  # type: ignore[attr-defined]
        above = [(str(one.pk), target_label(one)) for one in known.above]
        self.fields["under"].choices = [("", _("None")), *above]  # type: ignore[attr-defined]


def _indicator_choices(known: Known, target: TargetLine) -> Choices:
    """A new indicator, those much like it, then all others."""
    labels = {one.pk: str(one) for one in known.indicators}
    likely = [(str(pk), labels[pk]) for pk in target["candidates"] if pk in labels]
    rest = [(str(pk), label) for pk, label in labels.items() if pk not in target["candidates"]]
    groups: Choices = [(_("Likely"), likely)] if likely else []
    return [("", _("A new indicator")), *groups, *([(_("All indicators"), rest)] if rest else [])]


class ChoiceForm(StepForm):
    """What one doubtful name stands for: a unit, a group, nobody; `REMOVE` takes it away."""

    choice = forms.ChoiceField(required=False, widget=LongSelect)

    def __init__(
        self,
        *args: Any,
        registry: Registry,
        candidates: list[int] | None = None,
        label: Label = "",
        leads: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["choice"]
        field.label = label
        first = [(LEADS, _("Every lead unit of the plan"))] if leads else []
        field.choices = [  # type: ignore[attr-defined]
            ("", _("Choose the unit")),
            *first,
            *who_choices(registry, candidates),
        ]
