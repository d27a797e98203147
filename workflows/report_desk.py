"""The page on which a report is written: its sections, what is proposed for each, who is at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from tasks.models import Report, ReportComment, ReportSection
from tasks.reporting.earlier import Earlier, earlier_texts
from tasks.reporting.prefill import prefill
from workflows.access import Actor
from workflows.forms.reports import SectionForm

# Whoever saved a section so short a time ago may still be at it.
BUSY_FOR = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class DeskSection:
    """One section as it is shown; `proposal` and `earlier` are texts that may be taken over."""

    form: SectionForm
    proposal: str
    earlier: str
    is_busy: bool

    @property
    def section(self) -> ReportSection:
        return self.form.section

    @property
    def is_proposed(self) -> bool:
        """Whether the form shows a text that nobody has saved yet."""
        return not self.form.is_bound and self.form.initial["text"] != self.section.text


class Desk:
    """What the writers of a report have before them. A constant number of queries."""

    def __init__(self, report: Report, *, actor: Actor, at: dt.datetime, today: dt.date) -> None:
        self.report = report
        self.actor = actor
        self.at = at
        self.sections = sections_with_comments(report, actor)
        self.proposals = prefill(report, today=today)
        self.earlier: Earlier | None = earlier_texts(report)

    def begun(self) -> list[SectionForm]:
        """The saved texts; what was never saved begins with what is on record."""
        return [
            SectionForm(one, one.text if one.revision else self.proposals.get(one.pk, ""))
            for one in self.sections
        ]

    def sent(self, data: Mapping[str, object]) -> list[SectionForm]:
        """The forms that were sent; a section without one shows what is saved."""
        forms = [SectionForm(one, one.text) for one in self.sections]
        return [
            SectionForm(form.section, "", data) if form.add_prefix("revision") in data else form
            for form in forms
        ]

    def rebased(self, forms: Iterable[SectionForm]) -> list[SectionForm]:
        """The forms after a refusal, beside what is saved now."""
        now = {one.pk: one for one in self.sections}
        return [
            form.rebased(now[form.section.pk]) if form.is_bound else form
            for form in forms
            if form.section.pk in now
        ]

    def inserted(self, form: SectionForm, source: str) -> SectionForm:
        """The form with a text taken over: put in its place, or added below what is there."""
        pk, text = form.section.pk, form.given.text
        if source == "replace":
            return form.with_text(self.proposals.get(pk, ""))
        texts = self.earlier.texts if source == "earlier" and self.earlier else self.proposals
        return form.with_text("\n\n".join(filter(None, (text, texts.get(pk, "")))))

    def shown(self, forms: Iterable[SectionForm]) -> list[DeskSection]:
        return [self._shown(form) for form in forms]

    def _shown(self, form: SectionForm) -> DeskSection:
        section, text = form.section, (form["text"].value() or "").strip()
        proposal = self.proposals.get(section.pk, "").strip()
        earlier = self.earlier.texts.get(section.pk, "") if self.earlier else ""
        return DeskSection(
            form=form,
            proposal="" if proposal in text else proposal,
            earlier="" if earlier in text else earlier,
            is_busy=bool(
                section.written_at
                and section.written_by_id != self.actor.person.pk
                and self.at - section.written_at < BUSY_FOR
            ),
        )


def sections_with_comments(report: Report, actor: Actor) -> list[ReportSection]:
    """The sections of a report, each with the comments that the actor's unit may see."""
    comments = ReportComment.objects.seen_by(actor.unit).select_related(
        "unit", "made_by", "settled_by"
    )
    return list(
        report.sections.select_related("written_by").prefetch_related(
            Prefetch("comments", comments)
        )
    )
