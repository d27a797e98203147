"""How documents shorten and vary the names of offices: pure functions on match keys.

A key is what `tasks.rules.names.match_key` returns. Sources: the abbreviations of Decree
30/2020/NĐ-CP and the wordings found in published plans.
"""

import re

from tasks.rules.names import match_key

# A level of the administration; "xã hội", "hợp tác xã", "tỉnh ủy" and "huyện đoàn" are none.
LEVEL = (
    r"(?:tỉnh|thành phố|huyện|thị xã|quận|đặc khu|(?<!tác )xã(?! hội)|phường|thị trấn)"
    r"(?! (?:ủy|đoàn)\b)"
)
LEVEL_WORD = re.compile(rf"\b{LEVEL}\b")
PLACE = re.compile(rf" (?P<level>{LEVEL})(?: (?P<name>[^,;]+))?$")
JOINERS = frozenset(("và",))

# Written out where they stand as a word of their own; what has two readings is not here.
_WRITTEN_OUT = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "ub": "ủy ban",
    "vp": "văn phòng",
    "vpub": "văn phòng ủy ban nhân dân",
    "mttq": "mặt trận tổ quốc",
    "mttqvn": "mặt trận tổ quốc",
    "ubmttq": "mặt trận tổ quốc",
    "ubmttqvn": "mặt trận tổ quốc",
    "bql": "ban quản lý",
    "ttyt": "trung tâm y tế",
    "đh": "đại học",
    "cđ": "cao đẳng",
    "htx": "hợp tác xã",
}
# Short for a level only where a place follows, or where a committee stands before it: "Sở TP" is
# no city.
_LEVELS = {
    "tp": "thành phố",
    "tx": "thị xã",
    "tt": "thị trấn",
    "h": "huyện",
    "x": "xã",
    "p": "phường",
}
_SHORT_LEVEL = re.compile(
    r"(?<=nhân dân )(?:tp|tx|tt|h|x|p)\b|(?<= )(?:tp|tx|h|x)(?= (?!và\b)\w+ ?)"
)
# Words that one document writes and the next leaves out.
_OPTIONAL = (
    (re.compile(r"\b(?:ủy ban )?mặt trận tổ quốc(?: việt nam)?\b"), "mặt trận tổ quốc"),
    (re.compile(r"\btrường (?=đại học|cao đẳng)"), ""),
)
_POST = re.compile(
    r"\s*(?:lãnh đạo|thủ trưởng|giám đốc|chủ tịch|bí thư|hiệu trưởng|chỉ huy trưởng|chánh|trưởng)"
    r"\s+(?=\w+\s+\w)",
    re.IGNORECASE,
)
_WITHIN = re.compile(r" (?:trong|thuộc|của|ở|trên địa bàn)(?: toàn)?$")


def written_out(key: str) -> str:
    """Return *key* with the usual abbreviations written out and the optional words dropped."""
    words = (_WRITTEN_OUT.get(word, word) for word in key.split())
    full = _SHORT_LEVEL.sub(lambda found: _LEVELS[found[0]], " ".join(words))
    for pattern, kept in _OPTIONAL:
        full = pattern.sub(kept, full)
    return full


def without_post(name: str) -> str:
    """Return the office of whoever *name* names ("Giám đốc Sở Y tế"), else *name* itself."""
    found = _POST.match(name)
    return name[found.end() :] if found else name


def names_several(key: str) -> bool:
    """Tell whether *key* is worded like a group: "các huyện", "ủy ban nhân dân các xã"."""
    return "các" in key.split()


class Home:
    """The place whose offices a registry holds ("Quảng Ngãi", "thành phố Huế").

    At the end of a name it goes without saying, and so does its bare level ("sở y tế tỉnh").
    """

    def __init__(self, place: str) -> None:
        key = match_key(place)
        if not LEVEL_WORD.match(key):
            key = f"tỉnh {key}"
        found = LEVEL_WORD.match(key)
        self.full = key
        self.level = found[0] if found else ""
        self.name = key.removeprefix(self.level).strip()

    def trimmed(self, key: str) -> str:
        """Return *key* without the home after another place: "huyện A tỉnh B" is "huyện A"."""
        for ending in (f" {self.full}", f" {self.level}"):
            inner = _WITHIN.sub("", key.removesuffix(ending))
            if inner != key and (names_several(inner) or PLACE.search(inner)):
                return inner
        return key

    def local(self, key: str) -> str | None:
        """Return *key* without the home at its end; None where the home is not there."""
        found = PLACE.search(key)
        if found:
            at_home = found["level"] == self.level and found["name"] in (None, self.name)
            return key[: found.start()] if at_home else None
        inner = key.removesuffix(f" {self.name}") if self.name else key
        return inner if inner != key and " " in inner else None


def without_place(key: str) -> str:
    """Return *key* without the place at its end, whichever it is."""
    return PLACE.sub("", key)


def without_level(key: str) -> str:
    """Return *key* with the name of its place but not the level: "trung tâm y tế sơn hà"."""
    found = PLACE.search(key)
    return f"{key[: found.start()]} {found['name']}" if found and found["name"] else key
