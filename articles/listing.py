"""Keeps `Listing` true: triggers write the places of an article anew whenever something was written that they depend on.

By the database, because the lists must be right whatever writes: a step, the admin, a command, a migration. The lists could be
sorted from the tables themselves, which is what these statements do, but not in a time that stays the same.
"""

import hashlib

from web.triggers import Triggers, named

PREFIX = "articles_listing_"
NEVER = "'0001-01-01'"

# {article} is the key of the article in SQL, or `a.id` for all of them.
PLACES = f"""
    INSERT INTO articles_listing (article_id, topic_id, reviewer_id, revision_id, archived_on, signed_on, title)
    SELECT DISTINCT a.id, {{columns}}, r.id, COALESCE(a.archived_on, {NEVER}), COALESCE(
        (SELECT MAX(s.signed_on) FROM articles_signoff s WHERE s.revision_id = r.id AND s.revoked_at IS NULL), {NEVER}
    ), a.title
    FROM articles_article a
    JOIN articles_revision r ON r.article_id = a.id AND r.published_at IS NOT NULL AND r.retired_at IS NULL
    {{more}}
    WHERE a.withdrawn_on IS NULL AND a.id = {{article}};"""
NO_KEY = "CAST(NULL AS bigint)"
LISTS = [
    (f"{NO_KEY}, {NO_KEY}", ""),
    (f"t.topic_id, {NO_KEY}", "JOIN articles_article_topics t ON t.article_id = a.id"),
    (
        f"{NO_KEY}, p.reviewer_id",
        "JOIN articles_signoff p ON p.article_id = a.id AND p.revoked_at IS NULL"
        " JOIN articles_revision o ON o.id = p.revision_id AND o.published_at IS NOT NULL",
    ),
]
# What is written: table, when, and which column is the key of the article.
WRITTEN = [
    ("articles_article", "UPDATE OF title, withdrawn_on, archived_on", "NEW.id"),
    ("articles_revision", "INSERT", "NEW.article_id"),
    ("articles_revision", "UPDATE OF published_at, retired_at", "NEW.article_id"),
    ("articles_signoff", "INSERT", "NEW.article_id"),
    ("articles_signoff", "UPDATE OF revoked_at", "NEW.article_id"),
    ("articles_article_topics", "INSERT", "NEW.article_id"),
    ("articles_article_topics", "DELETE", "OLD.article_id"),
]


def places(article: str) -> list[str]:
    """Return the statements that write the places of an article, or of all; `article` is its key in SQL."""
    return [PLACES.format(columns=columns, more=more, article=article) for columns, more in LISTS]


def anew(article: str) -> str:
    """Return the statements that write them anew."""
    return "".join([f"DELETE FROM articles_listing WHERE article_id = {article};", *places(article)])


def wanted(connection):
    """Yield (table, name, statement) of the triggers this database should have, none before all tables are there."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    if not {"articles_listing", *(table for table, _moment, _key in WRITTEN)} <= there:
        return
    # What a trigger is given says which function it was made for.
    function = f"EXECUTE FUNCTION {PREFIX}keep('{hashlib.sha256(POSTGRES_FUNCTION.encode()).hexdigest()[:8]}')"
    for number, (table, moment, key) in enumerate(WRITTEN):
        action = f"BEGIN {anew(key)} END" if connection.vendor == "sqlite" else function
        yield table, *named(f"{PREFIX}{number}", f"AFTER {moment} ON {table} FOR EACH ROW {action}")


# The article's row is held, so that of two who write at once the second sees what the first wrote.
POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {PREFIX}keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    IF TG_TABLE_NAME = 'articles_article' THEN changed := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN changed := OLD.article_id;
    ELSE changed := NEW.article_id;
    END IF;
    PERFORM 1 FROM articles_article WHERE id = changed FOR NO KEY UPDATE;
    {anew("changed")}
    RETURN NULL;
END $$
"""


def _make_function(cursor):
    if cursor.db.vendor == "postgresql":
        cursor.execute(POSTGRES_FUNCTION)


def fill(cursor) -> None:
    """Write the places of all articles anew."""
    cursor.execute("DELETE FROM articles_listing")
    for statement in places("a.id"):
        cursor.execute(statement)


_triggers = Triggers(PREFIX, "Triggers of the lists of articles", "articles.W001", wanted, before=_make_function, after=fill)
drop, put_back = _triggers.drop, _triggers.put_back


def check(app_configs, databases, **kwargs):
    """Say which of them are missing."""
    return _triggers.missing(databases)
