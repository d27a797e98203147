"""Writing a report, and choosing what to see of reports and of lateness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    Plan,
    ReportComment,
    ReportSection,
    ReportState,
    SectionKind,
    Unit,
)
from tasks.rules.calendar import local_date
from tasks.words import long_date
from workflows.actions.reports import SectionText, fingerprint, is_overtaken

MAX_TEXT = 500_000  # characters of a section: a consolidated one holds those of all units
ROWS = {SectionKind.RESULTS: 14}
HINTS: dict[str, Any] = {
    SectionKind.RESULTS: _("What was achieved, item by item."),
    SectionKind.FIGURES: _("The figures stand in the report's table. Explain them here."),
    SectionKind.DIFFICULTIES: _("What was in the way, and why."),
    SectionKind.PROPOSALS: _("What you ask of whom."),
    SectionKind.NEXT_STEPS: _("What remains, and until when."),
}
Choice = tuple[str, str | Promise]


class SectionForm(forms.Form):
    """The text of one section, the revision it was written on, and a mark of what was there.

    The revision and the mark are unseen fields, not hidden ones: a browser that puts back a
    half-filled form puts back both with it, so that a colleague's later text is not overwritten.
    """

    text = forms.CharField(required=False, max_length=MAX_TEXT, widget=forms.Textarea)
    revision = forms.IntegerField(
        min_value=0, widget=forms.NumberInput(attrs={"hidden": True, "readonly": True})
    )
    began_with = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"hidden": True, "readonly": True})
    )

    settled = forms.MultipleChoiceField(
        label=_("Comments: tick what you have dealt with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # A colleague's text stands against the one in the form.
    is_overtaken = False

    def __init__(
        self, section: ReportSection, text: str, data: Mapping[str, Any] | None = None
    ) -> None:
        """`text` is what an unbound form begins with: the saved one, or the one proposed."""
        self.section = section
        initial = {"text": text, "revision": section.revision, "began_with": fingerprint(text)}
        super().__init__(data, initial=initial, prefix=f"section-{section.pk}")
        field = self.fields["text"]
        field.label = section.title
        field.help_text = section.hint or HINTS.get(section.kind, "")
        field.widget.attrs["rows"] = ROWS.get(SectionKind(section.kind), 6)
        open_comments = [one for one in section.comments.all() if one.settled_at is None]
        cast(forms.MultipleChoiceField, self.fields["settled"]).choices = [
            (str(one.pk), comment_line(one)) for one in open_comments
        ]
        if not open_comments:
            del self.fields["settled"]

    @classmethod
    def filled(cls, section: ReportSection, given: SectionText, settled: list[str]) -> SectionForm:
        """The form as if it had been sent like this."""
        data = {
            "text": given.text,
            "revision": given.revision,
            "began_with": given.began_with,
            "settled": settled,
        }
        prefix = cls(section, "").add_prefix
        return cls(section, "", {prefix(name): value for name, value in data.items()})

    def clean_text(self) -> str:
        # Browsers send other ends of lines than they were given.
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    @property
    def given(self) -> SectionText:
        return SectionText(
            section=self.section.pk,
            text=self.cleaned_data["text"],
            revision=self.cleaned_data["revision"],
            began_with=self.cleaned_data["began_with"],
        )

    @property
    def to_settle(self) -> list[int]:
        """The keys of the comments that were ticked."""
        return [int(key) for key in self.cleaned_data.get("settled", ())]

    def rebased(self, section: ReportSection) -> SectionForm:
        """The form after a refusal, so that the next save counts as made on the present text.

        What the writer did not touch gives way to what a colleague saved.
        """
        given, settled = self.given, self.cleaned_data.get("settled", [])
        if not given.is_touched:
            is_behind = given.revision != section.revision
            return SectionForm(section, section.text if is_behind else given.text)
        on_present = replace(given, revision=section.revision, began_with=fingerprint(section.text))
        again = SectionForm.filled(section, on_present, settled)
        again.is_overtaken = is_overtaken(section, given)
        if again.is_valid():
            # Marks the form as not saved, for the script that keeps half-filled forms.
            again.add_error("revision", _("Not saved."))
        return again

    def with_text(self, text: str) -> SectionForm:
        """The sent form with another text in it; nothing is saved."""
        settled = self.cleaned_data.get("settled", [])
        return SectionForm.filled(self.section, replace(self.given, text=text), settled)


def comment_line(comment: ReportComment) -> str:
    """What was said, by whom and when, as one label."""
    return _("%(words)s – %(person)s, %(unit)s, %(day)s") % {
        "words": comment.words,
        "person": comment.made_by,
        "unit": comment.unit.short_name,
        "day": long_date(local_date(comment.made_at)),
    }


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
