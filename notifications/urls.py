"""Addresses of the alerts, the outgoing mail, the ladders and the checks."""

from django.urls import path

from notifications.views import alerts, audit, bridges, calendar, ladders, mail, preferences, why

urlpatterns = [
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/read/", alerts.alerts_read, name="alerts_read"),
    path("alerts/<int:pk>/open/", alerts.alert_open, name="alert_open"),
    path("alerts/<int:pk>/read/", alerts.alert_read, name="alert_read"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("stop/<str:token>/", preferences.stop, name="stop"),
    path("m/<int:pk>/", alerts.message_go, name="message_go"),
    path("m/<int:pk>/why/", why.message_why, name="message_why"),
    path("deadlines/<int:pk>/why/", why.deadline_why, name="deadline_why"),
    path("reports/<int:pk>/why/", why.report_why, name="report_why"),
    path("mail/", mail.mail_list, name="mail_list"),
    path("mail/<int:pk>/", mail.mail, name="mail"),
    path("mail/<int:pk>/html/", mail.mail_html, name="mail_html"),
    path("mail/<int:pk>/again/", mail.mail_again, name="mail_again"),
    path("bridges/", bridges.bridge_list, name="bridge_list"),
    path("bridges/new/", bridges.bridge_new, name="bridge_new"),
    path("bridges/<int:pk>/", bridges.bridge, name="bridge"),
    path("bridges/<int:pk>/secret/", bridges.bridge_secret, name="bridge_secret"),
    path("bridges/<int:pk>/try/", bridges.bridge_try, name="bridge_try"),
    path("calls/<int:pk>/", bridges.call, name="call"),
    path("calls/<int:pk>/again/", bridges.call_repeat, name="call_again"),
    path("audit/", audit.audit, name="audit"),
    path("audit/now/", audit.audit_now, name="audit_now"),
    path("audit/<int:pk>/repair/", audit.audit_repair, name="audit_repair"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/decide/", calendar.calendar_decide, name="calendar_decide"),
    path("calendar/progress/", calendar.calendar_progress, name="calendar_progress"),
    path("calendar/<int:year>/", calendar.calendar, name="calendar_year"),
    path("calendar/<int:year>/verify/", calendar.calendar_verify, name="calendar_verify"),
    path("calendar/<slug:day>/remove/", calendar.calendar_remove, name="calendar_remove"),
    path("suc-khoe/", audit.health, name="watch_health"),
    path("ladders/", ladders.ladder_list, name="ladder_list"),
    path("ladders/<slug:kind>/", ladders.ladder_edit, name="ladder_edit"),
    path("plans/<int:pk>/ladders/", ladders.plan_ladders, name="plan_ladders"),
    path("plans/<int:pk>/ladders/<slug:kind>/", ladders.plan_ladder_edit, name="plan_ladder_edit"),
    path(
        "plans/<int:pk>/ladders/<slug:kind>/withdraw/",
        ladders.plan_ladder_withdraw,
        name="plan_ladder_withdraw",
    ),
]
