"""The words of this room: whom a message reaches, by which way, and what became of it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Audience(TextChoices):
    """Why somebody is told, the most specific reason first."""

    RAISER = "raiser", _("the person who asked")
    OFFICER = "officer", _("officer")
    LEADER = "leader", _("leader")
    CLERK = "clerk", _("clerk")
    REVIEWER = "reviewer", _("officer of the receiving unit")
    REVIEWER_LEADER = "reviewer_leader", _("leader of the receiving unit")
    FOCAL = "focal", _("officer of the focal unit")
    FOCAL_LEADER = "focal_leader", _("leader of the focal unit")
    SUPERVISOR = "supervisor", _("supervising leader")
    UNIT_ABOVE = "unit_above", _("leader of the unit above")
    POST = "post", _("named post")


class Channel(TextChoices):
    IN_APP = "in_app", _("in the application")
    EMAIL = "email", _("e-mail")
    WEBHOOK = "webhook", _("message bridge")


class LadderKind(TextChoices):
    """What a ladder is for: a kind of deadline, and whose part it is where that matters."""

    ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement by a lead unit")
    COORDINATION = "coordination", _("acknowledgement by a coordinating unit")
    ITEM = "item", _("plan item")
    REPORT = "report", _("report")
    CONSOLIDATED = "consolidated", _("consolidated report")
    OBSTACLE = "obstacle", _("answer to an obstacle")
    EXTENSION = "extension", _("decision on an extension")
    PROPOSAL = "proposal", _("answer to a proposal")


class Kind(TextChoices):
    REMINDER = "reminder", _("reminder")
    DUE_TODAY = "due_today", _("due-day notice")
    ESCALATION = "escalation", _("overdue alert")
    FOLLOW_UP = "follow_up", _("follow-up")
    NOTICE = "notice", _("news")


class RungState(TextChoices):
    PLANNED = "planned", _("planned")
    FIRED = "fired", _("sent")
    SUPERSEDED = "superseded", _("no longer valid")
    SKIPPED = "skipped", _("left out")


class RungReason(TextChoices):
    """Why a rung did not fire, or fired to no avail."""

    PAST = "past", _("its moment had passed when the date was set")
    SAME_DAY = "same_day", _("a nearer one falls on the same day")
    CAUGHT_UP = "caught_up", _("a later one told of it")
    NEW_DATE = "new_date", _("the date was set anew")
    NEW_LADDER = "new_ladder", _("the ladder was changed")
    CLOSED = "closed", _("the work was handed in or called off")
    NOTED = "noted", _("a leader took note of the delay")
    NOBODY = "nobody", _("nobody is registered who could be told")
    REPAIRED = "repaired", _("an administrator had the schedule repaired")


class MessageState(TextChoices):
    PENDING = "pending", _("waiting")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("left out")
    FAILED = "failed", _("failed")


class SkipReason(TextChoices):
    """Why a message that waited for its e-mail is not sent."""

    INACTIVE = "inactive", _("the person no longer has an account")
    NO_ADDRESS = "no_address", _("the person has no e-mail address")
    NO_ACCESS = "no_access", _("the person may no longer see the plan")
    CLOSED = "closed", _("the work was handed in, suspended or called off")
    NEW_DATE = "new_date", _("the date was set anew")
    ANSWERED = "answered", _("the assignment has been answered")
    PRESENTED = "presented", _("the report has been presented to the unit's leader")
    DECLINED = "declined", _("the person asked for none of these by this way")
    NO_BRIDGE = "no_bridge", _("there is no message bridge for the unit")
    NO_SERVER = "no_server", _("no mail server is configured")


class MailState(TextChoices):
    PENDING = "pending", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused for good")
    WITHDRAWN = "withdrawn", _("withdrawn before it was sent")
    KEPT = "kept", _("kept here: no mail server is configured")


class Part(TextChoices):
    """The parts of the machinery that give signs of life."""

    BEAT = "beat", _("the clock that wakes the worker")
    WORKER = "worker", _("the worker that plans and sends")
    MAIL = "mail", _("the mail server")


class FindingKind(TextChoices):
    """How what was recorded can differ from what should have been."""

    UNPLANNED = "unplanned", _("a date that was never laid out")
    MISSING = "missing", _("a reminder is missing from the schedule")
    UNTOLD = "untold", _("a reminder was sent without an alert")
    OVERDUE = "overdue", _("a reminder is due and was not sent")
    MOVED = "moved", _("a reminder stands at the wrong moment")
    UNEXPECTED = "unexpected", _("a reminder that no ladder asks for")
    DOUBLED = "doubled", _("somebody was told twice")
    UNDELIVERED = "undelivered", _("a message did not leave")
    REFUSED = "refused", _("an e-mail or a call was refused for good")
    STUCK = "stuck", _("an e-mail or a call hangs half sent")
    UNANNOUNCED = "unannounced", _("news that nobody was told")
    LATE = "late", _("a reminder was sent late")
    UNKNOWN = "unknown", _("an e-mail or a call that may have arrived twice")
    NOBODY = "nobody", _("a reminder that reached nobody")
