"""Entering and changing a unit, and teaching it a name."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import Unit, UnitKind
from tasks.unit_files.read import LARGEST_FILE, FileRefused, Row, read_units
from workflows.actions.registry import FIELDS
from workflows.unit_pages import STATES


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of units by their full names."""

    def label_from_instance(self, unit: Any) -> str:
        return str(unit.name)


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    """The fields of a unit. What follows from them – grants, the record – is the action's work."""

    parent = UnitField(
        Unit.objects.order_by("name"), label=_("Stands under"), required=False, empty_label="–"
    )

    class Meta:
        model = Unit
        fields = tuple(FIELDS)
        widgets: ClassVar = {"valid_from": forms.DateInput(), "valid_until": forms.DateInput()}
        help_texts: ClassVar = {
            "code": _("Letters, digits and hyphens: files and addresses name the unit by it."),
            "short_name": _("As lists and chips show it, such as “Sở KH&CN”."),
            "email": _("To look up. Reminders go to the people who are registered in the unit."),
            "valid_until": _(
                "The last day. Its running work stays where it is: to move it, let another unit"
                " carry it on instead."
            ),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is before the first."))
        return data


class AliasForm(forms.Form):
    text = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As documents write it. Dashes, accents on u and y, and “&” need no alias."),
    )
    issuer = UnitField(
        Unit.objects.filter(may_issue=True).order_by("name"),
        label=_("Only in plans of"),
        required=False,
        empty_label=_("All"),
    )


class UnitFilter(forms.Form):
    """What the list shows; kept in the address."""

    q = forms.CharField(label=_("Name"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *UnitKind.choices]
    )
    state = forms.ChoiceField(label=_("Shown"), required=False, choices=STATES)

    def value(self, name: str) -> str:
        """The chosen value; an unknown one counts as none."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


class UnitFileForm(forms.Form):
    """A file of units; `rows` are its lines once the form is valid."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A workbook (.xlsx) or CSV with the columns of the export, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    rows: list[Row]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it."))
        try:
            self.rows = read_units(file.read(), file.name)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file
