"""Handing in a report that came on paper, and confirming what was read of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import Indicator, Report, ReportSection, Unit
from workflows.actions.measurements import FigureInput
from workflows.actions.papers import PaperInput, ProposalInput
from workflows.actions.proposals import Addressee
from workflows.forms.actions import DateField, UnitChoice
from workflows.forms.drafts import UploadForm
from workflows.forms.numbers import NumberField
from workflows.forms.reports import MAX_TEXT
from workflows.paper_reading import PaperProposal

SPARE = 2  # empty lines for what was not read


class PaperUploadForm(UploadForm):
    """The file of a paper report, or its text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("File or picture of the report")
        del self.fields["again"]


class HeadForm(forms.Form):
    """What stands on the paper, and when it arrived."""

    number = forms.CharField(
        label=_("Number of the paper"),
        required=False,
        max_length=60,
        help_text=_("Such as 25/BC-UBND. May stay empty where the paper has none."),
    )
    issued_on = DateField(label=_("Date of the paper"))
    signer = forms.CharField(label=_("Signed by"), max_length=150)
    received_on = DateField(
        label=_("Received on"), help_text=_("The day it arrived counts as the day of submission.")
    )
    covers_from = DateField(label=_("Figures from"), required=False)
    covers_to = DateField(label=_("Figures to"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        received, issued = data.get("received_on"), data.get("issued_on")
        if received and received > self.today:
            words = _("The paper cannot have arrived on a day that is still to come.")
            self.add_error("received_on", words)
        elif received and issued and received < issued:
            words = _("The paper cannot have arrived before the day it is dated.")
            self.add_error("received_on", words)
        return data


class SectionTextForm(forms.Form):
    """The text of one section."""

    text = forms.CharField(
        required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, section: ReportSection, data: Any, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"section-{section.pk}", **kwargs)
        self.section = section
        self.fields["text"].label = section.title


class FigureForm(forms.Form):
    """One figure: what it is a figure of, or nothing, which leaves it out."""

    indicator = forms.ModelChoiceField(
        label=_("Indicator"),
        queryset=Indicator.objects.none(),
        required=False,
        empty_label=_("Leave it out"),
    )
    value = NumberField(label=_("Value"), required=False)
    weight = NumberField(label=_("Of how many"), required=False)
    source = forms.CharField(label=_("In the paper"), required=False, max_length=500)

    def __init__(self, *args: Any, indicators: Sequence[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(Any, self.fields["indicator"])
        choice.queryset = Indicator.objects.filter(pk__in=[one.pk for one in indicators])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("indicator") and data.get("value") is None and not self.errors.get("value"):
            self.add_error("value", _("Enter the value, or leave the figure out."))
        return data


class PaperProposalForm(forms.Form):
    """One proposal; without words it is left out."""

    words = forms.CharField(
        label=_("Proposal"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    unit = UnitChoice(
        label=_("Addressed to"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("A body outside: enter its name below"),
    )
    name = forms.CharField(label=_("Body outside"), required=False, max_length=300)

    def __init__(self, *args: Any, proposer: Unit, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.valid_on(today).exclude(pk=proposer.pk)
        cast(UnitChoice, self.fields["unit"]).queryset = units

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked = data.get("unit") or data.get("name", "").strip()
        if data.get("words", "").strip() and not asked:
            self.add_error("unit", _("Choose a unit, or enter the name of a body outside."))
        return data


_FigureForms = forms.formset_factory(FigureForm, extra=SPARE)
_ProposalForms = forms.formset_factory(PaperProposalForm, extra=SPARE)


class PaperForms:
    """Everything on the page that confirms a paper report."""

    def __init__(
        self,
        report: Report,
        *,
        today: dt.date,
        read: PaperProposal | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.report = report
        period = report.period
        indicators = list(Indicator.objects.filter(targets__plan=report.plan_id).distinct())
        head, figures, proposals = _initial(read, today)
        head |= {"covers_from": period.data_from, "covers_to": period.data_to}
        self.head = HeadForm(data, initial=head, today=today)
        texts = read.texts if read else {}
        self.sections = [
            SectionTextForm(section, data, initial={"text": texts.get(section.pk, "")})
            for section in report.sections.all()
        ]
        self.figures = _FigureForms(
            data, initial=figures, prefix="figure", form_kwargs={"indicators": indicators}
        )
        self.has_indicators = bool(indicators)
        self.proposals = _ProposalForms(
            data,
            initial=proposals,
            prefix="proposal",
            form_kwargs={"proposer": report.unit, "today": today},
        )

    def is_valid(self) -> bool:
        parts: tuple[Any, ...] = (self.head, *self.sections, self.figures, self.proposals)
        # Every part is asked, so that all that is wrong is shown at once.
        valid = [part.is_valid() for part in parts]
        return all(valid) and self._has_span()

    def _has_span(self) -> bool:
        """Figures that are taken over need the days they cover."""
        days = self.head.cleaned_data
        if not self._taken() or (days["covers_from"] and days["covers_to"]):
            return True
        self.head.add_error("covers_from", _("Enter the days that the figures cover."))
        return False

    def _taken(self) -> list[dict[str, Any]]:
        given = [form.cleaned_data for form in self.figures]
        return [one for one in given if one.get("indicator")]

    @property
    def given(self) -> PaperInput:
        head = self.head.cleaned_data
        return PaperInput(
            number=head["number"],
            issued_on=head["issued_on"],
            received_on=head["received_on"],
            signer=head["signer"],
            texts={form.section.pk: form.cleaned_data["text"] for form in self.sections},
            figures=[self._figure(one) for one in self._taken()],
            proposals=[
                ProposalInput(one["words"], Addressee(one["unit"], one["name"].strip()))
                for form in self.proposals
                if (one := form.cleaned_data).get("words", "").strip()
            ],
        )

    def _figure(self, one: dict[str, Any]) -> FigureInput:
        head = self.head.cleaned_data
        return FigureInput(
            indicator=one["indicator"],
            unit=self.report.unit,
            covers_from=head["covers_from"],
            covers_to=head["covers_to"],
            value=one["value"],
            weight=one["weight"],
            source=one["source"],
        )


def _initial(
    read: PaperProposal | None, today: dt.date
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    if read is None:
        return {}, [], []
    head = {
        "number": read.number,
        "issued_on": read.issued_on,
        "signer": read.signer,
        "received_on": today,
    }
    figures = [
        {
            "indicator": one.indicator,
            "value": one.value,
            "source": f"{one.name}: {one.quote}"[:500],
        }
        for one in read.figures
    ]
    proposals = [{"words": one.words, "unit": one.unit, "name": one.name} for one in read.proposals]
    return head, figures, proposals
