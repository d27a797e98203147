"""Pages of the shell: signing in, language, help, and errors that a person can act on."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.i18n import set_language as set_language_cookie

from tasks.models import Language, Person
from workflows.views.base import NotHere


class SignIn(auth_views.LoginView):
    """Signing in also brings the person's own language."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        language = form.get_user().language
        if check_for_language(language):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


class ChangePassword(auth_views.PasswordChangeView):
    template_name = "registration/change_password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Your password was changed."))
        return super().form_valid(form)


@login_not_required
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Change the language of the pages, and of the mail to a person who is signed in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in Language.values:
        Person.objects.filter(pk=request.user.pk).update(language=language)
    return set_language_cookie(request)


@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """The first steps for each role."""
    return render(request, "help.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Asks nothing about the request: it may have failed before anybody knew who sent it."""
    return HttpResponseBadRequest(render_to_string("400.html"))


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent with an expired session: say so, and how nothing is lost."""
    context = {"back": _page_before(request)}
    return render(request, "403_csrf.html", context, status=403)


def _page_before(request: HttpRequest) -> str:
    """The page of ours that the request came from, or the first page."""
    referrer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referrer, {request.get_host()}):
        return referrer
    return reverse("home")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what we wrote for the person, never what Django says about its own look-ups."""
    reason = str(exception) if isinstance(exception, NotHere) else ""
    return render(request, "404.html", {"reason": reason}, status=404)
