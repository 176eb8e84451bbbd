"""The search of readers: live texts that have every word, by an index of the database's own.

A word of three letters or more is found where a word of the text begins with it; a shorter one is a whole word. Texts and words
are folded, so that accents and case make no difference. Both engines find the same.
"""

import re

from django.db.models import BooleanField, Func, Value

from articles.models import Revision
from web.folding import MOST_WORDS, fold, one_line, word_signs
from web.triggers import Triggers, named

PREFIX = "articles_text_"
# Shorter beginnings stand in most texts, and would find most of them.
BEGINS = 3
WORD = re.compile(r"[^\W_]+")
SPACED = re.compile(f"[{word_signs()}]+")

# In the order of letters: the postings of all words with such a beginning are there already.
SQLITE_TABLE = (
    "CREATE VIRTUAL TABLE articles_text USING fts5"
    f"(words, content='', detail=none, columnsize=0, prefix='{BEGINS}', tokenize='unicode61 remove_diacritics 0')"
)
INSERT = "INSERT INTO articles_text (rowid, words) VALUES (NEW.id, NEW.search_text);"
DELETE = "INSERT INTO articles_text (articles_text, rowid, words) VALUES ('delete', OLD.id, OLD.search_text);"
# A text that went online stays in the index for good; only live ones are looked up.
SQLITE_TRIGGERS = [
    ("INSERT", "NEW.published_at IS NOT NULL", INSERT),
    ("UPDATE OF published_at", "OLD.published_at IS NULL AND NEW.published_at IS NOT NULL", INSERT),
    ("DELETE", "OLD.published_at IS NOT NULL", DELETE),
]
# PostgreSQL's parser would keep "and/or" in one piece, so it gets nothing but words. A vector holds at most a megabyte.
VECTOR = (
    "to_tsvector('simple'::regconfig, "
    """regexp_replace("left"({column}, 400000) COLLATE "und-x-icu", '[^[:alnum:]]+', ' ', 'g'))"""
)


def words_of(query: str) -> list[str]:
    """Return the folded words of what somebody typed, as far as they are read."""
    return WORD.findall(fold(one_line(query)))[:MOST_WORDS]


def texts_with(words: list[str]):
    """Return the live texts that have each of these words."""
    spaced = [word for word in words if SPACED.fullmatch(word)]
    found = Revision.objects.live()
    if spaced:
        found = found.filter(_HasWords("search_text", spaced))
    # Thai, Chinese, Japanese: no spaces say where a word begins.
    for word in set(words) - set(spaced):
        found = found.filter(search_text__contains=word)
    return found


class _HasWords(Func):
    """Whether the index has each of these words for a text."""

    output_field = BooleanField()

    def __init__(self, column, words):
        super().__init__(column, Value(words))

    def as_sqlite(self, compiler, connection, **extra):
        column, words = self.get_source_expressions()
        alias = connection.ops.quote_name(column.alias)
        query = " AND ".join(f'"{word}"{" *" if len(word) >= BEGINS else ""}' for word in words.value)
        return f"{alias}.id IN (SELECT rowid FROM articles_text WHERE articles_text MATCH %s)", (query,)

    def as_postgresql(self, compiler, connection, **extra):
        column, words = self.get_source_expressions()
        sql, params = compiler.compile(column)
        query = " & ".join(f"'{word}'{':*' if len(word) >= BEGINS else ''}" for word in words.value)
        return f"{VECTOR.format(column=sql)} @@ to_tsquery('simple'::regconfig, %s)", (*params, query)


def wanted(connection):
    """Yield (table, name, statement) of the triggers that keep the index; PostgreSQL keeps its own without any."""
    if connection.vendor == "sqlite" and "articles_revision" in connection.introspection.table_names():
        for number, (moment, condition, action) in enumerate(SQLITE_TRIGGERS):
            body = f"AFTER {moment} ON articles_revision FOR EACH ROW WHEN {condition} BEGIN {action} END"
            yield "articles_revision", *named(f"{PREFIX}{number}", body)


def _make_table(cursor):
    if cursor.db.vendor == "sqlite":
        cursor.execute("DROP TABLE IF EXISTS articles_text")
        cursor.execute(SQLITE_TABLE)


def fill(cursor) -> None:
    """Put every text that is or was online into the new index."""
    if cursor.db.vendor == "sqlite":
        texts = "SELECT id, search_text FROM articles_revision WHERE published_at IS NOT NULL"
        cursor.execute(f"INSERT INTO articles_text (rowid, words) {texts}")


_triggers = Triggers(PREFIX, "Triggers of the search", "articles.W002", wanted, before=_make_table, after=fill)
drop, put_back = _triggers.drop, _triggers.put_back


def check(app_configs, databases, **kwargs):
    """Say which of them are missing."""
    return _triggers.missing(databases)
