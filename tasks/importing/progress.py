"""What readers tell while they read: how far they are, and what they doubt."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tasks.importing.results import Caution

# Called with what is done, the total and the stage: (12, 40, PAGES) is "page 12 of 40".
Progress = Callable[[int, int, str], None]

OPENING = "opening"
PAGES = "pages"
SCANNED_PAGES = "scanned_pages"
SHEETS = "sheets"


def nobody_waits(done: int, total: int, stage: str) -> None:
    """Report progress to nobody."""


@dataclass(slots=True)
class Report:
    """What one reader tells besides the lines."""

    progress: Progress = nobody_waits
    cautions: list[Caution] = field(default_factory=list)

    def doubt(self, code: str, line: int | None = None, **params: object) -> None:
        """Raise a doubt once for each line and params."""
        caution = Caution(code, line, None, params)
        if caution not in self.cautions:
            self.cautions.append(caution)
