"""The headings of an outline as a form of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import OutlineSection, SectionKind
from tasks.reporting.outline import Heading

MAX_HEADINGS = 20


class HeadingForm(forms.Form):
    """One heading; a row without a title counts for nothing."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.DecimalField(
        label=_("Place"),
        required=False,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    title = forms.CharField(
        label=_("Heading"),
        max_length=OutlineSection._meta.get_field("title").max_length,
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Filled with"), choices=SectionKind, initial=SectionKind.FREE, required=False
    )
    hint = forms.CharField(
        label=_("What to write there"),
        max_length=OutlineSection._meta.get_field("hint").max_length,
        required=False,
    )
    removed = forms.BooleanField(label=_("Leave this heading out"), required=False)


class OutlineRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """All rows of an outline, and a few empty ones for new headings."""

    def clean(self) -> None:
        titles = [heading.title for heading in self.headings]
        if not titles:
            raise forms.ValidationError(_("An outline needs at least one heading."))
        twice = sorted({title for title in titles if titles.count(title) > 1})
        if twice:
            raise forms.ValidationError(
                _("Each heading stands once: %(titles)s.") % {"titles": "; ".join(twice)}
            )

    @property
    def headings(self) -> list[Heading]:
        """The headings as they were sent, in the order of their places; new ones last."""
        rows = [form.cleaned_data for form in self.forms if form.is_valid()]
        kept = [row for row in rows if row.get("title") and not row["removed"]]
        kept.sort(key=lambda row: (row["place"] is None, row["place"] or 0))
        return [
            Heading(row["title"], row["kind"] or SectionKind.FREE, row["hint"], row["key"] or 0)
            for row in kept
        ]


def outline_rows(
    headings: Sequence[Heading], data: Mapping[str, Any] | None = None, *, extra: int = 2
) -> OutlineRows:
    """The rows of these headings, or those that were sent."""
    rows = forms.formset_factory(
        HeadingForm, formset=OutlineRows, extra=extra, max_num=MAX_HEADINGS, validate_max=True
    )
    initial = [
        {
            "key": one.key or None,
            "place": place,
            "title": one.title,
            "kind": one.kind,
            "hint": one.hint,
        }
        for place, one in enumerate(headings, 1)
    ]
    return cast(OutlineRows, rows(data, initial=initial))
