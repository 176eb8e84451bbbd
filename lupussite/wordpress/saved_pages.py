"""A folder of pages that a browser saved -> records as an export has them, one for each page; pictures lie beside them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from articles.html.tags import names
from lupussite.wordpress.reading import NotAnExport
from lupussite.wordpress.record import CONTROL, Record

MOST_BYTES = 10_000_000
FEWEST = 5
FAIR = 0.05
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_CHARSET = re.compile(rb"""<meta\b[^<>]*?\bcharset\s*=\s*["']?([A-Za-z0-9_-]{1,40})""", re.IGNORECASE)
_LISTS = re.compile(r"\b(?:home|blog|archive|category|tag|author|search|search-results|date|error404)\b")
_REVIEW = re.compile(r"\b(?:reviewed|revisado)\b.*\b(?:by|por)\b|\bmedical reviewer\b", re.IGNORECASE | re.DOTALL)
_BLOCKS = names("p div ul ol table section h1 h2 h3 h4 article main header footer aside nav")
# Where themes put the text of a post, the surest place first.
_TEXTS = (
    "//*[@itemprop='articleBody']",
    *(
        f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
        for name in ("entry-content", "post-content", "article-content", "post-body", "page-content", "entry")
    ),
    "//article",
    "//main | //*[@role='main']",
    "//body",
)
# What stands among the words of a page and is none of them.
_ELSEWHERE = "ancestor-or-self::*[self::nav or self::li or self::footer or self::aside]"
_NO_TAGS = names("script style noscript template nav form button aside footer header")
_NO_NAMES = names(
    """comments comment-list comment-respond respond disqus_thread sharedaddy share-buttons jp-relatedposts yarpp-related
    related-posts post-navigation navigation breadcrumb breadcrumbs entry-meta post-meta entry-footer author-box post-tags
    addtoany_share_save_container wp-block-post-navigation-link skip-link screen-reader-text"""
)


