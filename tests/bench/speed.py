"""How long readings take, in CPU seconds, and how that grows with the length of the text."""

import cProfile
import pstats
import random
import time
from collections.abc import Iterator
from contextlib import suppress

from tasks.importing.errors import DocumentError
from tasks.importing.reading import read_document
from tests.tasks.importing import variants
from tests.tasks.importing.variants import LISTS, TABLES, Plan, Task

ITEMS = 140
TIMES = 10
_LEAST = 0.02  # seconds; what is shorter is not told from noise
FORMS = {**LISTS, **TABLES}
# The forms of PDF take ten times as long as the others; one of them shows how that grows.
_MEASURED = [form for form in FORMS if not form.endswith(".pdf") or form == "table.pdf"]
_HEAD = "Số: 7/KH-UBND\nKẾ HOẠCH\nTrồng cây năm 2024\nI. NHIỆM VỤ\n"
# What makes careless code look again and again at the same words.
REPEATED = (
    " ", "và ", ", ", "1", "1.1.", "- ", "(", "*a ", "[^", "<b ", "| a ", "\n", "và\n", "a\n",
    "1. a\n", "báo cáo ", "gửi báo cáo về ", "báo cáo các ", "Sở ", "các ", "hàng năm ",
    "từ năm 2023 đến năm ", "ngày 1/1/2024, ", "tháng 6, ", "1/1", "số 60/KH, ", "Chủ trì: ",
    "phối hợp với ", "đạt 10% ", "TM. ", "Căn cứ Luật A;\n", "I.\n", "Nơi nhận:\n",
)  # fmt: skip


def invented(items: int) -> Plan:
    """Return a plan of so many items, always the same one."""
    chance = random.Random(items)
    return Plan(tuple(_task(chance, number) for number in range(1, items + 1)))


def _task(chance: random.Random, number: int) -> Task:
    units = chance.sample(variants.UNITS, chance.randint(1, 4))
    leads = chance.randint(1, min(2, len(units)))
    title = f"{chance.choice(variants.VERBS)} {chance.choice(variants.THINGS)}, đợt {number}"
    return Task(title, tuple(units[:leads]), tuple(units[leads:]), chance.choice(variants.TIMES))


def seconds(data: bytes, filename: str) -> float:
    """Return the CPU seconds that a reading takes, whether it succeeds or not."""
    started = time.process_time()
    with suppress(DocumentError):
        read_document(data, filename)
    return time.process_time() - started


def calls(data: bytes, filename: str) -> int:
    """Return how many functions a reading calls: its work, whatever else the machine does."""
    profile = cProfile.Profile()
    profile.runcall(read_document, data, filename)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def repeated(words: str, length: int) -> bytes:
    """Return a plan with a task of *length* characters that repeats *words*."""
    return f"{_HEAD}1. {(words * (length // len(words) + 1))[:length]}\n2. Trồng cây.\n".encode()


def growth(words: str, length: int, times: int) -> float:
    """Return how much longer *times* as many repeated words take to read."""
    short, long = (repeated(words, size) for size in (length, times * length))
    return min(seconds(long, "plan.txt") for _run in range(2)) / max(
        min(seconds(short, "plan.txt") for _run in range(2)), _LEAST
    )


def speeds() -> Iterator[tuple[str, float, float]]:
    """Yield each form of a plan, the seconds it takes, and how much longer ten times as many do."""
    short, long = invented(ITEMS), invented(TIMES * ITEMS)
    for form in _MEASURED:
        make = FORMS[form]
        once = seconds(make(short), form)
        yield form, once, seconds(make(long), form) / max(once, _LEAST)
