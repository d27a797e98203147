"""Applying a correction."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ApplyForm(forms.Form):
    """The reason, and what exactly was looked at."""

    words = forms.CharField(
        label=_("Reason of the correction"),
        max_length=300,
        help_text=_("It is kept with every change, and those concerned read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