def read(folder: Path, noticed: Counter) -> Iterator[Record]:
    """Yield what the pages of a folder say; `noticed` counts what had to be mended. Raises NotAnExport, OSError."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".html", ".htm", ".xhtml"} and path.is_file())
    # A browser puts the frames of a page into the folder of its pictures.
    paths = [path for path in paths if not re.search(r"(?:_files|_archivos)/", str(path.relative_to(folder)))]
    if not paths:
        raise NotAnExport("there are no .html files in this folder")
    site = False
    for path in paths:
        record = _page(path, str(path.relative_to(folder)), noticed)
        if record.kind == "item" and not site and record.fields["link"]:
            site = True
            yield Record("site", {"link": re.match(r"(?:https?:)?//[^/]+|", record.fields["link"]).group(), "is_saved": "1"})
        yield record
    if not site:
        yield Record("site", {"link": "", "is_saved": "1"})


def _page(path, name, noticed):
    if path.stat().st_size > MOST_BYTES:
        return _lost(name, "it has more than 10 MB")
    text, controls = CONTROL.subn("", _decoded(path.read_bytes()))
    if controls:
        noticed["control characters"] += controls
    try:
        tree = lxml_html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*>", "", text), parser=lxml_html.HTMLParser(no_network=True))
    except (etree.ParserError, ValueError) as error:
        return _lost(name, str(error))
    return Record("item", _fields(tree, text, name))


def _lost(name, why):
    return Record("lost", {"what": "page", "words": name, "why": why})


def _decoded(data):
    said = _CHARSET.search(data[:4096])
    for encoding in ("utf-8-sig", said[1].decode() if said else "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _fields(tree, text, name):
    saved = _SAVED_FROM.search(text[:2000])
    link = _first(tree, "//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content") or (saved[1] if saved else "")
    classes = _first(tree, "//body/@class")
    comments = len(tree.xpath("//*[starts-with(@id, 'comment-') and (self::li or self::article or self::div)]"))
    place = _place(tree)
    title = _title(tree, place)
    about = _about(tree, place)
    fields = {
        "title": title or Path(name).stem,
        "link": link,
        "content:encoded": _inner(place, title) + "".join(f"<p>{words}</p>" for words in about),
        "dc:creator": _first(tree, "//meta[@name='author']/@content"),
        "wp:post_id": f"page:{hashlib.sha256((link or name).encode()).hexdigest()[:32]}",
        "wp:post_name": (re.sub(r"[?#].*", "", link).rstrip("/").rpartition("/")[2] if link else "") or Path(name).stem,
        "wp:post_type": _kind(tree, classes),
        "wp:post_date_gmt": _first(tree, "//meta[@property='article:published_time']/@content", "//time/@datetime"),
        "language": _first(tree, "//html/@lang"),
        "category": [_term(link) for link in tree.xpath("//a[contains(concat(' ', @rel, ' '), ' tag ')]")],
    }
    if comments:
        fields["notes"] = [f"{comments} comments stand on the saved page; only an export has them as comments"]
    return fields


def _kind(tree, classes):
    if re.search(r"\bsingle\b", classes):
        return "post"
    if _LISTS.search(classes) or (not classes and len(tree.xpath("//article")) > 3):
        return "list"
    return "page" if re.search(r"\bpage-id-\d|\bpage-template\b", classes) else "post"


def _first(tree, *paths):
    return next((str(found[0]).strip() for path in paths if (found := tree.xpath(path))), "")


def _place(tree):
    """Return the element with the text: the surest place that holds a fair part of what the widest holds."""
    found = [_longest(tree.xpath(path)) for path in _TEXTS]
    whole = next((words for words, _ in found[-3:] if words), 0)
    return next((one for words, one in found if words >= FEWEST and words >= whole * FAIR), tree)


def _longest(found):
    found = [(len(one.text_content().split()), -place, one) for place, one in enumerate(found)]
    words, _, one = max(found, key=lambda row: row[:2], default=(0, 0, None))
    return words, one


def _title(tree, place):
    told = _first(tree, "//meta[@property='og:title']/@content")
    # Browsers' titles end with the name of the site.
    named = re.sub(r"\s+(?:[|–—-]|::)\s+[^|–—]{1,60}\Z", "", " ".join(_first(tree, "//title/text()").split()))
    headings = [" ".join(one.text_content().split()) for one in [*place.xpath(".//h1"), *tree.xpath("//h1")]]
    # Some themes make a heading of the name of the site, or of a box.
    known = f"{told}\n{_first(tree, '//title/text()')}".casefold()
    sure = (words for words in headings if words and words.casefold() in known)
    return next(sure, "") or told or named or next(iter(headings), "")


def _about(tree, place):
    """Return the lines beside the text that say who reviewed it: themes keep them in the head or in a box of the author."""
    found = []
    for one in tree.iter():
        if not isinstance(one.tag, str) or one.tag in {"html", "head", "title", "meta", "script", "style", "body"}:
            continue
        if any(inner.tag in _BLOCKS for inner in one.iterdescendants()):
            continue
        words = " ".join(one.text_content().split())
        if len(words) > 200 or not _REVIEW.search(words):
            continue
        is_beside = place not in one.iterancestors() and one.xpath(f"not({_ELSEWHERE})")
        is_left = place in one.iterancestors() and any(_is_no_words(above) for above in [one, *one.iterancestors()])
        if (is_beside or is_left) and not any(words in known or known in words for known in found):
            found.append(words)
    return [re.sub(r"[<>&]", " ", words) for words in found[:5]]


def _is_no_words(one):
    return one.tag in _NO_TAGS or not _NO_NAMES.isdisjoint(f"{one.get('class', '')} {one.get('id', '')}".split())


def _inner(place, title):
    """Return the HTML in an element without what is none of its words; a line break of the file is a space."""
    for one in list(place.iterdescendants()):
        if not isinstance(one.tag, str):
            _drop(one)
        elif (one is not place and _is_no_words(one)) or (one.tag == "h1" and " ".join(one.text_content().split()) == title):
            one.drop_tree()
    for one in place.iter():
        if not any(above.tag == "pre" for above in [one, *one.iterancestors()]):
            one.text = one.text and re.sub(r"\s+", " ", one.text)
        if one is not place and not any(above.tag == "pre" for above in one.iterancestors()):
            one.tail = one.tail and re.sub(r"\s+", " ", one.tail)
    inner = "".join(lxml_html.tostring(child, encoding="unicode") for child in place)
    return f"{_escaped(place.text)}{inner}"


def _escaped(text):
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def _drop(comment):
    parent, before = comment.getparent(), comment.getprevious()
    if parent is None:
        return
    tail = comment.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(comment)


def _term(link):
    address = link.get("href", "")
    kind = "post_tag" if "/tag/" in address else "category"
    return {"domain": kind, "nicename": address.rstrip("/").rpartition("/")[2], "": " ".join(link.text_content().split())}
