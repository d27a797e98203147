"""What a person has to say when they act."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tasks.models import DeadlineKind, Membership, Participation, Person, Unit
from tasks.punctuality import FLAGGED_EXTENSION, extensions_granted
from workflows.access import Actor
from workflows.actions.reports import open_comments

MAX_FILES = 10
OFFICE = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".txt", ".csv")
EVIDENCE_ENDINGS = (*OFFICE, ".jpg", ".jpeg", ".png", ".zip")


class ActionForm(forms.Form):
    """Base of all: knows what is acted on, by whom, and on which local date."""

    def __init__(
        self, *args: Any, target: Any, actor: Actor, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.actor = actor
        self.today = today
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the target."""

    @property
    def arguments(self) -> dict[str, Any]:
        """What the action is called with, beside its target."""
        return self.cleaned_data


def words_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConfirmForm(ActionForm):
    """Nothing to say: the button is the answer."""


class ReasonForm(ActionForm):
    reason = words_field(_("Reason"), help_text=_("Kept on the record and shown to everybody."))


class GiveBackForm(ReasonForm):
    """Why a report goes back. Comments at its sections may stand for the reason."""

    def prepare(self) -> None:
        count = open_comments(self.target, self.actor.unit).count()
        if count:
            reason = self.fields["reason"]
            reason.required = False
            reason.help_text = ngettext(
                "Your %(count)s comment goes along; the reason may stay empty.",
                "Your %(count)s comments go along; the reason may stay empty.",
                count,
            ) % {"count": count}


class CommentForm(ActionForm):
    words = words_field(
        _("Comment"), help_text=_("Read by the reporting unit, and by your own unit.")
    )


class SettleForm(ActionForm):
    words = words_field(
        _("Answer"), required=False, help_text=_("What you changed, or why not. May stay empty.")
    )


class OptionalReasonForm(ActionForm):
    reason = words_field(_("Reason"), required=False)


class AnswerForm(ActionForm):
    words = words_field(_("Answer"), help_text=_("Kept on the record and shown to everybody."))


class RemarkForm(ActionForm):
    words = words_field(_("Remark"), required=False)


class FollowUpForm(ActionForm):
    words = words_field(
        _("Message"),
        required=False,
        help_text=_("Added to the official reminder. May stay empty."),
    )


class ObstacleForm(ActionForm):
    words = words_field(
        _("Difficulty"), help_text=_("What is in the way, and what you need from whom.")
    )


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} – {obj.position}" if obj.position else str(obj.full_name)


class AcknowledgeForm(ActionForm):
    officer = PersonChoice(
        label=_("Officer in charge"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Decide later"),
        help_text=_("Reminders go to this person first."),
    )

    def prepare(self) -> None:
        part = cast(Participation, self.target)
        posts = Membership.objects.current(self.today).filter(unit=part.unit)
        people = Person.objects.filter(pk__in=posts.values("person_id"))
        cast(PersonChoice, self.fields["officer"]).queryset = people


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ReassignForm(ActionForm):
    unit = UnitChoice(label=_("Give it to"), queryset=Unit.objects.none())
    words = words_field(_("Reason"), help_text=_("Kept on the record and shown to everybody."))

    def prepare(self) -> None:
        part = cast(Participation, self.target)
        taken = part.item.participations.filter(role=part.role).exclude(state="replaced")
        cast(UnitChoice, self.fields["unit"]).queryset = Unit.objects.valid_on(self.today).exclude(
            pk__in=taken.values("unit_id")
        )


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, each within the limits; the message names the file that is not."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MAX_FILES:
            raise forms.ValidationError(
                _("At most %(count)s files at once.") % {"count": MAX_FILES}
            )
        files = [cast("UploadedFile[Any]", super(ManyFilesField, self).clean(one)) for one in given]
        for file in files:
            self._check(file)
        return files

    def _check(self, file: UploadedFile[Any]) -> None:
        name = file.name or ""
        limit = settings.DONDOC_UPLOAD_LIMIT
        if not name.lower().endswith(EVIDENCE_ENDINGS):
            raise forms.ValidationError(
                _("“%(name)s” is not a kind of file that can be attached. Allowed: %(endings)s")
                % {"name": name, "endings": " ".join(EVIDENCE_ENDINGS)}
            )
        if (file.size or 0) > limit:
            raise forms.ValidationError(
                _("“%(name)s” is larger than %(limit)s MB.")
                % {"name": name, "limit": limit // 1024 // 1024}
            )


class ClaimForm(ActionForm):
    words = words_field(_("What was achieved"))
    evidence = ManyFilesField(
        label=_("Evidence"), required=False, help_text=_("Word, Excel, PDF or pictures.")
    )

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"files": given.pop("evidence"), **given}


class ProgressForm(ClaimForm):
    percent = forms.IntegerField(label=_("Progress, in percent"), min_value=0, max_value=100)
    words = words_field(_("What was done"))
    field_order = ("percent", "words", "evidence")

    def prepare(self) -> None:
        self.fields["percent"].initial = cast(Participation, self.target).percent


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ExtensionForm(ActionForm):
    due_on = DateField(label=_("New date"))
    reason = words_field(_("Reason"), help_text=_("Kept on the record and shown to everybody."))

    def prepare(self) -> None:
        clock = self.target.deadlines.filter(kind=DeadlineKind.ITEM, closed_at__isnull=True).first()
        if clock is not None:
            self.fields["due_on"].help_text = extended_words(extensions_granted(clock))


def extended_words(times: int) -> str:
    """How often a date was extended; the third time is pointed out."""
    if not times:
        return ""
    words = ngettext(
        "This date was already extended once.",
        "This date was already extended %(times)s times.",
        times,
    ) % {"times": times}
    if times < FLAGGED_EXTENSION - 1:
        return words
    return _("%(words)s Granting would be extension number %(number)s: look twice.") % {
        "words": words,
        "number": times + 1,
    }


class DecideForm(ActionForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(("grant", _("Grant")), ("refuse", _("Refuse"))),
        widget=forms.RadioSelect,
    )
    due_on = DateField(
        label=_("New date"), required=False, help_text=_("Change it to grant another date.")
    )
    words = words_field(
        _("Words of the decision"), required=False, help_text=_("A refusal needs a reason.")
    )

    def prepare(self) -> None:
        self.fields["due_on"].initial = self.target.requested_due_on
        self.fields["decision"].help_text = extended_words(extensions_granted(self.target.deadline))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("words", "").strip():
            self.add_error("words", _("Write the reason: the record needs it."))
        return data
