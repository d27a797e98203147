"""Work that a job does for a row: who does it, until when, how far it is, why it failed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LeasedWork(models.Model):
    """A row whose `state` goes from waiting through working to an end that the model names.

    The row is the truth: a worker takes it by a lease that it renews, fenced by a UUID, so that a
    worker that lost it can write nothing. `workflows.actions.leases` is the only writer.
    """

    WAITING: ClassVar[str]
    WORKING: ClassVar[str]

    # Each model has a protected field of its own in this place.
    state = models.CharField(max_length=20)
    # Whose work counts: a worker that lost the lease has nothing more to say.
    lease = models.UUIDField(null=True, editable=False)
    # When another worker may take the work over; while it waits, when to wake one again.
    leased_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # How far the work is: done, total, stage.
    progress = models.JSONField(default=dict)
    # Why it could not be done: code and params of the refusal.
    failure = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def begin_work(self) -> None:
        """The transition to `WORKING`, also taken over from a worker that died."""
        raise NotImplementedError

    def fail(self) -> None:
        """The transition to the state of what could not be done."""
        raise NotImplementedError
