"""Handing out files that people handed in: always saved, never opened as a page."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import IO, cast

from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tasks.models import Document, Evidence
from workflows.plan_pages import visible_documents
from workflows.reading import shown_name
from workflows.views.base import ActingRequest, visible_or_404
from workflows.views.draft_access import acting, own_draft


def hand_out(file: FieldFile, name: str) -> FileResponse:
    """The file under the name that people know. Raises `Http404` when it is not in the store."""
    try:
        content = file.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404(_("The file is no longer in the store. Ask your administrator.")) from error
    return _saved(content, name)


def _saved(content: IO[bytes] | File[bytes], name: str) -> FileResponse:
    """An answer that a browser saves, whatever it thinks the content is."""
    answer = FileResponse(
        content, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """A file that shows what an update claims."""
    held = visible_or_404(
        cast(ActingRequest, request),
        Evidence.objects.all(),
        plan="update__participation__item__plan",
        pk=pk,
    )
    return hand_out(held.file, held.name)


@require_safe
def draft_file(request: HttpRequest, pk: int) -> FileResponse:
    """What was handed in for a draft of the unit acted for."""
    draft = own_draft(acting(request), pk)
    name = draft.file_name or f"{shown_name(draft)}.txt"
    return hand_out(draft.file, name)


@require_safe
def document_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a document that the actor may read; where it was pasted, its text."""
    documents = visible_documents(cast(ActingRequest, request).actor)
    found = documents.select_related("plan__draft").filter(pk=pk).exclude(file="", text="").first()
    if found is None:
        raise Http404(_("There is no such page, or your unit has no part in it."))
    if not found.file:
        name = f"{slugify(found.number) or found.pk}.txt"
        return _saved(BytesIO(found.text.encode()), name)
    return hand_out(found.file, _name_of(found))


def _name_of(document: Document) -> str:
    """The name under which the file was handed in, else the one it is stored under."""
    plan = getattr(document, "plan", None)
    draft = getattr(plan, "draft", None)
    given: str = draft.file_name if draft is not None else ""
    return given or PurePath(str(document.file.name)).name
