"""[caption], [gallery], [embed] and those of plugins -> HTML, and a note of each that does nothing here. Pure."""

import html
import re
from collections.abc import Sequence

_TAG = re.compile(
    r"\[(?P<escaped>\[)?(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9_-]{0,40})(?P<more>(?:\s|=)[^\[\]]*|/)?\](?(escaped)\])"
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_URL = re.compile(r"https?://[^\s<>\"'\]]+")
_CAPTIONS = {"caption", "wp_caption"}
_PLAYED = {"audio", "video", "playlist"}
# Plugins' own that stand alone and without a value; other lone words in brackets are words.
_LONE = {"contact-form", "toc", "gallery", "playlist", "audio", "video", "ez-toc", "subscribe2", "jetpack_subscription_form"}


def attributes(text: str) -> dict[str, str]:
    """Return the attributes of a shortcode by name."""
    return {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(text or "")}


def undone(text: str, notes: list[str], attached: Sequence[str] = ()) -> str:
    """Return the text without its shortcodes; the words inside them stay.

    `attached` are the numbers of the post's own pictures, which a gallery shows that names none.
    """
    if "[" not in text:
        return text
    closed = {match["name"].lower() for match in _TAG.finditer(text) if match["end"]}

    def replace(match):
        if match["escaped"]:
            return match.group()[1:-1]
        name, given = match["name"].lower(), attributes(match["more"])
        if name in _CAPTIONS:
            words = given.get("caption", "")
            return "\n\n" + ("</figure>" if match["end"] else f"<figure>{words and f'<figcaption>{words}</figcaption>'}")
        if match["end"]:
            return "" if name in closed else match.group()
        if name == "gallery":
            named = [
                number for number in re.split(r"[\s,]+", given.get("ids", "") or given.get("include", "")) if number.isdigit()
            ]
            left_out = set(re.split(r"[\s,]+", given.get("exclude", "")))
            numbers = named or [number for number in attached if number not in left_out]
            if not numbers:
                notes.append(f"the gallery [gallery{match['more'] or ''}], which has no pictures")
            # Each is a picture of its own here.
            return "\n\n" + "".join(f'<figure><img data-gallery="{number}"></figure>' for number in numbers) + "\n\n"
        if name == "embed":
            notes.append("an embedded page became a link")
            return "\n\n"
        if name in _PLAYED:
            links = [value for value in given.values() if _URL.fullmatch(value)]
            notes.append(f"[{name}] became {'a link' if links else 'nothing: it names no file'}")
            return "\n\n" + "\n\n".join(f'<a href="{html.escape(link)}">{html.escape(link)}</a>' for link in links) + "\n\n"
        if not (given or name in closed or name in _LONE or re.search(r"[_-]", name)):
            return match.group()
        notes.append(f"the shortcode [{name}] does nothing here; words inside it stay")
        return ""

    return _TAG.sub(replace, text)
