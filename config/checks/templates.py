"""Finds in templates what the Content-Security-Policy would silently switch off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

# Data for a script, such as `json_script` writes, is not a script.
DATA_TYPES = {"application/json", "application/ld+json"}

# A mail carries its looks with it; the page that shows one has a policy of its own.
MAIL_FOLDER = "mail"

_TEMPLATE_SYNTAX = re.compile(
    r"\{%\s*comment.*?%\}.*?\{%\s*endcomment\s*%\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL
)


def without_template_syntax(source: str) -> str:
    """The markup alone, each tag of the template language replaced by blanks and its line ends."""
    return _TEMPLATE_SYNTAX.sub(lambda tag: re.sub(r"[^\n]", " ", tag[0]), source)


class _InlineFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[tuple[int, str]] = []

    def _fault(self, words: str) -> None:
        self.faults.append((self.getpos()[0], words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style":
            self._fault("a <style> element: put it into the stylesheet")
        if tag == "script" and "src" not in given and given.get("type") not in DATA_TYPES:
            self._fault("an inline script: put it into a static file")
        for name, value in attrs:
            if name == "style":
                self._fault("a style attribute: use a class")
            elif re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                self._fault(f"the handler {name}: listen from a static script")
            elif (value or "").strip().lower().startswith("javascript:"):
                self._fault(f"a script in {name}: listen from a static script")


def inline_code(source: str) -> Iterator[tuple[int, str]]:
    """Line and words for each inline style or script of a template."""
    finder = _InlineFinder()
    finder.feed(without_template_syntax(source))
    finder.close()
    yield from finder.faults
