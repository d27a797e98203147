"""Splitting, merging and moving an item of a plan under review."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from tasks.models import DraftVerb
from workflows.drafting.edits import find_item
from workflows.drafting.lines import add_item, merge_items, place_after, split_item
from workflows.drafting.review import Review, kept_items, places
from workflows.forms.draft_cards import StepForm

SPLIT, MERGE, PLACE, ADD = "split", "merge", "place", "add"
_VERBS = {
    SPLIT: DraftVerb.SPLIT,
    MERGE: DraftVerb.MERGED,
    PLACE: DraftVerb.MOVED,
    ADD: DraftVerb.ADDED,
}
# Where a sentence ends and the next one begins with a capital, or after a semicolon.
_SEAMS = re.compile(r"(?<=;)\s+|(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ])|\s*\n\s*")


class ArrangeForm(StepForm):
    """Four small changes to where an item begins, ends and stands; `step` says which one."""

    step = forms.ChoiceField(choices=[(name, name) for name in _VERBS])
    pieces = forms.CharField(
        label=_("Split into several items"),
        required=False,
        max_length=20_000,
        help_text=_("Begin a new line where a new item begins. All keep the units and the time."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    into = forms.ChoiceField(
        label=_("Merge with"),
        required=False,
        help_text=_("One item is left, with the words, units and times of both."),
    )
    after = forms.ChoiceField(label=_("Place after"), required=False)

    def __init__(self, *args: Any, review: Review, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"{key}-arrange-%s"})
        self.key = key
        called = places(review)
        others = [item for item in kept_items(review) if item["key"] != key]
        choices = [
            (one["key"], f"{called[one['key']]} {Truncator(one['title']).chars(60)}")
            for one in others
        ]
        for name in ("into", "after"):
            self.fields[name].choices = [("", _("Choose an item")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        step = data.get("step")
        lines = [line.strip() for line in data.get("pieces", "").splitlines() if line.strip()]
        if step == SPLIT and len(lines) < 2:
            self.add_error("pieces", _("There is only one line: nothing to split."))
        if step == MERGE and not data.get("into"):
            self.add_error("into", _("Choose the item to merge with."))
        if step == PLACE and not data.get("after"):
            self.add_error("after", _("Choose the item after which it stands."))
        return {**data, "lines": lines}

    @property
    def verb(self) -> DraftVerb:
        return _VERBS[self.cleaned_data["step"]]

    def change(self, text: str) -> Callable[[Review], str]:
        """What was asked for, on a review of the document `text`; tells the card to go on with."""
        data, key = self.cleaned_data, self.key

        def changed(review: Review) -> str:
            if data["step"] == SPLIT:
                return split_item(review, key, data["lines"], text)[0]
            if data["step"] == MERGE:
                merge_items(review, key, data["into"])
                return str(data["into"])
            if data["step"] == PLACE:
                place_after(review, key, data["after"])
                return key
            return add_item(review, key)

        return changed


def first_pieces(review: Review, key: str) -> str:
    """The title of an item, one line for each part that could be an item of its own."""
    item = find_item(review, key)
    parts = _SEAMS.split(item["title"]) if item else []
    return "\n".join(part.strip() for part in parts if part.strip())


def item_before(review: Review, key: str) -> str:
    """The kept item above, else the one below: what one most likely merges with."""
    keys = [item["key"] for item in kept_items(review)]
    if key not in keys or len(keys) < 2:
        return ""
    position = keys.index(key)
    return keys[position - 1] if position else keys[1]
