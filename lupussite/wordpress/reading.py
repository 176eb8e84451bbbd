"""The file -> records: a post without its comments, a comment, an author, a term; one that is broken is one record lost.

What is broken ends where its record ends. Memory holds one record, and none longer than MOST.
"""

import codecs
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lupussite.wordpress.record import Parser, Record, lost

# Characters. A post of 3,000,000 is a library; a record that does not end must not fill the memory.
MOST = 3_000_000
PIECE = 1 << 16
_ENDS = re.compile(r"</item\s*>\s*\Z")
_TWO = re.compile(r"</item\s*>\s*<item[\s>]|</([\w.-]+:comment)\s*>\s*<\1[\s>]")
_NAMESPACE = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']([^"']{1,200})["']""")
# Which prefix the rest of the program calls a namespace by, whatever the file does.
_USUAL = {
    re.compile(r"https?://wordpress\.org/export/[\d.]+/?"): "wp",
    re.compile(r"https?://wordpress\.org/export/[\d.]+/excerpt/?"): "excerpt",
    re.compile(r"https?://purl\.org/rss/1\.0/modules/content/?"): "content",
    re.compile(r"https?://purl\.org/dc/elements/1\.1/?"): "dc",
}
_HALVES = re.compile(rb"(?:\xed[\xa0-\xaf][\x80-\xbf])?\xed[\xb0-\xbf][\x80-\xbf]|\xed[\xa0-\xaf][\x80-\xbf]")
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class NotAnExport(Exception):
    """The file cannot be read as an export; the words say why."""


def _as_windows(error):
    """Read a byte that is no UTF-8 as Windows would: exports were put together from databases of several ages.

    Old ones of these wrote a sign beyond U+FFFF as two halves (CESU-8); a half alone is nothing.
    """
    if halves := _HALVES.match(error.object, error.start):
        whole = halves.group().decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
        return whole, halves.end()
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("as_windows", _as_windows)


def read(path: Path, noticed: Counter) -> Iterator[Record]:
    """Yield what is in the file, in its order; `noticed` counts what had to be mended. Raises NotAnExport, OSError."""
    with path.open("rb") as file, _opened(file, noticed) as text:
        yield from _Reader(text, noticed).records()


def _opened(file, noticed):
    head = file.read(1024)
    file.seek(0)
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return io.TextIOWrapper(file, encoding=name, errors="replace", newline=None)
    if head[:4] in {b"<\0?\0", b"\0<\0?"}:
        return io.TextIOWrapper(file, encoding="utf-16-le" if head[0] else "utf-16-be", errors="replace", newline=None)
    if head[:2] in {b"PK", b"\x1f\x8b"}:
        raise NotAnExport("this is an archive; unpack it and name the .xml file in it")
    said = re.search(rb"""encoding\s*=\s*["']([A-Za-z0-9_-]{1,40})["']""", head)
    name = said[1].decode() if said else "utf-8"
    try:
        name = codecs.lookup(name).name
    except LookupError:
        noticed["an encoding that is not known"] += 1
        name = "utf-8"
    return io.TextIOWrapper(file, encoding=name, errors="as_windows" if name == "utf-8" else "replace", newline=None)


