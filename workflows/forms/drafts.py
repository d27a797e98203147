"""Handing in a plan document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tasks.importing.errors import DocumentError, DocumentTooLargeError
from tasks.importing.reading import read_document, read_pasted
from tasks.importing.results import Reading

MEGABYTE = 1024 * 1024


class UploadForm(forms.Form):
    """A file or pasted text. Reading it is part of checking it: `reading` is there when valid."""

    file = forms.FileField(
        label=_("File of the plan"),
        required=False,
        help_text=_("Word (.docx) or plain text (.txt, .md)."),
        widget=forms.FileInput(attrs={"accept": ".docx,.txt,.md"}),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        help_text=_("Copy the whole document and paste it here."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    again = forms.BooleanField(label=_("Read it in once more, as a separate draft"), required=False)
    reading: Reading | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, text = data.get("file"), data.get("text", "")
        if self.errors:
            return data
        if file and text.strip():
            self.add_error("text", _("Give either the file or the text, not both."))
        elif file:
            self._read("file", lambda: _read_file(file))
        elif text.strip():
            self._read("text", lambda: read_pasted(text))
        else:
            self.add_error("file", _("Choose the file of the plan, or paste its text below."))
        return data

    def _read(self, field: str, read: Callable[[], Reading]) -> None:
        try:
            self.reading = read()
        except DocumentError as error:
            self.add_error(field, error.message)


def _read_file(file: UploadedFile[Any]) -> Reading:
    """Read the file, but only if its size allows: a larger one is not even loaded."""
    limit, name = settings.DONDOC_UPLOAD_LIMIT, file.name or ""
    if (file.size or 0) > limit:
        size = round((file.size or 0) / MEGABYTE, 1)
        raise DocumentTooLargeError(filename=name, size=size, limit=limit // MEGABYTE)
    return read_document(file.read(), name, limit)
