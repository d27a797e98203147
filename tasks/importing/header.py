"""The heading of an official document: number, date, type, title, period and what it cites.

The layout is that of Decree 30/2020/NĐ-CP, appendix I; each part may be missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tasks.importing.attachment import find_attachment
from tasks.importing.blocks import MARKER, Block, Text
from tasks.importing.citations import sort_citations
from tasks.importing.doc_types import (
    LETTER,
    type_at,
    type_it_issues,
    type_of_itself,
    type_of_number,
    type_of_words,
)
from tasks.importing.fragments import mend_heading
from tasks.importing.head_lines import (
    DateLine,
    Part,
    Piece,
    date_line,
    read_date_line,
    take_apart,
)
from tasks.importing.issuer import find_announcement, find_issuer
from tasks.importing.letterhead import agencies, is_agency
from tasks.importing.outline import body_of
from tasks.importing.portal import read_listed
from tasks.importing.results import Header, Words
from tasks.importing.signer import find_signer
from tasks.importing.titles import OPENING, read_period, read_subject, read_title

_HEADING_LINES, _LAST = 30, 40
_LONGEST_HEAD_LINE, _LONGEST_SIGN = 200, 120  # characters


@dataclass(frozen=True, slots=True)
class _Kind:
    """The type of the document, the place of its line and words, how sure it is."""

    name: str | None
    index: int | None
    skip: int
    confidence: float


def read_header(text: Text) -> Header:
    """Return the heading of a document; what it does not say stays None."""
    blocks = text.blocks
    preamble = _preamble(blocks)
    head, listed = _Head(preamble), read_listed(blocks)
    issue, attached = find_announcement(preamble), find_attachment(preamble)
    number, blank = head.words(Part.NUMBER) or issue.number, head.words(Part.BLANK_NUMBER)
    if number is None and blank is None:
        number = attached.number or listed.number
    kind = head.kind or _kind_without_line(head, blocks, number or blank)
    title, agency = _title(head, kind)
    title = title or issue.title or listed.title
    issued = head.date or _date_of_signature(blocks)
    own_day = issued.issued_on if issued else None
    issued_on = _first(own_day, issue.issued_on, attached.issued_on, listed.issued_on)
    place = issued.place if issued else None
    issuer = find_issuer(blocks, preamble, place, head.agencies, agency)
    name = issue.issuer or issuer.name or attached.issuer or listed.issuer
    period = read_period(title)
    cited = sort_citations(blocks, preamble, number, kind.name)
    return Header(
        number=number,
        number_blank=blank is not None and number is None,
        issued_on=issued_on,
        place=place,
        issuer=name,
        type=kind.name,
        title=title,
        period=period,
        year=_plan_year(period, issued_on, issued.year if issued else None),
        signer=find_signer(blocks) or listed.signer,
        based_on=cited.based_on,
        cites=cited.others,
        responds_to=cited.responds_to,
        about=cited.about,
        date_words=issued.words if issued else None,
        confidence={"type": kind.confidence, "issuer": issuer.confidence},
    )


def _preamble(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks before the first numbered heading, within the body."""
    kept: list[Block] = []
    for block in body_of(mend_heading(blocks)):
        found = MARKER.match(block.text)
        if found and not found["bullet"] and not block.cell:
            break
        kept.append(block)
    return tuple(kept)


