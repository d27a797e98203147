"""The strings that the source asks to have translated.

Read with Python's own parser and Django's template reader, so that no GNU program has to be
installed to know whether a catalogue is complete.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

TRANSLATION_MODULE = "django.utils.translation"
# Which positional arguments are context, singular and plural.
SHAPES = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg"}

_STRING = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\((\s*{_STRING}(?:\s*,\s*{_STRING})*)")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w+)\}(?!\})")
_POSITIONAL = re.compile(r"%[sdifr]|(?<!\{)\{\}")


@dataclass(frozen=True, order=True)
class Message:
    """One string to translate, told apart by its words and its context."""

    msgid: str
    context: str = ""
    plural: str = ""


@dataclass(frozen=True)
class Found:
    """A message, or what is wrong with the call that should have held one, and where."""

    path: Path
    line: int
    message: Message | None = None
    fault: str = ""


def placeholders(text: str) -> set[str]:
    """Names of the values that are put into a text."""
    return {first or second for first, second in _PLACEHOLDER.findall(text.replace("%%", ""))}


def has_positional(text: str) -> bool:
    """Whether a value is put in by position, which a translation cannot move."""
    return bool(_POSITIONAL.search(text.replace("%%", "")))


def _message(name: str, texts: list[str]) -> Message:
    given = dict(zip(SHAPES[name], texts, strict=False))
    return Message(given["msgid"], given.get("context", ""), given.get("plural", ""))


def _function_names(tree: ast.Module) -> dict[str, str]:
    """What this module calls each translation function: its local name to its plain one."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION_MODULE:
            for alias in node.names:
                plain = alias.name.removesuffix("_lazy").removesuffix("_noop")
                if plain in SHAPES:
                    names[alias.asname or alias.name] = plain
    return names


def _called(node: ast.Call, names: dict[str, str]) -> str | None:
    if isinstance(node.func, ast.Name):
        return names.get(node.func.id)
    if isinstance(node.func, ast.Attribute):
        plain = node.func.attr.removesuffix("_lazy").removesuffix("_noop")
        return plain if plain in SHAPES else None
    return None


def _literals(arguments: list[ast.expr]) -> list[str]:
    """The arguments' texts up to the first that is not written out."""
    texts: list[str] = []
    for argument in arguments:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            break
        texts.append(argument.value)
    return texts


def in_python(path: Path, source: str) -> Iterator[Found]:
    """Messages of a Python module. A name as argument is let pass: it was marked elsewhere."""
    tree = ast.parse(source)
    names = _function_names(tree)
    for node in ast.walk(tree):
        name = _called(node, names) if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or name is None:
            continue
        shape = SHAPES[name]
        texts = _literals(node.args[: len(shape)])
        if len(texts) == len(shape):
            yield Found(path, node.lineno, _message(name, texts))
        elif any(isinstance(arg, ast.JoinedStr | ast.BinOp) for arg in node.args[: len(shape)]):
            yield Found(path, node.lineno, fault="a message is put together before translation")


def in_template(path: Path, source: str) -> Iterator[Found]:
    """Messages of a Django template."""
    marked = templatize(source, origin=str(path))
    for call in _TEMPLATE_CALL.finditer(marked):
        name = "gettext" if call[1] == "_" else call[1]
        texts = list(ast.literal_eval(f"({call[2]},)"))
        yield Found(path, marked.count("\n", 0, call.start()) + 1, _message(name, texts))


def in_file(path: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from in_python(path, source)
    else:
        yield from in_template(path, source)


def source_files(root: Path, packages: tuple[str, ...]) -> list[Path]:
    """Python modules and templates of the packages, without migrations, sorted."""
    return sorted(
        path
        for package in packages
        for path in (root / package).rglob("*")
        if path.is_file()
        and "migrations" not in path.parts
        and (
            path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts)
        )
    )
