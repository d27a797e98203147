"""Many rows in one statement, as plain tuples.

Making model objects costs several times what the database needs to write them; where a hundred
thousand rungs come due on one morning, that is what people wait for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, cast

from django.db import connection
from django.db.models import DateField, Field, JSONField, Model
from django.db.models.expressions import RawSQL

_LIST = 500


def among(keys: Iterable[int]) -> RawSQL:
    """For `pk__in` and the like: many keys as one parameter, which Django need not look through."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", (list(keys),))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(list(keys)),))


def insert_new(
    model: type[Model],
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Insert `rows`, whose values stand for `names`; unique constraints drop what is there.

    `names` and `same`, the values that all rows share, go by the attributes of the model. Every
    other column gets the default of its field. Values of a JSON column are texts already.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    own = [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]
    others = [
        field
        for field in model._meta.concrete_fields
        if field.attname not in names and not field.primary_key
    ]
    shared = [_shared(field, same or {}) for field in others]
    values = [_prepared(field, column) for field, column in zip(own, columns, strict=True)]
    target = ", ".join(str(field.column) for field in (*own, *others))
    into = f"INSERT INTO {model._meta.db_table} ({target})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _insert_arrays(cursor, into, own, values, shared)
        else:
            _insert_lists(cursor, into, values, shared)


def _insert_arrays(
    cursor: Any, into: str, own: list[Field[Any, Any]], values: list[Any], shared: list[Any]
) -> None:
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in own)
    constants = "".join(", %s" for _ in shared)
    source = f"SELECT given.*{constants} FROM unnest({arrays}) AS given"  # noqa: S608
    cursor.execute(f"{into} {source} ON CONFLICT DO NOTHING", [*shared, *values])


def _insert_lists(cursor: Any, into: str, values: list[Any], shared: list[Any]) -> None:
    """SQLite takes lists of rows faster than one row after the other, within its limit."""
    row = f"({', '.join('%s' for _ in values)})"
    constants = "".join(", %s" for _ in shared)
    rows = list(zip(*values, strict=True))
    for first in range(0, len(rows), _LIST):
        some = rows[first : first + _LIST]
        listed = ", ".join([row] * len(some))
        source = f"SELECT *{constants} FROM (VALUES {listed}) WHERE true"  # noqa: S608
        cells = [*shared, *chain.from_iterable(some)]
        cursor.execute(f"{into} {source} ON CONFLICT DO NOTHING", cells)


def _type(field: Field[Any, Any]) -> str:
    """The type of the column without its length."""
    return str(field.db_type(connection)).split("(")[0]


def _shared(field: Field[Any, Any], same: Mapping[str, Any]) -> Any:
    value = same[field.attname] if field.attname in same else field.get_default()
    if isinstance(field, JSONField) and field.attname in same:
        return value
    return field.get_db_prep_save(value, connection)


def _prepared(field: Field[Any, Any], column: tuple[Any, ...]) -> list[Any]:
    """As the database takes them. Dates repeat: each is put into words once."""
    if not isinstance(field, DateField):
        return list(column)
    known = {value: field.get_db_prep_save(value, connection) for value in set(column)}
    return [known[value] for value in column]
