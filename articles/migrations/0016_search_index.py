"""The index of PostgreSQL for the search of readers; SQLite has a table of its own, see articles/searching.py."""

from django.db import migrations

INDEX = """
CREATE INDEX articles_text ON articles_revision USING gin (
    to_tsvector('simple'::regconfig, regexp_replace("left"(search_text, 400000) COLLATE "und-x-icu", '[^[:alnum:]]+', ' ', 'g'))
) WHERE published_at IS NOT NULL AND retired_at IS NULL
"""


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX articles_text")


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_lists_and_order")]

    operations = [migrations.RunPython(make_index, drop_index)]
