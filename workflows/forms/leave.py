"""Entering a leave."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import Membership, Person
from workflows.access import Actor
from workflows.actions.leave import colleagues


class LeaveForm(forms.Form):
    """A leader chooses among the people of the unit; anybody else enters their own leave."""

    absent = forms.ModelChoiceField(
        label=_("Who is away"), queryset=Person.objects.none(), empty_label=None
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput)
    ends_on = forms.DateField(label=_("Until, this day included"), widget=forms.DateInput)
    substitute = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=Person.objects.none(),
        help_text=_("They may do the work, and are told of everything, in place of the absent."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        help_text=_("Such as: annual leave. Shown to both, not in mails."),
    )

    def __init__(self, *args: Any, actor: Actor, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leads = actor.may("approve_for_unit")
        own = Person.objects.filter(pk=actor.person.pk)
        posts = Membership.objects.current(today).filter(unit=actor.unit)
        members = Person.objects.filter(pk__in=posts.values("person"))
        people, helpers = (own | members if leads else own), colleagues(actor.person, on=today)
        self._offer("absent", people.distinct())
        self._offer("substitute", (helpers | members if leads else helpers).distinct())
        self.initial.setdefault("absent", actor.person.pk)
        self.initial.setdefault("starts_on", today)

    def _offer(self, name: str, people: Any) -> None:
        cast("forms.ModelChoiceField[Person]", self.fields[name]).queryset = people
