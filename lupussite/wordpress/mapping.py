"""What the owner decides before an import: which category or tag becomes which topic, and which page an article. A JSON file."""

import json
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from lupussite.wordpress.shelf import Shelf

# Tags name everything; one that many posts have is worth a page of its own.
TAGS_FROM = 5
ONLINE = ("publish",)


class BadMapping(Exception):
    """The file cannot be read; the words say why."""


def proposed(shelf: Shelf) -> dict:
    """Return the proposal: key -> name of a topic, "" for none; pages that become articles, which is for the owner to say."""
    posts: Counter[tuple[str, str]] = Counter()
    called: dict[tuple[str, str], str] = {}
    for item in shelf.items(types=("post",)):
        if item["status"] in ONLINE:
            terms = {(kind, slug): name for kind, slug, name in terms_of(item)}
            posts.update(terms.keys())
            called = terms | called
    topics, names = {}, set()
    for (kind, slug), count in sorted(posts.items(), key=lambda row: (row[0][0] != "category", -row[1], row[0])):
        name = shelf.terms.get((kind, slug), {}).get("name") or called[kind, slug]
        wanted = slug != "uncategorized" and (kind == "category" or count >= TAGS_FROM) and name.casefold() not in names
        topics[f"{kind}:{slug}"] = name[:80] if wanted else ""
        names |= {name.casefold()} if wanted else set()
    return {"topics": topics, "pages_as_articles": []}


def terms_of(item) -> list[tuple[str, str, str]]:
    """Return (kind, slug, name) of the categories and tags of an item."""
    found = []
    for row in json.loads(item["data"]).get("category", []):
        kind = {"post_tag": "tag", "": "category"}.get(row.get("domain", ""), row.get("domain", ""))
        name = row.get("", "").strip()
        if kind in {"category", "tag"} and name:
            found.append((kind, unquote(row.get("nicename", "") or name.casefold().replace(" ", "-")), name))
    return found


def read(path: Path) -> dict:
    """Return what the owner decided. Raises BadMapping, OSError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        topics, pages = found.get("topics", {}), found.get("pages_as_articles", [])
        valid = all(isinstance(value, str) for value in [*topics.values(), *pages])
    except (ValueError, AttributeError, TypeError) as error:
        raise BadMapping(f"{path}: this is not a mapping file: {error}") from error
    if not valid:
        raise BadMapping(f"{path}: every topic and page in it must be text in quotation marks")
    return {"topics": topics, "pages_as_articles": pages}
