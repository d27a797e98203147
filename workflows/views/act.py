"""An action as a page: what a line of the table of actions says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from tasks.models import Participation
from workflows.access import Actor
from workflows.forms import actions as forms

Check = Callable[[Actor, Any], None]


@dataclass(frozen=True, slots=True)
class Act:
    """An action as a page: `argument` is the name under which `perform` takes the target."""

    name: str
    address: str
    target: QuerySet[Any]
    argument: str
    check: Check
    form: type[forms.ActionForm]
    perform: Callable[..., Any]
    title: str | Promise
    button: str | Promise
    done: str | Promise
    consequence: str | Promise = ""
    plan: str = "plan"
    is_dangerous: bool = False


PARTS = Participation.objects.select_related(
    "unit",
    "officer",
    "item__section",
    "item__plan__document",
    "item__plan__focal_unit",
    "item__plan__issuer",
)
