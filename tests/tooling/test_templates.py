"""Inline styles, scripts and handlers are found wherever they hide in a template."""

from __future__ import annotations

import pytest

from config.checks.templates import inline_code


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<p style="color: red">', "a style attribute: use a class"),
        ('<p {% if late %}style="color: red"{% endif %}>', "a style attribute: use a class"),
        ("<style>p {}</style>", "a <style> element: put it into the stylesheet"),
        ("<script>go()</script>", "an inline script: put it into a static file"),
        ('<a onclick="go()">', "the handler onclick: listen from a static script"),
        ('<a hx-on:click="go()">', "the handler hx-on:click: listen from a static script"),
        ('<a href=" JavaScript:go()">', "a script in href: listen from a static script"),
    ],
)
def test_inline_code_is_found_with_its_line(source: str, words: str) -> None:
    assert list(inline_code(f"{{% load i18n %}}\n<div>\n{source}")) == [(3, words)]


@pytest.mark.parametrize(
    "source",
    [
        "<script src=\"{% static 'a.js' %}\"></script>",
        '<script type="application/json">{}</script>',
        "{% comment %}<p style=''>{% endcomment %}",
        "<p class=\"{% if a == 'b' %}style{% endif %}\">",
    ],
)
def test_what_the_policy_allows_is_let_pass(source: str) -> None:
    assert list(inline_code(source)) == []
