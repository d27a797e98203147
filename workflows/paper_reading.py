"""What was read of a paper report, laid beside the sections, indicators and units there are.

A proposal for the clerk's form: nothing is written here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tasks.importing.topics import Topic, topic_of
from tasks.models import Indicator, PaperReport, ReportSection, SectionKind
from workflows.drafting.registry import Registry
from workflows.drafting.targets import candidates, is_same

# Into which section the text below a heading on this topic goes.
_KINDS = {
    Topic.RESULTS: SectionKind.RESULTS,
    Topic.OBSTACLES: SectionKind.DIFFICULTIES,
    Topic.PROPOSALS: SectionKind.PROPOSALS,
    Topic.WORK: SectionKind.NEXT_STEPS,
}
# Where the text of an official paper ends; below stand the signature and the recipients.
_END = "./."


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """A figure of the paper: its name and value, the words it stands in, what it may measure."""

    name: str
    value: Decimal | None
    measure: str
    quote: str
    indicator: int | None


@dataclass(frozen=True, slots=True)
class ReadProposal:
    """A proposal of the paper, and the unit that its addressee most likely is."""

    words: str
    unit: int | None
    name: str


@dataclass(frozen=True, slots=True)
class PaperProposal:
    """Everything the clerk is asked to confirm. Dates are local."""

    number: str
    issued_on: dt.date | None
    signer: str
    texts: dict[int, str]
    figures: list[ReadFigure]
    proposals: list[ReadProposal]


def read_paper_report(paper: PaperReport, *, today: dt.date) -> PaperProposal:
    """What the form begins with. Seven queries at most."""
    reading = paper.reading
    day = _day(reading.get("date"))
    return PaperProposal(
        number=(reading.get("number") or "")[:60],
        issued_on=day if day is not None and day <= today else None,
        signer=(reading.get("signer") or "")[:150],
        texts=texts_of(paper.text, reading, list(paper.report.sections.all())),
        figures=list(_figures(paper)),
        proposals=list(_proposals(paper, day or today, today)),
    )


def texts_of(
    text: str, reading: dict[str, Any], sections: Iterable[ReportSection]
) -> dict[int, str]:
    """The text by the key of the section: what stands below a heading that is known goes under
    the section of its kind, all else into the first one.
    """
    first: ReportSection | None = None
    by_kind: dict[str, ReportSection] = {}
    for section in sections:
        first = first or section
        by_kind.setdefault(section.kind, section)
    if first is None:
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    for kind, words in _pieces(_body(text), reading):
        target = by_kind.get(kind, first) if kind else first
        found[target.pk].append(words)
    return {pk: "\n".join(pieces).strip() for pk, pieces in found.items()}


def _body(text: str) -> str:
    end = text.rfind(_END)
    return text if end < 0 else text[: end + len(_END)]


def _pieces(text: str, reading: dict[str, Any]) -> Iterator[tuple[SectionKind | None, str]]:
    """The text cut at the headings of the highest level that are about something known.

    The letterhead goes with the number and date that are confirmed apart; a heading that the
    report's own section says again is left out.
    """
    cuts: list[tuple[int, int, SectionKind | None]] = [(0, _below_head(text, reading), None)]
    for heading in reading.get("sections", ()):
        if "." in heading["code"] or not heading.get("source"):
            continue
        topic = topic_of(heading["title"])
        kind = _KINDS.get(topic) if topic else None
        line = text.rfind("\n", 0, heading["source"][0]) + 1
        cuts.append((line, _line_end(text, heading["source"][1]) if kind else line, kind))
    ends = [line for line, _begin, _kind in cuts[1:]] + [len(text)]
    for (_line, begin, kind), end in zip(cuts, ends, strict=True):
        if words := text[begin:end].strip():
            yield kind, words


def _below_head(text: str, reading: dict[str, Any]) -> int:
    """Where the text begins below the title of the paper; 0 where no title was read."""
    title = reading.get("source", {}).get("title")
    return _line_end(text, title[1]) if title else 0


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _figures(paper: PaperReport) -> Iterator[ReadFigure]:
    known = list(Indicator.objects.filter(targets__plan=paper.report.plan_id).distinct())
    for fact in paper.reading.get("facts", ()):
        measure = fact.get("unit") or ""
        likely = candidates(fact["name"], measure, known)
        same = next((one for one in likely if is_same(one, fact["name"], measure)), None)
        value = fact.get("value")
        yield ReadFigure(
            name=fact["name"],
            value=Decimal(str(value)) if value is not None else None,
            measure=measure,
            quote=fact.get("text") or "",
            indicator=same.pk if same else None,
        )


def _proposals(paper: PaperReport, day: dt.date, today: dt.date) -> Iterator[ReadProposal]:
    read = paper.reading.get("proposals", ())
    registry = Registry(day, today, home=paper.report.plan.issuer)
    names = {name for one in read for name in one["to"]}
    found = registry.match(names) if names else {}
    for one in read:
        name = one["to"][0] if one["to"] else ""
        unit = found[name].unit if name else None
        words = "\n".join((one["text"], *one["details"]))
        yield ReadProposal(words, unit, "" if unit else name)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
