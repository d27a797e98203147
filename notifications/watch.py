"""Is anybody watching the dates? Signs of life and the last check, judged at one moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from notifications.kinds import MailState, Part
from notifications.models import AuditRun, Heartbeat, Mail

# The clock wakes the auditor; one wake-up may be lost.
_CHECKS_MISSED = 3


class Verdict(TextChoices):
    OK = "ok", _("in order")
    SILENT = "silent", _("silent")
    FAILING = "failing", _("failing")
    WAITING = "waiting", _("mail is waiting")
    NEVER = "never", _("never checked")
    STALE = "stale", _("not checked for too long")
    DIFFERS = "differs", _("the records differ")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is watched: how it stands, and since when."""

    name: str
    verdict: Verdict
    last_at: dt.datetime | None = None
    beat: Heartbeat | None = None
    number: int = 0

    @property
    def ok(self) -> bool:
        return self.verdict is Verdict.OK


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that is watched; `run` is the last finished check of the records."""

    checks: tuple[Check, ...]
    run: AuditRun | None

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def troubles(self) -> list[Check]:
        return [check for check in self.checks if not check.ok]


def keep_watch(*, at: dt.datetime) -> Watch:
    """How everything stands at `at`. Three queries."""
    beats = {beat.part: beat for beat in Heartbeat.objects.all()}
    run = AuditRun.objects.finished().first()
    checks = (
        _alive(Part.BEAT, beats.get(Part.BEAT), at),
        _alive(Part.WORKER, beats.get(Part.WORKER), at),
        _mail(beats.get(Part.MAIL), at),
        _records(run, beats.get(Part.WORKER), at),
    )
    return Watch(checks, run)


def _alive(part: Part, beat: Heartbeat | None, at: dt.datetime) -> Check:
    patience = dt.timedelta(minutes=settings.DONDOC_SILENCE_MINUTES)
    if beat is None:
        return Check(part, Verdict.SILENT)
    if beat.failed_at is not None and beat.failed_at > beat.last_at:
        return Check(part, Verdict.FAILING, beat.last_at, beat)
    verdict = Verdict.SILENT if beat.last_at < at - patience else Verdict.OK
    return Check(part, verdict, beat.last_at, beat)


def _mail(beat: Heartbeat | None, at: dt.datetime) -> Check:
    """No mail to send is no silence: what counts is how long one has waited."""
    patience = dt.timedelta(minutes=settings.DONDOC_MAIL_SILENCE_MINUTES)
    waiting = Mail.objects.filter(
        state__in=(MailState.PENDING, MailState.SENDING), created_at__lt=at - patience
    ).count()
    verdict = Verdict.WAITING if waiting else Verdict.OK
    return Check(Part.MAIL, verdict, beat.last_at if beat else None, beat, waiting)


def _records(run: AuditRun | None, worker: Heartbeat | None, at: dt.datetime) -> Check:
    patience = dt.timedelta(minutes=settings.DONDOC_AUDIT_MINUTES) * _CHECKS_MISSED
    if run is None:
        # A new installation may take its time until the first check.
        fresh = worker is not None and worker.since > at - patience
        return Check("audit", Verdict.OK if fresh else Verdict.NEVER)
    if run.started_at < at - patience:
        return Check("audit", Verdict.STALE, run.started_at)
    verdict = Verdict.DIFFERS if run.alarms else Verdict.OK
    return Check("audit", verdict, run.started_at, number=run.alarms)
