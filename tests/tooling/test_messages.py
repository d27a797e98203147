"""Which strings of the source are found to need a translation."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.checks.messages import Message, has_positional, in_python, in_template, placeholders

HERE = Path("somewhere.py")
IMPORT = "from django.utils.translation import "


def python_messages(source: str) -> list[Message]:
    return [found.message for found in in_python(HERE, source) if found.message]


def template_messages(source: str) -> list[Message]:
    return [found.message for found in in_template(HERE, source) if found.message]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("gettext as _\n_('Plan')", Message("Plan")),
        ("gettext_lazy\ngettext_lazy('One ' 'text')", Message("One text")),
        ("gettext_noop as mark\nmark('Plan')", Message("Plan")),
        ("pgettext\npgettext('verb', 'Plan')", Message("Plan", "verb")),
        (
            "ngettext\nngettext('%(n)s day', '%(n)s days', n)",
            Message("%(n)s day", "", "%(n)s days"),
        ),
        ("npgettext_lazy as n\nn('a', 'b', 'c', 2)", Message("b", "a", "c")),
    ],
)
def test_python_call_is_found(source: str, message: Message) -> None:
    assert python_messages(IMPORT + source) == [message]


def test_function_of_another_module_is_not_a_translation() -> None:
    assert python_messages("from somewhere import _\n_('Plan')") == []


def test_message_kept_elsewhere_is_let_pass() -> None:
    assert list(in_python(HERE, IMPORT + "gettext\ngettext(label)")) == []


@pytest.mark.parametrize("argument", ["f'{n} days'", "'%s days' % n", "'a' + b"])
def test_message_put_together_is_a_fault(argument: str) -> None:
    found = list(in_python(HERE, f"{IMPORT}gettext\n\ngettext({argument})"))
    assert [(item.line, item.fault) for item in found] == [
        (3, "a message is put together before translation")
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{% translate 'Plan' %}", Message("Plan")),
        ('{% translate "It\'s due" as words %}', Message("It's due")),
        ('{% translate "Plan" context "verb" %}', Message("Plan", "verb")),
        ("{{ value|default:_('None yet') }}", Message("None yet")),
        ("{% include 'a.html' with title=_('Plan') %}", Message("Plan")),
        (
            "{% blocktranslate trimmed %}\n  Due\n  {{ when }}\n{% endblocktranslate %}",
            Message("Due %(when)s"),
        ),
        (
            "{% blocktranslate count n=days %}{{ n }} day{% plural %}{{ n }} days"
            "{% endblocktranslate %}",
            Message("%(n)s day", "", "%(n)s days"),
        ),
    ],
)
def test_template_tag_is_found(source: str, message: Message) -> None:
    assert template_messages(f"<p>\n{source}</p>") == [message]


def test_words_of_a_comment_are_not_messages() -> None:
    assert template_messages("{% comment %}{% translate 'Old' %}{% endcomment %}") == []


def test_placeholders_are_found_by_name() -> None:
    assert placeholders("%(done)s of {total}, 100%% {{literal}}") == {"done", "total"}


@pytest.mark.parametrize(
    ("text", "expected"), [("%s days", True), ("{} days", True), ("100%% of %(n)s", False)]
)
def test_positional_values_are_seen(text: str, expected: bool) -> None:
    assert has_positional(text) is expected
