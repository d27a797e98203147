"""Addresses of the shell; the work has its own in each app."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config import menu, simulation, views
from config.health import health

handler404 = "config.views.not_found"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    # Open to all: with an expired session, signing out must not lead to signing in.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password_change"),
    path("language/", views.set_language, name="set_language"),
    path("manage/", menu.administration, name="administration"),
    path("help/", views.help_page, name="help"),
    path("healthz", health, name="health"),
    path("drafts/<int:pk>/simulate/", simulation.simulate_draft, name="simulate_draft"),
    path("plans/<int:pk>/simulate/", simulation.simulate_plan, name="simulate_plan"),
    path("admin/", admin.site.urls),
    path("", include("workflows.urls")),
    path("", include("notifications.urls")),
]

# 403, 404 and 500 are answered by Django itself, with our templates.
handler400 = "config.views.bad_request"
