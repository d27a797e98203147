"""What a person may write where a number is asked for."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.rules.numbers import NotANumber, parse_number, show_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2.305", "2305"),
        ("0,7", "0.7"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("2305", "2305"),
        (" 12 % ", "12"),
        ("\u22123", "-3"),
        ("-0,25", "-0.25"),
        ("1,234", "1.234"),
        ("007", "7"),
    ],
)
def test_number_is_read_as_officials_write_it(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2.30", "write 2,30 if you mean the decimal"),
        ("1.5", "write 1,5 if you mean the decimal"),
        ("0.123", "write 0,123 if you mean the decimal"),
        ("hai mươi ba", "is written in words"),
        ("23 thành viên", "has words beside the number"),
        ("1,234.5", "is not a number"),
        ("1.23,5", "is not a number"),
        ("100-120", "is not a number"),
        ("", "Write a number"),
        ("1" * 17, "too large"),
        ("0,12345", "too many decimals"),
        ("%", "Write a number"),
    ],
)
def test_refusal_says_what_to_write(text: str, says: str) -> None:
    with pytest.raises(NotANumber, match=says):
        parse_number(text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("2305", "2.305"), ("0.7000", "0,7"), ("1234.5", "1.234,5"), ("-3", "-3"), ("100", "100")],
)
def test_number_is_shown_without_idle_zeros(number: str, shown: str) -> None:
    assert show_number(Decimal(number)) == shown


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4))
def test_what_is_shown_is_read_back(number: Decimal) -> None:
    assert parse_number(show_number(number)) == number
