"""The form of a ladder: one small form for each rung, checked together."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.kinds import Audience, Channel, LadderKind
from notifications.ladder import DEFAULT_TIME, REPEAT_LIMIT, DayKind, Rung
from notifications.ladder_words import sentence, units_of, when
from tasks.models import Membership, MembershipRole, Unit
from tasks.rules.calendar import local_date

EARLIEST, LATEST = dt.time(6), dt.time(20)
LONGEST_OFFSET = 250
AUDIENCES = (
    Audience.OFFICER,
    Audience.LEADER,
    Audience.CLERK,
    Audience.FOCAL,
    Audience.FOCAL_LEADER,
    Audience.SUPERVISOR,
    Audience.UNIT_ABOVE,
)
BESIDES = (Channel.EMAIL, Channel.WEBHOOK)


class RungForm(forms.Form):
    days = forms.IntegerField(
        label=gettext_lazy("Days"), min_value=0, max_value=LONGEST_OFFSET, initial=1
    )
    day_kind = forms.ChoiceField(
        label=gettext_lazy("Counted in"), choices=DayKind.choices, required=False
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Before or after"),
        choices=(
            ("before", gettext_lazy("before the date")),
            ("after", gettext_lazy("after the date")),
        ),
        help_text=gettext_lazy("0 days: on the day itself."),
    )
    at_time = forms.TimeField(
        label=gettext_lazy("Hour"),
        initial=DEFAULT_TIME,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("Whom"),
        choices=[(one.value, one.label) for one in AUDIENCES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    post_unit = forms.ModelChoiceField(
        label=gettext_lazy("A named post: unit"), queryset=Unit.objects.none(), required=False
    )
    post_role = forms.ChoiceField(
        label=gettext_lazy("Post"),
        choices=[("", "–"), *MembershipRole.choices],
        required=False,
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Besides the application, by"),
        choices=[(one.value, one.label) for one in BESIDES],
        initial=[Channel.EMAIL.value],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    repeat_every = forms.IntegerField(
        label=gettext_lazy("Again every … working days"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=gettext_lazy("Until it is done or a leader takes note. Empty: once."),
    )
    repeat_limit = forms.IntegerField(
        label=gettext_lazy("At most … times"),
        required=False,
        initial=REPEAT_LIMIT,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )

    def __init__(self, *args: Any, kind: LadderKind, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        post_unit = self.fields["post_unit"]
        assert isinstance(post_unit, forms.ModelChoiceField)
        post_unit.queryset = units

    @classmethod
    def initial_of(cls, rung: Rung) -> dict[str, Any]:
        unit, role = rung.post or (None, "")
        return {
            "days": abs(rung.offset),
            "day_kind": rung.day_kind,
            "side": "after" if rung.offset > 0 else "before",
            "at_time": rung.at_time,
            "audience": list(rung.audience),
            "post_unit": unit,
            "post_role": role,
            "channels": list(rung.channels),
            "repeat_every": rung.repeat_every,
            "repeat_limit": rung.repeat_limit,
        }

    def clean_at_time(self) -> dt.time:
        moment: dt.time = self.cleaned_data["at_time"]
        if not EARLIEST <= moment <= LATEST:
            raise ValidationError(_("Choose an hour between 06:00 and 20:00."))
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_post(data)
        if not self.errors:
            self._check_rung(self.rung())
        return data

    def _check_post(self, data: dict[str, Any]) -> None:
        unit, role = data.get("post_unit"), data.get("post_role")
        if bool(unit) != bool(role):
            self.add_error("post_role", _("A named post needs both a unit and a post."))
        elif unit and role and not _holders(unit, role):
            words = _("Nobody holds this post in %(unit)s: choose another, or register somebody.")
            self.add_error("post_role", words % {"unit": unit.short_name})
        if not unit and not data.get("audience"):
            self.add_error("audience", _("Choose at least one person to tell."))

    def _check_rung(self, rung: Rung) -> None:
        if rung.repeat_every and rung.offset <= 0:
            self.add_error("repeat_every", _("Only what comes after the date can repeat."))
        term = _term(self.kind)
        if term is not None and rung.offset < 0 and -rung.offset >= _in_days(term, rung.day_kind):
            words = _(
                "This can never come: only %(term)s working days are given, so %(when)s lies "
                "before the date was set."
            )
            self.add_error("days", words % {"term": term, "when": when(rung)})

    @property
    def words(self) -> str:
        """The rung as it was, or as it was just sent, in words; empty for a new or a wrong one."""
        if self.is_bound:
            rung = self.rung() if self.is_valid() and self.has_changed() else None
        else:
            rung = self._rung_of(self.initial) if self.initial else None
        return sentence(rung, units_of([rung])) if rung else ""

    def rung(self) -> Rung:
        """The rung the form describes; only when it is valid."""
        return self._rung_of(self.cleaned_data)

    @staticmethod
    def _rung_of(data: Mapping[str, Any]) -> Rung:
        sign = -1 if data["side"] == "before" else 1
        unit = data.get("post_unit")
        audience = [Audience(one) for one in data["audience"] if one != Audience.POST]
        return Rung(
            offset=sign * data["days"],
            audience=tuple([*audience, Audience.POST] if unit else audience),
            day_kind=DayKind(data["day_kind"] if data["day_kind"] and data["days"] else "working"),
            at_time=data["at_time"],
            channels=tuple(Channel(one) for one in data["channels"]),
            post=(getattr(unit, "pk", unit), data["post_role"]) if unit else None,
            repeat_every=data["repeat_every"],
            repeat_limit=data["repeat_limit"] or REPEAT_LIMIT,
        )


def _holders(unit: Unit, role: str) -> bool:
    today = local_date(timezone.now())
    return Membership.objects.current(today).filter(unit=unit, role=role).exists()


def _term(kind: LadderKind) -> int | None:
    """How many working days are given, where that is one figure for all."""
    asked = (LadderKind.ACKNOWLEDGEMENT, LadderKind.COORDINATION)
    if kind in asked:
        return int(settings.DONDOC_ACKNOWLEDGE_WORKING_DAYS)
    given = {
        LadderKind.OBSTACLE: settings.DONDOC_ANSWER_WORKING_DAYS,
        LadderKind.EXTENSION: settings.DONDOC_DECIDE_WORKING_DAYS,
        LadderKind.PROPOSAL: settings.DONDOC_PROPOSAL_WORKING_DAYS,
    }
    return int(given[kind]) if kind in given else None


def _in_days(working_days: int, day_kind: DayKind) -> int:
    return working_days if day_kind is DayKind.WORKING else math.ceil(working_days * 7 / 5)


class RungForms(forms.BaseFormSet):  # type: ignore[type-arg]
    """All rungs of a ladder. `rungs` gives them in order once the whole is valid."""

    def clean(self) -> None:
        if any(self.errors):
            return
        rungs = self.rungs()
        twice = [key for key, number in Counter(rung.key for rung in rungs).items() if number > 1]
        for rung in {rung.key: rung for rung in rungs if rung.key in twice}.values():
            raise ValidationError(
                _("This comes twice: %(when)s. Put its people together in one.")
                % {"when": when(rung)}
            )
        if not any(rung.offset > 0 for rung in rungs):
            raise ValidationError(
                _("Nobody would be told of a delay: add at least one rung after the date.")
            )

    def rungs(self) -> list[Rung]:
        kept = [form for form in self.forms if form not in self.deleted_forms]
        rungs = [form.rung() for form in kept if form.has_changed()]
        return sorted(rungs, key=lambda rung: (rung.offset, rung.key))


_RungFormSet = forms.formset_factory(RungForm, formset=RungForms, extra=0, can_delete=True)


def rung_forms(kind: LadderKind, data: Any = None, *, rungs: Iterable[Rung] = ()) -> RungForms:
    """The forms filled with what was sent in `data`, or else from `rungs`."""
    about = {"kind": kind, "units": Unit.objects.filter(valid_until__isnull=True)}
    if data is not None:
        return cast(RungForms, _RungFormSet(data, form_kwargs=about))
    initial = [RungForm.initial_of(rung) for rung in rungs]
    return cast(RungForms, _RungFormSet(initial=initial, form_kwargs=about))
