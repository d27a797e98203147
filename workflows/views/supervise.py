"""Being written."""

from django.http import HttpRequest, HttpResponse


def supervise(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("")
