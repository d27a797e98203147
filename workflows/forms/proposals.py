"""What a person has to say when they propose something, or answer a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.models import Plan, Proposal, ProposalState, Unit
from workflows.actions.proposals import Addressee, Letter
from workflows.forms.actions import ActionForm, DateField, UnitChoice, words_field
from workflows.forms.reports import Choice, FilterForm, choice_field, plan_choices

LONGEST_NAME = 300


class AddresseeForm(ActionForm):
    """Whom it is addressed to: a unit of the registry, or the name of a body outside of it."""

    unit = UnitChoice(
        label=_("Addressed to"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("A body outside: enter its name below"),
    )
    name = forms.CharField(
        label=_("Body outside"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Such as a ministry. The focal unit records what it answers."),
    )

    def prepare(self) -> None:
        choice = cast(UnitChoice, self.fields["unit"])
        choice.queryset = Unit.objects.valid_on(self.today).exclude(pk=self._proposer().pk)

    def _proposer(self) -> Unit:
        return cast(Unit, self.target.unit)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name = data.get("name", "").strip()
        if not data.get("unit") and not name:
            self.add_error("unit", _("Choose a unit, or enter the name of a body outside."))
        elif data.get("unit") and name:
            self.add_error("name", _("Choose a unit or enter a name, not both."))
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"addressee": Addressee(given.pop("unit"), given.pop("name").strip()), **given}


class ProposalForm(AddresseeForm):
    words = words_field(_("Proposal"), help_text=_("What you ask for, and why."))
    field_order = ("words", "unit", "name")


class ProposalChangeForm(ProposalForm):
    """The same about a proposal that is already written; it is filled with what was written."""

    def prepare(self) -> None:
        super().prepare()
        proposal = cast(Proposal, self.target)
        self.initial = {
            "words": proposal.words,
            "unit": proposal.addressee,
            "name": proposal.addressee_name,
        }


class ObstacleProposalForm(ProposalForm):
    """An obstacle that nobody answered, as a proposal."""

    def prepare(self) -> None:
        super().prepare()
        self.initial = {"words": self.target.words}

    def _proposer(self) -> Unit:
        return cast(Unit, self.target.participation.unit)


class PassOnForm(AddresseeForm):
    reason = words_field(_("Reason"), help_text=_("Kept on the record and shown to everybody."))

    def prepare(self) -> None:
        super().prepare()
        choice = cast(UnitChoice, self.fields["unit"])
        asked = Q(pk=cast(Proposal, self.target).addressee_id)
        choice.queryset = cast(Any, choice.queryset).exclude(asked)


class _LetterForm(ActionForm):
    letter_number = forms.CharField(label=_("Number of the letter"), required=False, max_length=60)
    letter_date = DateField(label=_("Date of the letter"), required=False)

    def prepare(self) -> None:
        if self.target.is_outside:
            help_text = _("%(name)s answers outside of this system: its letter is the proof.")
            self.fields["letter_number"].help_text = help_text % {"name": self.target.addressed_to}
            for name in ("letter_number", "letter_date"):
                self.fields[name].required = True

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        letter = Letter(given.pop("letter_number"), given.pop("letter_date"))
        return {"letter": letter, **given}

    def clean_letter_date(self) -> Any:
        day = self.cleaned_data["letter_date"]
        if day and day > self.today:
            raise forms.ValidationError(_("The letter cannot be of a day that is still to come."))
        return day


class ProposalAnswerForm(_LetterForm):
    words = words_field(_("Answer"), help_text=_("Kept on the record and shown to everybody."))
    field_order = ("words", "letter_number", "letter_date")


class ProposalRefusalForm(_LetterForm):
    reason = words_field(_("Reason"), help_text=_("Kept on the record and shown to everybody."))
    field_order = ("reason", "letter_number", "letter_date")


class WithdrawalForm(ActionForm):
    """What is only written in a report is removed without a reason."""

    reason = words_field(_("Reason"), required=False)

    def prepare(self) -> None:
        if self.target.state != "written":
            self.fields["reason"].required = True


class ProposalFilter(FilterForm):
    """The tab, the plan and the state of proposals."""

    def __init__(
        self, *args: Any, plans: Iterable[Plan], tabs: Iterable[Choice], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tab"] = choice_field("", "", tabs)
        self.fields["plan"] = choice_field(_("Plan"), _("All plans"), plan_choices(plans))
        self.fields["state"] = choice_field(_("State"), _("All states"), ProposalState.choices)
