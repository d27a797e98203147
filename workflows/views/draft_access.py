"""Who may open which draft."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tasks.models import PlanDraft
from workflows.actions.drafts import require_drafter
from workflows.errors import NotAllowed
from workflows.views.base import ActingRequest, refuse


def acting(request: HttpRequest) -> ActingRequest:
    """The request of somebody who may read plans in, else 403."""
    request = cast(ActingRequest, request)
    try:
        require_drafter(request.actor)
    except NotAllowed as error:
        raise refuse(error) from error
    return request


def own_draft(request: ActingRequest, pk: int) -> PlanDraft:
    """The draft, if it is one of the unit acted for; else 404."""
    drafts = PlanDraft.objects.defer("reading").select_related(
        "unit", "plan", "uploaded_by", "corrects__document", "corrects__issuer"
    )
    found = drafts.filter(pk=pk, unit=request.actor.unit).first()
    if found is None:
        raise Http404(_("There is no such draft, or it is another unit's."))
    return found
