"""What people can do with duties to report: lines of the table of actions."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from tasks.duties import with_words
from tasks.models import Plan, ReportingObligation
from workflows.access import Actor
from workflows.actions import obligations
from workflows.actions.supervision import require_overseer
from workflows.forms import actions as forms
from workflows.forms import duties as own_forms
from workflows.views.act import Act


def _check(actor: Actor, target: ReportingObligation) -> None:
    require_overseer(actor, target.plan)


duty = partial(
    Act,
    target=with_words(ReportingObligation.objects.all()),
    argument="obligation",
    check=_check,
)

DUTY_ACTS: tuple[Act, ...] = (
    Act(
        name="reports_request",
        address="plans/<int:pk>/request-reports/",
        target=Plan.objects.select_related("document", "issuer", "focal_unit"),
        argument="plan",
        plan="pk",
        check=require_overseer,
        form=own_forms.RequestForm,
        perform=obligations.request_reports,
        title=_("Ask for reports by letter"),
        button=_("Ask for the reports"),
        done=_("Asked. Each unit is told, and has its date."),
        consequence=_("Each unit that is asked is told at once."),
    ),
    duty(
        name="request_withdraw",
        address="duties/<int:pk>/withdraw/",
        form=forms.ReasonForm,
        perform=obligations.withdraw_request,
        title=_("Withdraw the request for reports"),
        button=_("Withdraw with this reason"),
        done=_("Withdrawn. The units are told."),
        consequence=_("What the units have begun to write stays readable."),
        is_dangerous=True,
    ),
    duty(
        name="duty_change",
        address="duties/<int:pk>/change/",
        form=own_forms.DutyChangeForm,
        perform=obligations.change_duty,
        title=_("Change the reporting duty"),
        button=_("Change the duty"),
        done=_("Changed. The dates ahead follow."),
        consequence=_("Reports that were already asked for keep their date."),
    ),
    duty(
        name="duty_feed",
        address="duties/<int:pk>/feed/",
        form=own_forms.FeedForm,
        perform=obligations.feed_duty,
        title=_("Have the reports consolidated above"),
        button=_("Link the reports"),
        done=_("Linked. The reports count there once they are handed in."),
        consequence=_("The focal unit of that plan sees each report once it is handed in."),
    ),
)
