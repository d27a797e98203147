"""What a person may choose about being told."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import Preference
from notifications.wishes import MORNINGS
from tasks.models import Language

# Beyond this, an alert of the morning would come too late for the working day.
LATEST_QUIET_END, EARLIEST_QUIET_START = dt.time(9), dt.time(17)


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    by_email = forms.BooleanField(label=gettext_lazy("By e-mail, as one digest"), required=False)
    by_bridge = forms.BooleanField(
        label=gettext_lazy("By the message bridge (Zalo, Telegram, Teams)"),
        help_text=gettext_lazy("Where your unit has one and the ladder uses it."),
        required=False,
    )
    morning_at = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the digest, on working days"),
        coerce=dt.time.fromisoformat,
        choices=[(one.isoformat(), time_format(one, "H:i")) for one in MORNINGS],
    )
    quiet_from = forms.TimeField(label=gettext_lazy("From"), widget=_clock(), required=False)
    quiet_until = forms.TimeField(label=gettext_lazy("Until"), widget=_clock(), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the pages and the mail"), choices=Language.choices
    )

    class Meta:
        model = Preference
        fields = ("by_email", "by_bridge", "morning_at", "quiet_from", "quiet_until")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("quiet_from"), data.get("quiet_until")
        if (start is None) != (end is None) and not self.errors:
            self.add_error("quiet_until", _("Give both hours, or neither."))
        elif start is not None and start < EARLIEST_QUIET_START:
            self.add_error("quiet_from", _("Quiet hours may begin at 17:00 at the earliest."))
        elif end is not None and end > LATEST_QUIET_END:
            self.add_error("quiet_until", _("Quiet hours may last until 09:00 at the latest."))
        return data
