"""Addresses of the alerts and of the outgoing mail."""

from django.urls import path

from notifications import views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/read/", views.alerts_read, name="alerts_read"),
    path("alerts/<int:pk>/open/", views.alert_open, name="alert_open"),
    path("mail/", views.mail_list, name="mail_list"),
    path("mail/<int:pk>/", views.mail, name="mail"),
    path("mail/<int:pk>/html/", views.mail_html, name="mail_html"),
    path("mail/<int:pk>/again/", views.mail_again, name="mail_again"),
]
