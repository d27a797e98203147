"""The whole year, played day by day through the real jobs. Nothing of it stays in the database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from django.db import transaction
from django.test import override_settings

from notifications.kinds import MailState
from notifications.models import Mail
from notifications.sweep import sweep
from tasks.models import ANSWERS, Deadline, DeadlineKind, Plan
from tasks.rules.calendar import DAY, local_date, local_instant
from tests.notifications.conftest import Postmaster, free_port
from tests.year import ledger, script
from tests.year.plan_60 import plan_input, read_plan
from tests.year.province import ISSUER, make_absence, make_province
from tests.year.stage import Stage
from workflows.access import sync_memberships
from workflows.actions.issuing import issue_plan

ISSUED_ON = dt.date(2023, 3, 15)
# The first working morning of the next year: the news of the last Friday is mailed.
LAST_DAY = dt.date(2024, 1, 2)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Year:
    """What was left at the end, as plain data."""

    lines: list[str]
    # Message-ID and address: what the mail server took, and what the outbox says was sent.
    received: list[tuple[str, str]]
    recorded: list[tuple[str, str]]
    unsent: int
    # How many mails one address got on one local date.
    mails_of_a_day: Counter[tuple[str, dt.date]]
    # When each date was met: thing → due on, originally due on, fulfilled on.
    dates: dict[str, tuple[dt.date, dt.date, dt.date | None]]
    plan_state: str


def play_year() -> Year:
    postmaster = Postmaster()
    controller = Controller(postmaster, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with _mailing_to(controller), transaction.atomic():
            plan = _live_through_it()
            year = _remember(plan, postmaster)
            transaction.set_rollback(True)
    finally:
        controller.stop()
    return year


def _mailing_to(controller: Controller) -> override_settings:
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=controller.port,
        EMAIL_TIMEOUT=5,
    )


def _live_through_it() -> Plan:
    province = make_province(today=ISSUED_ON)
    make_absence(province, *script.LEAVE)
    plan = issue_plan(
        plan_input=plan_input(read_plan(), province),
        draft=None,
        actor=province.actor(ISSUER),
        at=local_instant(ISSUED_ON, 9),
    )
    _look_at_the_clock(ISSUED_ON, 9, 5)
    acts = script.acts_by_day()
    for today in _days():
        sync_memberships(today=today)
        if today > ISSUED_ON:
            _look_at_the_clock(today, 7, 30)
        for act in acts.pop(today, ()):
            act(Stage(province, plan, local_instant(today, 10)))
        if today.weekday() < SATURDAY:
            _look_at_the_clock(today, 16, 0)
    assert not acts, "an act lies outside the year"
    return plan


def _days() -> Iterator[dt.date]:
    today = ISSUED_ON
    while today <= LAST_DAY:
        yield today
        today += DAY


def _look_at_the_clock(today: dt.date, hour: int, minute: int) -> None:
    moment = local_instant(today, hour, minute)
    sweep(lambda: moment)


def _remember(plan: Plan, postmaster: Postmaster) -> Year:
    sent = Mail.objects.filter(state=MailState.SENT)
    return Year(
        lines=ledger.lines(),
        received=[(mail["Message-ID"], mail["To"]) for mail in postmaster.received],
        recorded=list(sent.values_list("message_id", "address")),
        mails_of_a_day=Counter(
            (mail.address, local_date(mail.sent_at)) for mail in sent if mail.sent_at
        ),
        unsent=Mail.objects.exclude(state=MailState.SENT).count(),
        dates=_dates(plan),
        plan_state=Plan.objects.get(pk=plan.pk).state,
    )


def _dates(plan: Plan) -> dict[str, tuple[dt.date, dt.date, dt.date | None]]:
    aside = (DeadlineKind.ACKNOWLEDGEMENT, *ANSWERS)
    owed = Deadline.objects.filter(plan=plan).exclude(kind__in=aside)
    return {
        ledger.about(one): (one.due_on, one.original_due_on, one.fulfilled_on)
        for one in owed.select_related("report__unit", "participation__unit", "participation__item")
    }
