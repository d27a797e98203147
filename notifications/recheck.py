"""Re-check: between being told and being mailed, people leave and work gets done."""

from __future__ import annotations

from collections.abc import Iterable

from guardian.utils import get_group_obj_perms_model

from notifications.kinds import SkipReason
from notifications.models import Message
from tasks.models import Plan, Verb

_ASKING = (Verb.ASSIGNED, Verb.INSISTED)


def unwanted(messages: Iterable[Message]) -> dict[int, SkipReason]:
    """The messages that must not be mailed any more, each with the reason. One query.

    Needs each message's recipient, deadline and event.
    """
    known = list(messages)
    access = _visible_plans(known)
    reasons = {message.pk: _reason(message, access) for message in known}
    return {pk: reason for pk, reason in reasons.items() if reason is not None}


def _reason(message: Message, access: set[tuple[int, int]]) -> SkipReason | None:
    person = message.recipient
    if not person.is_active:
        return SkipReason.INACTIVE
    if not person.email:
        return SkipReason.NO_ADDRESS
    if not person.is_superuser and (person.pk, _plan_id(message)) not in access:
        return SkipReason.NO_ACCESS
    return _outdated(message)


def _outdated(message: Message) -> SkipReason | None:
    deadline = message.deadline
    if deadline is None:
        return None
    if message.event is not None:
        answered = deadline.closed_at is not None and message.event.verb in _ASKING
        return SkipReason.ANSWERED if answered else None
    if deadline.closed_at is not None or deadline.paused_at is not None:
        return SkipReason.CLOSED
    return SkipReason.NEW_DATE if deadline.version != message.version else None


def _plan_id(message: Message) -> int:
    about = message.event or message.deadline
    assert about is not None  # a constraint of the table
    return about.plan_id


def _visible_plans(messages: list[Message]) -> set[tuple[int, int]]:
    """Who may see which plan, as guardian's table of groups says: (person, plan)."""
    grants = get_group_obj_perms_model(Plan).objects.filter(
        permission__codename="view_plan",
        permission__content_type__app_label="tasks",
        content_object__in={_plan_id(message) for message in messages},
        group__user__in={message.recipient_id for message in messages},
    )
    return set(grants.values_list("group__user", "content_object"))
