"""A post's text and what stands around it -> the parts of an article, taken from HTML that was cleaned. Pure."""

import dataclasses
import datetime
import html
import re
from collections.abc import Callable, Mapping, Sequence

from django.utils.text import slugify

from articles.earlier_site.about import read_about
from articles.earlier_site.page import Line, NotAnArticle, Person
from articles.earlier_site.people import bare
from articles.html import rendering
from articles.html.cleaning import TooDeep
from articles.html.places import PIECE, with_ids, words
from lupussite.wordpress.content import blocks, markup, shortcodes
from lupussite.wordpress.content.figures import Finder, figures

_NEED_TO_KNOW = re.compile(r"need to know:?", re.IGNORECASE)
_SAYS_SOMETHING = re.compile(r"review|revis|\bby\b|author|autor", re.IGNORECASE)
_LEAD_IN = re.compile(r"<li>([A-Z][^.:!?<>]{0,60}:)\s+(?=[^<]*(?:<|$))")
_INNERMOST_LIST = re.compile(r"<(ol|ul)\b[^<>]*>\n(?:(?!</?[uo]l\b).)*</\1>", re.DOTALL)
_COLON = re.compile(r"(<li>\s*<(strong|b)>[^<]*?)\s*</\2>:\s*")
_ADDRESS = re.compile(r"https?://\S+")
_OPEN = re.compile(r"<([a-z0-9]+)")
_REVIEW_FIELD = re.compile(r"review(?:ed|er)?", re.IGNORECASE)
_WHEN = re.compile(r"date|_on$|_at$|last_reviewed|reviewed$", re.IGNORECASE)
# Space that nobody typed; patterns that look for space at both ends of something would look at each of them from each.
_LONG_SPACE = re.compile(r"\s{200,}")
MOST_NAME = 120
MOST_BODY = 300_000
SHORT = 300


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What the text of a post refers to: reusable blocks by number, where a link leads now, and the pictures that are here."""

    today: datetime.date
    reusable: Mapping[str, str] = dataclasses.field(default_factory=dict)
    link: Callable[[str], str] = str
    picture: Finder = lambda wanted: f"not here: {wanted['src'] or wanted['id']}"


@dataclasses.dataclass
class Parts:
    """What became of a post; `lost` are things that do not come through, `check` what a person should look at."""

    title: str = ""
    summary: str = ""
    need_to_know: str = ""
    body: str = ""
    author: str = ""
    reviewers: list[Person] = dataclasses.field(default_factory=list)
    edited: bool = False
    reviewed_on: datetime.date | None = None
    lost: list[str] = dataclasses.field(default_factory=list)
    check: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Beside:
    """What a post has beside its text: its fields by name, those of plugins too, and the numbers of its own pictures."""

    excerpt: str = ""
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    attached: Sequence[str] = ()


def of_page(text: str, around: Surroundings, beside: Beside) -> Parts:
    """Return the body of a page, whose words all stay where they are."""
    parts = Parts()
    parts.body = "\n".join(_with_lead_picture(_blocks(_cleaned(text, around, beside, parts)), around, beside, parts))
    return parts


def of_post(text: str, around: Surroundings, beside: Beside) -> Parts:
    """Return the parts of a post. What fields of plugins say of a review counts like a line of the text."""
    parts = Parts()
    found = _blocks(_with_lead_ins(_cleaned(text, around, beside, parts), parts))
    found = [kept for block in found if (kept := _without_about(block, parts, around.today))]
    for name, value in beside.fields.items():
        _read_field(name, value, parts, around.today)
    found = _take_need_to_know(found, parts)
    parts.summary = _summary(found, beside.excerpt)
    parts.body = "\n".join(_with_lead_picture(found, around, beside, parts))
    if not parts.reviewers:
        parts.reviewed_on = None
    return parts


def plain(text: str) -> str:
    """Return a line of HTML, such as a title, as plain words."""
    kept = rendering.clean(text)
    return words(kept.html)


def _cleaned(text, around, beside, parts):
    notes = blocks.footnotes_html(beside.fields.get("footnotes", ""))

    def classic(piece):
        return markup.classic(_spaced(shortcodes.undone(piece, parts.lost, beside.attached)))

    if blocks.has_blocks(text):
        has_place = "<!-- wp:footnotes" in text
        text = blocks.undone(text, parts.lost, reusable=around.reusable, footnotes=notes, classic=classic)
        text = shortcodes.undone(text, parts.lost, beside.attached) + ("" if has_place else notes)
    else:
        text = classic(text) + notes
    text = figures(_spaced(text), around.picture, around.link, parts.lost, parts.check)
    text = markup.mended(text, parts.lost, around.link)
    old_ids = re.findall(r"<h[23]\b[^<>]*?\sid=[\"']([^\"'<>]+)[\"']", text)
    try:
        cleaned = rendering.clean(_with_places(text, old_ids))
    except TooDeep as error:
        parts.lost.append(f"the whole layout: {error}; the words stay as one paragraph")
        cleaned = rendering.clean(f"<p>{html.escape(re.sub(r'<[^<>]*>', ' ', text))}</p>")
    if len(cleaned.html) > MOST_BODY:
        parts.check.append(f"the text is very long ({len(cleaned.html):,} characters)")
    parts.lost += [f"left out: {what}" for what in cleaned.removed]
    return cleaned.html


def _spaced(text):
    return _LONG_SPACE.sub(lambda match: "\n\n" if match.group().count("\n") > 1 else " ", text)


def _with_places(text, old_ids):
    """Let links to headings of the post follow the names that headings get here."""
    if not old_ids or 'href="#' not in text:
        return text
    there = re.findall(r"<(h[23])\b([^<>]*)>(.{0,3000}?)</\1\s*>", text, re.DOTALL)
    plainly = "".join(f"<{tag}>{html.escape(words(inner))}</{tag}>" for tag, _, inner in there)
    pairs = zip(there, with_ids(PIECE.split(plainly)), strict=False)
    new = {found[1]: name for (_, given, _), name in pairs if (found := re.search(r"\sid=[\"']([^\"']+)", given))}
    return re.sub(r'href="#([^"]*)"', lambda match: f'href="#{new.get(match[1], match[1])}"', text)


def _with_lead_picture(found, around, beside, parts):
    """Return the blocks with the post's own picture above them, as themes show it, unless the text shows it too."""
    number = beside.fields.get("_thumbnail_id", "").strip()
    if not number.isdigit() or number == "0":
        return found
    figure = figures(f'<img data-gallery="{number}">', around.picture, around.link, parts.lost, parts.check)
    figure = rendering.clean(figure).html.strip()
    picture = re.search(r'src="([^"]*)"', figure)
    return found if picture is None or any(picture[0] in block for block in found) else [figure, *found]


