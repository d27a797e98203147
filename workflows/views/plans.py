"""Being written."""

from django.http import HttpRequest, HttpResponse


def plan_list(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def plan(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def document(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def evidence(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")
