"""A field for one number in Vietnamese writing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from tasks.rules.numbers import NotANumber, parse_number, show_number


class NumberField(forms.CharField):
    """Takes "2.305" and "0,7"; what can be read in two ways is refused with words."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_number(text)
        except NotANumber as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def run_validators(self, value: Any) -> None:
        """The parser has checked all; the length of a number is no text's."""

    def prepare_value(self, value: Any) -> Any:
        return show_number(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()
