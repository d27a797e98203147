"""A province with districts, one plan with a target, and a way to write figures down."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tasks.models import Indicator, Measurement, Plan, Target, Unit
from tests.factories import make_person, make_plan, make_unit

START, END = dt.date(2022, 1, 1), dt.date(2025, 12, 31)
YEAR_END = (12, 31)


def make_province(districts: int = 2) -> tuple[Unit, list[Unit]]:
    province = make_unit("UBND tỉnh Thử", may_issue=True)
    below = [make_unit(f"UBND huyện {number}") for number in range(1, districts + 1)]
    Unit.objects.filter(pk__in=[one.pk for one in below]).update(parent=province)
    return province, below


def make_target(plan: Plan, unit: Unit, name: str = "Dự án được hỗ trợ", **given: Any) -> Target:
    about = {key: given.pop(key) for key in ("aggregation", "direction", "measure") if key in given}
    indicator, _new = Indicator.objects.get_or_create(
        name=name, measure=about.pop("measure", "dự án"), defaults=about
    )
    bounds = {"low": Decimal(100), "high": Decimal(120)} | given
    span = {"start_on": START, "end_on": END}
    return Target.objects.create(plan=plan, indicator=indicator, unit=unit, **(span | bounds))


def make_figure(target: Target, unit: Unit, year: int, value: float, **given: Any) -> Measurement:
    return Measurement.objects.create(
        indicator=target.indicator,
        unit=unit,
        **{
            "covers_from": dt.date(year, 1, 1),
            "covers_to": dt.date(year, *YEAR_END),
            "value": Decimal(str(value)),
            "entered_by": given.pop("entered_by", None) or make_person(),
            "entered_at": dt.datetime(year + 1, 1, 5, tzinfo=dt.UTC),
            "source": "Sổ theo dõi",
            **given,
        },
    )


def make_provincial_plan(province: Unit, districts: list[Unit]) -> Plan:
    return make_plan(leads=districts, focal=districts[0], issuer=province)
