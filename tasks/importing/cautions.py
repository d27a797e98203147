"""The doubts a reading can raise, by stable code, in words for the person who reviews it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "legacy_font": _("The text was converted from the old %(encoding)s letters: check the names."),
    "ocr_text": _("Page %(page)s is a picture: its words were recognised and need a check."),
    "ocr_unsure": _("On page %(page)s these were hard to recognise: %(words)s."),
    "page_unread": _("Nothing was read from page %(page)s, which is a picture."),
    "hidden_sheet": _("The hidden sheet “%(sheet)s” was left out."),
    "lookalike_letter": _("Letters that look like “Đ” were replaced on this line."),
    "slip_corrected": _("“%(found)s” was read as “%(word)s”: check it against the document."),
    "number_blank": _("The number of the document is left open."),
    "number_missing": _("The document has no number in its heading."),
    "date_missing": _("The document has no date in its heading."),
    "issuer_missing": _("The text does not say who issued the document."),
    "issuer_inferred": _("The issuer “%(name)s” was put together from the text."),
    "type_inferred": _("No line names the type: “%(type)s” was inferred from the text."),
    "target_unclear": _("“%(name)s” stands outside the targets: check whether it is one."),
    "figure_counted": _("The text lists %(count)s things without a number: “%(name)s”."),
    "no_items": _("No task with a unit or a time was found."),
    "no_dates": _("No task and no report has a date."),
    "agenda_table": _("A table of hours was left out: it is an agenda, not a list of tasks."),
    "item_without_title": _("A task has units or a time, but no title."),
    "item_without_lead": _("The task %(item)s has no lead unit."),
    "code_missing": _("The task “%(item)s” has no code of its own."),
    "code_repeated": _("The code %(item)s is used more than once."),
    "lead_coordinates": _("“%(unit)s” is both lead and coordinating unit of %(item)s."),
    "open_group": _("“%(unit)s” names nobody: choose the units."),
    "time_missing": _("The task %(item)s has no time."),
    "time_unknown": _("The time “%(time)s” was not understood: set a date."),
    "time_ambiguous": _("The time “%(time)s” can be read in several ways: check the date."),
    "time_counted": _("The date of “%(time)s” was counted without public holidays: check it."),
    "time_several": _("The time “%(time)s” names several dates: check the milestones."),
    "time_open_end": _("The time “%(time)s” has no end: set a date."),
    "time_without_year": _("The time “%(time)s” has no year, and the document gives none."),
    "time_conditional": _("The time “%(time)s” depends on circumstances: a person must set it."),
    "year_inferred": _("The year of “%(time)s” was taken from the document."),
    "date_impossible": _("The date in “%(time)s” does not exist."),
    "due_before_start": _("“%(time)s” ends on %(due)s, before it begins."),
    "due_on_weekend": _("%(due)s is a Saturday or Sunday."),
    "due_before_issue": _("%(due)s is before the date of the document."),
    "duty_without_subject": _("The text does not say who has to report."),
}


def message_of(code: str, params: Mapping[str, object]) -> str:
    """Return a doubt in the active language."""
    return str(MESSAGES[code]) % params
