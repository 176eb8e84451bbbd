"""A frozen content as the blocks and words that are compared. Pure."""

import dataclasses
import html as html_module
import re
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import review
from articles.html import pictures, rendering

PARTS = {
    "title": _("Title"),
    "author": _("Author"),
    "summary": _("Summary"),
    "need_to_know": _("Need To Know"),
    "body_html": _("Text"),
    "sources": _("Sources"),
    "pictures": _("Pictures"),
    "no_source_reason": _("Why no sources are needed"),
    "language": _("Language"),
}
LANGUAGES = {"en": _("English"), "es": _("Spanish")}
KINDS = {
    "journal": _("journal article"),
    "guideline": _("guideline"),
    "book": _("book"),
    "web": _("web page"),
    "label": _("drug label"),
}
BLOCK_WORDS = {
    "p": _("paragraph"),
    "h2": _("heading"),
    "h3": _("subheading"),
    "li": _("list item"),
    "ul": _("list"),
    "ol": _("numbered list"),
    "blockquote": _("quote"),
    "table": _("table"),
    "section": _("“Call a doctor” box"),
    "figcaption": _("caption of a picture"),
    "img": _("picture"),
    "caption": _("table caption"),
    "thead": _("table head"),
    "tbody": _("table body"),
    "tr": _("table row"),
    "th": _("table heading cell"),
    "td": _("table cell"),
    "dl": _("list of terms"),
    "dt": _("term"),
    "dd": _("definition"),
    "hr": _("dividing line"),
    "text": _("text"),
    "source": _("source"),
}
INLINE_WORDS = {
    "strong": _("bold"),
    "b": _("bold"),
    "em": _("italics"),
    "i": _("italics"),
    "a": _("link"),
    "sub": _("subscript"),
    "sup": _("superscript"),
    "abbr": _("abbreviation"),
    "span": _("words in another language"),
    "small": _("small print"),
    "br": _("line break"),
}
# Where these end changes what follows; the end of the others is told by what comes next.
_ENDS = {"ul", "ol", "dl", "table", "blockquote", "section"}
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>""")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
# What follows from the words, and is the same for every box.
_GIVEN = re.compile(r' (?:id|class|aria-labelledby)="[^"]*"')
# What follows from the picture inside.
_AROUND_A_PICTURE = {"figure", "picture", "source"}
_WORD = re.compile(r"(\s*)([^\s<>]+://\S*[^\s.,;:)]|\w(?:[\w’'-]*\w)?|\S)")


@dataclasses.dataclass(frozen=True)
class Token:
    """A word, a sign or an inline tag; `space` says whether a space stands before it."""

    text: str
    space: bool = True
    is_tag: bool = False

    @property
    def in_words(self) -> str:
        """The token as it is printed where it changed: an inline tag in words."""
        if not self.is_tag:
            return self.text
        closing, name, attributes = _TAG.fullmatch(self.text).groups()
        word = str(INLINE_WORDS.get(name, name))
        if closing:
            return gettext("[end of {what}]").format(what=word)
        values = dict(_ATTRIBUTE.findall(attributes))
        target = values.pop("href", "")
        more = [gettext("to {address}").format(address=html_module.unescape(target))] if target else []
        more += [f"{key} “{html_module.unescape(value)}”" for key, value in values.items()]
        return f"[{' '.join([word, *more])}]"


@dataclasses.dataclass(frozen=True)
class Block:
    """A paragraph, a list item, a cell, a source, or only the begin or end of a list or table, which has no tokens.

    `picture` is the file that shows a picture small: name, width, height. Which picture it is the tokens say as well.
    """

    kind: str
    tokens: tuple[Token, ...] = ()
    picture: dict | None = dataclasses.field(default=None, compare=False)

    @property
    def kind_in_words(self) -> str:
        """What it is, such as "heading", with its attributes."""
        closing, name, attributes = _TAG.fullmatch(self.kind).groups() if self.kind.startswith("<") else ("", self.kind, "")
        word = str(BLOCK_WORDS.get(name, name))
        values = [f"{key} {html_module.unescape(value)}" for key, value in _ATTRIBUTE.findall(attributes)]
        said = f"{word} ({', '.join(values)})" if values else word
        return gettext("end of {what}").format(what=said) if closing else said

    @property
    def is_heading(self) -> bool:
        """Whether what follows stands under it."""
        return self.kind.startswith(("<h2", "<h3"))


def blocks(key: str, content: dict) -> list[Block]:
    """Return one part of a frozen content as blocks; what a content of an older format does not have is empty."""
    value = content.get(key)
    if not value:
        return []
    if key == "body_html":
        return list(_of_html(value))
    if key == "author":
        return [Block("text", tuple(_tokens(review.name_with_letters(value["name"], value["credentials"]))))]
    if key == "sources":
        return [Block("source", tuple(_tokens(_source_words(source)))) for source in value]
    if key == "pictures":
        return [Block("<img>", tuple(_tokens(_picture_words(picture))), pictures.smallest(picture["files"])) for picture in value]
    if key == "language":
        return [Block("text", (Token(str(LANGUAGES.get(value, value))),))]
    if key in {"summary", "need_to_know"}:
        return [
            Block("<li>" if kind == "ul" else "<p>", tuple(_tokens(words)))
            for kind, items in rendering.paragraphs(value)
            for words in items
        ]
    return [Block("text", tuple(_tokens(value)))]


def _source_words(source: dict) -> str:
    parts = [rendering.vancouver(source), gettext("Type: {kind}.").format(kind=KINDS.get(source["kind"], source["kind"]))]
    if source["url"]:
        parts.append(gettext("Address: {url}").format(url=source["url"]))
    return " ".join(parts)


def _picture_words(picture: dict) -> str:
    """Return what the page doesn't show as words: which picture it is, and what it is for people who can't see it."""
    alt = gettext("Description: {words}").format(words=picture["alt"]) if picture["alt"] else gettext("Decorative.")
    return gettext("Picture {fingerprint}. {description}").format(fingerprint=picture["sha256"][:8], description=alt)


def _tokens(text: str, space: bool = True) -> Iterator[Token]:
    """Yield the words and signs of plain text; the first one has a space before it, so that it stays itself further back."""
    for match in _WORD.finditer(text):
        yield Token(match.group(2), space or bool(match.group(1)))
        space = False


def _of_html(html: str) -> Iterator[Block]:
    """Yield the blocks of finished HTML.

    Ids of headings, names of boxes and links of marks such as [3] follow from the words and the sources, so they are left out.
    """
    kind: str | None = None
    tokens: list[Token] = []
    in_mark = False
    space = True
    position = 0
    for match in [*_TAG.finditer(html), None]:
        text = html_module.unescape(html[position : match.start() if match else len(html)])
        if text.strip():
            kind = kind or "text"
            tokens += _tokens(text, space)
        space = text[-1].isspace() if text else space
        if match is None:
            break
        position = match.end()
        closing, name, attributes = match.groups()
        if name in INLINE_WORDS:
            if name == "a" and ('href="#source-' in attributes or (closing and in_mark)):
                in_mark = not closing
                continue
            kind = kind or "text"
            tokens.append(Token(match.group(), is_tag=True, space=False))
            continue
        if kind is not None:
            yield Block(kind, tuple(tokens))
        kind, tokens, space = None, [], True
        if name in _AROUND_A_PICTURE:
            continue
        if name == "img":
            # Which one it is, and its description, stand in the list of the pictures.
            yield Block("<img>", tuple(_tokens(html_module.unescape(dict(_ATTRIBUTE.findall(attributes))["alt"]))))
            continue
        if not closing:
            kind = _GIVEN.sub("", match.group())
        elif name in _ENDS:
            yield Block(match.group())
    if kind is not None:
        yield Block(kind, tuple(tokens))
