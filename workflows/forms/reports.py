"""Writing a report, and choosing what to see of reports and of lateness."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.models import Plan, Report, ReportState, Unit
from workflows.actions.reports import ReportTexts

MAX_TEXT = 50_000
Choice = tuple[str, str | Promise]


def text_field(label: Any, help_text: Any, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ReportForm(forms.Form):
    """The four texts, and the revision they were written on.

    The revision is an unseen number, not a hidden field: a browser that puts back a half-filled
    form puts back the revision with it, so that a colleague's later text is not overwritten.
    """

    results = text_field(_("Results"), _("What was achieved, item by item."), 14)
    difficulties = text_field(_("Difficulties and causes"), _("What was in the way, and why."), 6)
    suggestions = text_field(_("Suggestions"), _("What you ask of whom."), 5)
    next_steps = text_field(_("Next steps"), _("What remains, and until when."), 6)
    revision = forms.IntegerField(
        min_value=0,
        widget=forms.NumberInput(attrs={"hidden": True, "readonly": True}),
    )

    @property
    def texts(self) -> ReportTexts:
        given = {name: text for name, text in self.cleaned_data.items() if name != "revision"}
        return ReportTexts(**given)

    @property
    def visible(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "revision"]

    def rebase(self, report: Report) -> bool:
        """Let the next save count as made on the present text; whether a colleague was quicker."""
        is_behind = bool(self.cleaned_data["revision"] != report.revision)
        self.data = {
            **{name: self.data[name] for name in self.data},
            "revision": str(report.revision),
        }
        # Marks the form as not saved, for the script that keeps half-filled forms.
        self.add_error("revision", _("Not saved."))
        return is_behind


class FilterForm(forms.Form):
    """Choices that live in the address; one that is not offered counts as none."""

    use_required_attribute = False

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    def key(self, name: str) -> int | None:
        value = self.chosen(name)
        return int(value) if value else None


def choice_field(label: Any, everything: Any, choices: Iterable[Choice]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])


def plan_choices(plans: Iterable[Plan]) -> list[Choice]:
    return [(str(plan.pk), f"{plan} · {plan.title}"[:90]) for plan in plans]


class ReportFilter(FilterForm):
    """The state and the plan of reports."""

    def __init__(self, *args: Any, plans: Iterable[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"] = choice_field(_("Plan"), _("All plans"), plan_choices(plans))
        self.fields["state"] = choice_field(_("State"), _("All states"), ReportState.choices)


class OversightFilter(FilterForm):
    """The plan, the unit and the kind of what is looked at."""

    KINDS = (
        ("item", _("Plan items")),
        ("acknowledgement", _("Acknowledgements")),
        ("report", _("Reports")),
        ("answer", _("Answers owed")),
    )

    def __init__(
        self, *args: Any, plans: Iterable[Plan], units: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(unit.pk), unit.short_name) for unit in units]
        self.fields["plan"] = choice_field(_("Plan"), _("All plans"), plan_choices(plans))
        self.fields["unit"] = choice_field(_("Unit"), _("All units"), named)
        self.fields["kind"] = choice_field(_("What is late"), _("Everything"), self.KINDS)


class BulkForm(forms.Form):
    """What to do with everything that was ticked."""

    act = forms.ChoiceField(choices=(("follow_up", ""), ("take_notice", "")))
    words = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=5000,
        help_text=_("Added to each official reminder. May stay empty."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
