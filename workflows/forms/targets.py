"""Setting targets, entering and correcting figures, keeping indicators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.chips import TARGET_WORDS
from tasks.models import (
    Aggregation,
    Evidence,
    Indicator,
    Measurement,
    Plan,
    PlanItem,
    Target,
    Unit,
)
from tasks.words import bounds_words, phase_words
from workflows.actions.measurements import Correction, FigureInput
from workflows.actions.targets import TargetInput
from workflows.forms.actions import DateField
from workflows.forms.numbers import NumberField
from workflows.forms.units import UnitField

FIRST, LAST = dt.date(1945, 9, 2), dt.date(2100, 12, 31)


def target_label(target: Target) -> str:
    """A target of a plan, with how much it wants by when."""
    phase = phase_words(target.start_on, target.end_on)
    wanted = bounds_words(target.low, target.high)
    return f"{target.plan}: {target.indicator.name}, {phase}: {wanted}"


class _TargetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, target: Any) -> str:
        return target_label(target)


class _ItemField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, item: Any) -> str:
        return f"{item.code} {item.title}"[:90]


class SpanForm(forms.Form):
    """Two days, the second not before the first."""

    first, last = "start_on", "end_on"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begin, end = data.get(self.first), data.get(self.last)
        if begin and end and end < begin:
            self.add_error(self.last, _("The end is before the beginning."))
        for name in (self.first, self.last):
            day = data.get(name)
            if day and name not in self.errors and not FIRST <= day <= LAST:
                self.add_error(name, _("This date cannot be meant: check the year."))
        return data


class RangeForm(SpanForm):
    """How much is wanted in a phase; shared by the review of a document and the plan's page."""

    low = NumberField(label=_("At least"), required=False)
    high = NumberField(label=_("At most"), required=False)
    start_on = DateField(label=_("From"))
    end_on = DateField(label=_("Until"))
    baseline = NumberField(
        label=_("Baseline"),
        required=False,
        help_text=_("What there was before. Figures that add up are added to it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        low, high = data.get("low"), data.get("high")
        if low is None and high is None and not {"low", "high"} & set(self.errors):
            self.add_error("low", _("Say how much: at least, at most, or both."))
        elif low is not None and high is not None and high < low:
            self.add_error("high", _("The range is reversed: the lower number comes first."))
        return data


class TargetForm(RangeForm):
    """One target of a running plan."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.all(), label=_("Indicator"), required=False, empty_label=_("A new one")
    )
    name = forms.CharField(label=_("Name of the new indicator"), max_length=300, required=False)
    measure = forms.CharField(
        label=_("Unit of measure of the new indicator"), max_length=60, required=False
    )
    unit = UnitField(Unit.objects.order_by("name"), label=_("Whose figures count"))
    item = _ItemField(PlanItem.objects.none(), label=_("Item"), required=False, empty_label="–")
    under = _TargetField(
        Target.objects.none(), label=_("Helps to reach"), required=False, empty_label="–"
    )
    is_soft = forms.BooleanField(label=_("To strive for"), required=False)
    field_order = ("indicator", "name", "measure", "low", "high", "start_on", "end_on")

    def __init__(self, *args: Any, plan: Plan, above: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = plan.items.order_by("position")  # type: ignore[attr-defined]
        self.fields["under"].queryset = above  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("indicator") and not (data.get("name") or "").strip():
            self.add_error("indicator", _("Choose an indicator, or name a new one."))
        return data

    def wanted(self) -> TargetInput:
        given = self.cleaned_data
        indicator = given.pop("indicator")
        name = indicator.name if indicator else given["name"]
        return TargetInput(**{**given, "name": name, "indicator": indicator})


class FigureForm(SpanForm):
    """One figure by hand."""

    first, last = "covers_from", "covers_to"
    unit = UnitField(Unit.objects.none(), label=_("Unit"))
    covers_from = DateField(label=_("Figures from"))
    covers_to = DateField(label=_("Figures to"))
    value = NumberField(label=_("Value"), help_text=_("Such as 2.305 or 0,7."))
    weight = NumberField(label=_("Weight: of how many"), required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The paper, list or register that the figure was taken from."),
    )
    evidence = forms.ModelChoiceField(
        Evidence.objects.none(), label=_("File that shows it"), required=False, empty_label="–"
    )

    def __init__(self, *args: Any, target: Target, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        files = Evidence.objects.filter(update__participation__item__plan=target.plan_id)
        own = files.filter(update__participation__unit__in=units).order_by("-pk")
        self.fields["evidence"].queryset = own  # type: ignore[attr-defined]
        if target.indicator.aggregation != Aggregation.WEIGHTED:
            del self.fields["weight"]

    def figure(self) -> FigureInput:
        return FigureInput(indicator=self.target.indicator, **self.cleaned_data)


class CorrectionForm(forms.Form):
    value = NumberField(label=_("Right value"))
    weight = NumberField(label=_("Weight: of how many"), required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label=_("Why it is corrected"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The old figure stays readable, struck through, with this reason."),
    )

    def __init__(self, *args: Any, measurement: Measurement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if measurement.indicator.aggregation != Aggregation.WEIGHTED:
            del self.fields["weight"]

    def correction(self) -> Correction:
        return Correction(**self.cleaned_data)


class ReportFiguresForm(forms.Form):
    """The figures of one unit for the span of its report: a value and its source for each."""

    def __init__(self, *args: Any, targets: Iterable[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = list(targets)
        for target in self.targets:
            name = target.indicator.name
            self.fields[f"value_{target.pk}"] = NumberField(label=name, required=False)
            if target.indicator.aggregation == Aggregation.WEIGHTED:
                label = _("Weight: of how many")
                self.fields[f"weight_{target.pk}"] = NumberField(label=label, required=False)
            self.fields[f"source_{target.pk}"] = forms.CharField(
                label=_("Source"), max_length=1000, required=False
            )

    def figures(self, unit: Unit, span: tuple[dt.date, dt.date]) -> list[FigureInput]:
        """A figure for each field that was filled in."""
        given = self.cleaned_data
        return [
            FigureInput(
                indicator=target.indicator,
                unit=unit,
                covers_from=span[0],
                covers_to=span[1],
                value=given[f"value_{target.pk}"],
                weight=given.get(f"weight_{target.pk}"),
                source=given[f"source_{target.pk}"],
            )
            for target in self.targets
            if given[f"value_{target.pk}"] is not None
        ]


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Indicator
        fields = ("name", "measure", "aggregation", "direction", "source")


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        Indicator.objects.none(),
        label=_("Stays"),
        help_text=_("All targets and figures go there. Only indicators of the same measure."),
    )

    def __init__(self, *args: Any, gone: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Indicator.objects.filter(measure=gone.measure).exclude(pk=gone.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class TargetFilter(forms.Form):
    """What the list of targets shows; kept in the address."""

    q = forms.CharField(label=_("Indicator"), required=False, max_length=200)
    plan = forms.ModelChoiceField(
        Plan.objects.none(), label=_("Plan"), required=False, empty_label=_("All")
    )
    standing = forms.ChoiceField(
        label=_("How it stands"), required=False, choices=[("", _("All")), *TARGET_WORDS.items()]
    )

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]

    def value(self, name: str) -> Any:
        """The chosen value; an unknown one counts as none."""
        self.is_valid()
        return self.cleaned_data.get(name)
