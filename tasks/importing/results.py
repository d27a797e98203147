"""What a reading of a document consists of. Every field knows where its words stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tasks.importing.cautions import message_of
from tasks.rules.timeframe import Timeframe

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the document at [start, end) of its normalised text.

    `text` differs from that stretch only where a name was completed from its prefix.
    """

    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Caution:
    """A doubt about the reading: stable `code`, source `line` from 1, place in the text."""

    code: str
    line: int | None = None
    span: Span | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return the doubt in the active language."""
        return message_of(self.code, self.params)


class Relation(StrEnum):
    """What a document does with another one that it names."""

    BASED_ON = "based_on"
    IMPLEMENTS = "implements"
    RESPONDS_TO = "responds_to"
    ABOUT = "about"
    AMENDS = "amends"
    REPLACES = "replaces"
    ATTACHED_TO = "attached_to"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Citation:
    """Another document named in the text; date, type and issuer where they stand by the number."""

    number: Words
    issued_on: date | None = None
    type: str | None = None
    issuer: Words | None = None
    relation: Relation = Relation.MENTIONS
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Header:
    """The facts of a document about itself; None or empty where the text gives none.

    `number_blank` is true for a draft whose number is left open ("Số:    /KH-UBND"). `based_on`
    are the documents before the first section that this one implements or rests on; it answers
    `responds_to`, which asked `about` others; `cites` are all the rest. `confidence` tells how
    sure type and issuer are, from 0 to 1.
    """

    number: Words | None = None
    number_blank: bool = False
    issued_on: date | None = None
    place: str | None = None
    issuer: Words | None = None
    type: str | None = None
    title: Words | None = None
    period: tuple[date, date] | None = None
    year: int | None = None
    signer: Words | None = None
    based_on: tuple[Citation, ...] = ()
    cites: tuple[Citation, ...] = ()
    responds_to: Citation | None = None
    about: Citation | None = None
    date_words: Words | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the document with its full code, such as "II.1"."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Item:
    """One task of the plan; `details` are the lines between its title and its units.

    `director` is the leader who watches over it ("lãnh đạo phụ trách").
    """

    code: str | None
    section: str
    title: Words
    timeframe: Timeframe
    leads: tuple[Words, ...] = ()
    coordinators: tuple[Words, ...] = ()
    time: Words | None = None
    details: tuple[Words, ...] = ()
    product: Words | None = None
    budget: Words | None = None
    director: Words | None = None
    line: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty to report: who, to whom, through whom ("qua …"), by when.

    `who` is None where the text names nobody.
    """

    who: Words | None
    to: tuple[Words, ...]
    via: Words | None
    text: Words
    timeframe: Timeframe
    time: Words | None = None
    line: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """How much of what by when: `low` and `high` are the bounds, None where one side is open.

    `name` is the clause without the number, `value` are the words of the quantity. `soft` marks
    an effort ("phấn đấu"). `period` is "2022-2025", "2030" or "hằng năm", `by` its last day; where
    the clause and its headings name none, they are those of the document.
    """

    name: Words
    low: float | None
    high: float | None
    unit: str | None
    value: Words
    period: str | None = None
    by: date | None = None
    soft: bool = False
    approximate: bool = False
    section: str = ""
    line: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A result in numbers; `before` is the value it grew or shrank from ("từ 15 lên 23"),
    `planned` what a table sets beside it as planned.

    `counted` marks a number that the text does not say: the things it lists were counted.
    """

    name: Words
    low: float | None
    high: float | None
    unit: str | None
    value: Words
    before: float | None = None
    planned: float | None = None
    period: str | None = None
    approximate: bool = False
    counted: bool = False
    section: str = ""
    line: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a report proposes, and to whom; `to` is empty where the text names nobody."""

    text: Words
    to: tuple[Words, ...] = ()
    details: tuple[Words, ...] = ()
    section: str = ""
    line: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one document; `obstacles` tell how difficulties are raised."""

    text: str
    header: Header
    sections: tuple[Section, ...] = ()
    items: tuple[Item, ...] = ()
    duties: tuple[Duty, ...] = ()
    obstacles: tuple[Duty, ...] = ()
    targets: tuple[Target, ...] = ()
    figures: tuple[Figure, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    cautions: tuple[Caution, ...] = ()
