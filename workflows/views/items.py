"""Being written."""

from django.http import HttpRequest, HttpResponse


def item(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def item_chart(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")


def item_bpmn(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")
