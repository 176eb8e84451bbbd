"""The pictures of a post, however a theme or a plugin wrote them -> figures as they stand here, one picture each. Pure."""

import dataclasses
import html
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from articles.html.tags import MOST_ALT

_VALUE = re.compile(r"""\b([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_ONE_IMG = r"<img\b(?:\"[^\"]*\"|'[^']*'|[^\"'<>])*>"
_IMG = re.compile(_ONE_IMG, re.IGNORECASE)
# Copies for browsers that choose among sizes; and, beside pictures that a script would load, those for browsers without one.
_COPIES = re.compile(r"</?picture\b[^<>]*>|<source\b[^<>]*\bsrcset\b[^<>]*>", re.IGNORECASE)
_WITHOUT_SCRIPT = re.compile(r"<noscript\b[^<>]*>\s*(?:<a\b[^<>]*>\s*)?<img\b.{0,3000}?</noscript\s*>", re.IGNORECASE | re.DOTALL)
_LATER = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_GALLERY_LIST = re.compile(r"<(?:ul|li)\b[^<>]*\bblocks-gallery-(?:grid|item)\b[^<>]*>", re.IGNORECASE)
_LINKED = re.compile(rf"<a\b([^<>]*)>((?:\s|<br\s*/?>)*(?:{_ONE_IMG}\s*)+)</a>", re.IGNORECASE)
_FIGURE = re.compile(r"<figure\b[^<>]*>((?:(?!<figure\b).)*?)</figure\s*>", re.IGNORECASE | re.DOTALL)
_CAPTION = re.compile(r"<figcaption\b[^<>]*>(.*?)(?:</figcaption\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<(h[1-6])\b[^<>]*>.{0,3000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;\"'<>]*url\(\s*(?:&quot;|&#039;|['\"])?([^)'\"&<>]+)", re.IGNORECASE)
_AT_BEGIN = re.compile(r"\A\s*(?:<br\s*/?>|</?p\b[^<>]*>)\s*", re.IGNORECASE)
_AT_END = re.compile(r"(?:<br\s*/?>|</?p\b[^<>]*>)\Z", re.IGNORECASE)
_OF_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|svg|heic)\Z|/attachment/", re.IGNORECASE)
# "<" of a figure that is ready, which no pattern here takes for a beginning; control characters were taken out of what comes in.
_READY = "\x02"
_DEEPEST = 12


@dataclasses.dataclass(frozen=True)
class Shown:
    """A picture that this site has: its address here, and what the earlier site said of it; `name` is for the report."""

    address: str
    alt: str = ""
    caption: str = ""
    name: str = ""


# What a text wants: "src", "id" and "alt"; what stands for it, or words why there is none.
Finder = Callable[[dict[str, str]], Shown | str]


def values(tag: str) -> dict[str, str]:
    """Return the attributes of a tag by name."""
    return {name.lower(): html.unescape(a or b or c) for name, a, b, c in _VALUE.findall(tag)}


def figures(text: str, find: Finder, link: Callable[[str], str], lost: list[str], check: list[str]) -> str:
    """Return the HTML with figures of this site, each with its own words; of a picture that isn't here only the caption stays."""
    if any(name in text for name in _LATER):
        text = _WITHOUT_SCRIPT.sub("", text)
    text = _GALLERY_LIST.sub("", _COPIES.sub("", text))
    lost += [f"a picture behind words: {html.unescape(address)[:300]}" for address in _BACKGROUND.findall(text)]
    text = _LINKED.sub(lambda match: _unlinked(match, link, lost), text)
    text = _HEADING.sub(lambda match: "".join(_IMG.findall(match.group())) + _IMG.sub("", match.group()), text)
    maker = _Maker(find, lost, check)
    for _ in range(_DEEPEST):
        text, count = _FIGURE.subn(maker.figure, text)
        if not count:
            break
    text = _IMG.sub(lambda match: maker.one(match.group())[0], text)
    # A caption that lost its figure is a paragraph.
    text = re.sub(r"<(/?)fig(?:caption|ure)\b[^<>]*>", r"<\1p>", text, flags=re.IGNORECASE)
    return text.replace(_READY, "<")


def _unlinked(match, link, lost):
    """Return the picture of a link; where that leads to the picture itself or its page, it is large here anyway."""
    given = values(match[1])
    address = given.get("href", "")
    is_its_own = _OF_PICTURE.search(unquote(path_of(address))) or "attachment" in given.get("rel", "") or link(address) != address
    if address and not is_its_own and not address.startswith("#"):
        lost.append(f"the link of a picture: {address[:300]}")
    return match[2]


def path_of(address: str) -> str:
    """Return the path of an address as it is written, "" of what is none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


class _Maker:
    """Makes figures, and notes what it could not make."""

    def __init__(self, find, lost, check):
        self.find, self.lost, self.check = find, lost, check

    def figure(self, match):
        """Return what a figure becomes: one for each of its pictures, the caption at the last of them."""
        inner = match[1]
        pictures = _IMG.findall(inner)
        caption = " ".join(_inner(said) for said in _CAPTION.findall(inner))
        rest = _CAPTION.sub("", inner)
        if not pictures:
            # Taken out, it still keeps the words in it apart from those around.
            return f"<div>{rest}</div><p>{caption}</p>" if caption else f"<div>{rest}</div>"
        rest = _inner(_IMG.sub("", rest))
        if rest and not caption and not re.search(rf"<(?!/?(?:a|em|strong|b|i|br|span|sup|sub|cite|small)\b)|{_READY}", rest):
            caption, rest = rest, ""
        made = [self.one(picture, caption if picture is pictures[-1] else "") for picture in pictures]
        after = f"<p>{caption}</p>" if caption and not made[-1][1] else ""
        return "".join(piece for piece, _ in made) + after + (f"<p>{rest}</p>" if rest and _READY not in rest else rest)

    def one(self, tag, caption=""):
        """Return (HTML of one picture, whether it is here)."""
        given = values(tag)
        if "wp-smiley" in given.get("class", "") or given.get("class") == "emoji":
            return html.escape(given.get("alt", ""), quote=False), False
        if given.get("width") == given.get("height") == "1":
            self.lost.append(f"a picture of one dot, which counts readers: {given.get('src', '')[:300]}")
            return "", False
        later = next((given[name] for name in _LATER if given.get(name)), "")
        src = given.get("src", "")
        number = re.search(r"\bwp-image-(\d+)", given.get("class", ""))
        wanted = {
            "src": later if later and (not src or src.startswith("data:") or "lazy" in tag) else src,
            "id": given.get("data-gallery", "") or given.get("data-id", "") or (number[1] if number else ""),
            "alt": " ".join(given.get("alt", "").split()),
        }
        found = self.find(wanted)
        if isinstance(found, str):
            self.lost.append(f"a picture, {found}{self._said(wanted)}")
            return "", False
        name = PurePosixPath(unquote(path_of(wanted["src"]))).name or found.name
        alt = wanted["alt"] if wanted["alt"] and not _is_name(wanted["alt"], name) else found.alt
        if len(alt) > MOST_ALT:
            alt = f"{alt[: alt.rfind(' ', 0, MOST_ALT)]}…"[:MOST_ALT]
            self.check.append(f"the description of the picture {name} was too long, and was cut")
        if not alt:
            self.check.append(f"the picture {name} has no description, so screen readers pass over it")
        if not caption and "data-gallery" in given:
            caption = html.escape(found.caption, quote=False)
        below = f"<figcaption>{caption}</figcaption>" if caption else ""
        figure = f'<figure><img alt="{html.escape(alt)}" src="{found.address}">{below}</figure>'
        return figure.replace("<", _READY), True

    @staticmethod
    def _said(wanted):
        return f" (“{wanted['alt'][:80]}”)" if wanted["alt"] else ""


def _inner(text):
    """Return HTML without what only breaks lines at both ends."""
    while (shorter := _AT_END.sub("", _AT_BEGIN.sub("", text).strip())) != text:
        text = shorter
    return text


def _is_name(alt, name):
    """Return whether the description is only the name of the file, which cameras and WordPress put there."""
    stem = re.sub(r"-\d{1,5}x\d{1,5}\Z", "", PurePosixPath(name).stem)
    bare = re.compile(r"[\W_]+")
    return bare.sub("", alt.casefold()) in {bare.sub("", stem.casefold()), bare.sub("", name.casefold())}