class _Reader:
    """Cuts the text into records, by tags outside of CDATA; where CDATA does not end, by tags alone."""

    def __init__(self, file, noticed):
        self.file, self.noticed = file, noticed
        self.text, self.is_over = "", False
        self.prefixes: dict[str, str] = {}
        self.parser = Parser(self.prefixes, noticed)

    def more(self):
        """Read on."""
        piece = self.file.read(PIECE)
        self.is_over = not piece
        self.text += piece

    def records(self):
        """Yield everything."""
        head = self.head()
        wp = "|".join(sorted({prefix for prefix, usual in self.prefixes.items() if usual == "wp"} | {"wp"}))
        kinds = rf"(?:(?:{wp}):(?:author|category|tag|term)|item)"
        begin = re.compile(rf"<(?P<kind>{kinds})(?:\s[^<>]*)?>|</channel\s*>")
        comment = re.compile(rf"<(?P<kind>(?:{wp}):comment)(?:\s[^<>]*)?>")
        yield from self.site(head, begin)
        found_any = False
        while match := self.next(begin):
            if match.lastgroup is None:
                self.text = self.text[match.end() :]
                continue
            found_any = True
            self.text = self.text[match.start() :]
            if match["kind"] == "item":
                yield from self.item(comment)
            else:
                raw = self.element(match["kind"])
                if raw is not None:
                    yield from self.parsed(match["kind"].split(":")[1], raw)
                else:
                    yield self.skipped("term", begin)
        if not found_any:
            raise NotAnExport("there is no item in it; a WordPress export is made under Tools, Export, All content")

    def head(self):
        """Return what stands before the first record; it names the prefixes."""
        while len(self.text) < MOST and not self.is_over and "<item" not in self.text and "<channel" not in self.text:
            self.more()
        found = re.search(r"<rss\b|<channel\b|<item\b", self.text)
        if not found:
            raise NotAnExport("this is not an export: it has no <rss> and no <channel>")
        start = self.text[found.start() : found.start() + 20_000].partition(">")[0]
        for prefix, namespace in _NAMESPACE.findall(start):
            usual = next((usual for shape, usual in _USUAL.items() if shape.fullmatch(namespace.strip())), None)
            if usual:
                self.prefixes[prefix] = usual
        return self.text

    def next(self, shape):
        """Return the next place of that shape, reading on; what was passed is dropped."""
        while True:
            if match := shape.search(self.text):
                return match
            if self.is_over:
                return None
            self.text = self.text[-400:]
            self.more()

    def site(self, head, begin):
        """Yield what the file says of the site."""
        while not begin.search(self.text) and not self.is_over and len(self.text) < MOST:
            self.more()
        end = begin.search(self.text)
        start = self.text.find("<channel")
        words = self.text[max(start, 0) : end.start() if end else len(self.text)]
        fields = {}
        for name in ("title", "link", "language", "pubDate", "base_site_url", "base_blog_url", "wxr_version"):
            if match := re.search(rf"<(?:[\w.-]+:)?{name}(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?([^<\]]*)", words):
                fields[name] = html.unescape(match[1]).strip()
        yield Record("site", fields)

    def element(self, tag):
        """Take the element that begins here out of the text and return it, or None when it does not end."""
        end = self.end_of(tag)
        if end is None:
            return None
        raw, self.text = self.text[:end], self.text[end:]
        return raw

    def end_of(self, tag, *, stop=None):
        """Return where the element that begins here ends, or where `stop` begins in it; None when it does not."""
        close = re.compile(rf"<!\[CDATA\[|</{tag}\s*>" + (rf"|(?P<stop>{stop.pattern})" if stop else ""))
        place = 1
        while True:
            match = close.search(self.text, place)
            if match and match.group() == "<![CDATA[":
                inner = self.text.find("]]>", match.end())
                if inner >= 0:
                    place = inner + 3
                    continue
            elif match:
                return match.start() if stop and match.groupdict().get("stop") else match.end()
            else:
                place = max(place, len(self.text) - 400)
            if self.is_over or len(self.text) > MOST:
                return None
            self.more()

    def item(self, comment):
        """Yield the comments of a post one by one, then the post: some programs write half of its fields after them."""
        end = self.end_of("item", stop=comment)
        if end is None:
            yield self.skipped("item", re.compile(r"</item\s*>\s*|(?=<item[\s>])"))
            return
        raw, self.text = self.text[:end], self.text[end:]
        if not _ENDS.search(raw):
            pieces = [raw]
            while (match := self.next_in_item(comment)) and match.lastgroup:
                pieces.append(self.text[: match.start()])
                self.text = self.text[match.start() :]
                whole = self.element(match["kind"])
                if whole is None:
                    yield self.skipped("comment", re.compile(rf"</{match['kind']}\s*>|(?=</item\s*>)"))
                else:
                    yield from self.parsed("comment", whole)
            if match:
                pieces.append(self.text[: match.end()])
                self.text = self.text[match.end() :]
            raw = "".join(pieces)
            raw = raw if _ENDS.search(raw) else f"{raw}</item>"
        yield from self.parsed("item", raw)

    def next_in_item(self, comment):
        """Return the next comment of the item, or its end."""
        shape = re.compile(rf"{comment.pattern}|</item\s*>")
        while not (match := shape.search(self.text)):
            if self.is_over:
                return None
            self.more()
            if len(self.text) > MOST:
                return None
        return match

    def skipped(self, kind, end):
        """Drop a record that does not end, up to where the next one can begin, and return what is known of it."""
        words = self.text[:2000]
        self.text = self.text[1:]
        match = self.next(end)
        self.text = self.text[match.end() :] if match else ""
        return lost(kind, words, "it does not end, or is too long")

    def parsed(self, kind, raw):
        """Yield the record, and put what it took into itself back before what is read next."""
        if inner := _TWO.search(raw):
            # What did not end took the next one into itself: each is read by its own.
            place = inner.start() + inner.group().index("<", 1)
            self.text = raw[place:] + self.text
            raw = raw[:place]
        record = self.parser.read(kind, raw)
        if record.kind == "lost" and kind == "item" and (inner := re.search(r"<item[\s>]", raw[1:])):
            self.text = raw[inner.start() + 1 :] + self.text
            record = lost(kind, raw[: inner.start() + 1], record.fields["why"])
        yield record
