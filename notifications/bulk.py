"""Many rows in one statement, joined by the database from what Python worked out for all of them.

Where a hundred thousand rungs come due on one morning, making objects or tuples of them in Python
is what people wait for. So Python decides for groups (these deadlines have these steps, these
readers, these words), hands the groups over as small tables, and the database writes the rows.
Needs PostgreSQL 12 or SQLite 3.35.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, Model

# The types of given columns, as PostgreSQL names them; SQLite needs none.
NUMBER, TEXT, TRUTH = "bigint", "text", "boolean"
DAY, MOMENT, OBJECT = "date", "timestamptz", "jsonb"


@dataclass(frozen=True, slots=True)
class Given:
    """A table that lives for one statement: its rows travel as one JSON parameter.

    `columns` are names and types. Moments are given as `stored` makes them; values of a column of
    type `OBJECT` are nested as they are.
    """

    name: str
    columns: Mapping[str, str]
    rows: Iterable[Sequence[Any]]

    @property
    def statement(self) -> str:
        """For a WITH. Materialized, so that SQLite may index it for a join."""
        return f"{self.name} AS MATERIALIZED ({self._select})"

    @property
    def _select(self) -> str:
        if connection.vendor == "postgresql":
            typed = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
            return f"SELECT * FROM json_to_recordset(%s) AS given({typed})"  # noqa: S608
        cells = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in self.columns)
        return f"SELECT {cells} FROM json_each(%s)"  # noqa: S608

    @property
    def parameter(self) -> str:
        names = tuple(self.columns)
        rows = [dict(zip(names, row, strict=True)) for row in self.rows]
        return json.dumps(rows, cls=DjangoJSONEncoder)


def insert_joined(
    model: type[Model],
    cells: Mapping[str, str],
    source: str,
    given: Sequence[Given],
    same: Mapping[str, Any],
) -> None:
    """Insert what `source` joins; unique constraints drop what is there.

    `source` is what comes after FROM, and has a WHERE. `cells` are its columns by the attributes
    of the model, `same` the values that all rows share. Every other column gets the default of its
    field.
    """
    others = [
        field
        for field in model._meta.concrete_fields
        if field.attname not in cells and not field.primary_key
    ]
    columns = [_column(model, name) for name in cells] + [str(field.column) for field in others]
    values = [*cells.values(), *("%s" for _ in others)]
    statement = (
        f"{with_given(given)} INSERT INTO {model._meta.db_table} ({', '.join(columns)})"  # noqa: S608
        f" SELECT {', '.join(values)} FROM {source} ON CONFLICT DO NOTHING"
    )
    shared = [_shared(field, same) for field in others]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(table.parameter for table in given), *shared])


def with_given(tables: Iterable[Given]) -> str:
    return "WITH " + ", ".join(table.statement for table in tables)


def stored(value: dt.datetime) -> str:
    """A moment as the text that a column of moments compares equal to."""
    return str(connection.ops.adapt_datetimefield_value(value))


def merged(first: str, second: str) -> str:
    """SQL: two JSON objects as one; what both have is the second's."""
    if connection.vendor == "postgresql":
        return f"{first} || {second}"
    return f"json_patch({first}, {second})"


def _column(model: type[Model], name: str) -> str:
    return str(cast("Field[Any, Any]", model._meta.get_field(name)).column)


def _shared(field: Field[Any, Any], same: Mapping[str, Any]) -> Any:
    value = same[field.attname] if field.attname in same else field.get_default()
    return field.get_db_prep_save(value, connection)
