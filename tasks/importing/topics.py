"""What the headings above a line are about: targets, results, proposals or work to do."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tasks.importing.outline import Entry, Kind


class Topic(StrEnum):
    """The subject of a section. PURPOSE is a section of purposes, where targets are rare."""

    TARGETS = "targets"
    PURPOSE = "purpose"
    RESULTS = "results"
    OBSTACLES = "obstacles"
    PROPOSALS = "proposals"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with the headings above it, the nearest first."""

    entry: Entry
    headings: tuple[Entry, ...]

    @property
    def topic(self) -> Topic | None:
        """Return the topic that the nearest heading with one gives."""
        return next((topic for one in self.headings if (topic := topic_of(one.body.text))), None)


_TOPICS = (
    (Topic.PROPOSALS, re.compile(r"(?:\w+,? ){0,6}?(?:đề xuất|kiến nghị)", re.I)),
    (
        Topic.RESULTS,
        re.compile(
            r"(?:(?:một số|những|các|về|đánh giá|khái quát|tóm tắt) ){0,2}(?:kết quả|tình hình"
            r"|thực trạng|đánh giá|ưu điểm|công tác lãnh đạo|mặt đạt được|thuận lợi|đặc điểm)",
            re.I,
        ),
    ),
    (
        Topic.OBSTACLES,
        re.compile(
            r"(?:(?:một số|những|các|về) ){0,2}(?:khó khăn|tồn tại|hạn chế|vướng mắc|nguyên nhân"
            r"|bài học)",
            re.I,
        ),
    ),
    (
        Topic.WORK,
        re.compile(
            r"(?:(?:một số|những|các|về) ){0,2}(?:nhiệm vụ|giải pháp|phương hướng|định hướng"
            r"|kế hoạch|nội dung|tổ chức thực hiện"
            r"|trách nhiệm|phân công|kinh phí|nguồn|chế độ|tiến độ|thời gian|đối tượng|phạm vi"
            r"|quan điểm(?!.*(?:mục tiêu|chỉ tiêu))|công tác|chi phí|dự toán|cơ sở|căn cứ)",
            re.I,
        ),
    ),
    (Topic.TARGETS, re.compile(r".{0,60}\b(?:mục tiêu|chỉ tiêu)", re.I)),
    (Topic.PURPOSE, re.compile(r"(?:mục đích|yêu cầu|ý nghĩa)", re.I)),
)
_BOTH = re.compile(r"khó khăn|tồn tại|hạn chế|vướng mắc", re.I)
_LONGEST_HEADING = 200  # characters
_LONGEST_LABEL = 110


def topic_of(heading: str) -> Topic | None:
    """Return what a heading is about; None for one that tells of something else."""
    return next((topic for topic, words in _TOPICS if words.match(heading)), None)


def names_obstacles_too(heading: str) -> bool:
    """Tell "Khó khăn, vướng mắc và kiến nghị" from a heading on proposals alone."""
    return bool(_BOTH.search(heading))


def place_lines(entries: Iterable[Entry]) -> Iterator[Placed]:
    """Yield every line of the body with the headings above it, the nearest first.

    A line without a code that ends with a colon ("- Đến năm 2025:") is a heading for the lines
    below it, up to the next line of its own kind or the next coded one.
    """
    coded: dict[tuple[str, ...], Entry] = {}
    labels: dict[Kind, Entry] = {}
    for entry in entries:
        if entry.coded:
            labels.clear()
            coded[entry.path] = entry
        elif not entry.block.cell:
            labels = {kind: one for kind, one in labels.items() if _is_below(entry, one)}
        above = (coded.get(entry.path[:length]) for length in range(len(entry.path), 0, -1))
        headings = [one for one in above if one and one is not entry and _is_heading(one)]
        yield Placed(entry, (*reversed(labels.values()), *headings))
        if _is_label(entry):
            labels[entry.kind] = entry


def _is_below(entry: Entry, label: Entry) -> bool:
    """Tell whether *entry* stands below a label: "+" below "-", a bullet below plain text."""
    if label.kind is Kind.TEXT:
        return entry.kind is Kind.BULLET or not _is_label(entry)
    return entry.kind is Kind.BULLET and entry.block.text[0] != label.block.text[0]


def _is_heading(entry: Entry) -> bool:
    return len(entry.body.text) <= _LONGEST_HEADING


def _is_label(entry: Entry) -> bool:
    """Tell a line that announces those below it."""
    if entry.coded or entry.block.cell or len(entry.body.text) > _LONGEST_LABEL:
        return False
    return entry.body.text.endswith(":") or topic_of(entry.body.text) is Topic.TARGETS
