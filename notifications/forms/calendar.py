"""Entering a decision about the working calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.calendar_editing import Decision
from tasks.rules.calendar import WorkingCalendar


class DecisionForm(forms.Form):
    """A day off, a day worked, or both as a swap. At least one of them."""

    off_on = forms.DateField(
        label=_("Day off"),
        required=False,
        widget=forms.DateInput,
        help_text=_("A day that would be worked otherwise."),
    )
    off_until = forms.DateField(
        label=_("until"),
        required=False,
        widget=forms.DateInput,
        help_text=_("Only for several days in a row."),
    )
    worked_on = forms.DateField(
        label=_("Worked instead"),
        required=False,
        widget=forms.DateInput,
        help_text=_("For a swap: usually a Saturday."),
    )
    note = forms.CharField(
        label=_("Decision"),
        max_length=200,
        help_text=_("Number and date of the letter that decided it."),
    )

    def __init__(self, *args: Any, calendar: WorkingCalendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        off, until, worked = (cleaned.get(one) for one in ("off_on", "off_until", "worked_on"))
        if not off and not worked and not self.errors:
            raise forms.ValidationError(_("Enter a day off, a day worked, or both."))
        if until and (not off or until < off):
            self.add_error("off_until", _("The last day cannot come before the first."))
        elif until and off and (until - off).days > LONGEST:
            self.add_error("off_until", _("At most 31 days in a row."))
        if off and not until and not self.calendar.is_working(off):
            self.add_error("off_on", _("This day is off already."))
        if worked and self.calendar.is_working(worked):
            self.add_error("worked_on", _("This day is worked already."))
        return cleaned

    def decision(self) -> Decision:
        """The days that change; those of a row that are off already are left as they are."""
        off, worked = self.cleaned_data.get("off_on"), self.cleaned_data.get("worked_on")
        days: dict[dt.date, bool | None] = {}
        if off:
            last = self.cleaned_data.get("off_until") or off
            row = (off + dt.timedelta(days=number) for number in range((last - off).days + 1))
            days = {day: False for day in row if self.calendar.is_working(day)}
        return {**days, worked: True} if worked else days


LONGEST = 31
