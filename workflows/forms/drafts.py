"""Handing in a plan document."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tasks.importing.bounds import MAX_CHARACTERS
from tasks.importing.errors import (
    DocumentError,
    DocumentTooLargeError,
    OldExcelFormatError,
    OldWordFormatError,
    TextTooLongError,
    UnsupportedFormatError,
)
from tasks.importing.file_kinds import EXTENSIONS
from workflows.actions.reading import pasted

MEGABYTE = 1024 * 1024
_OLD = {".doc": OldWordFormatError, ".xls": OldExcelFormatError}


class UploadForm(forms.Form):
    """A file or pasted text. Only size and name are looked at: a job does the reading.

    When valid, `document` is what to keep and `file_name` its name, empty for pasted text.
    """

    file = forms.FileField(
        label=_("File of the plan"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        help_text=_("Copy the whole document and paste it here."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    again = forms.BooleanField(label=_("Read it in once more, as a separate draft"), required=False)
    document: File[bytes]
    file_name = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Word (.docx), PDF, Excel (.xlsx), CSV, text (.txt, .md), or a picture of the pages "
            "(.jpg, .png, .tif); at most %(limit)s MB."
        ) % {"limit": settings.DONDOC_UPLOAD_LIMIT // MEGABYTE}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, text = data.get("file"), data.get("text", "")
        if self.errors:
            return data
        if file and text.strip():
            self.add_error("text", _("Give either the file or the text, not both."))
        elif file:
            self._take("file", file)
        elif text.strip():
            self._take_text(text)
        else:
            self.add_error("file", _("Choose the file of the plan, or paste its text below."))
        return data

    def _take(self, field: str, file: UploadedFile[Any]) -> None:
        try:
            _refuse_file(file)
        except DocumentError as error:
            self.add_error(field, error.message)
        self.document, self.file_name = file, file.name or ""

    def _take_text(self, text: str) -> None:
        if len(text) > MAX_CHARACTERS:
            error = TextTooLongError(
                filename=_("The pasted text"), length=len(text), limit=MAX_CHARACTERS
            )
            self.add_error("text", error.message)
        self.document = pasted(text)


def _refuse_file(file: UploadedFile[Any]) -> None:
    """Refuse what no reader takes, by size and name alone. Raises DocumentError."""
    limit, name = settings.DONDOC_UPLOAD_LIMIT, file.name or ""
    if (file.size or 0) > limit:
        size = round((file.size or 0) / MEGABYTE, 1)
        raise DocumentTooLargeError(filename=name, size=size, limit=limit // MEGABYTE)
    extension = PurePath(name).suffix.lower()
    if extension in _OLD:
        raise _OLD[extension](filename=name)
    if extension and extension not in EXTENSIONS:
        raise UnsupportedFormatError(extension=extension)
