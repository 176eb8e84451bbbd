"""What RFC 4287 and a feed validator ask of an Atom feed, as assertions."""

import datetime
import re
import urllib.parse
import uuid
from xml.etree import ElementTree

from django.utils.html import strip_tags

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 3339, as section 3.3 wants it: "T" and "Z" in capitals, a zone always.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
SITE = "https://lupus.example"


def only(element, name):
    """Return the one child of that name, which has words."""
    found = element.findall(f"{ATOM}{name}")
    assert len(found) == 1, (name, len(found))
    assert found[0].text.strip(), name
    return found[0]


def links(element):
    """Return rel -> address of the links, each rel and type once, each an address of the site."""
    found = {}
    for link in element.findall(f"{ATOM}link"):
        rel = link.get("rel", "alternate")
        assert rel not in found, rel
        assert link.get("href").startswith(f"{SITE}/")
        found[rel] = link.get("href")
    return found


def moment(element, name):
    """Return a date of the element."""
    text = only(element, name).text
    assert DATE.fullmatch(text), text
    return datetime.datetime.fromisoformat(text)


def identity(element):
    """Return the id: a UUID that has nothing of an address."""
    text = only(element, "id").text
    assert text == f"urn:uuid:{uuid.UUID(text.removeprefix('urn:uuid:'))}"
    return text


def valid(response, path):
    """Return the parsed feed that this answer holds, after everything that a validator asks; SITE_URL must be SITE."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    text = response.content.decode("utf-8")
    assert not NOT_XML.search(text)
    assert "testserver" not in text
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert [child.tag for child in feed[len(feed) - len(entries) :]] == [f"{ATOM}entry"] * len(entries)
    only(feed, "title")
    assert links(feed).keys() == {"alternate", "self"}
    assert links(feed)["self"] == SITE + path
    named = [element.find(f"{ATOM}author/{ATOM}name") for element in (feed, *entries)]
    assert named[0] is not None or (entries and all(one is not None for one in named[1:]))
    assert all(one.text.strip() for one in named if one is not None)
    updated = [moment(entry, "updated") for entry in entries]
    assert moment(feed, "updated") == max(updated, default=moment(feed, "updated"))
    identities = [identity(element) for element in (feed, *entries)]
    assert len(set(identities)) == len(identities)
    for entry in entries:
        only(entry, "title")
        if entry.find(f"{ATOM}published") is not None:
            moment(entry, "published")
        address = urllib.parse.urlsplit(links(entry)["alternate"])
        assert address.path.startswith("/articles/")
        assert only(entry, "summary").get("type") in {"text", "html"}
    return feed


def said(entry):
    """Return the words of the summary as a reader shows them."""
    summary = only(entry, "summary")
    return summary.text if summary.get("type") == "text" else _unescaped(strip_tags(summary.text))


def _unescaped(text):
    return ElementTree.fromstring(f"<p>{text}</p>").text
