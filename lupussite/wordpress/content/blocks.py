"""The comments with which WordPress marks blocks -> the HTML in them; reusable blocks and footnotes in their places. Pure."""

import html
import json
import re
from collections.abc import Callable, Mapping

from articles.html.tags import names

# What is given never holds "-->" or "<!--": WordPress writes "<" and "--" in it otherwise.
_MARK = re.compile(
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+"
    r"(?P<given>\{(?:(?!-->|<!--).)*\}\s+)?(?P<alone>/)?-->",
    re.DOTALL,
)
# What WordPress makes anew for each reader, so that no words of it are in the post.
_MADE_ANEW = names(
    """archives avatar calendar categories comments comments-query-loop latest-comments latest-posts loginout navigation
    navigation-link navigation-submenu home-link page-list page-list-item pattern post-author post-author-biography
    post-author-name post-comments post-comments-form post-content post-date post-excerpt post-featured-image
    post-navigation-link post-template post-terms post-title query query-loop query-no-results query-pagination query-title
    read-more rss search site-logo site-tagline site-title social-link tag-cloud template-part term-description
    legacy-widget widget-group"""
)
_STATIC = names(
    """accordion accordion-heading accordion-item accordion-panel audio button buttons code column columns cover details
    embed file footnotes freeform classic gallery group heading html image list list-item math media-text missing more
    nextpage paragraph preformatted pullquote quote separator shortcode social-links spacer subhead table text-columns
    verse video tab tabs"""
)
_DEEPEST = 5
_NO_WORDS = re.compile(r"https?://|#|[\w./:%-]*\Z")


def has_blocks(text: str) -> bool:
    """Return whether the text was written in the block editor."""
    return "<!-- wp:" in text


def undone(
    text: str,
    notes: list[str],
    *,
    reusable: Mapping[str, str],
    footnotes: str,
    classic: Callable[[str], str],
    opened: tuple[str, ...] = (),
) -> str:
    """Return the HTML of the blocks; `classic` makes paragraphs of what stands between them, `footnotes` is HTML."""
    pieces, inside, done = [], [], 0
    for mark in [*_MARK.finditer(text), None]:
        between = text[done : mark.start() if mark else len(text)]
        is_loose = not inside or inside[-1] in {"freeform", "classic"}
        pieces.append(classic(between) if is_loose and between.strip() else between)
        if mark is None:
            break
        done = mark.end()
        name = mark["name"].removeprefix("core/")
        if mark["end"]:
            if name in inside:
                del inside[len(inside) - 1 - inside[::-1].index(name) :]
            continue
        given = _given(mark["given"])
        if name == "block":
            pieces.append(_reused(str(given.get("ref", "")), notes, reusable, footnotes, classic, opened))
        elif name == "footnotes":
            pieces.append(footnotes)
        elif name in _MADE_ANEW:
            notes.append(f"the block “{name}”, which WordPress fills anew for each reader")
        elif name not in _STATIC and not name.startswith("core-embed/"):
            words = [value for value in _strings(given) if not _NO_WORDS.match(value)] if mark["alone"] else []
            notes.append(f"the block “{name}” isn't known here; its words stay as plain text")
            pieces += [f"<p>{html.escape(value, quote=False)}</p>" for value in words]
        if not mark["alone"]:
            inside.append(name)
    return "\n".join(pieces)


def _reused(ref, notes, reusable, footnotes, classic, opened):
    if ref not in reusable or ref in opened or len(opened) >= _DEEPEST:
        notes.append(f"the reusable block {ref or '?'} isn't in the export")
        return ""
    inner = reusable[ref]
    if not has_blocks(inner):
        return classic(inner)
    return undone(inner, notes, reusable=reusable, footnotes=footnotes, classic=classic, opened=(*opened, ref))


def _given(text):
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _strings(value):
    if isinstance(value, str):
        yield re.sub(r"<[^<>]*>", "", html.unescape(value))
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def footnotes_html(meta: str) -> str:
    """Return the footnotes of a post, as its field "footnotes" holds them, as a heading and a list; "" without any."""
    try:
        notes = json.loads(meta) if meta else []
        items = [str(note["content"]) for note in notes]
    except (ValueError, TypeError, KeyError):
        return ""
    return f"<h2>Footnotes</h2><ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>" if items else ""
