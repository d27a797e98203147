"""The same plan reads the same in every form."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tasks.importing.reading import read_document
from tasks.importing.serialising import as_json
from tests.tasks.importing.variants import FONTS, LISTS, TABLES, Plan, as_text, plans

ITEM = (
    "code",
    "section",
    "title",
    "lead",
    "coordinating",
    "timeframe_text",
    "start",
    "due",
    "recurring",
)
DUTY = ("who", "to", "via", "due", "recurring")
HEADER = ("number", "date", "type", "title", "issuer", "period", "based_on")
FORMS = {**LISTS, **TABLES}

pytestmark = pytest.mark.skipif(not FONTS.exists(), reason="fonts-dejavu-core is not installed")


def facts(data: bytes, filename: str) -> dict[str, Any]:
    """Return what a reading says, but for what the form itself decides."""
    reading = as_json(read_document(data, filename))
    return {
        "items": [tuple(_bare(item[key]) for key in ITEM) for item in reading["items"]],
        "reports": [tuple(duty[key] for key in DUTY) for duty in reading["reports"]],
        **{key: reading[key] for key in HEADER},
    }


def _bare(value: Any) -> Any:
    """Return a title or time without the full stop that ends a line but no cell."""
    return value.rstrip(".") if isinstance(value, str) else value


def assert_same(plan: Plan, form: str) -> None:
    assert facts(FORMS[form](plan), form) == facts(as_text(plan), "plan.txt")


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=1, deadline=None, derandomize=True)
@given(plans(least=3, most=6))
def test_small_plan_reads_the_same_in_every_form(form: str, plan: Plan) -> None:
    assert_same(plan, form)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans(most=40))
def test_plan_reads_the_same_in_every_form(form: str, plan: Plan) -> None:
    assert_same(plan, form)