class _Head:
    """The lines above the title, or above the address of a letter, and what they say."""

    def __init__(self, preamble: Sequence[Block]) -> None:
        self.preamble = preamble
        self.blocks = tuple(_before_body(preamble[:_HEADING_LINES]))
        self.pieces = take_apart(self.blocks)
        self.kind = self._type_line()

    @property
    def _end(self) -> int:
        known = self.kind.index if self.kind else None
        return len(self.blocks) if known is None else known

    def words(self, part: Part) -> Words | None:
        return next((piece.words for piece in self._own() if piece.part is part), None)

    @property
    def date(self) -> DateLine | None:
        words = self.words(Part.DATE)
        return date_line(words) if words else None

    @property
    def agencies(self) -> tuple[Words, ...]:
        """Return the names above the number, for below it the title may name others."""
        names = [
            piece for piece in self.pieces if piece.part is Part.NAME and piece.index < self._end
        ]
        numbers = (Part.NUMBER, Part.BLANK_NUMBER)
        number = next((one.index for one in self.pieces if one.part in numbers), len(self.blocks))
        above = agencies(piece.words for piece in names if piece.index <= number)
        return above or agencies(piece.words for piece in names)

    @property
    def capitals(self) -> Words | None:
        """Return the lines in capitals below number and date: a title whose type is left out."""
        signs = [
            piece.index
            for piece in self.pieces
            if piece.part is not Part.NAME and len(self.blocks[piece.index].text) < _LONGEST_SIGN
        ]
        lines = []
        for block in self.blocks[max(signs, default=len(self.blocks)) + 1 :]:
            if not block.text.isupper() or is_agency(block.text):
                break
            lines.append(block)
        if not lines:
            return None
        text = " ".join(block.text.strip(" |") for block in lines)
        return Words(text, lines[0].start, lines[-1].end)

    def _type_line(self) -> _Kind | None:
        """Return the first type in capitals below the number and motto, else the first of all."""
        kinds = [
            _Kind(found[0], index, found[1], 1.0)
            for index, block in enumerate(self.blocks)
            if (found := type_at(block.text))
        ]
        signs = (Part.NUMBER, Part.BLANK_NUMBER, Part.MOTTO)
        below = max((piece.index for piece in self.pieces if piece.part in signs), default=-1)
        later = [kind for kind in kinds if (kind.index or 0) > below]
        return next(iter((*later, *kinds)), None)

    def _own(self) -> Iterator[Piece]:
        """Yield the pieces of this document, not those of another one that its title names."""
        end = self._end
        for piece in self.pieces:
            if piece.index < end or piece.words.start == self.blocks[piece.index].start:
                yield piece


def _before_body(preamble: Sequence[Block]) -> Iterator[Block]:
    for block in preamble:
        longest = 3 * _LONGEST_HEAD_LINE if block.text.isupper() else _LONGEST_HEAD_LINE
        if OPENING.match(block.text) or len(block.text) > longest:
            return
        yield block


def _kind_without_line(head: _Head, blocks: Sequence[Block], number: Words | None) -> _Kind:
    """Return the type by the sign in the number, by the first line, or by the text itself."""
    if number is not None:
        return _in_any_letters(head, number)
    if read_subject(head.pieces):
        return _Kind(LETTER, None, 0, 0.8)
    found = type_of_words(head.preamble[0].text) if head.preamble else None
    if found:
        return _Kind(found[0], 0, found[1], 0.7)
    issued = type_it_issues(head.preamble)
    return _Kind(issued or type_of_itself(body_of(blocks)), None, 0, 0.6 if issued else 0.5)


def _in_any_letters(head: _Head, number: Words) -> _Kind:
    """Return the type known from the number, with the line below it that begins with that type."""
    name = type_of_number(number.text)
    for index, block in enumerate(head.blocks):
        found = type_of_words(block.text)
        if found and found[0] == name and block.start > number.start:
            return _Kind(name, index, found[1], 0.9)
    return _Kind(name, None, 0, 0.9)


def _title(head: _Head, kind: _Kind) -> tuple[Words | None, Words | None]:
    """Return the title, and the agency that "của …" names before it."""
    if kind.index is None:
        return read_subject(head.pieces) or head.capitals, None
    return read_title(head.preamble, kind.index, kind.skip)


def _date_of_signature(blocks: Sequence[Block]) -> DateLine | None:
    """Return the date line above the signature, where some documents have it."""
    return next((found for block in blocks[-_LAST:] if (found := read_date_line(block))), None)


def _first(*days: date | None) -> date | None:
    return next((day for day in days if day), None)


def _plan_year(
    period: tuple[date, date] | None, issued_on: date | None, year: int | None
) -> int | None:
    """Return the year that a date without one means: the plan's own, else that of its issue."""
    if period and period[0].year == period[1].year:
        return period[0].year
    return issued_on.year if issued_on else year
