"""Being written."""

from django.http import HttpRequest, HttpResponse


def report_list(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def report(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def report_edit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")
