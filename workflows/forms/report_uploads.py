"""Handing in the edited letter of a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.importing.docx_package import MEGABYTE
from tasks.importing.errors import DocumentTooLargeError


class LetterForm(forms.Form):
    """Only the size is looked at: a job does the reading."""

    file = forms.FileField(
        label=_("The edited Word file"),
        help_text=_("The Word file of this report, edited and saved as .docx."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )

    def clean_file(self) -> Any:
        file, limit = self.cleaned_data["file"], settings.DONDOC_UPLOAD_LIMIT
        if file.size > limit:
            size = round(file.size / MEGABYTE, 1)
            refusal = DocumentTooLargeError(filename=file.name, size=size, limit=limit // MEGABYTE)
            raise ValidationError(refusal.message)
        return file
