"""How forms are drawn: label, help, errors and control tied together, in Bootstrap's classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Input, Widget


class TiedField(BoundField):
    """A field whose control carries its class, and whose dates use the browser's date picker."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        _refine(field.widget)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        classes = [widget.attrs.get("class", ""), _control_class(widget)]
        if self.errors:
            classes.append("is-invalid")
        attrs = super().build_widget_attrs(attrs, widget)
        return attrs if widget.is_hidden else {**attrs, "class": " ".join(filter(None, classes))}


class Renderer(DjangoTemplates):
    """The project's form renderer (setting `FORM_RENDERER`)."""

    form_template_name = "config/forms/form.html"
    field_template_name = "config/forms/field.html"
    bound_field_class = TiedField


def _refine(widget: Widget) -> None:
    """Give Django's plain widgets our markup; those the admin derives from them keep theirs."""
    if type(widget) is forms.DateInput:
        # The browser's picker speaks ISO whatever the language of the page.
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
    elif type(widget) in (forms.RadioSelect, forms.CheckboxSelectMultiple):
        widget.template_name = "config/forms/choices.html"


def _control_class(widget: Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    if isinstance(widget, Input | forms.Textarea):
        return "form-control"
    return ""
