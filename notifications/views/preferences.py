"""What I want to be told and when; and the page behind "stop these mails"."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.forms.preferences import PreferenceForm
from notifications.models import Preference
from notifications.stopping import reader_of, set_digest_by_email
from tasks.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """My own; nobody else's can be reached."""
    person = cast(Person, request.user)
    mine = Preference.objects.filter(person=person).first() or Preference(person=person)
    initial = {"language": person.language, "morning_at": mine.morning_at.isoformat()}
    form = PreferenceForm(request.POST or None, instance=mine, initial=initial)
    if request.method == "POST" and form.is_valid():
        _save(person, form)
        return _saved(request, form.cleaned_data["language"])
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "notifications/preferences.html", context, status=status)


@transaction.atomic
def _save(person: Person, form: PreferenceForm) -> None:
    form.instance.changed_at = timezone.now()
    form.save()
    Person.objects.filter(pk=person.pk).update(language=form.cleaned_data["language"])


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        messages.success(request, _("Saved. It counts from the next message on."))
    response = redirect("preferences")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


# A mail program presses the button: it has no session, and so no token against forgery either.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the digests of whoever holds the address, or let them come again. GET only asks."""
    person = reader_of(token)
    if person is None:
        raise Http404
    done = ""
    if request.method == "POST":
        done = "again" if "again" in request.POST else "stopped"
        set_digest_by_email(person, wanted=done == "again", at=timezone.now())
    with translation.override(person.language):
        return render(request, "notifications/stop.html", {"person": person, "done": done})
