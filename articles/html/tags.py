"""What an editor typed or pasted -> tags and text: the first of the cleaner's steps. Pure.

What is not a tag of HTML, such as "<LOQ" or "< 5", is text.
"""

import bisect
import dataclasses
import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from articles.html.report import Left, Report


def names(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


INLINE = names("strong em b i a sub sup abbr span")
BLOCKS = names("p h2 h3 ul ol li blockquote table caption thead tbody tr th td dl dt dd hr figure img figcaption section")
TAGS = INLINE | BLOCKS | {"br"}
ATTRIBUTES = {
    "*": ["lang"],
    "a": ["href", "title"],
    "abbr": ["title"],
    "img": ["alt", "src"],
    "ol": ["start", "type"],
    "section": ["class"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}
# The address of a picture of this site, as the editor writes it; group 1 is the picture's hash.
OUR_PICTURE = re.compile(r"/pictures/([0-9a-f]{64})\.(?:jpg|png)")
MOST_ALT = 500
# The class of the one section there is: the box that says when to call a doctor.
DOCTOR = "doctor"
PROTOCOLS = frozenset({"http", "https", "mailto"})

RENAMED = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "tfoot": "tbody"}
_GONE_WITH_TEXT = names(
    "script style template title iframe noembed noframes svg math object applet audio video canvas datalist xml"
)
_NOT_NESTED = names("script style title iframe")
VOID = names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")
# Elements that begin a new line: where they are taken out, the words on both sides stay apart.
LINES = names(
    """address article aside body center details dialog dir div fieldset figcaption figure footer form frameset head
    header hgroup html legend listing main menu nav noscript option optgroup plaintext pre search section select
    summary textarea xmp"""
)
_OTHER = names(
    """acronym bdi bdo big blink button cite code colgroup data del dfn font image ins kbd label map mark marquee
    meter nobr output picture progress q rb rp rt rtc ruby s samp slot small strike time tt u var"""
)
# What an editor calls them when they are taken out; all others are formatting.
_CODE = names("script template noembed noframes datalist base param")
_EMBEDDED = names("iframe svg math object applet audio video canvas embed frame map area")
_FIELDS = names("button input keygen meter output progress select textarea")
_PICTURES = names("img image v:imagedata")
# Attributes that do or load something; all others are about looks or for machines.
_ACTIVE = names("action background cite data formaction href ping poster reversed src srcdoc srcset value")
# What programs write for themselves into comments.
_FOR_PROGRAMS = re.compile(r"<!(?:--)?\s*(?:\[(?:if|endif)\b|(?:Start|End)Fragment|/?wp:|doctype\b)|<\?xml", re.IGNORECASE)
_KNOWN = TAGS | frozenset(RENAMED) | _GONE_WITH_TEXT | VOID | LINES | _OTHER
_OFFICE = re.compile(r"(?:o|v|w|x|m|u\d|st\d|ns\d|wp):[a-z][a-z0-9-]*")
# A lone word inside a tag is one of these, or Excel's "x:num", or the "tag" is text: "a <b and c> d".
_LONE = names(
    """allowfullscreen alt async autofocus autoplay checked compact controls default defer disabled download hidden
    inert ismap itemscope loop multiple muted nomodule noshade novalidate nowrap open playsinline readonly
    required reversed selected"""
)

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*(?::[A-Za-z][A-Za-z0-9-]*)?)")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_TAG_END = re.compile(r"[\s/]*>")
_DECLARATION = re.compile(r"<[!?][A-Za-z\[][^<>]*>")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclasses.dataclass(frozen=True)
class Token:
    """A piece of text, or one tag: `kind` is "text", "start" or "end"."""

    kind: str
    value: str
    attributes: tuple[tuple[str, str], ...] = ()


def _lines_and_controls(text: str, report: Report) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Vertical tab and form feed stand where words end.
    text, breaks = re.subn(r"[\x0b\x0c]", " ", text)
    text, controls = CONTROL.subn("", text)
    if breaks or controls:
        report[Left.CONTROL, ""] += 1
    return text


def _unescaped(text: str) -> str:
    return CONTROL.sub("", html.unescape(text).replace("\r\n", "\n").replace("\r", "\n"))


