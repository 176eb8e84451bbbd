"""The pictures of a text: which it shows, and the HTML with which readers get them. Pure.

An editor's text has `<figure><img alt="…" src="/pictures/<hash>.jpg"><figcaption>…</figcaption></figure>`; a frozen one also
names the smaller files, so that a phone loads no more than it can show. An empty `alt` says that the picture is decorative there;
without the attribute it has the words of its upload.
"""

import html as html_module
import re
from collections.abc import Mapping, Sequence

from articles.html.places import words
from articles.html.tags import OUR_PICTURE

_FIGURE = re.compile(
    r"(?P<start><figure[^>]*>)\s*<img(?: alt=\"(?P<alt>[^\"]*)\")? src=\"(?P<src>[^\"]*)\"[^>]*>\s*"
    r"(?:(?P<begin><figcaption[^>]*>)(?P<caption>.*?)</figcaption>)?\s*</figure>",
    re.DOTALL,
)
# How wide the text is; see --measure in site.css.
_SIZES = "(min-width: 42rem) 40rem, 100vw"


def shown(html: str, pictures: Mapping[str, dict]) -> tuple[str, list[dict], list[str]]:
    """Return cleaned HTML with its figures as readers get them, what is frozen of each, and the descriptions of those unknown.

    `pictures` says of each hash what is known of the picture: `alt`, `credit`, `license`, `width`, `height`, `files`. Of one that
    it does not have, only the caption stays.
    """
    frozen: list[dict] = []
    unknown: list[str] = []

    def figure(match: re.Match) -> str:
        sha256, alt = _hash(match["src"]), html_module.unescape(match["alt"] or "")
        caption = match["caption"] or ""
        if sha256 not in pictures:
            unknown.append(alt)
            return f"<p>{caption}</p>" if caption else ""
        facts = pictures[sha256]
        entry = {"sha256": sha256, "caption": words(caption)} | facts | ({} if match["alt"] is None else {"alt": alt})
        frozen.append(entry)
        credit = ", ".join(html_module.escape(said) for said in (entry["credit"], entry["license"]) if said)
        below = " ".join(filter(None, [caption, credit and f"<small>{credit}</small>"]))
        below = f"\n{match['begin'] or '<figcaption>'}{below}</figcaption>" if below else ""
        return f"{match['start']}\n{_picture(match['src'], entry)}{below}\n</figure>"

    return _FIGURE.sub(figure, html), frozen, unknown


def hashes(html: str) -> set[str]:
    """Return the hashes of the pictures in cleaned HTML."""
    return {_hash(match["src"]) for match in _FIGURE.finditer(html)}


def smallest(files: Sequence[dict]) -> dict:
    """Return the file of a picture that is shown where a small one will do, in a kind that every browser reads."""
    return next(file for file in files if not file["name"].endswith(".webp"))


def _hash(src: str) -> str:
    return OUR_PICTURE.fullmatch(src)[1]


def _picture(src: str, entry: dict) -> str:
    webp, others = [], []
    for file in entry["files"]:
        (webp if file["name"].endswith(".webp") else others).append(f"/pictures/{file['name']} {file['width']}w")
    return (
        f'<picture><source type="image/webp" srcset="{", ".join(webp)}" sizes="{_SIZES}">'
        f'<img alt="{html_module.escape(entry["alt"])}" src="{src}" srcset="{", ".join(others)}" sizes="{_SIZES}" '
        f'width="{entry["width"]}" height="{entry["height"]}" loading="lazy"></picture>'
    )
