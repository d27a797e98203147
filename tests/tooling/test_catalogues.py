"""Catalogues are brought up to date without losing work, and nothing missing goes unseen."""

from __future__ import annotations

import gettext
from pathlib import Path

import polib
import pytest

from config.checks.catalogues import (
    compile_catalogues,
    missing_translations,
    source_faults,
    updated,
)
from config.checks.messages import Found, Message

PLAN = Message("Plan")
DAYS = Message("%(n)s day", "", "%(n)s days")


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    result = polib.POFile()
    result.extend(entries)
    return result


def faults(entry: polib.POEntry, message: Message) -> list[str]:
    return list(missing_translations(catalogue(entry), [message], "vi"))


def test_translated_message_is_complete() -> None:
    assert faults(polib.POEntry(msgid="Plan", msgstr="Kế hoạch"), PLAN) == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (polib.POEntry(msgid="Plan"), "not translated"),
        (polib.POEntry(msgid="Plan", msgstr="Kế", flags=["fuzzy"]), "only guessed (fuzzy)"),
        (polib.POEntry(msgid="Plan", msgstr="Kế", msgctxt="verb"), "not in the catalogue"),
        (polib.POEntry(msgid="Plan", msgstr="Kế %(x)s"), "its values should be none"),
    ],
)
def test_message_that_a_reader_would_miss_is_named(entry: polib.POEntry, words: str) -> None:
    assert faults(entry, PLAN)[0] == f"vi: 'Plan': {words}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [("%(n)s ngày", []), ("vài ngày", ["vi: '%(n)s day': its values should be n"])],
)
def test_plural_needs_its_value(words: str, expected: list[str]) -> None:
    entry = polib.POEntry(msgid=DAYS.msgid, msgid_plural=DAYS.plural, msgstr_plural={0: words})
    assert faults(entry, DAYS) == expected


def test_message_gone_from_the_source_is_named_unless_others_speak_it() -> None:
    old = polib.POEntry(msgid="Old", msgstr="Cũ")
    others = polib.POEntry(msgid="Flow", msgstr="Luồng", tcomment="Third party: viewflow")
    found = list(missing_translations(catalogue(old, others), [], "vi"))
    assert found == ["vi: 'Old': no longer in the source"]


def test_english_needs_plurals_only() -> None:
    result = updated(polib.POFile(), [PLAN, DAYS], "en")
    assert [(entry.msgid, entry.msgstr_plural) for entry in result] == [
        ("%(n)s day", {0: "%(n)s day", 1: "%(n)s days"})
    ]
    assert list(missing_translations(result, [PLAN, DAYS], "en")) == []


def test_update_keeps_work_and_sorts() -> None:
    old = catalogue(polib.POEntry(msgid="Plan", msgstr="Kế hoạch", tcomment="noun"))
    result = updated(old, [PLAN, Message("Item"), DAYS], "vi")
    assert [(entry.msgid, entry.msgstr) for entry in result] == [
        ("%(n)s day", ""),
        ("Item", ""),
        ("Plan", "Kế hoạch"),
    ]
    assert result[2].tcomment == "noun"
    assert str(updated(result, [PLAN, Message("Item"), DAYS], "vi")) == str(result)


def test_update_keeps_the_last_words_of_a_message_that_is_gone(tmp_path: Path) -> None:
    old = catalogue(polib.POEntry(msgid="Plan", msgstr="Kế hoạch"))
    once = updated(old, [], "vi")
    assert [(entry.msgid, entry.obsolete) for entry in once] == [("Plan", True)]
    once.save(str(tmp_path / "django.po"))
    assert list(updated(polib.pofile(str(tmp_path / "django.po")), [], "vi")) == []


def test_compiled_catalogue_is_what_gettext_reads(tmp_path: Path) -> None:
    folder = tmp_path / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = updated(catalogue(polib.POEntry(msgid="Plan", msgstr="Kế hoạch")), [PLAN], "vi")
    text.save(str(folder / "django.po"))
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert compile_catalogues(tmp_path) == []
    translation = gettext.translation("django", tmp_path / "locale", ["vi"])
    assert translation.gettext("Plan") == "Kế hoạch"


def test_value_without_a_name_is_a_fault_of_the_source() -> None:
    found = [Found(Path("a.py"), 3, Message("%s days")), Found(Path("b.py"), 1, PLAN)]
    assert list(source_faults(found)) == ["a.py:3: '%s days': name its values, as in %(name)s"]
