"""Raw unit names to units, never to a wrong one: what is not certain stays unknown."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from tasks.rules.names import CAPITAL, fold, match_key, place_tones, tidy
from tasks.rules.office_words import (
    JOINERS,
    LEVEL_WORD,
    PLACE,
    Home,
    names_several,
    without_level,
    without_place,
    without_post,
    written_out,
)

Ref = TypeVar("Ref", bound=Hashable)


class MatchKind(StrEnum):
    """How a name was recognised."""

    EXACT = "exact"
    ALIAS = "alias"
    ABBREVIATION = "abbreviation"
    WORD_ORDER = "word-order"
    FUZZY = "fuzzy"
    OPEN_GROUP = "open_group"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match(Generic[Ref]):
    """What a raw name stands for.

    `ref` is None for an open group and an unknown name; `candidates` then holds the equally good
    ones, if any. `is_group` tells a known group ("các huyện") from a single unit.
    """

    kind: MatchKind
    ref: Ref | None = None
    confidence: float = 0.0
    candidates: tuple[Ref, ...] = ()
    is_group: bool = False


_OPEN = re.compile(r"(?:va )?(?:cac|mot so|nhung|tat ca|toan the)\b.*\blien quan\b.*")
_PROVINCE = re.compile(r"\btỉnh ((?:\w+ ?)+)$")
_WORD = re.compile(r"[^\W_]+")
_AND_OF_ACRONYMS = re.compile(rf"(?<=[{CAPITAL}])\s*&\s*(?=[{CAPITAL}])")
_SHORTEST_SLIP = 4  # letters: one of three or less may well be another word
_OF_A_POST = 0.85  # at most: "Giám đốc Sở Y tế" names a person, the office is meant


class View(StrEnum):
    """How much of the place at the end of a name is left."""

    FULL = "full"
    LOCAL = "local"  # the home of the registry is dropped
    STEM = "stem"  # any place is dropped
    LEVEL = "level"  # of another place only the level is left: "UBND huyện"
    UNLEVELLED = "unlevelled"  # the place without its level: "Trung tâm Y tế Sơn Hà"


# A place is not guessed at: without its level a slip could make it another one.
_FORGIVING = (View.FULL, View.LOCAL, View.STEM)
_LONGEST = (View.FULL, View.LOCAL)
# What is left out has to be asked about where it could be somebody else's: without the name of
# its place a body is not even likely the one that is meant.
_SURENESS = {View.STEM: 0.85, View.UNLEVELLED: 0.85, View.LEVEL: 0.65}


def is_open_group(name: str) -> bool:
    """Tell whether a name is like "các đơn vị có liên quan": a group that names nobody."""
    return bool(_OPEN.fullmatch(fold(name).strip(" .;,")))


Owner = tuple[Ref, bool]
Form = tuple[View, str]
Token = tuple[str, bool]


class Index(Generic[Ref]):
    """Owners by a shortened form of their names, with the names themselves to compare with."""

    def __init__(self, shorten: Callable[[str], Iterable[str]]) -> None:
        self._shorten = shorten
        self._rows: dict[Form, dict[str, set[Owner[Ref]]]] = {}

    def add(self, form: Form, owners: set[Owner[Ref]]) -> None:
        view, key = form
        for short in self._shorten(key):
            row = self._rows.setdefault((view, short), {})
            row[key] = row[key] | owners if key in row else owners

    def find(self, view: View, short: str) -> dict[str, set[Owner[Ref]]]:
        """The names of that shortened form, each with its owners."""
        return self._rows.get((view, short), {})

    def owners(self, form: Form) -> set[Owner[Ref]]:
        """The owners of all names that are as short as this one."""
        found = (self.find(form[0], short).values() for short in self._shorten(form[1]))
        return {owner for rows in found for owners in rows for owner in owners}


class Matcher(Generic[Ref]):
    """Resolves names against the units and groups of one moment.

    Each unit is a reference with its names, the official one first. `place` is the home of these
    units ("Quảng Ngãi" or "thành phố Huế"): "Sở Y tế tỉnh Quảng Ngãi" is then "Sở Y tế", and that
    of another province is not. Without it the one province that the names hold is taken.
    `preferred` are further names that go before all others: what people here mean by them.

    Built once for many names: each way of reading is a look-up, not a walk through the units.
    """

    def __init__(
        self,
        units: Iterable[tuple[Ref, Iterable[str]]],
        groups: Iterable[tuple[Ref, Iterable[str]]] = (),
        place: str | None = None,
        preferred: Iterable[tuple[Ref, str]] = (),
    ) -> None:
        self._official: dict[str, set[Owner[Ref]]] = defaultdict(set)
        self._names: dict[str, set[Owner[Ref]]] = defaultdict(set)
        self._preferred: dict[str, set[Owner[Ref]]] = defaultdict(set)
        for ref, name in preferred:
            self._preferred[match_key(name)].add((ref, False))
        for is_group, known in ((False, units), (True, groups)):
            for ref, names in known:
                for index, name in enumerate(names):
                    self._names[match_key(name)].add((ref, is_group))
                    if index == 0:
                        self._official[match_key(name)].add((ref, is_group))
        self._home = Home(place or self._only_province())
        self._at_home: set[Owner[Ref]] = set()
        self._equal: Index[Ref] = Index(lambda key: (key,))
        self._by_order: Index[Ref] = Index(lambda key: (_sorted_words(key),))
        self._by_initials: Index[Ref] = Index(lambda key: (_initials(_content(key)),))
        self._by_fold: Index[Ref] = Index(lambda key: (_plain(key),))
        self._by_slip: Index[Ref] = Index(_with_gaps)
        for key, owners in self._names.items():
            self._add(key, owners)

    def resolve(self, raw: str) -> Match[Ref]:
        """Return what *raw* stands for; ambiguity gives an unknown with all candidates."""
        if is_open_group(raw):
            return Match(MatchKind.OPEN_GROUP, confidence=1.0)
        found = self._first(self._attempts(raw))
        office = without_post(raw)
        if found.kind is MatchKind.UNKNOWN and not found.candidates and office != raw:
            found = self._first(self._attempts(office), ceiling=_OF_A_POST)
        return found

    def _first(
        self,
        attempts: Iterator[tuple[MatchKind, float, set[Owner[Ref]]]],
        ceiling: float = 1.0,
    ) -> Match[Ref]:
        for kind, confidence, found in attempts:
            if len(found) == 1:
                ((ref, is_group),) = found
                return Match(kind, ref, min(confidence, ceiling), is_group=is_group)
            if found:
                return Match(MatchKind.UNKNOWN, candidates=self._ordered(found))
        return Match(MatchKind.UNKNOWN)

    def _ordered(self, found: set[Owner[Ref]]) -> tuple[Ref, ...]:
        """The references, those of the home itself first."""
        by_home = sorted(found, key=lambda owner: (owner not in self._at_home, str(owner[0])))
        return tuple(ref for ref, _ in by_home)

    def _attempts(self, raw: str) -> Iterator[tuple[MatchKind, float, set[Owner[Ref]]]]:
        """Yield what each way of reading finds, the surest first."""
        key = match_key(raw)
        yield MatchKind.ALIAS, 0.99, self._preferred.get(key, set())
        yield MatchKind.EXACT, 1.0, self._official.get(key, set())
        yield MatchKind.ALIAS, 0.98, self._names.get(key, set())
        forms = self._forms_of_raw(key)
        for form in forms:
            yield MatchKind.ALIAS, _SURENESS.get(form[0], 0.95), self._equal.owners(form)
        for view, tokens in self._abbreviations(raw):
            yield MatchKind.ABBREVIATION, _SURENESS.get(view, 0.9), self._spelt(view, tokens)
        for form in forms:
            yield MatchKind.WORD_ORDER, 0.85, self._by_order.owners(form)
        forgiving = [form for form in forms if form[0] in _FORGIVING]
        for form in forgiving:
            yield MatchKind.FUZZY, 0.7, self._unaccented(form)
        for form in forgiving:
            yield MatchKind.FUZZY, 0.6, self._misspelt(form)

    def _add(self, key: str, owners: set[Owner[Ref]]) -> None:
        full = self._home.trimmed(written_out(key))
        if self._home.local(full):
            self._at_home |= owners
        for form in self._shortened(full):
            self._equal.add(form, owners)
            self._by_order.add(form, owners)
            self._by_initials.add(form, owners)
            if form[0] in _FORGIVING:
                self._by_fold.add(form, owners)
            if form[0] in _LONGEST:
                self._by_slip.add(form, owners)
        # Documents shorten what the registry shortens too: "SNN và PTNT", "Sở NN&PTNT".
        for form in self._shortened(key) if key != full else ():
            self._by_initials.add(form, owners)

    def _only_province(self) -> str:
        named = {found[0] for key in self._names if (found := _PROVINCE.search(key))}
        return named.pop() if len(named) == 1 else "tỉnh"

    def _shortened(self, key: str) -> Iterator[Form]:
        """Yield the ways in which a registered name may be written."""
        yield View.FULL, key
        if names_several(key):
            return
        local, stem, found = self._home.local(key), without_place(key), PLACE.search(key)
        if local:
            yield View.FULL, f"{local} {self._home.level}"
            yield View.LOCAL, local
            if " " in local:
                yield View.STEM, local
        elif found is None:
            yield View.LOCAL, key
        else:
            if " " in stem:
                yield View.STEM, stem
            yield View.LEVEL, f"{stem} {found['level']}"
            yield View.UNLEVELLED, without_level(key)

    def _forms_of_raw(self, key: str) -> list[Form]:
        """The forms under which a name of a document is looked for, the fullest first."""
        full = self._home.trimmed(written_out(key))
        if names_several(full):
            return [(View.FULL, full)]
        if local := self._home.local(full):
            return [(View.FULL, full), (View.LOCAL, local)]
        place = PLACE.search(full)
        if place is None:
            return [(View.FULL, full), (View.STEM, full), (View.UNLEVELLED, full)]
        return [(View.FULL, full)] if place["name"] else [(View.FULL, full), (View.LEVEL, full)]

    def _abbreviations(self, raw: str) -> Iterator[tuple[View, list[Token]]]:
        """Yield the words of a name that holds an acronym, with and without its place."""
        tokens = _tokens(raw)
        if not any(is_acronym for _, is_acronym in tokens):
            return
        yield View.FULL, tokens
        words = [word for word, _ in tokens]
        for ending in (self._home.full, self._home.level, self._home.name):
            length = len(ending.split())
            if length and words[-length:] == ending.split() and len(words) > length:
                yield View.LOCAL, tokens[:-length]
        if not LEVEL_WORD.search(" ".join(words)):
            yield View.STEM, tokens
            yield View.UNLEVELLED, tokens

    def _spelt(self, view: View, tokens: list[Token]) -> set[Owner[Ref]]:
        """The owners of the names that the tokens spell, acronyms by their first letters."""
        letters = "".join(word if acronym else word[0] for word, acronym in tokens)
        rows = self._by_initials.find(view, fold(letters))
        return _union(owners for key, owners in rows.items() if _abbreviates(tokens, _content(key)))

    def _unaccented(self, form: Form) -> set[Owner[Ref]]:
        """The owners of names that differ in accents only, but for those of a place.

        A name typed wholly without accents may leave out those of the place as well.
        """
        view, key = form
        rows, is_plain = self._by_fold.find(view, _plain(key)), key == _plain(key)
        return _union(
            owners for known, owners in rows.items() if is_plain or _same_place(key, known)
        )

    def _misspelt(self, form: Form) -> set[Owner[Ref]]:
        """The owners of names that differ in accents and by one letter, not in the place."""
        view, key = form
        return _union(
            owners
            for short in _with_gaps(key)
            for known, owners in self._by_slip.find(view, short).items()
            if _same_place(key, known) and _one_slip(_plain(key).split(), _plain(known).split())
        )


def _union(found: Iterable[set[Owner[Ref]]]) -> set[Owner[Ref]]:
    return {owner for owners in found for owner in owners}


def _content(key: str) -> list[str]:
    return [word for word in key.split() if word not in JOINERS]


def _sorted_words(key: str) -> str:
    return " ".join(sorted(_content(key)))


def _tokens(raw: str) -> list[Token]:
    """Return the words of a name in lower case, each with whether it is an acronym."""
    joined = _AND_OF_ACRONYMS.sub("", place_tones_kept(raw))
    words = (found[0] for found in _WORD.finditer(joined))
    return [
        (word.lower(), len(word) > 1 and word.isupper())
        for word in words
        if word.lower() not in JOINERS
    ]


def place_tones_kept(raw: str) -> str:
    """Return *raw* with its capitals, which tell acronyms, and the usual tone placement."""
    text = tidy(raw)
    placed = place_tones(text.lower())
    return "".join(
        letter.upper() if old.isupper() else letter
        for old, letter in zip(text, placed, strict=True)
    )


def _abbreviates(tokens: list[Token], words: list[str]) -> bool:
    """Tell whether the tokens spell the words in order, an acronym by their first letters."""
    place = 0
    for token, is_acronym in tokens:
        if place < len(words) and words[place] == token:
            place += 1
        elif is_acronym and _initials(words[place : place + len(token)]) == fold(token):
            place += len(token)
        else:
            return False
    return place == len(words)


def _initials(words: list[str]) -> str:
    return "".join([_plain_word(word)[0] for word in words])


@lru_cache(maxsize=20_000)
def _plain_word(word: str) -> str:
    """Return the folded word; names share few syllables, so most are folded once."""
    return fold(word)


def _plain(key: str) -> str:
    return " ".join([_plain_word(word) for word in key.split()])


def _with_gaps(key: str) -> Iterator[str]:
    """Yield the folded name with each of its words in turn left open."""
    words = _plain(key).split()
    if len(words) < 3:
        return
    for index, word in enumerate(words):
        if len(word) >= _SHORTEST_SLIP - 1:
            yield " ".join((*words[:index], "*", *words[index + 1 :]))


def _same_place(key: str, known: str) -> bool:
    """Tell whether what *known* says from its first level on stands at the end of *key* too."""
    found = LEVEL_WORD.search(known)
    return found is None or key.endswith(known[found.start() :])


def _one_slip(words: list[str], known: list[str]) -> bool:
    """Tell whether two names differ by one letter of one word that is not very short."""
    differing = [(word, other) for word, other in zip(words, known, strict=True) if word != other]
    if len(differing) != 1:
        return False
    ((word, other),) = differing
    return min(len(word), len(other)) >= _SHORTEST_SLIP and _one_edit(word, other)


def _one_edit(one: str, other: str) -> bool:
    """Tell whether one letter was left out, added, replaced, or swapped with the next."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) == len(other):
        wrong = [index for index in range(len(one)) if one[index] != other[index]]
        swapped = len(wrong) == 2 and one[wrong[0]] == other[wrong[1]]
        return len(wrong) == 1 or (swapped and one[wrong[1]] == other[wrong[0]])
    return any(one == other[:index] + other[index + 1 :] for index in range(len(other)))
