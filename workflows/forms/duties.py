"""What a person has to say who asks for reports, changes a duty or links it to one above."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.duties import members_by_group
from tasks.duty_words import duty_title
from tasks.models import (
    Participation,
    Plan,
    Recurrence,
    Reporters,
    ReportingObligation,
    Role,
    Unit,
    UnitGroup,
    Window,
)
from tasks.reporting.periods import CYCLES
from workflows.actions.obligations import DutyChange, RequestLetter, Wanted, feedable
from workflows.actions.owed_reports import NOT_LEADING
from workflows.forms.actions import ActionForm, DateField, ManyFilesField, words_field


class GroupChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Groups with the names of those who belong to them on the day of the request."""

    members: Mapping[int, list[str]] = MappingProxyType({})

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}: {', '.join(self.members.get(obj.pk, ())) or _('nobody today')}"


class UnitsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class RequestForm(ActionForm):
    """A request for reports. Each choice names the units that it would ask today."""

    number = forms.CharField(label=_("Number of the letter"), max_length=60)
    issued_on = DateField(label=_("Date of the letter"))
    title = forms.CharField(
        label=_("About"),
        max_length=300,
        help_text=_("What the units are to report on."),
    )
    reporters = forms.ChoiceField(label=_("Who is to report"), widget=forms.RadioSelect)
    group = GroupChoice(label=_("Group"), queryset=UnitGroup.objects.none(), required=False)
    units = UnitsChoice(label=_("Units"), queryset=Unit.objects.none(), required=False)
    data_from = DateField(label=_("Figures from"), required=False)
    data_to = DateField(label=_("Figures to"), required=False)
    due_on = DateField(label=_("Due on"))
    file = ManyFilesField(label=_("File of the letter"), required=False)

    def prepare(self) -> None:
        plan = cast(Plan, self.target)
        leads = Participation.objects.filter(item__plan=plan, role=Role.LEAD)
        at_work = leads.exclude(state__in=NOT_LEADING).values("unit")
        names = Unit.objects.filter(pk__in=at_work).order_by("name")
        leading = ", ".join(unit.short_name for unit in names)
        choices: list[tuple[str, str | Promise]] = [
            (Reporters.CHOSEN, _("the units ticked below")),
            (Reporters.GROUP, _("the members of a group")),
        ]
        if leading:
            words = _("every lead unit: %(names)s") % {"names": leading}
            choices.insert(0, (Reporters.LEADS, words))
        cast(forms.ChoiceField, self.fields["reporters"]).choices = choices
        group = cast(GroupChoice, self.fields["group"])
        group.members = members_by_group(self.today)
        group.queryset = UnitGroup.objects.order_by("name")
        units = Unit.objects.valid_on(self.today).exclude(pk=plan.focal_unit_id)
        cast(UnitsChoice, self.fields["units"]).queryset = units.order_by("name")
        self.fields["issued_on"].initial = self.today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        who, first, last = data.get("reporters"), data.get("data_from"), data.get("data_to")
        if who == Reporters.GROUP and not data.get("group"):
            self.add_error("group", _("Choose the group that is to report."))
        if who == Reporters.CHOSEN and not data.get("units"):
            self.add_error("units", _("Tick the units that are to report."))
        if first and last and last < first:
            self.add_error("data_to", _("The figures would end before they begin."))
        if data.get("due_on") and data["due_on"] < self.today:
            self.add_error("due_on", _("The reports cannot be due on a day that is over."))
        if len(data.get("file") or ()) > 1:
            self.add_error("file", _("One file: that of the letter."))
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        file = next(iter(given.pop("file")), None)
        letter = RequestLetter(given.pop("number").strip(), given.pop("issued_on"), file)
        given["reporters"] = Reporters(given["reporters"])
        return {"letter": letter, "wanted": Wanted(**given)}


class DutyChangeForm(ActionForm):
    recurrence = forms.ChoiceField(label=_("How often"))
    next_on = DateField(
        label=_("Next date"),
        required=False,
        help_text=_("The dates after it follow from this one. Empty: the days stay as they are."),
    )
    window = forms.ChoiceField(label=_("Figures cover"), choices=Window)
    ends_on = DateField(
        label=_("No longer after"),
        required=False,
        help_text=_("To end the duty now, enter today's date."),
    )
    recipients = forms.CharField(
        label=_("Recipients, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = words_field(_("Reason"), help_text=_("Kept on the record and shown to everybody."))

    def prepare(self) -> None:
        duty = cast(ReportingObligation, self.target)
        cast(forms.ChoiceField, self.fields["recurrence"]).choices = [
            (value, label) for value, label in Recurrence.choices if value in CYCLES
        ]
        self.initial = {
            "recurrence": duty.recurrence,
            "window": duty.window,
            "ends_on": duty.ends_on,
            "recipients": "\n".join(duty.recipient_names),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("recurrence") != self.target.recurrence and not data.get("next_on"):
            self.add_error("next_on", _("Enter the next date: it is to be due more or less often."))
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        reason = given.pop("reason")
        lines = given.pop("recipients").splitlines()
        change = DutyChange(
            recurrence=Recurrence(given.pop("recurrence")),
            window=Window(given.pop("window")),
            recipients=[line.strip() for line in lines if line.strip()],
            **given,
        )
        return {"change": change, "reason": reason}


class DutyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.plan}: {duty_title(obj)}"


class FeedForm(ActionForm):
    into = DutyChoice(label=_("Consolidated in"), queryset=ReportingObligation.objects.none())

    def prepare(self) -> None:
        duty = cast(ReportingObligation, self.target)
        above = feedable(duty, self.actor).select_related("plan__document", "unit", "group")
        cast(DutyChoice, self.fields["into"]).queryset = above
