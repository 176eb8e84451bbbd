"""The HTML of a post, mended before it is cleaned: paragraphs, headings, links and what was embedded. Pure."""

import html
import re
from collections.abc import Callable

from lupussite.wordpress.content.figures import values

_BLOCKS = (
    "address article aside blockquote center caption col colgroup dd details div dl dt fieldset figcaption figure footer "
    "form h[1-6] header hr legend li main nav ol p section summary table tbody td tfoot th thead tr ul iframe pre"
)
_AROUND_BLOCKS = re.compile(rf"\s*(</?(?:{'|'.join(_BLOCKS.split())})(?:\s[^<>]*)?/?>)\s*", re.IGNORECASE)
_KEEPS_LINES = re.compile(r"<(pre|script|style|textarea)\b[^<>]*>", re.IGNORECASE)
_LONE_URL = re.compile(r"(?m)^[ \t]*(?:<p>)?[ \t]*(https?://[^\s<>\"']+)[ \t]*(?:</p>)?[ \t]*$")
_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s>])", re.IGNORECASE)
_HREF = re.compile(r"""(<a\b[^<>]*?\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_EMBEDDED = re.compile(r"<(iframe|embed|audio|video|source|object)\b([^<>]*)>", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"<sup\b[^<>]*\bdata-fn=[^<>]*>\s*<a\b[^<>]*>(.{0,300}?)</a>\s*</sup>", re.DOTALL | re.IGNORECASE)
# Of a link to a file that is no page: a leaflet as PDF, a picture in full size.
_TO_FILE = re.compile(r"/wp-content/uploads/|\.(?:pdf|docx?|xlsx?|pptx?|zip|mp3|m4a|mp4|mov|jpe?g|png|gif|webp)\Z", re.IGNORECASE)
_TURN = re.compile(r"<!--\s{0,9}(?:more\b.{0,300}?|noteaser|nextpage)\s{0,9}-->", re.DOTALL | re.IGNORECASE)


def classic(text: str) -> str:
    """Return HTML of a text in which an empty line ends a paragraph and any other line break is one."""
    text = _with_links(_TURN.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n")))
    pieces, done = [], 0
    for start, _, _, end in _keeping_lines(text):
        pieces += [_broken(text[done:start]), text[start:end]]
        done = end
    return "".join([*pieces, _broken(text[done:])])


def _keeping_lines(text):
    """Yield where elements begin in which line breaks count: (start, start of the inside, end of the inside, end)."""
    lower, place, endless = text.lower(), 0, set()
    while match := _KEEPS_LINES.search(text, place):
        name, place = match[1].lower(), match.end()
        end = -1 if name in endless else lower.find(f"</{name}", place)
        if end < 0:
            endless.add(name)
            continue
        yield match.start(), match.end(), end, (place := (lower.find(">", end) + 1) or len(text))


def _with_links(text):
    """Make a link of an address that has a line of its own, where WordPress would show what is there."""
    return _LONE_URL.sub(lambda match: f'<p><a href="{match[1]}">{match[1]}</a></p>', text)


def _broken(text):
    text = _AROUND_BLOCKS.sub(r"\1", text)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text.strip("\n"))
    return re.sub(r"\n", "<br>", re.sub(r"\n{2,}", "<p>", text))


def mended(text: str, lost: list[str], link: Callable[[str], str]) -> str:
    """Return the HTML with its headings from h2 on, its links led on, and links in place of what was embedded."""
    text = _TURN.sub("", _FOOTNOTE_MARK.sub(r"<sup>\1</sup>", text))
    text = _with_links(_without_pre(text))
    text = _EMBEDDED.sub(lambda match: _as_link(match, lost), text)
    # "Click to enlarge" without its picture.
    text = re.sub(r"<a\b[^<>]*>\s*</a>", "", text)
    text = _HREF.sub(lambda match: f'{match[1]}"{html.escape(_led_on(match, lost, link))}"', text)
    return _from_two(text)


def _without_pre(text):
    """Return the text with a paragraph in place of what keeps its lines; each of these is a line break."""
    pieces, done = [], 0
    for start, inside, outside, end in _keeping_lines(text):
        if text[start : start + 4].lower() == "<pre":
            lines = text[inside:outside].strip("\n").replace("\n", "<br>")
            pieces += [text[done:start], f"<p>{lines}</p>"]
            done = end
    return "".join([*pieces, text[done:]])


def _led_on(match, lost, link):
    address = html.unescape(match[2] or match[3] or "")
    led = link(address)
    if led == address and _TO_FILE.search(address.partition("?")[0].partition("#")[0]):
        lost.append(f"a file that a link leads to, which stays where it is: {address[:300]}")
    return led


def _as_link(match, lost):
    address = values(match[2]).get("src", "")
    address = f"https:{address}" if address.startswith("//") else address
    if match[1].lower() in {"audio", "video", "object"} and not address:
        return match.group()
    lost.append(
        f"what was embedded by <{match[1].lower()}> became {'a link' if address else 'nothing'}: {address[:200]}".rstrip(": ")
    )
    if not address.startswith(("http://", "https://")):
        return ""
    if video := re.match(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{5,20})", address):
        address = f"https://www.youtube.com/watch?v={video[1]}"
    return f'<p><a href="{html.escape(address)}">{html.escape(address)}</a></p>'


def _from_two(text):
    levels = {int(match[2]) for match in _HEADING.finditer(text)}
    if not levels or min(levels) == 2:
        return text
    top = min(levels)
    return _HEADING.sub(lambda match: f"<{match[1]}h{2 if int(match[2]) == top else 3}", text)
