"""Rows by the thousand: what `bulk_create` does for them without making an object of each, and each value of it anew."""

from collections.abc import Iterable, Sequence

from django.db import connection, models
from django.utils import timezone

# The same value in every row is right for these defaults, and for no other that has to be called.
_ALIKE = (list, dict, timezone.now)
# What Django writes for SQLite would leave out rows that break a rule as well.
NOTHING_TWICE = " ON CONFLICT DO NOTHING"


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence], *, ignore_conflicts=False) -> None:
    """Insert rows of which only these columns differ, named as `attname`; all others have their defaults.

    The rules of the database hold as for any row; nothing else of a model is asked. Raises ValueError when a column is missing
    whose default is another one in each row. With `ignore_conflicts` a row that is unique there already stays as it is.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.generated}
    given = [fields.pop(name) for name in names]
    rest = [field for name, field in fields.items() if not (field.primary_key or field.db_default is not models.NOT_PROVIDED)]
    if unalike := [one.name for one in rest if one.has_default() and callable(one.default) and one.default not in _ALIKE]:
        raise ValueError(f"each row needs its own: {', '.join(unalike)}")
    alike = [_prepared(field, field.get_default()) for field in rest]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in [*given, *rest])
    marks = ", ".join(["%s"] * (len(given) + len(rest)))
    # Of most kinds a value is what the database takes.
    plain = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.ForeignKey)
    steps = [(place, field) for place, field in enumerate(given) if not isinstance(field, plain)]

    def values():
        for row in rows:
            made = list(row)
            for place, field in steps:
                made[place] = _prepared(field, made[place])
            yield made + alike

    with connection.cursor() as cursor:
        sql = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(sql + NOTHING_TWICE * ignore_conflicts, list(values()))


def _prepared(field, value):
    return field.get_db_prep_save(value, connection)