def _blocks(text):
    """Return the outermost blocks of cleaned HTML, each as HTML."""
    found, depth, piece = [], 0, []
    for part in PIECE.split(text):
        piece.append(part)
        if part.startswith("</"):
            depth -= 1
        elif part.startswith("<") and not part.startswith(("<br", "<hr", "<img")):
            depth += 1
        if depth == 0 and part.startswith("<"):
            found.append("".join(piece).strip("\n"))
            piece = []
    return [block for block in [*found, "".join(piece).strip("\n")] if block]


def _tag(block):
    match = _OPEN.match(block)
    return match[1] if match else ""


def _with_lead_ins(text, parts):
    """Make the words before the first colon of a point bold, as the loader of single pages does, where each point has some."""

    def one(match):
        points = match.group().count("<li>")
        if points < 2 or "<strong>" in match.group() or "<b>" in match.group():
            return _COLON.sub(r"\1:</\2> ", match.group())
        bold, count = _LEAD_IN.subn(r"<li><strong>\1</strong> ", match.group())
        return bold if count == points else match.group()

    return _INNERMOST_LIST.sub(one, text)


def _without_about(block, parts, today):
    """Return the block without its lines that say who reviewed or wrote the post; what they say goes into the parts."""
    if _tag(block) not in {"p", "h2", "h3"} or len(block) > 1500:
        return block
    opening, closing = re.match(r"<[^<>]*>", block).group(), re.search(r"</[^<>]*>\Z", block).group()
    inner = block[len(opening) : -len(closing)]
    lines = inner.split("<br>")
    kept = [line for line in lines if not _is_about(words(line), parts, today)]
    if len(kept) == len(lines):
        return block
    return f"{opening}{'<br>'.join(kept)}{closing}" if kept else ""


