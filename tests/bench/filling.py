"""Large tables in seconds: rows made by the database itself, for any model, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Model


def insert(model: type[Model], source: str, *, first: str = "", **columns: str) -> None:
    """`INSERT INTO model SELECT columns FROM source`; `first` is put before it, such as a WITH.

    `columns` are SQL expressions by attribute name. Every other column gets the default of its
    field, so that a new column of the model needs no change here. A key left out is numbered.
    """
    fields = [field for field in model._meta.concrete_fields if _is_written(field, columns)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    expressions = [columns.get(field.attname, "%s") for field in fields]
    defaults = [_default(field) for field in fields if field.attname not in columns]
    values = ", ".join(one if one == "%s" else _plain(one) for one in expressions)
    statement = f"INSERT INTO {table(model)} ({names}) SELECT {values} FROM "
    with connection.cursor() as cursor:
        cursor.execute(_plain(first) + statement + _plain(source), defaults)


def _plain(expression: str) -> str:
    """Its percent signs (modulo) are not places for parameters."""
    return expression.replace("%", "%%")


def _is_written(field: Field[Any, Any], columns: dict[str, str]) -> bool:
    return not field.primary_key or field.attname in columns


def _default(field: Field[Any, Any]) -> Any:
    return field.get_db_prep_save(field.get_default(), connection)


def series(last: int) -> str:
    """A source of the numbers 1 to `last`, as `n`."""
    return (
        "(WITH RECURSIVE counting(n) AS"
        f" (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < {last})"
        " SELECT n FROM counting) AS series"
    )


def table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def day_after(day: dt.date, days: str) -> str:
    """The date `days` (an expression) after `day`, as SQL."""
    if is_postgres():
        return f"(DATE '{day}' + ({days})::int)"
    return f"date('{day}', '+' || ({days}) || ' days')"


def minutes_before(moment: dt.datetime, minutes: str) -> str:
    """The moment `minutes` (an expression) before `moment`, as SQL and as Django stores it."""
    if is_postgres():
        return f"(TIMESTAMPTZ '{moment.isoformat()}' - ({minutes}) * INTERVAL '1 minute')"
    return f"datetime('{_stored(moment)}', '-' || ({minutes}) || ' minutes')"


def instant(moment: dt.datetime) -> str:
    """A moment, as SQL and as Django stores it."""
    if is_postgres():
        return f"TIMESTAMPTZ '{moment.isoformat()}'"
    return f"'{_stored(moment)}'"


def date(day: dt.date) -> str:
    return f"DATE '{day}'" if is_postgres() else f"'{day}'"


def _stored(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


def settle(*models: type[Model]) -> None:
    """Let numbering go on after rows that came with their keys, and gather statistics."""
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        execute(statement)
    execute("ANALYZE")