def short(text: str) -> str:
    """Return the text in one line of at most 60 characters, for a message."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def of_element(name: str, alt: str = "") -> tuple[Left, str]:
    """Return what to count when an element is taken out; of a picture `alt` says what it showed."""
    if name in _PICTURES:
        return Left.PICTURE, alt
    for kind, known in ((Left.CODE, _CODE), (Left.EMBEDDED, _EMBEDDED), (Left.FIELD, _FIELDS)):
        if name in known:
            return kind, name
    return Left.FORMAT, name


def renamed(name: str, now: str) -> tuple[Left, str]:
    """Return what to count when an element becomes another one: a heading of a level no page has, the foot of a table."""
    return (Left.LEVEL, _("{old} is now {new}").format(old=name, new=now)) if now in {"h2", "h3"} else (Left.FORMAT, name)


def of_attribute(name: str) -> tuple[Left, str]:
    """Return what to count when an attribute is taken out."""
    return (Left.CODE if name in _ACTIVE or name.startswith("on") else Left.FORMAT), name


def tokens(text: str, report: Report) -> Iterator[Token]:
    """Yield text and tags; what can only be dropped is counted in the report and skipped here."""
    text = _lines_and_controls(text, report)
    ends = _Ends(text)
    last_comment_end = text.rfind("-->")
    position = 0
    while position < len(text):
        start = text.find("<", position)
        if start < 0:
            start = len(text)
        if start > position:
            yield Token("text", _unescaped(text[position:start]))
            position = start
            continue
        if text.startswith("<!--", position) and last_comment_end >= position + 2:
            report[Left.FORMAT if _FOR_PROGRAMS.match(text, position) else Left.COMMENT, ""] += 1
            position = text.find("-->", position + 2) + 3
        elif declaration := _DECLARATION.match(text, position):
            is_known = _FOR_PROGRAMS.match(text, position)
            report[(Left.FORMAT, "") if is_known else (Left.CODE, short(declaration.group()))] += 1
            position = declaration.end()
        elif tag := _tag(text, position):
            token, position = tag
            if token.value in _GONE_WITH_TEXT:
                if token.kind == "start":
                    position = _after_its_text(text, token.value, position, ends, report)
            else:
                yield token
        else:
            yield Token("text", "<")
            position += 1


def _tag(text: str, position: int) -> tuple[Token, int] | None:
    """Return the tag that begins here and where it ends, or None when this is no tag of HTML but words."""
    match = _NAME.match(text, position)
    if not match:
        return None
    name = match.group(1).lower()
    if name not in _KNOWN and not _OFFICE.fullmatch(name):
        return None
    kind = "end" if text[position + 1] == "/" else "start"
    position = match.end()
    attributes = {}
    while not (end := _TAG_END.match(text, position)):
        attribute = _ATTRIBUTE.match(text, position)
        if not attribute:
            return None
        key, value = attribute.group(1).lower(), attribute.group(2)
        if value is None and key not in _LONE and not key.startswith(("data-", "x:")):
            return None
        if value and value[0] in "\"'":
            value = value[1:-1]
        # In an address "&copy=1" is no copyright sign: only what ends with a semicolon, or is a number, is a character.
        attributes.setdefault(key, _unescaped(re.sub(r"&(?!#|[A-Za-z][A-Za-z0-9]*;)", "&amp;", value or "")).strip())
        position = attribute.end()
    return Token(kind, name, tuple(attributes.items())), end.end()


class _Ends:
    """Where elements end in one text; it is searched once for each name, however often that begins."""

    def __init__(self, text: str):
        self.text = text
        self.found: dict[str, tuple[list[int], list[int], list[int | None]]] = {}

    def after(self, name: str, position: int) -> int | None:
        """Return where the element that began just before the position ends, or None; such elements stand in each other."""
        if name not in self.found:
            self.found[name] = self._search(name)
        starts, stops, closing = self.found[name]
        tag = closing[bisect.bisect_left(starts, position)]
        return None if tag is None else stops[tag]

    def _search(self, name):
        """Return where its tags begin and end, and before each of them (and after the last) which one closes what is open."""
        starts, stops, ends = [], [], []
        for match in re.compile(rf"<(/?){name}(?=[\s/>])[^<>]*>", re.IGNORECASE).finditer(self.text):
            starts.append(match.start())
            stops.append(match.end())
            ends.append(bool(match.group(1)))
        closing: list[int | None] = [None] * (len(starts) + 1)
        for tag in range(len(starts) - 1, -1, -1):
            if ends[tag]:
                closing[tag] = tag
            elif name in _NOT_NESTED:
                closing[tag] = closing[tag + 1]
            elif (inner := closing[tag + 1]) is not None:
                closing[tag] = closing[inner + 1]
        return starts, stops, closing


def _after_its_text(text: str, name: str, position: int, ends: _Ends, report: Report) -> int:
    """Return where the element ends; without an end tag only the tag goes and the words stay."""
    if text.endswith("/>", 0, position) and name in {"svg", "math", "xml"}:
        report[of_element(name)] += 1
        return position
    end = ends.after(name, position)
    if end is None:
        report[Left.ENDLESS, name] += 1
        return position
    report[of_element(name)] += 1
    return end


def is_safe_link(value: str) -> bool:
    """Return whether an address is http, https or mailto, or stays on this site."""
    if not value or re.search(r"[\s\\`]", value) or value.startswith("//"):
        return False
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        return False
    if scheme:
        return scheme in PROTOCOLS
    return ":" not in re.split(r"[/?#]", value)[0]
