"""The auditor: what should have been, held against what was recorded.

It reads and compares; `notifications.repair` does something about it. A difference counts only
when a second look at the same deadline still finds it, since the machinery works meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.audit_rungs import Found, Judge, Owed, Recorded
from notifications.book import Book
from notifications.kinds import Channel, FindingKind, MailState, MessageState, RungState
from notifications.models import AuditFinding, AuditRun, Call, Mail, Message, ScheduledRung
from tasks.models import CalendarChange, Deadline, DeadlineVersion, Event, OverdueNotice, Verb
from tasks.queries import working_calendar

PAGE = 2000
# Kept as rows; the counts know of the rest.
FINDINGS_KEPT = 1000
LOOKBACK = dt.timedelta(days=7)
RUNS_KEPT = dt.timedelta(days=30)
# A check that has not finished after this long died, and another may start.
LONGEST_RUN = dt.timedelta(hours=2)

# Facts that nothing can undo: shown, but no alarm.
NOTES = frozenset({FindingKind.LATE, FindingKind.UNKNOWN, FindingKind.NOBODY})


@dataclass(slots=True)
class Tally:
    """What a check has seen so far."""

    deadlines: int = 0
    expected: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Found] = field(default_factory=list)

    def add(self, found: Iterable[Found]) -> None:
        for one in found:
            self.counts[one.kind.value] += 1
            if len(self.kept) < FINDINGS_KEPT:
                self.kept.append(one)

    @property
    def alarms(self) -> int:
        return sum(number for kind, number in self.counts.items() if kind not in NOTES)


def grace() -> dt.timedelta:
    """How long the machinery may take before the auditor calls it late."""
    return dt.timedelta(minutes=settings.DONDOC_AUDIT_GRACE_MINUTES)


def run_audit(*, at: dt.datetime, page: int = PAGE) -> AuditRun | None:
    """Compare everything and keep what was found; None while another check is under way."""
    run = _begin(at)
    if run is None:
        return None
    tally = Tally()
    for keys in _pages(page):
        tally.add(_looked_at_twice(keys, at, tally))
    tally.add(_set_based(at))
    return _finish(run, tally, at)


@transaction.atomic
def _begin(at: dt.datetime) -> AuditRun | None:
    running = AuditRun.objects.filter(finished_at__isnull=True)
    running.filter(started_at__lt=at - LONGEST_RUN).delete()
    if running.exists():
        return None
    return AuditRun.objects.create(started_at=at)


@transaction.atomic
def _finish(run: AuditRun, tally: Tally, at: dt.datetime) -> AuditRun:
    AuditFinding.objects.bulk_create([_row(run, one) for one in tally.kept], batch_size=200)
    run.finished_at = at
    run.deadlines, run.expected = tally.deadlines, tally.expected
    run.counts, run.alarms = dict(tally.counts), tally.alarms
    run.save()
    AuditRun.objects.filter(started_at__lt=at - RUNS_KEPT).delete()
    return run


def _row(run: AuditRun, one: Found) -> AuditFinding:
    return AuditFinding(
        run=run,
        kind=one.kind,
        deadline_id=one.deadline,
        version=one.version,
        rung=one.rung,
        occurrence=one.occurrence,
        mail_id=one.mail,
        call_id=one.call,
        row=one.row,
        expected_at=one.expected_at,
        recorded_at=one.recorded_at,
    )


def _pages(size: int) -> Iterator[list[int]]:
    """The keys of all open deadlines, in pages."""
    last = 0
    while True:
        keys = list(
            Deadline.objects.filter(closed_at__isnull=True, pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:size]
        )
        if not keys:
            return
        yield keys
        last = keys[-1]


def _looked_at_twice(keys: list[int], at: dt.datetime, tally: Tally) -> list[Found]:
    first = _judge(keys, at, tally)
    if not first:
        return []
    suspects = {one.deadline for one in first if one.deadline is not None}
    again = {one.identity for one in _judge(list(suspects), at)}
    return [one for one in first if one.identity in again]


def _judge(keys: list[int], at: dt.datetime, tally: Tally | None = None) -> list[Found]:
    """Seven queries for any number of deadlines."""
    owed, unplanned = _read(keys, at)
    fresh = CalendarChange.objects.filter(at__gt=at - grace()).exists()
    judge = Judge(at, grace(), LOOKBACK, working_calendar(), calendar_is_fresh=fresh)
    if tally is not None:
        tally.deadlines += len(keys)
        tally.expected += sum(len(one.rungs) for one in owed)
    return [*unplanned, *chain.from_iterable(judge.judge(one) for one in owed)]


def _read(keys: list[int], at: dt.datetime) -> tuple[list[Owed], list[Found]]:
    deadlines = list(_deadlines(keys))
    book = Book(deadline.plan_id for deadline in deadlines)
    noted, resumed, rows = _noted(keys), _resumed(deadlines), _rows(keys)
    owed, unplanned = [], []
    for deadline in deadlines:
        page = book.page_for(deadline)
        set_at: dt.datetime = deadline.set_at  # type: ignore[attr-defined]
        settled_at = max(set_at, page.saved_at)
        if deadline.planned_version == deadline.version:
            part = deadline.participation
            owed.append(
                Owed(
                    pk=deadline.pk,
                    version=deadline.version,
                    due_on=deadline.due_on,
                    paused=deadline.paused_at is not None,
                    noted=deadline.pk in noted,
                    set_at=set_at,
                    settled_at=settled_at,
                    resumed_at=resumed.get(part.item_id) if part is not None else None,
                    ladder=page.ladder.pk,
                    rungs=page.rungs,
                    rows=rows.get(deadline.pk, {}),
                )
            )
        elif settled_at < at - grace():
            unplanned.append(_unplanned(deadline, settled_at))
    return owed, unplanned


def _unplanned(deadline: Deadline, moment: dt.datetime) -> Found:
    return Found(FindingKind.UNPLANNED, deadline.pk, deadline.version, expected_at=moment)


def _noted(keys: list[int]) -> set[int]:
    notices = OverdueNotice.objects.filter(deadline__in=keys, version=F("deadline__version"))
    return set(notices.values_list("deadline", flat=True))


def _deadlines(keys: list[int]) -> QuerySet[Deadline]:
    set_at = DeadlineVersion.objects.filter(deadline=OuterRef("pk"), version=OuterRef("version"))
    return (
        Deadline.objects.filter(pk__in=keys, closed_at__isnull=True)
        .annotate(set_at=Coalesce(Subquery(set_at.values("set_at")[:1]), "opened_at"))
        .select_related("participation")
        .order_by("pk")
    )


def _rows(keys: list[int]) -> dict[int, dict[tuple[str, int], Recorded]]:
    """The rows that count, by deadline and then by rung and occurrence."""
    alerts = _alerts(keys)
    rows = (
        ScheduledRung.objects.filter(
            deadline__in=keys, version=F("deadline__version"), step__isnull=False
        )
        .exclude(state=RungState.SUPERSEDED)
        .order_by()
        .values_list(
            "deadline", "pk", "rung", "occurrence", "state", "reason", "fire_at", "fired_at"
        )
    )
    found: dict[int, dict[tuple[str, int], Recorded]] = {}
    for deadline, pk, rung, occurrence, state, reason, fire_at, fired_at in rows.iterator(5000):
        people, told = alerts.get((deadline, rung, occurrence), (0, 0))
        found.setdefault(deadline, {})[rung, occurrence] = Recorded(
            pk, rung, occurrence, state, reason, fire_at, fired_at, people, told
        )
    return found


def _alerts(keys: list[int]) -> dict[tuple[int, str, int], tuple[int, int]]:
    """How many people were told of each rung in the application, and by how many alerts."""
    counted = (
        Message.objects.filter(
            deadline__in=keys,
            version=F("deadline__version"),
            channel=Channel.IN_APP,
            event__isnull=True,
        )
        .order_by()
        .values_list("deadline", "rung", "occurrence")
        .annotate(people=Count("recipient", distinct=True), told=Count("pk"))
    )
    return {(pk, rung, occurrence): (people, n) for pk, rung, occurrence, people, n in counted}


def _resumed(deadlines: list[Deadline]) -> dict[int, dt.datetime]:
    items = {one.participation.item_id for one in deadlines if one.participation is not None}
    resumed = Event.objects.filter(verb=Verb.RESUMED, item__in=items).order_by()
    found = resumed.values_list("item").annotate(last=Max("at"))
    return {item: last for item, last in found if item is not None}


def _set_based(at: dt.datetime) -> Iterator[Found]:
    """What needs no ladder to be seen: the news, the outbox and the mails."""
    late = at - grace()
    for event, moment in _some(
        Event.objects.filter(announced_at__isnull=True, at__lt=late), "pk", "at"
    ):
        yield Found(FindingKind.UNANNOUNCED, row=event, expected_at=moment)
    yield from _messages(late)
    yield from _parcels(at, late)


def _messages(late: dt.datetime) -> Iterator[Found]:
    """What waits too long, and what is called sent although its mail or call is not."""
    gone = (MailState.SENT, MailState.WITHDRAWN)
    sent, waits = Q(state=MessageState.SENT), Q(state=MessageState.PENDING)
    wrong = (
        waits & Q(mail__isnull=True, call__isnull=True, deliver_after__lt=late)
        | waits & (Q(mail__state__in=gone) | Q(call__state__in=gone))
        | sent & Q(mail__isnull=False) & ~Q(mail__state=MailState.SENT)
        | sent & Q(call__isnull=False) & ~Q(call__state=MailState.SENT)
    )
    outbox = Message.objects.exclude(channel=Channel.IN_APP).filter(wrong)
    columns = ("pk", "deadline", "version", "rung", "occurrence", "mail", "call", "deliver_after")
    for pk, deadline, version, rung, occurrence, mail, call, moment in _some(outbox, *columns):
        yield Found(
            FindingKind.UNDELIVERED,
            deadline,
            version,
            rung,
            occurrence,
            mail=mail,
            call=call,
            row=pk,
            expected_at=moment,
        )


def _parcels(at: dt.datetime, late: dt.datetime) -> Iterator[Found]:
    """Mails and calls that did not arrive for sure."""
    recent = Q(created_at__gte=at - LOOKBACK)
    slow = at - dt.timedelta(minutes=settings.DONDOC_MAIL_SILENCE_MINUTES)
    kinds = {
        FindingKind.UNDELIVERED: Q(state=MailState.PENDING, created_at__lt=min(slow, late)),
        FindingKind.STUCK: Q(state=MailState.SENDING, leased_until__lt=late),
        FindingKind.REFUSED: recent & Q(state=MailState.FAILED),
        FindingKind.UNKNOWN: recent & Q(doubtful=True),
    }
    columns = ("pk", "created_at", "sent_at")
    for kind, condition in kinds.items():
        for pk, moment, sent_at in _some(Mail.objects.filter(condition), *columns):
            yield Found(kind, mail=pk, expected_at=moment, recorded_at=sent_at)
        for pk, moment, sent_at in _some(Call.objects.filter(condition), *columns):
            yield Found(kind, call=pk, expected_at=moment, recorded_at=sent_at)


def _some(rows: QuerySet, *columns: str) -> Iterator[tuple]:  # type: ignore[type-arg]
    return islice(rows.order_by("pk").values_list(*columns).iterator(chunk_size=1000), 100_000)