def _is_about(text, parts, today):
    if not text or len(text) > 400 or not _SAYS_SOMETHING.search(text):
        return False
    try:
        about = read_about(Line(0, text), today, in_head=False)
    except NotAnArticle:
        parts.check.append(f"this line about a review can't be read, so it isn't shown: “{text}”")
        return True
    if about is None or not (about.is_review or about.author):
        return False
    _take(about, parts)
    if not about.reviewers:
        parts.check.append(f"taken out of the text: “{text}”")
    return True


def _take(about, parts):
    parts.edited = parts.edited or about.edited
    parts.author = parts.author or about.author
    parts.check += about.problems
    parts.reviewed_on = parts.reviewed_on or about.reviewed_on
    for person in about.reviewers:
        if max(map(len, (person.name, person.credentials, person.specialty))) > MOST_NAME:
            parts.check.append(f"a name that is too long for one isn't taken as a reviewer's: “{person.name[:60]}…”")
            continue
        same = next((one for one in parts.reviewers if slugify(one.name) == slugify(person.name)), None)
        if same is None:
            parts.reviewers.append(person)
        elif person.credentials and not same.credentials:
            parts.reviewers[parts.reviewers.index(same)] = person
        elif person.credentials and bare(person.credentials) != bare(same.credentials):
            parts.check.append(f"two lines give {person.name} different letters: {same.credentials}; {person.credentials}")


def _read_field(name, value, parts, today):
    """Read a plugin's field such as "medically_reviewed_by"; one that names nobody is listed like any other field."""
    if not _REVIEW_FIELD.search(name) or not value.strip() or len(value) > 300:
        return
    said = re.sub(r"\A(\d{4})(\d\d)(\d\d)\Z", r"\1-\2-\3", plain(value))
    line = f"Last reviewed: {said}" if _WHEN.search(name) else f"Reviewed by {said}"
    try:
        about = read_about(Line(0, line), today, in_head=True)
    except NotAnArticle:
        about = None
    if about and (about.reviewers or about.reviewed_on):
        _take(about, parts)


def _take_need_to_know(found, parts):
    for place, block in enumerate(found):
        is_heading = _tag(block) in {"h2", "h3"} or re.fullmatch(r"<p><(strong|b)>[^<]*</\1>:?</p>", block)
        if not (is_heading and _NEED_TO_KNOW.fullmatch(words(block))):
            continue
        end = place + 1
        while end < len(found) and _tag(found[end]) not in {"h2", "h3"}:
            end += 1
        section = found[place + 1 : end]
        text = "\n\n".join(_block_text(one) for one in section if _tag(one) != "figure")
        if not text:
            return found
        parts.need_to_know = text
        return found[:place] + [one for one in section if _tag(one) == "figure"] + found[end:]
    return found


def _block_text(block):
    """Return a block as the plain text of a box: points begin with "- ", those of a numbered list stay in a sentence."""
    if _tag(block) in {"ul", "ol"}:
        points = [words(point) for point in re.findall(r"<li\b[^<>]*>(.*?)</li>", block, re.DOTALL)]
        if _tag(block) == "ul":
            return "\n".join(f"- {point}" for point in points)
        return " ".join(f"{number}. {point}" for number, point in enumerate(points, 1))
    return words(block)


def _summary(found, excerpt):
    """Return the summary: the excerpt, else the first paragraph, which then leaves the text if anything is left."""
    first = next(
        (place for place, block in enumerate(found) if _tag(block) == "p" and not _ADDRESS.fullmatch(words(block))), None
    )
    # A picture above the first words is no reason to say them twice.
    is_opening = (
        first is not None
        and all(_tag(block) == "figure" for block in found[:first])
        and any(_tag(block) != "figure" and words(block) for block in found[first + 1 :])
    )
    given = plain(excerpt)
    if given:
        if is_opening and words(found[first]) == given:
            del found[first]
        return given
    if first is None:
        return _cut(" ".join(filter(None, map(words, found))))
    said = words(found[first])
    if is_opening:
        if re.search(r"<(?!/?p\b|br)", found[first]):
            # A summary is plain text: what is bold or a link in it would be lost, so the paragraph stays as well.
            return _cut(said)
        del found[first]
    return said


def _cut(text):
    return text if len(text) <= SHORT else f"{text[: text.rfind(' ', 0, SHORT)]}…"
