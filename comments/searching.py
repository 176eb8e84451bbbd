"""The index by which moderators find a comment by its words among any number.

It holds no word, only numbers made of words: on SQLite with a key that is not in the database, because an FTS5 table of this
version keeps in its older parts what was deleted from it. Triggers keep it with the comment, so what is erased is out of it in
the same transaction. It may find too much, as numbers collide; whoever asks it compares the words (`web.admin.HasWholeWords`).

Under another key or after another way of folding words it is made anew: the table and its triggers at once, and then the words of
the comments that are there, some at a time. What is still to come is in a row of its own, so whoever is stopped goes on there.
"""

import functools
import hashlib
import itertools
import re

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from web.admin import HasWords
from web.folding import dropped_signs, fold_signs, word_signs
from web.triggers import Triggers, named

PREFIX = "comments_words_"
# The newest comments with all words of a search, among which it finds.
MOST_FOUND = 1000
# Comments whose words are put into a new index in one transaction.
AT_ONCE = 2000
# Of so many of these one is told.
TOLD_EVERY = 50
WORD = re.compile(f"[{word_signs()}]+")

SQLITE_TABLE = "CREATE VIRTUAL TABLE comments_words USING fts5 (words, content='', detail=none, columnsize=0, tokenize='ascii')"
SQLITE_NEW = "INSERT INTO comments_words (rowid, words) VALUES (NEW.id, COMMENT_WORDS(NEW.name, NEW.body));"
SQLITE_OLD = (
    "INSERT INTO comments_words (comments_words, rowid, words) VALUES ('delete', OLD.id, COMMENT_WORDS(OLD.name, OLD.body));"
)
# Comments with keys in between are there, and their words are not in a new index yet.
GAP_TABLE = "CREATE TABLE comments_words_gap (above bigint NOT NULL, upto bigint NOT NULL)"
GAP = "INSERT INTO comments_words_gap SELECT 0, max(id) FROM comments_comment HAVING max(id) IS NOT NULL"
SQLITE_OUTSIDE = "NOT EXISTS (SELECT 1 FROM comments_words_gap WHERE {row}.id > above AND {row}.id <= upto)"
SQLITE_TRIGGERS = [
    ("INSERT", SQLITE_NEW),
    ("UPDATE OF name, body", SQLITE_OLD + SQLITE_NEW),
    ("DELETE", SQLITE_OLD),
]
POSTGRES_TABLE = """
CREATE TABLE comments_words (comment_id bigint PRIMARY KEY, words integer[] NOT NULL);
CREATE INDEX comments_words_words ON comments_words USING gin (words)
"""
POSTGRES_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION comments_words_of(written text) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT hashtext(word)), '{{}}')
    FROM regexp_split_to_table({HasWords.FOLDED.format("written", dropped_signs())}, '[^{word_signs()}]+') word WHERE word <> ''
$$;
CREATE OR REPLACE FUNCTION comments_words_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM comments_words WHERE comment_id = OLD.id;
        RETURN NULL;
    END IF;
    INSERT INTO comments_words VALUES (NEW.id, comments_words_of(NEW.name || chr(10) || NEW.body))
    ON CONFLICT (comment_id) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END $$
"""
POSTGRES_TRIGGERS = ["INSERT", "UPDATE OF name, body", "DELETE"]


def newest_with(words: list[str]) -> list[int] | None:
    """Return the keys of the newest comments with all these folded words, at most MOST_FOUND, or some that have not.

    None when nothing of them is in the index, such as a sign or a script without spaces; then any comment may have them.
    """
    pieces = WORD.findall(" ".join(words))
    if not pieces:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sql = f"SELECT rowid FROM comments_words WHERE comments_words MATCH %s ORDER BY rowid DESC LIMIT {MOST_FOUND}"
            cursor.execute(sql, [" ".join(map(_number, pieces))])
        else:
            sql = f"WHERE words @> comments_words_of(%s) ORDER BY comment_id DESC LIMIT {MOST_FOUND}"
            cursor.execute(f"SELECT comment_id FROM comments_words {sql}", [" ".join(pieces)])
        return [key for (key,) in cursor.fetchall()]


@functools.cache
def _key():
    return hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"comment.words").digest()[:32]


@functools.lru_cache(maxsize=20_000)
def _number(word):
    return hashlib.blake2b(word.encode(), key=_key(), digest_size=5).hexdigest()


def _numbers(name, body):
    return " ".join(sorted({_number(word) for word in WORD.findall(fold_signs(f"{name}\n{body}"))}))


@receiver(connection_created)
def teach_sqlite(connection, **kwargs):
    """Give SQLite the function that its triggers call."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("COMMENT_WORDS", 2, _numbers, deterministic=True)


