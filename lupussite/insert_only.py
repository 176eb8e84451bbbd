"""Tables that only take new rows: triggers refuse to change or delete what a promise rests on, on both engines."""

from web.triggers import Triggers, named

# Table -> the columns that may be written later, once.
TABLES = {
    "articles_revision": {"published_by_id", "published_at", "retired_at"},
    "articles_signoff": {"revoked_at", "revoked_by_id", "revocation_reason"},
    "articles_articleevent": set(),
    "articles_reviewerevent": set(),
    "comments_commentevent": set(),
}
# Table -> the columns that a row is made with, and keeps as long as it is there; all else in it may change.
MADE_WITH = {"comments_comment": {"decided_elsewhere"}, "comments_eventnote": {"event_id", "text"}}
PREFIX = "insert_only_"

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION insert_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only takes new rows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def wanted(connection):
    """Yield (table, name, statement) of the triggers this database should have, for the tables that are there."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table, free in (TABLES | dict.fromkeys(MADE_WITH)).items():
            if table not in there:
                continue
            columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            columns = sorted(columns & MADE_WITH.get(table, columns))
            differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
            changes = {column: f'OLD."{column}" {differs} NEW."{column}"' for column in columns}
            # What may be written later is written once: a revocation that is taken away again would be no revocation.
            written = {column: f'OLD."{column}" IS NOT NULL AND CAST(OLD."{column}" AS TEXT) <> \'\'' for column in free or ()}
            changed = " OR ".join(
                f"({written[column]} AND {change})" if column in written else f"({change})" for column, change in changes.items()
            )
            moments = {"UPDATE": f" WHEN ({changed})"} | ({"DELETE": ""} if free is not None else {})
            for moment, condition in moments.items():
                action = (
                    f"BEGIN SELECT RAISE(ABORT, '{table} only takes new rows'); END"
                    if sqlite
                    else "EXECUTE FUNCTION insert_only_refuse()"
                )
                body = f'BEFORE {moment} ON "{table}" FOR EACH ROW{condition} {action}'
                yield table, *named(f"{PREFIX}{table}_{moment.lower()}", body)
            if not sqlite and free is not None:
                body = f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION insert_only_refuse()'
                yield table, *named(f"{PREFIX}{table}_truncate", body)


def _make_function(cursor):
    if cursor.db.vendor == "postgresql":
        cursor.execute(POSTGRES_FUNCTION)


_triggers = Triggers(PREFIX, "Insert-only triggers", "lupussite.W001", wanted, before=_make_function)
drop, put_back = _triggers.drop, _triggers.put_back


def check(app_configs, databases, **kwargs):
    """Say which of them are missing."""
    return _triggers.missing(databases)
