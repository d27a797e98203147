"""Pages of the shell: errors that a person can act on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent with an expired session: say so, and how nothing is lost."""
    return render(request, "403_csrf.html", status=403)
