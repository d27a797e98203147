"""Catalogues of translations: compile, bring up to date, find what is missing.

English is the source language: its catalogue holds only what has a plural. A string that the
product shows but a package of others speaks is kept when a translator's comment begins with
`Third party`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from config.checks.messages import Found, Message, has_positional, placeholders

PACKAGES = ("config", "tasks", "workflows", "notifications")
SOURCE_LANGUAGE = "en"
THIRD_PARTY = "Third party"
PLURAL_FORMS = {"en": "nplurals=2; plural=(n != 1);", "vi": "nplurals=1; plural=0;"}
# No date and no tool's name: a catalogue changes only when a string does.
METADATA = {
    "Project-Id-Version": "don-doc",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def catalogue_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_catalogues(root: Path) -> list[Path]:
    """Write each catalogue's binary form unless it is up to date; return those written."""
    written = []
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written.append(target)
    return written


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgid, entry.msgctxt or ""


def _wanted(messages: Iterable[Message], language: str) -> dict[tuple[str, str], Message]:
    """Messages by words and context; one that has a plural somewhere has it everywhere."""
    wanted: dict[tuple[str, str], Message] = {}
    for message in sorted(messages):
        if message.plural or language != SOURCE_LANGUAGE:
            wanted[message.msgid, message.context] = message
    return wanted


def _is_third_party(entry: polib.POEntry) -> bool:
    return str(entry.tcomment).startswith(THIRD_PARTY)


def _new_entry(message: Message, language: str) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        forms = [message.msgid, message.plural] if language == SOURCE_LANGUAGE else [""]
        entry.msgstr_plural = dict(enumerate(forms))
    if placeholders(message.msgid + message.plural) and "%(" in message.msgid + message.plural:
        entry.flags.append("python-format")
    return entry


def _with_translation(entry: polib.POEntry, old: polib.POEntry | None) -> polib.POEntry:
    """The entry with what the old one already knows, as long as both have the same shape."""
    if old is not None and old.msgid_plural == entry.msgid_plural:
        entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
        entry.tcomment = old.tcomment
    return entry


def updated(old: polib.POFile, messages: Iterable[Message], language: str) -> polib.POFile:
    """A catalogue with exactly these messages, sorted, its translations kept.

    A translation whose message is gone stays at the end, commented out, for the translator who
    looks for it; the next update drops it.
    """
    known = {_key(entry): entry for entry in old if not entry.obsolete}
    wanted = _wanted(messages, language)
    entries = [
        _with_translation(_new_entry(message, language), known.get(key))
        for key, message in wanted.items()
    ]
    for key, entry in known.items():
        if key not in wanted:
            entry.obsolete = not _is_third_party(entry)
            if not entry.obsolete or entry.translated() or entry.msgstr:
                entries.append(entry)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {**METADATA, "Language": language, "Plural-Forms": PLURAL_FORMS[language]}
    catalogue.extend(sorted(entries, key=lambda entry: (entry.obsolete, *_key(entry))))
    return catalogue


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _entry_fault(entry: polib.POEntry, message: Message) -> str:
    """What is wrong with the translation of this message, or nothing."""
    texts = _texts(entry)
    if "fuzzy" in entry.flags:
        return "only guessed (fuzzy)"
    if (entry.msgid_plural or "") != message.plural or not texts or not all(texts):
        return "not translated"
    allowed = placeholders(message.msgid) | placeholders(message.plural)
    needed = placeholders(message.plural or message.msgid)
    last = placeholders(texts[-1])
    if last < needed or any(placeholders(text) - allowed for text in texts):
        return f"its values should be {', '.join(sorted(needed)) or 'none'}"
    return ""


def missing_translations(
    catalogue: polib.POFile, messages: Iterable[Message], language: str
) -> Iterator[str]:
    """One line for each message that a reader of this language would not see rightly."""
    entries = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    wanted = _wanted(messages, language)
    for key, message in wanted.items():
        entry = entries.get(key)
        fault = _entry_fault(entry, message) if entry else "not in the catalogue"
        if fault:
            yield f"{language}: {message.msgid!r}: {fault}"
    for key, entry in entries.items():
        if key not in wanted and not _is_third_party(entry):
            yield f"{language}: {entry.msgid!r}: no longer in the source"


def source_faults(found: Iterable[Found]) -> Iterator[str]:
    """One line for each message that no translator could do well."""
    for item in found:
        where = f"{item.path}:{item.line}"
        if item.message is None:
            yield f"{where}: {item.fault}"
        elif has_positional(item.message.msgid + item.message.plural):
            yield f"{where}: {item.message.msgid!r}: name its values, as in %(name)s"
