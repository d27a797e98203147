"""A lookup for many keys at once; the application registers it when it starts."""

from __future__ import annotations

from typing import Any

from django.db.models import Lookup


class Among(Lookup):
    """`pk__among=keys`: many whole numbers as one parameter.

    The keys come as a set: Django looks through lists.

    PostgreSQL plans it like `IN` with a list: the rows are picked before anything is joined.
    """

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[str]]:
        keys = ",".join(map(str, value))
        if connection.vendor == "postgresql":
            return "ANY(%s::bigint[])", (f"{{{keys}}}",)
        return "(SELECT value FROM json_each(%s))", (f"[{keys}]",)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.get_db_prep_lookup(self.rhs, connection)
        operator = "=" if connection.vendor == "postgresql" else "IN"
        return f"{left} {operator} {right}", (*left_values, *right_values)