def wanted(connection):
    """Yield (table, name, statement) of the triggers that keep the index; of another key or another folding they are others."""
    if "comments_comment" not in connection.introspection.table_names():
        return
    if connection.vendor == "sqlite":
        made_for, triggers = _number(WORD.pattern), SQLITE_TRIGGERS
    else:
        made_for = hashlib.sha256(POSTGRES_FUNCTIONS.encode()).hexdigest()[:8]
        triggers = [(moment, f"EXECUTE FUNCTION comments_words_keep('{made_for}')") for moment in POSTGRES_TRIGGERS]
    for number, (moment, action) in enumerate(triggers):
        if connection.vendor == "sqlite":
            outside = SQLITE_OUTSIDE.format(row="OLD" if moment == "DELETE" else "NEW")
            action = f"WHEN {outside} BEGIN {action} /* {made_for} */ END"
        yield "comments_comment", *named(f"{PREFIX}{number}", f"AFTER {moment} ON comments_comment FOR EACH ROW {action}")


def _make_table(cursor):
    for table in ("comments_words", "comments_words_gap"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(GAP_TABLE)
    cursor.execute(GAP)
    if cursor.db.vendor == "sqlite":
        cursor.execute(SQLITE_TABLE)
    else:
        cursor.execute(POSTGRES_TABLE)
        cursor.execute(POSTGRES_FUNCTIONS)


_triggers = Triggers(PREFIX, "Triggers of the search in comments", "comments.W001", wanted, before=_make_table)
drop = _triggers.drop


def put_back(sender, using, say=lambda line: None, **kwargs) -> None:
    """Make the index anew when it is missing or old, or go on where that was broken off; `say` is told how far it is.

    Receives post_migrate, and is called before the site is served: when nothing is to be done it asks a few small questions.
    """
    _triggers.put_back(sender, using)
    for number in itertools.count():
        left = _left(connections[using])
        if not left:
            return
        if number % TOLD_EVERY == 0:
            say(f"Making the search in comments anew: {left:,} left.")
        _fill_some(connections[using])


def _left(connection):
    """Return how many comments are still to be put in, at most."""
    with connection.cursor() as cursor:
        if "comments_words_gap" not in connection.introspection.table_names(cursor):
            return 0
        cursor.execute("SELECT coalesce(sum(upto - above), 0) FROM comments_words_gap")
        return cursor.fetchone()[0]


def _fill_some(connection):
    """Put the words of the next comments in, in one transaction."""
    held = "" if connection.vendor == "sqlite" else " FOR UPDATE"  # Of two processes one goes on; SQLite has one writer anyway.
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"SELECT above, upto FROM comments_words_gap{held}")
        gap = cursor.fetchone()
        if gap is None:
            return
        above, upto = gap
        between = "FROM comments_comment WHERE id > %s AND id <= %s ORDER BY id"
        cursor.execute(f"SELECT id {between} LIMIT 1 OFFSET {AT_ONCE - 1}", gap)
        (last,) = cursor.fetchone() or (upto,)
        if connection.vendor == "sqlite":
            cursor.execute(
                f"INSERT INTO comments_words (rowid, words) SELECT id, COMMENT_WORDS(name, body) {between}", [above, last]
            )
        else:
            # What was written since it was made has its words there by the triggers.
            numbers = f"SELECT id, comments_words_of(name || chr(10) || body) {between}"
            cursor.execute(f"INSERT INTO comments_words {numbers} ON CONFLICT DO NOTHING", [above, last])
        if last == upto:
            cursor.execute("DELETE FROM comments_words_gap")
        else:
            cursor.execute("UPDATE comments_words_gap SET above = %s", [last])


def check(app_configs, databases, **kwargs):
    """Say which of them are missing."""
    return _triggers.missing(databases)
