"""Raw unit names to units, never to a wrong one: what is not certain stays unknown."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from tasks.rules.names import drop_accents, fold, match_key, place_tones, tidy

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
_LEVEL = r"(?:tỉnh|thành phố|huyện|thị xã|quận|xã(?! hội)|phường|thị trấn)"
_PLACE = re.compile(rf" (?P<level>{_LEVEL})(?: (?P<name>[^,;]+))?$")
_LEVEL_WORD = re.compile(rf"\b{_LEVEL}\b")
_PROVINCE = re.compile(r"\btỉnh ((?:\w+ ?)+)$")
_JOINERS = {"và"}
_WORD = re.compile(r"[^\W_]+")


def is_open_group(name: str) -> bool:
    """Tell whether a name is like "các đơn vị có liên quan": a group that names nobody."""
    return bool(_OPEN.fullmatch(fold(name).strip(" .;,")))


class Matcher(Generic[Ref]):
    """Resolves names against the units and groups of one moment.

    Each unit is a reference with its names, the official one first. `place` is the home of these
    units ("Quảng Ngãi" or "thành phố Huế"): "Sở Y tế tỉnh Quảng Ngãi" is then "Sở Y tế", and that
    of another province is not. Without it the one province that the names hold is taken.
    """

    def __init__(
        self,
        units: Iterable[tuple[Ref, Iterable[str]]],
        groups: Iterable[tuple[Ref, Iterable[str]]] = (),
        place: str | None = None,
    ) -> None:
        self._official: dict[str, set[tuple[Ref, bool]]] = defaultdict(set)
        self._names: dict[str, set[tuple[Ref, bool]]] = defaultdict(set)
        for is_group, known in ((False, units), (True, groups)):
            for ref, names in known:
                for index, name in enumerate(names):
                    self._names[match_key(name)].add((ref, is_group))
                    if index == 0:
                        self._official[match_key(name)].add((ref, is_group))
        self._home = _home(place) if place else self._only_province()
        self._by_order = self._index(_sorted_words)
        self._by_stem = self._index(_without_place)
        self._by_fold = self._index(fold)
        self._by_level = self._index(self._with_bare_level)

    def resolve(self, raw: str) -> Match[Ref]:
        """Return what *raw* stands for; ambiguity gives an unknown with all candidates."""
        if is_open_group(raw):
            return Match(MatchKind.OPEN_GROUP, confidence=1.0)
        for kind, confidence, found in self._attempts(raw):
            if len(found) == 1:
                ((ref, is_group),) = found
                return Match(kind, ref, confidence, is_group=is_group)
            if found:
                return Match(MatchKind.UNKNOWN, candidates=_refs(found))
        return Match(MatchKind.UNKNOWN)

    def _attempts(self, raw: str) -> Iterator[tuple[MatchKind, float, set[tuple[Ref, bool]]]]:
        """Yield what each way of reading finds, the surest first."""
        key = match_key(raw)
        yield MatchKind.EXACT, 1.0, self._official.get(key, set())
        yield MatchKind.ALIAS, 0.98, self._names.get(key, set())
        local = self._local(key)
        yield MatchKind.ALIAS, 0.95, self._names.get(local, set())
        yield MatchKind.ALIAS, 0.95, self._by_level.get(key, set())
        if not _PLACE.search(key):
            yield MatchKind.ALIAS, 0.85, self._by_stem.get(key, set())
        yield MatchKind.ABBREVIATION, 0.9, self._abbreviated(raw)
        yield MatchKind.WORD_ORDER, 0.85, self._by_order.get(_sorted_words(local), set())
        yield MatchKind.FUZZY, 0.7, self._unaccented(key)
        yield MatchKind.FUZZY, 0.6, self._misspelt(local)

    def _index(self, form: Callable[[str], str]) -> dict[str, set[tuple[Ref, bool]]]:
        index: dict[str, set[tuple[Ref, bool]]] = defaultdict(set)
        for key, owners in self._names.items():
            index[form(key)] |= owners
        return index

    def _only_province(self) -> str:
        named = {found[0] for key in self._names if (found := _PROVINCE.search(key))}
        return named.pop() if len(named) == 1 else "tỉnh"

    def _local(self, key: str) -> str:
        """Return *key* without the home place at its end; another place stays."""
        found = _PLACE.search(key)
        return key[: found.start()] if found and self._is_home(found[0].strip()) else key

    def _is_home(self, place: str) -> bool:
        return place in self._endings()

    def _with_bare_level(self, key: str) -> str:
        """Return *key* with the home place at its end reduced to its level: "UBND tỉnh"."""
        return f"{self._local(key)} {self._level()}" if key.endswith(self._home) else key

    def _level(self) -> str:
        found = _LEVEL_WORD.match(self._home)
        return found[0] if found else ""

    def _abbreviated(self, raw: str) -> set[tuple[Ref, bool]]:
        tokens = _tokens(raw)
        if not any(is_acronym for _, is_acronym in tokens):
            return set()
        endings = self._endings()
        found: set[tuple[Ref, bool]] = set()
        for key, owners in self._names.items():
            words = [word for word in key.split() if word not in _JOINERS]
            if _abbreviates(tokens, words, endings):
                found |= owners
        return found

    def _endings(self) -> set[str]:
        """Return the places that go without saying at the end of a name."""
        return {"", self._level(), self._home, self._home.removeprefix(self._level()).strip()}

    def _unaccented(self, key: str) -> set[tuple[Ref, bool]]:
        """Return owners of the name that *key*, typed wholly without accents, stands for."""
        return self._by_fold.get(key, set()) if key == fold(key) else set()

    def _misspelt(self, key: str) -> set[tuple[Ref, bool]]:
        found: set[tuple[Ref, bool]] = set()
        for known, owners in self._names.items():
            if _one_slip(key.split(), known.split()):
                found |= owners
        return found


def _home(place: str) -> str:
    key = match_key(place)
    return key if _LEVEL_WORD.match(key) else f"tỉnh {key}"


def _refs(found: set[tuple[Ref, bool]]) -> tuple[Ref, ...]:
    return tuple(sorted((ref for ref, _ in found), key=str))


def _sorted_words(key: str) -> str:
    return " ".join(sorted(word for word in key.split() if word not in _JOINERS))


def _without_place(key: str) -> str:
    return _PLACE.sub("", key)


def _tokens(raw: str) -> list[tuple[str, bool]]:
    """Return the words of a name in lower case, each with whether it is an acronym."""
    joined = re.sub(r"\s*&\s*", "", place_tones_kept(raw))
    words = (found[0] for found in _WORD.finditer(joined))
    return [
        (word.lower(), len(word) > 1 and word.isupper())
        for word in words
        if word.lower() not in _JOINERS
    ]


def place_tones_kept(raw: str) -> str:
    """Return *raw* with its capitals, which tell acronyms, and the usual tone placement."""
    text = tidy(raw)
    placed = place_tones(text.lower())
    return "".join(
        letter.upper() if old.isupper() else letter
        for old, letter in zip(text, placed, strict=True)
    )


def _abbreviates(tokens: list[tuple[str, bool]], words: list[str], endings: set[str]) -> bool:
    """Tell whether the tokens spell the words in order, an acronym by their first letters.

    What is left over of either side must be a place that goes without saying.
    """
    place = 0
    for index, (token, is_acronym) in enumerate(tokens):
        if place == len(words):
            return " ".join(word for word, _ in tokens[index:]) in endings
        if words[place] == token:
            place += 1
        elif is_acronym and _initials(words[place : place + len(token)]) == _plain(token):
            place += len(token)
        else:
            return False
    return " ".join(words[place:]) in endings


def _initials(words: list[str]) -> str:
    return "".join(_plain(word[0]) for word in words)


def _plain(letters: str) -> str:
    return drop_accents(letters)


def _one_slip(words: list[str], known: list[str]) -> bool:
    """Tell whether two names differ by one slip in one word that is not part of a place name."""
    if len(words) != len(known) or len(words) < 3:
        return False
    differing = [index for index, word in enumerate(words) if word != known[index]]
    if len(differing) != 1:
        return False
    index = differing[0]
    if _LEVEL_WORD.search(" ".join(known[: index + 1])):
        return False
    return min(len(words[index]), len(known[index])) >= 4 and _one_edit(words[index], known[index])


def _one_edit(one: str, other: str) -> bool:
    """Tell whether one letter was left out, added, replaced, or swapped with the next."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) == len(other):
        wrong = [index for index in range(len(one)) if one[index] != other[index]]
        swapped = len(wrong) == 2 and one[wrong[0]] == other[wrong[1]]
        return len(wrong) == 1 or (swapped and one[wrong[1]] == other[wrong[0]])
    return any(one == other[:index] + other[index + 1 :] for index in range(len(other)))
