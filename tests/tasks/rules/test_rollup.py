"""Figures made one: hand-worked cases, and generated trees against a plain reference."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.rules.rollup import Difference, Figure, Heir, Rule, Total, Tree, differences, total

PROVINCE, NORTH, SOUTH, VILLAGE, NEW = 1, 2, 3, 4, 5
PARENTS = {PROVINCE: None, NORTH: PROVINCE, SOUTH: PROVINCE, VILLAGE: NORTH, NEW: PROVINCE}
TREE = Tree.of(PARENTS)
PHASE = dt.date(2022, 1, 1), dt.date(2025, 12, 31)


def span(text: str) -> tuple[dt.date, dt.date]:
    """ "2023", or a quarter as "2023 Q2"."""
    year, _blank, quarter = text.partition(" Q")
    if not quarter:
        return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
    month = 3 * int(quarter)
    after = dt.date(int(year) + month // 12, month % 12 + 1, 1)
    return dt.date(int(year), month - 2, 1), after - dt.timedelta(days=1)


def figures(*given: tuple[int, str, float] | tuple[int, str, float, int]) -> list[Figure]:
    return [
        Figure(key, unit, *span(when), Decimal(str(value)), *map(Decimal, weight))
        for key, (unit, when, value, *weight) in enumerate(given)
    ]


def made(rule: Rule, *given: tuple[int, str, float], tree: Tree = TREE, root: int = 1) -> Total:
    return total(figures(*given), tree, root, rule, *PHASE)


def test_year_beats_its_quarters() -> None:
    found = made(
        Rule.SUM,
        (NORTH, "2023 Q1", 3),
        (NORTH, "2023", 10),
        (NORTH, "2023 Q3", 4),
        (NORTH, "2024 Q1", 2),
    )
    assert found.value == Decimal(12)
    assert [one.value for one in found.left] == [Decimal(3), Decimal(4)]


def test_own_figure_stands_for_those_below_and_differs() -> None:
    given = figures(
        (PROVINCE, "2023", 30),
        (NORTH, "2023", 12),
        (VILLAGE, "2023", 9),
        (SOUTH, "2023", 15),
        (SOUTH, "2024", 5),
    )
    assert total(given, TREE, PROVINCE, Rule.SUM, *PHASE).value == Decimal(35)
    assert differences(given, TREE, PROVINCE, Rule.SUM, *PHASE) == [
        Difference(PROVINCE, *span("2023"), Decimal(30), Decimal(27)),
        Difference(NORTH, *span("2023"), Decimal(12), Decimal(9)),
    ]


def test_figures_below_fill_what_the_unit_left_open() -> None:
    found = made(Rule.SUM, (NORTH, "2023 Q1", 5), (VILLAGE, "2023", 20), (VILLAGE, "2023 Q2", 6))
    assert found.value == 11


@pytest.mark.parametrize(
    ("root", "value"), [(PROVINCE, 27), (NORTH, 12), (VILLAGE, 9), (NEW, None)]
)
def test_each_level_has_its_own_total(root: int, value: int | None) -> None:
    given = (NORTH, "2023", 12), (VILLAGE, "2023", 9), (SOUTH, "2023", 15)
    assert made(Rule.SUM, *given, root=root).value == value


def test_last_values_add_up_over_units() -> None:
    found = made(Rule.LAST, (NORTH, "2022", 40), (NORTH, "2024", 44), (SOUTH, "2023", 10))
    assert (found.value, found.until) == (Decimal(54), dt.date(2024, 12, 31))


def test_newer_values_below_replace_an_old_one_above() -> None:
    given = (PROVINCE, "2022", 40), (NORTH, "2023", 22), (SOUTH, "2023", 23)
    assert made(Rule.LAST, *given).value == 45
    known = figures(*given, (PROVINCE, "2023", 44))
    assert differences(known, TREE, PROVINCE, Rule.LAST, *PHASE) == [
        Difference(PROVINCE, *span("2023"), Decimal(44), Decimal(45)),
    ]


def test_average_is_of_all_that_counts() -> None:
    assert made(Rule.AVERAGE, (NORTH, "2022", 4), (NORTH, "2023", 5), (SOUTH, "2023", 9)).value == 6


def test_weighted_average_weighs_and_leaves_out_what_has_no_weight() -> None:
    given = figures((NORTH, "2023", 10, 1), (SOUTH, "2023", 20, 3), (NEW, "2023", 90))
    found = total(given, TREE, PROVINCE, Rule.WEIGHTED, *PHASE)
    assert (found.value, [one.unit for one in found.left]) == (Decimal("17.5"), [NEW])


def test_share_of_each_unit_is_its_last_one() -> None:
    given = figures((NORTH, "2022", 10, 5), (NORTH, "2023", 20, 3), (SOUTH, "2022", 40, 1))
    assert total(given, TREE, PROVINCE, Rule.WEIGHTED, *PHASE).value == Decimal(25)


def test_year_of_a_report_belongs_to_the_year_it_ends_in() -> None:
    decree = Figure(1, NORTH, dt.date(2021, 12, 15), dt.date(2022, 12, 14), Decimal(7))
    before = Figure(2, NORTH, dt.date(2020, 1, 1), dt.date(2022, 3, 31), Decimal(50))
    after = Figure(3, NORTH, dt.date(2025, 12, 15), dt.date(2026, 12, 14), Decimal(50))
    assert total([decree, before, after], TREE, PROVINCE, Rule.SUM, *PHASE).value == 7


# North was merged into New on 1 July 2024.
MERGED = Tree.of(PARENTS, [Heir(NORTH, NEW, dt.date(2024, 7, 1))])


def test_dissolved_unit_counts_once_beside_its_successor() -> None:
    given = (NORTH, "2023", 10), (NEW, "2023", 3), (NORTH, "2024 Q1", 4), (NEW, "2024", 12)
    assert made(Rule.SUM, *given, tree=MERGED).value == 25
    assert made(Rule.SUM, *given, tree=MERGED, root=NEW).value == 25
    assert made(Rule.LAST, *given, tree=MERGED).value == 12


def test_successor_without_figures_leaves_the_old_ones() -> None:
    given = (NORTH, "2023", 10), (NEW, "2023", 3)
    assert made(Rule.LAST, *given, tree=MERGED).value == 13


def test_unit_split_in_two_counts_once() -> None:
    split = Tree.of(
        PARENTS, [Heir(NORTH, NEW, dt.date(2024, 1, 1)), Heir(NORTH, SOUTH, dt.date(2024, 1, 1))]
    )
    given = (NORTH, "2023", 10), (NEW, "2024", 3), (SOUTH, "2024", 4)
    assert made(Rule.SUM, *given, tree=split).value == 17
    assert made(Rule.SUM, *given, tree=split, root=SOUTH).value == 14


# A busy machine is no reason to fail.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPANS = ["2023", "2023 Q1", "2023 Q2", "2023 Q3", "2023 Q4", "2024", "2024 Q1", "2024 Q2"]
GIVEN = st.lists(
    st.tuples(st.integers(1, 7), st.sampled_from(SPANS), st.integers(-5, 50)),
    unique_by=lambda one: one[:2],
    max_size=30,
)
# Each unit hangs under one with a smaller key.
PARENTS_OF = st.tuples(*(st.integers(1, unit - 1) for unit in range(2, 8)))


def line_of(parents: dict[int, int | None], unit: int) -> list[int]:
    """The unit and all above it."""
    above = parents[unit]
    return [unit, *(line_of(parents, above) if above else [])]


def plain_sum(given: list[Figure], parents: dict[int, int | None]) -> Decimal | None:
    """From the top down, longer spans first: take what nobody above has told already."""
    taken: list[Figure] = []
    order = sorted(
        given,
        key=lambda one: (
            len(line_of(parents, one.unit)),
            one.start - one.end,
            -one.end.toordinal(),
        ),
    )
    for one in order:
        line = line_of(parents, one.unit)
        if not any(other.unit in line and one.overlaps(other) for other in taken):
            taken.append(one)
    return sum((one.value for one in taken), Decimal()) if taken else None


@PATIENT
@given(GIVEN, PARENTS_OF)
def test_sum_equals_the_plain_reference(
    given: list[tuple[int, str, float]], above: tuple[int, ...]
) -> None:
    parents: dict[int, int | None] = {1: None, **dict(enumerate(above, 2))}
    known = figures(*given)
    found = total(known, Tree.of(parents), 1, Rule.SUM, *PHASE)
    assert found.value == plain_sum(known, parents)
    assert sorted(one.key for one in (*found.counted, *found.left)) == [one.key for one in known]


@PATIENT
@given(GIVEN, PARENTS_OF)
def test_last_counts_no_unit_below_one_that_counts(
    given: list[tuple[int, str, float]], above: tuple[int, ...]
) -> None:
    parents: dict[int, int | None] = {1: None, **dict(enumerate(above, 2))}
    found = total(figures(*given), Tree.of(parents), 1, Rule.LAST, *PHASE)
    units = [one.unit for one in found.counted]
    assert len(units) == len(set(units))
    assert not any(set(line_of(parents, unit)[1:]) & set(units) for unit in units)
