"""The ladders the product comes with; whatever an administrator saves takes their place."""

from __future__ import annotations

from notifications.kinds import Audience, LadderKind
from notifications.ladder import Rung


def _reminder(days: int, *audience: Audience) -> Rung:
    return Rung(-days, audience)


def _on_the_day(*audience: Audience) -> Rung:
    return Rung(0, audience)


def _alert(days: int, *audience: Audience, repeat_every: int | None = None) -> Rung:
    return Rung(days, audience, repeat_every=repeat_every)


_OFFICER, _LEADER, _CLERK = Audience.OFFICER, Audience.LEADER, Audience.CLERK
_FOCAL, _SUPERVISOR = Audience.FOCAL, Audience.SUPERVISOR

DEFAULTS: dict[LadderKind, tuple[Rung, ...]] = {
    LadderKind.ACKNOWLEDGEMENT: (
        _reminder(1, _OFFICER, _CLERK),
        _on_the_day(_OFFICER),
        _alert(1, _OFFICER, _LEADER),
        _alert(3, _FOCAL),
        _alert(5, _SUPERVISOR, _LEADER, repeat_every=5),
    ),
    # A coordinating unit holds nobody up: its silence stays between it and the focal unit.
    LadderKind.COORDINATION: (
        _reminder(1, _OFFICER, _CLERK),
        _on_the_day(_OFFICER),
        _alert(1, _OFFICER, _LEADER),
        _alert(3, _FOCAL),
        _alert(5, _FOCAL, _LEADER, repeat_every=5),
    ),
    LadderKind.ITEM: (
        _reminder(10, _OFFICER),
        _reminder(3, _OFFICER),
        _on_the_day(_OFFICER, _LEADER),
        _alert(1, _OFFICER, _LEADER),
        _alert(3, _FOCAL),
        _alert(5, _SUPERVISOR, _LEADER, repeat_every=5),
    ),
    LadderKind.REPORT: (
        _reminder(10, _OFFICER),
        _reminder(3, _OFFICER),
        _on_the_day(_OFFICER, _LEADER),
        _alert(1, _OFFICER, _LEADER),
        _alert(2, _FOCAL),
        _alert(3, _SUPERVISOR, _LEADER, repeat_every=5),
    ),
    LadderKind.CONSOLIDATED: (
        _reminder(10, _OFFICER),
        _reminder(3, _OFFICER),
        _on_the_day(_OFFICER, _LEADER),
        _alert(1, _OFFICER, _LEADER),
        _alert(2, _SUPERVISOR, _LEADER, repeat_every=5),
    ),
    # Owed by the focal unit: "officer" and "leader" are its own.
    LadderKind.OBSTACLE: (
        _on_the_day(_OFFICER),
        _alert(1, _OFFICER, _LEADER),
        _alert(3, _SUPERVISOR, _LEADER, repeat_every=5),
    ),
    # Owed by the supervising leader, above whom nobody is told; the focal unit can remind.
    LadderKind.EXTENSION: (
        _on_the_day(_SUPERVISOR),
        _alert(1, _SUPERVISOR),
        _alert(3, _SUPERVISOR, _FOCAL, repeat_every=5),
    ),
    # Owed by the unit it is addressed to, or by the focal unit for a body outside.
    LadderKind.PROPOSAL: (
        _reminder(3, _OFFICER),
        _on_the_day(_OFFICER),
        _alert(1, _OFFICER, _LEADER),
        _alert(3, _FOCAL),
        _alert(5, _SUPERVISOR, _LEADER, repeat_every=5),
    ),
}
