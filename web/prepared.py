"""Queries whose SQL is made once: for a page that everybody reads, making it takes ten times as long as running it."""

import dataclasses
import datetime
from collections.abc import Callable

from django.db import connection, models
from django.db.models.base import ModelState

# Values that no query of ours holds on its own account; they show where in the SQL the real ones go.
SAMPLES = {
    int: lambda index: 2_147_480_000 + index,
    str: lambda index: f"prepared-value-{index}",
    datetime.datetime: lambda index: datetime.datetime(9000 + index, 1, 1, tzinfo=datetime.UTC),
}


@dataclasses.dataclass(frozen=True)
class _Made:
    """The SQL, and how a row becomes an object: which of the values stands where, the names of columns, what converts them.

    `model` is None for a query of values, whose rows stay tuples.
    """

    sql: str
    params: tuple
    places: dict[int, int]
    model: type[models.Model] | None
    fields: slice
    names: list[str]
    annotations: dict[str, int]
    converters: dict[int, tuple]


class Prepared:
    """A query of a model, made by `make(*values)` once a process and run with other values from then on.

    `kinds` says of each value whether it is an `int`, a `str` or a `datetime.datetime`. A query whose shape depends on a value,
    such as on None, is not one of these, nor one with `select_related`. Calling it returns the objects as a list, or tuples for a
    query of `values_list`.
    """

    def __init__(self, make: Callable[..., models.QuerySet], *kinds: type):
        self.make, self.kinds = make, kinds
        self.made: _Made | None = None

    def __call__(self, *values: int | str | datetime.datetime) -> list[models.Model] | list[tuple]:
        """Run the query with these values."""
        made = self.made or self._make()
        params = list(made.params)
        for place, value in made.places.items():
            params[place] = _as_param(values[value], params[place])
        with connection.cursor() as cursor:
            cursor.execute(made.sql, params)
            rows = cursor.fetchall()
        if made.converters or made.model:
            rows = [self._converted(made, list(row)) for row in rows]
        return [self._object(made, row) for row in rows] if made.model else [tuple(row) for row in rows]

    def _converted(self, made, row):
        for column, (steps, expression) in made.converters.items():
            for step in steps:
                row[column] = step(row[column], expression, connection)
        return row

    def _object(self, made, row):
        # What `Model.from_db` comes to, without the loop over all fields and their descriptors: columns that were not asked for
        # are missing, and loaded when somebody wants them.
        found = made.model.__new__(made.model)
        found._state = ModelState()
        found._state.db, found._state.adding = connection.alias, False
        found.__dict__.update(zip(made.names, row[made.fields], strict=True))
        found.__dict__.update((name, row[column]) for name, column in made.annotations.items())
        return found

    def _make(self):
        samples = [SAMPLES[kind](index) for index, kind in enumerate(self.kinds)]
        query = self.make(*samples).query
        if query.select_related:
            raise ValueError("a prepared query loads objects of one model")
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        looked_for = [_as_param(sample, sample) for sample in samples]
        places = {place: looked_for.index(param) for place, param in enumerate(params) if param in looked_for}
        if set(places.values()) != set(range(len(samples))):
            raise ValueError("a prepared query uses all its values")
        model, fields = None, slice(0, 0)
        if compiler.klass_info and not query.values_select:
            model, columns = compiler.klass_info["model"], compiler.klass_info["select_fields"]
            fields = slice(columns[0], columns[-1] + 1)
        self.made = _Made(
            sql=sql,
            params=tuple(params),
            places=places,
            model=model,
            fields=fields,
            names=[column.target.attname for column, *_ in compiler.select[fields]],
            annotations=compiler.annotation_col_map,
            converters=compiler.get_converters([column for column, *_ in compiler.select]),
        )
        return self.made


def _as_param(value, like):
    """Return the value as the driver takes it; on PostgreSQL an integer has the type of its column, such as psycopg's Int4."""
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return type(like)(value)
