"""The rows of a small query in one column of another, so that a page that counts its queries needs none for them."""

from django.db.models import JSONField, Subquery
from django.db.models.functions import JSONObject


class JSONRows(Subquery):
    """All rows of a query, in its order, as a list of dictionaries: which keys they have is said as for `JSONObject`."""

    output_field = JSONField()
    template = "(SELECT COALESCE(jsonb_agg(json_rows.json_row), '[]'::jsonb) FROM (%(subquery)s) json_rows)"
    # SQLite forgets that a column of a subquery is JSON, and would quote it.
    template_sqlite = "(SELECT json_group_array(json(json_rows.json_row)) FROM (%(subquery)s) json_rows)"

    def __init__(self, queryset, *keys, **named):
        super().__init__(queryset.annotate(json_row=JSONObject(**dict(zip(keys, keys, strict=True)), **named)).values("json_row"))

    def as_sqlite(self, compiler, connection):
        """Gather the rows as SQLite does it."""
        return self.as_sql(compiler, connection, template=self.template_sqlite)
