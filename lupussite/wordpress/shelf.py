"""What was read of an export, in a table on disk of this run alone: SQLite removes it however the run ends.

So the order in the file means nothing (a reply before what it answers, a picture after its post), and memory stays flat. Network
addresses, browsers, web addresses of commenters and user numbers are dropped before they get here.
"""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from lupussite.wordpress import media
from lupussite.wordpress.record import Record

LONGEST_ID = 40
_ITEMS = """
    n INTEGER PRIMARY KEY, id TEXT, type TEXT, status TEXT, title TEXT, link TEXT, slug TEXT, parent TEXT, file TEXT, digest TEXT,
    data TEXT
"""
_COMMENTS = "n INTEGER PRIMARY KEY, item INTEGER, id TEXT, parent TEXT, type TEXT, approved TEXT, date TEXT, data TEXT"
_OF_ITEM = (
    "dc:creator",
    "guid",
    "pubDate",
    "content:encoded",
    "excerpt:encoded",
    "description",
    "wp:post_date",
    "wp:post_date_gmt",
    "wp:post_name",
    "wp:post_password",
    "wp:comment_status",
    "wp:is_sticky",
    "wp:attachment_url",
    "wp:menu_order",
    "category",
    "wp:postmeta",
    "language",
    "notes",
)


class Shelf:
    """Holds one export: `site`, `authors`, `terms` and `noticed` in memory, posts and comments on disk."""

    def __init__(self):
        # The empty name: a file of its own that has no name, see https://www.sqlite.org/inmemorydb.html
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute(f"CREATE TABLE item ({_ITEMS})")
        self.database.execute(f"CREATE TABLE comment ({_COMMENTS})")
        self.database.execute("CREATE TABLE lost (what TEXT, why TEXT, words TEXT)")
        self.site: dict[str, str] = {}
        self.authors: dict[str, str] = {}
        self.terms: dict[tuple[str, str], dict] = {}
        self.noticed: Counter[str] = Counter()

    def close(self) -> None:
        """Let go of it; nothing of it stays."""
        self.database.close()

    def fill(self, records: Iterable[Record]) -> None:
        """Take what is read of an export."""
        self.database.execute("BEGIN")
        item = 1
        for kind, fields in records:
            if kind == "comment":
                self._comment(item, fields)
            elif kind == "item":
                self._item(item, fields)
                item += 1
            elif kind == "lost":
                self.database.execute("INSERT INTO lost VALUES (?, ?, ?)", (fields["what"], fields["why"], fields["words"]))
                # The comments of a post that cannot be read stand under nothing.
                item += fields["what"] == "item"
            elif kind == "site":
                self.site = fields
            elif kind == "author":
                login = fields.get("wp:author_login", "")
                self.authors[login] = fields.get("wp:author_display_name", "") or login
            else:
                self._term(kind, fields)
        self.database.execute("CREATE INDEX comment_of ON comment (item)")
        self.database.execute("CREATE INDEX item_id ON item (id)")
        self.database.execute("CREATE INDEX item_parent ON item (parent) WHERE type = 'attachment'")
        self.database.execute("CREATE INDEX item_file ON item (file) WHERE type = 'attachment'")
        self.database.execute("COMMIT")

    def _item(self, number, fields):
        data = {name: fields[name] for name in _OF_ITEM if fields.get(name)}
        text = json.dumps(data, ensure_ascii=False)
        status = (fields.get("wp:status") or "publish").strip()
        row = (
            number,
            _number(fields.get("wp:post_id")) or f"guid:{_short(fields.get('guid') or fields.get('link') or text)}",
            # A feed that knows nothing of WordPress has posts.
            (fields.get("wp:post_type") or "post").strip(),
            status,
            fields.get("title") or "",
            (fields.get("link") or "").strip(),
            unquote(fields.get("wp:post_name") or ""),
            _number(fields.get("wp:post_parent")),
            media.key(fields.get("wp:attachment_url") or fields.get("guid") or ""),
            hashlib.sha256(f"{fields.get('title')}\n{status}\n{text}".encode()).hexdigest(),
            text,
        )
        self.database.execute("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _comment(self, item, fields):
        data = {
            "name": fields.get("wp:comment_author") or "",
            "email": fields.get("wp:comment_author_email") or "",
            "text": fields.get("wp:comment_content") or "",
            "date": fields.get("wp:comment_date") or "",
            "date_gmt": fields.get("wp:comment_date_gmt") or "",
        }
        parent = _number(fields.get("wp:comment_parent")) or "0"
        self.database.execute(
            "INSERT INTO comment VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
            (
                item,
                _number(fields.get("wp:comment_id")) or f"text:{_short(json.dumps(data))}",
                "" if parent == "0" else parent,
                (fields.get("wp:comment_type") or "").strip(),
                (fields.get("wp:comment_approved") or "").strip(),
                data["date_gmt"] or data["date"],
                json.dumps(data, ensure_ascii=False),
            ),
        )

    def _term(self, kind, fields):
        kind = fields.get("wp:term_taxonomy", "term") if kind == "term" else kind
        kind = "tag" if kind == "post_tag" else kind
        slug = next((fields[name] for name in ("wp:category_nicename", "wp:tag_slug", "wp:term_slug") if fields.get(name)), "")
        name = next((fields[key] for key in ("wp:cat_name", "wp:tag_name", "wp:term_name") if fields.get(key)), slug)
        about = next((fields[key] for key in fields if key.endswith("_description")), "") or ""
        if slug:
            self.terms.setdefault((kind, unquote(slug)), {"name": name, "description": about})

    def items(self, *, types: tuple[str, ...] = ()) -> Iterator[sqlite3.Row]:
        """Yield the items of these types, or all, in the order of the file."""
        for row in self.database.execute("SELECT * FROM item ORDER BY n"):
            if not types or row["type"] in types:
                yield row

    def file(self, *, number: str = "", key: str = "") -> sqlite3.Row | None:
        """Return the item of a picture or file by its number or, without one, by `media.key` of its address."""
        column, value = ("id", number) if number else ("file", key)
        query = f"SELECT * FROM item WHERE {column} = ? AND type = 'attachment' ORDER BY n LIMIT 1"  # noqa: S608
        return self.database.execute(query, (value,)).fetchone() if value else None

    def attached(self, parent: str) -> list[str]:
        """Return the numbers of the pictures and files of a post, in the order in which a gallery shows them."""
        query = "SELECT id, data FROM item WHERE parent = ? AND type = 'attachment' ORDER BY n"
        rows = [(json.loads(row["data"]).get("wp:menu_order", ""), row["id"]) for row in self.database.execute(query, (parent,))]
        return [number for _, number in sorted(rows, key=lambda row: int(row[0]) if row[0].isdigit() else 0)]

    def comments(self, item: int) -> list[sqlite3.Row]:
        """Return the comments of an item without their texts, the oldest first."""
        query = "SELECT n, id, parent, type, approved, date FROM comment WHERE item = ? ORDER BY date, n"
        return self.database.execute(query, (item,)).fetchall()

    def comment_data(self, number: int) -> dict:
        """Return what a comment says."""
        return json.loads(self.database.execute("SELECT data FROM comment WHERE n = ?", (number,)).fetchone()[0])

    def counts(self) -> Counter:
        """Return how many items of each type there are, and how many comments."""
        found = Counter(dict(self.database.execute("SELECT type, COUNT(*) FROM item GROUP BY type").fetchall()))
        found["comments"] = self.database.execute("SELECT COUNT(*) FROM comment").fetchone()[0]
        return found

    def lost(self) -> list[sqlite3.Row]:
        """Return what could not be read."""
        return self.database.execute("SELECT * FROM lost").fetchall()


def _number(value):
    """Return the ID of something there; other programs have long ones, and are told by their beginning and their hash."""
    value = (value or "").strip()
    return value if len(value) <= LONGEST_ID else f"{value[:8]}:{_short(value)}"


def _short(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
