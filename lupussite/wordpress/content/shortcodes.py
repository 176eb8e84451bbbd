"""[caption], [gallery], [embed] and those of plugins -> HTML, and a note of each that does nothing here. Pure."""

import html
import re

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


def undone(text: str, notes: list[str], pictures: list[dict]) -> str:
    """Return the text without its shortcodes; the words inside them stay. `pictures` gets what galleries name."""
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
            ids = [number for number in re.split(r"[\s,]+", given.get("ids", "") or given.get("include", "")) if number.isdigit()]
            pictures.extend({"id": number} for number in ids)
            notes.append(f"the gallery [gallery{match['more'] or ''}]: its pictures are listed under pictures")
            return "\n\n"
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
