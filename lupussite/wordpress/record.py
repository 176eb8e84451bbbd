"""The XML of one record -> its fields by name, mended where that can be done. Pure.

lxml reads each record by itself, between our own tags: no line of the file's head reaches it, so there are no entities to expand
and nothing to fetch.
"""

import html
import re
from collections import Counter
from typing import NamedTuple

from lxml import etree

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)
_OWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)([a-zA-Z][a-zA-Z0-9]{1,30};)?")
_FIELD = re.compile(
    r"<(?P<tag>[\w.-]+(?::[\w.-]+)?)(?P<more>\s[^<>]*)?>\s*<!\[CDATA\[(?P<text>.*?)\]\]>\s*</(?P=tag)\s*>", re.DOTALL
)
_UNENDED = re.compile(
    r"<(?P<tag>[\w.-]+(?::[\w.-]+)?)(?P<more>\s[^<>]*)?>\s*<!\[CDATA\[(?P<text>.*?)(?:\]\]>\s*)?</(?P=tag)\s*>", re.DOTALL
)
_PREFIXED = re.compile(r"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]")

# The prefixes of almost every record.
_OWN = ("wp", "content", "excerpt", "dc")

# Elements of which a record has many.
_LISTS = {"category", "wp:postmeta", "wp:termmeta", "wp:commentmeta"}


class Record(NamedTuple):
    """One thing of the file: `kind` is "item", "comment", "author", "category", "tag", "term", "site" or "lost".

    `fields` are its elements by name; of an item "category" and "wp:postmeta" are lists. Of a lost one "why" and "words" tell.
    """

    kind: str
    fields: dict


class Parser:
    """Reads records; `prefixes` are the file's own prefixes and the usual ones, `noticed` counts what had to be mended."""

    def __init__(self, prefixes: dict[str, str], noticed: Counter):
        self.prefixes, self.noticed = prefixes, noticed
        self.parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
        )

    def read(self, kind: str, raw: str) -> Record:
        """Return the record, as far as it can be mended, or what is known of it as a lost one."""
        text, controls = CONTROL.subn("", raw)
        text, references = _CONTROL_REFERENCE.subn("", text)
        if controls or references:
            self.noticed["control characters"] += controls + references
        why = ""
        for number, mend in enumerate((str, _mended, _closed)):
            try:
                fields = self._fields(mend(text))
            except (etree.XMLSyntaxError, ValueError) as error:
                why = why or str(error).partition(", line")[0]
            else:
                if number:
                    self.noticed["records whose XML had to be mended"] += 1
                return Record(kind, fields)
        return lost(kind, text, why)

    def _fields(self, text):
        try:
            root = self._root(text, _OWN)
        except etree.XMLSyntaxError:
            # Words of other programs bring prefixes of their own; to look for them takes as long as to read.
            root = self._root(text, set(_PREFIXED.findall(text)) - {"xml", "xmlns"})
        found = {}
        for element in root[0]:
            if not isinstance(element.tag, str):
                continue
            name = _name(element)
            if name in _LISTS:
                found.setdefault(name, []).append(_inner(element))
            else:
                # The first one counts: what comes twice is a mistake of whoever wrote the file.
                found.setdefault(name, _text(element))
        return found

    def _root(self, text, prefixes):
        opening = " ".join(f'xmlns:{prefix}="p:{self.prefixes.get(prefix, prefix)}"' for prefix in prefixes)
        return etree.fromstring(f"<r {opening}>{text}</r>".encode(), self.parser)


def _name(element):
    namespace, _, name = element.tag[1:].rpartition("}") if element.tag[0] == "{" else ("", "", element.tag)
    return f"{namespace.removeprefix('p:')}:{name}" if namespace.startswith("p:") else name


def _text(element):
    if not len(element):
        return element.text or ""
    # What another program left unescaped inside a field is text of that field.
    inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + re.sub(r' xmlns:[\w.-]+="p:[^"]*"', "", inner)


def _inner(element):
    inner = {_name(child): _text(child) for child in element if isinstance(child.tag, str)}
    return inner | dict(element.attrib) | ({"": _text(element)} if not inner else {})


def _mended(text, shape=_FIELD):
    """Return the record with its fields escaped anew: CDATA inside CDATA, stray signs, entities of HTML."""
    pieces, done = [], 0
    for match in shape.finditer(text):
        words = match["text"].replace("]]]]><![CDATA[>", "]]>")
        pieces += [
            _OWN_ENTITY.sub(_entity, text[done : match.start()]),
            f"<{match['tag']}{match['more'] or ''}>{html.escape(words, quote=False)}</{match['tag']}>",
        ]
        done = match.end()
    return "".join([*pieces, _OWN_ENTITY.sub(_entity, text[done:])])


def _closed(text):
    """Return the record with CDATA that does not end closed where its field does."""
    return _mended(text, _UNENDED)


def _entity(match):
    known = html.unescape(match.group()) if match[1] else match.group()
    return html.escape(known, quote=False) if known != match.group() else f"&amp;{match.group()[1:]}"


def lost(kind: str, text: str, why: str) -> Record:
    """Return what is known of a record that cannot be read: its number, its title or its first words."""
    number = re.search(r"<[\w.-]+:(?:post|comment)_id>\s*(?:<!\[CDATA\[)?\s*(\d{1,20})", text)
    title = re.search(r"<title>\s*(?:<!\[CDATA\[)?([^<\]]{0,100})", text)
    words = " ".join(filter(None, [f"number {number[1]}" if number else "", f"“{title[1].strip()}”" if title else ""]))
    return Record(
        "lost", {"what": kind, "why": why[:200], "words": words or " ".join(re.sub(r"<[^<>]*>", " ", text).split())[:80]}
    )
