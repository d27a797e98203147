"""Being written."""

from django.http import HttpRequest, HttpResponse


def draft_list(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def draft_upload(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def draft(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def draft_preview(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def draft_issue(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def draft_discard(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")
