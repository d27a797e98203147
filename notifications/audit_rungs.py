"""Judging one deadline: its recorded rungs against those that should be there. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from notifications.expected import ExpectedRung, expected_rungs
from notifications.kinds import FindingKind, RungReason, RungState
from notifications.ladder import Rung
from tasks.rules.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Recorded:
    """One row of the schedule that counts, and how many alerts stand for it."""

    pk: int
    rung: str
    occurrence: int
    state: str
    reason: str
    fire_at: dt.datetime
    fired_at: dt.datetime | None
    people: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Owed:
    """One open deadline in its present version, the ladder it climbs, and what was recorded.

    `set_at` is when the date was set, `settled_at` the later of that and of the ladder's saving,
    `resumed_at` the last time a suspension ended.
    """

    pk: int
    version: int
    due_on: dt.date
    paused: bool
    noted: bool
    set_at: dt.datetime
    settled_at: dt.datetime
    resumed_at: dt.datetime | None
    ladder: int
    rungs: tuple[Rung, ...]
    rows: Mapping[tuple[str, int], Recorded] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """One difference; the fields are those of `AuditFinding`."""

    kind: FindingKind
    deadline: int | None = None
    version: int = 0
    rung: str = ""
    occurrence: int = 0
    mail: int | None = None
    call: int | None = None
    row: int | None = None
    expected_at: dt.datetime | None = None
    recorded_at: dt.datetime | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """The same difference, seen a second time."""
        return self.kind, self.deadline, self.version, self.rung, self.occurrence, self.mail


@dataclass(frozen=True, slots=True)
class Judge:
    """How one moment looks at deadlines. `grace` is how long the machinery may take."""

    at: dt.datetime
    grace: dt.timedelta
    lookback: dt.timedelta
    calendar: WorkingCalendar
    # The calendar was changed within the grace: moments are still being projected anew.
    calendar_is_fresh: bool = False
    # Many deadlines of a plan share ladder, date and moment of setting.
    _expected: dict[tuple[int, dt.date, dt.datetime], dict[str, ExpectedRung]] = field(
        default_factory=dict
    )

    def judge(self, owed: Owed) -> Iterator[Found]:
        """Every difference of one deadline whose version is laid out."""
        for key, one in self._expected_of(owed).items():
            row = owed.rows.get((key, 0))
            if row is None:
                yield self._missing(owed, key, one.fire_at)
            else:
                yield from self._placed(owed, row, one)
        for row in owed.rows.values():
            yield from self._spoken(owed, row)
            if row.state == RungState.PLANNED and row.fire_at > self.at:
                yield from self._asked_for(owed, row)
        yield from self._repeats(owed)

    def _expected_of(self, owed: Owed) -> dict[str, ExpectedRung]:
        key = owed.ladder, owed.due_on, owed.set_at
        if key not in self._expected:
            self._expected[key] = expected_rungs(
                owed.rungs, due_on=owed.due_on, set_at=owed.set_at, calendar=self.calendar
            )
        return self._expected[key]

    def _missing(
        self, owed: Owed, key: str, moment: dt.datetime | None, occurrence: int = 0
    ) -> Found:
        return Found(
            FindingKind.MISSING, owed.pk, owed.version, key, occurrence, expected_at=moment
        )

    def _about(
        self, kind: FindingKind, owed: Owed, row: Recorded, moment: dt.datetime | None = None
    ) -> Found:
        return Found(
            kind,
            owed.pk,
            owed.version,
            row.rung,
            row.occurrence,
            row=row.pk,
            expected_at=moment or row.fire_at,
            recorded_at=row.fired_at or row.fire_at,
        )

    def _placed(self, owed: Owed, row: Recorded, one: ExpectedRung) -> Iterator[Found]:
        """Does it stand at its moment, and was it left out with reason?"""
        if row.state == RungState.PLANNED:
            waits = row.fire_at > self.at or one.fire_at > self.at
            if waits and row.fire_at != one.fire_at and not self.calendar_is_fresh:
                yield self._about(FindingKind.MOVED, owed, row, one.fire_at)
        elif row.state == RungState.SKIPPED and not self._rightly_left_out(owed, row, one):
            yield self._about(FindingKind.MISSING, owed, row, one.fire_at)

    def _rightly_left_out(self, owed: Owed, row: Recorded, one: ExpectedRung) -> bool:
        match row.reason:
            case RungReason.PAST:
                return row.fire_at < owed.settled_at
            case RungReason.SAME_DAY:
                return not one.alone or one.fire_at <= self.at or self.calendar_is_fresh
            case RungReason.CAUGHT_UP:
                return _caught_up(owed, row)
        return row.reason == RungReason.NOTED and owed.noted

    def _spoken(self, owed: Owed, row: Recorded) -> Iterator[Found]:
        """Did it speak when it should have, and did somebody hear it, once?"""
        if row.state == RungState.PLANNED:
            if self._is_overdue(owed, row):
                yield self._about(FindingKind.OVERDUE, owed, row)
            return
        if row.state != RungState.FIRED or row.fired_at is None:
            return
        if row.alerts > row.people:
            yield self._about(FindingKind.DOUBLED, owed, row)
        if not row.people and row.reason != RungReason.NOBODY:
            yield self._about(FindingKind.UNTOLD, owed, row)
        if row.fired_at < self.at - self.lookback:
            return
        if row.reason == RungReason.NOBODY:
            yield self._about(FindingKind.NOBODY, owed, row)
        if row.fired_at - self._could_speak_from(owed, row) > self.grace:
            yield self._about(FindingKind.LATE, owed, row)

    def _is_overdue(self, owed: Owed, row: Recorded) -> bool:
        return not owed.paused and self._could_speak_from(owed, row) < self.at - self.grace

    @staticmethod
    def _could_speak_from(owed: Owed, row: Recorded) -> dt.datetime:
        """Not before it was laid out, and not while the work was suspended."""
        return max(row.fire_at, owed.settled_at, owed.resumed_at or row.fire_at)

    def _asked_for(self, owed: Owed, row: Recorded) -> Iterator[Found]:
        rung = next((one for one in owed.rungs if one.key == row.rung), None)
        if rung is None or (row.occurrence and not rung.repeat_every):
            yield self._about(FindingKind.UNEXPECTED, owed, row)

    def _repeats(self, owed: Owed) -> Iterator[Found]:
        """What has begun to repeat goes on, until a leader takes note or the limit is reached."""
        if owed.noted:
            return
        for rung in owed.rungs:
            spoken = [
                row.occurrence
                for row in owed.rows.values()
                if row.rung == rung.key and (row.state == RungState.FIRED or _caught_up(owed, row))
            ]
            if not rung.repeat_every or not spoken or max(spoken) >= rung.repeat_limit:
                continue
            if (rung.key, max(spoken) + 1) not in owed.rows:
                yield self._missing(owed, rung.key, None, max(spoken) + 1)


def _caught_up(owed: Owed, row: Recorded) -> bool:
    """Whether a later rung spoke for it."""
    return row.reason == RungReason.CAUGHT_UP and any(
        other.state == RungState.FIRED and other.fire_at >= row.fire_at
        for other in owed.rows.values()
    )
