"""The HTML of a post, mended before it is cleaned: paragraphs, headings, links, pictures and what was embedded. Pure."""

import html
import re
from collections.abc import Callable

_BLOCKS = (
    "address article aside blockquote center caption col colgroup dd details div dl dt fieldset figcaption figure footer "
    "form h[1-6] header hr legend li main nav ol p section summary table tbody td tfoot th thead tr ul iframe pre"
)
_AROUND_BLOCKS = re.compile(rf"\s*(</?(?:{'|'.join(_BLOCKS.split())})(?:\s[^<>]*)?/?>)\s*", re.IGNORECASE)
_KEPT_LINES = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE)
_LONE_URL = re.compile(r"(?m)^[ \t]*(?:<p>)?[ \t]*(https?://[^\s<>\"']+)[ \t]*(?:</p>)?[ \t]*$")
_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s>])", re.IGNORECASE)
_IMG = re.compile(r"<img\b(?:\"[^\"]*\"|'[^']*'|[^\"'<>])*>", re.IGNORECASE)
_HREF = re.compile(r"""(<a\b[^<>]*?\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_EMBEDDED = re.compile(r"<(iframe|embed|audio|video|source|object)\b([^<>]*)>", re.IGNORECASE)
_VALUE = re.compile(r"""\b([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_FOOTNOTE_MARK = re.compile(r"<sup\b[^<>]*\bdata-fn=[^<>]*>\s*<a\b[^<>]*>(.*?)</a>\s*</sup>", re.DOTALL | re.IGNORECASE)
_TURN = re.compile(r"<!--\s*(?:more\b.*?|noteaser|nextpage)\s*-->", re.DOTALL | re.IGNORECASE)


def classic(text: str) -> str:
    """Return HTML of a text in which an empty line ends a paragraph and any other line break is one."""
    text = _with_links(_TURN.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n")))
    pieces = _KEPT_LINES.split(text)
    # Of three: the text, what keeps its lines, and the name of that.
    return "".join(_broken(piece) if index % 3 == 0 else piece for index, piece in enumerate(pieces) if index % 3 != 2)


def _with_links(text):
    """Make a link of an address that has a line of its own, where WordPress would show what is there."""
    return _LONE_URL.sub(lambda match: f'<p><a href="{match[1]}">{match[1]}</a></p>', text)


def _broken(text):
    text = _AROUND_BLOCKS.sub(r"\1", text)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text.strip("\n"))
    return re.sub(r"\n", "<br>", re.sub(r"\n{2,}", "<p>", text))


def mended(text: str, notes: list[str], pictures: list[dict], link: Callable[[str], str]) -> str:
    """Return the HTML with its headings from h2 on, its links led on, and its pictures taken into the list."""
    text = _TURN.sub("", _FOOTNOTE_MARK.sub(r"<sup>\1</sup>", text))
    text = re.sub(
        r"<pre\b[^<>]*>(.*?)</pre\s*>",
        lambda m: f"<p>{m[1].strip(chr(10)).replace(chr(10), '<br>')}</p>",
        text,
        flags=re.DOTALL | re.I,
    )
    text = _with_links(text)
    text = _EMBEDDED.sub(lambda match: _as_link(match, notes), text)
    for match in _IMG.finditer(text):
        given = values(match.group())
        pictures.append({"src": given.get("src") or given.get("data-src", ""), "alt": given.get("alt", "")})
    # "Click to enlarge" leads to a file of the earlier site, which nobody has.
    text = _IMG.sub("", text)
    text = re.sub(r"<a\b[^<>]*>\s*</a>", "", text)
    # Without its picture a figure is a paragraph: its caption.
    text = re.sub(r"<(/?)fig(?:caption|ure)\b[^<>]*>", r"<\1p>", text, flags=re.IGNORECASE)
    text = _HREF.sub(lambda match: f'{match[1]}"{html.escape(link(html.unescape(match[2] or match[3] or "")))}"', text)
    return _from_two(text)


def values(tag: str) -> dict[str, str]:
    """Return the attributes of a tag by name."""
    return {name.lower(): html.unescape(a or b or c) for name, a, b, c in _VALUE.findall(tag)}


def _as_link(match, notes):
    address = values(match[2]).get("src", "")
    address = f"https:{address}" if address.startswith("//") else address
    if match[1].lower() in {"audio", "video", "object"} and not address:
        return match.group()
    notes.append(
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
