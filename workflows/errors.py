"""Why an action did not happen. Nothing was changed when one of these is raised."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise

from tasks.models import Person


class ActionRefused(Exception):
    """A rule forbids the action now. `message` says what happened and what one can do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(ActionRefused):
    """The acting person may not do this for the acting unit."""


class Overtaken(ActionRefused):
    """Somebody else was quicker: the thing is no longer in the state the form was made for."""


class Clash(Overtaken):
    """Somebody else changed the same card meanwhile; `by` is that person."""

    def __init__(self, message: str | Promise, by: Person) -> None:
        super().__init__(message)
        self.by = by


class IncompletePlan(ActionRefused):
    """The reviewed plan cannot be issued yet; `problems` names each place."""

    def __init__(self, message: str | Promise, problems: Sequence[str]) -> None:
        super().__init__(message)
        self.problems = problems
