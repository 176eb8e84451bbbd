"""What may make a text harder to read than it need be. Hints beside the editor, never gates. Pure.

The reading grade is that of Flesch and Kincaid (1975): 0.39 words per sentence + 11.8 syllables per word - 15.59. Syllables are
counted as groups of vowels, so it is good to about one grade, and for English only.
"""

import dataclasses
import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.html import rendering
from articles.html.tags import names

LONG_SENTENCE = 25
EASY_GRADE = 8
MOST_EXAMPLES = 8
# Read as words by most people, or part of a name.
KNOWN = names("AIDS AM BC COVID DIY DNA DVD EU FAQ FDA HIV ID IQ NHS OK PDF PIN PM QR SMS SPF TV UK UN URL US USA UV WHO")

# Who hears only the links of a page, as people with a screen reader do, learns nothing of these.
_EMPTY_WORDS = re.compile(
    r"(click |see )?(here|this)|(this )?(link|page)|((learn|read|see) )?more|(ha(ga|z) clic )?aquí|(leer )?más( información)?"
)

_BLOCKS = names("p h2 h3 li blockquote caption td th dt dd")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(¿¡]*[^\W_a-z])")
_SHORT = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|vs|etc|approx|Fig|al|e\.g|i\.e)|(?<!\S)[ceipv])\.$")
_INITIAL = re.compile(r"[(“\"‘'\[]*[A-Z]\.")
# A capital letter after one of these, after a number or a slash is no initial of a name: "vitamin D.", "2 L.", "nmol/L."
_NAMED_BY_LETTER = names(
    "appendix class factor figure grade group hepatitis influenza part protein stage table type vitamin vitamins"
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_ABBREVIATION = re.compile(r"(?<![\w-])([A-Z]{2,6})(?=s?(?![\w]))")


@dataclasses.dataclass(frozen=True)
class Hint:
    """Something to look at, in plain words, and the places that it is about, at most MOST_EXAMPLES of them."""

    words: str
    examples: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list item or a cell; `explained` are the abbreviations that the editor gave a title."""

    tag: str
    text: str
    explained: frozenset[str] = frozenset()


@dataclasses.dataclass
class Link:
    """A link in the body, and its words."""

    href: str
    words: str = ""


def hints(content: dict, *, dead: Collection[str] = ()) -> list[Hint]:
    """Return what could be easier in a content, as a revision freezes it; `dead` are the links in it that lead nowhere."""
    body = _read(content["body_html"])
    blocks = [*_plain_blocks(content), *body.blocks]
    sentences = [sentence for block in blocks for sentence in split(block.text)]
    return [
        *_first_things(content),
        *_reading(content["language"], sentences),
        *_abbreviations(blocks),
        *_headings(blocks),
        *_marks(content, blocks),
        *_links(body.links, dead),
        *_tables(body.headless),
    ]


def linked(content: dict) -> list[str]:
    """Return the addresses that the body of a content links to."""
    return [link.href for link in _read(content["body_html"]).links]


def reading_grade(sentences: list[str]) -> float | None:
    """Return the grade of school at which English sentences are read with ease, or None without any words."""
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        return None
    count = sum(1 for sentence in sentences if _WORD.search(sentence))
    return 0.39 * len(words) / count + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Return about how many syllables an English word has: its groups of vowels, without a silent e at the end."""
    word = word.lower()
    groups = len(_VOWELS.findall(word))
    if groups > 1 and re.search(r"[^aeiouyl]e$|[gq]ue$|[^aeiouytd]ed$|[^aeiouyscxzgh]es$", word):
        groups -= 1
    return max(groups, 1)


def split(text: str) -> list[str]:
    """Return the sentences of a block of text; "Dr.", "e.g." and the initials of a name end none."""
    sentences: list[str] = []
    for part in _SENTENCE_END.split(text):
        if sentences and _goes_on(sentences[-1]):
            sentences[-1] += f" {part}"
        elif part.strip():
            sentences.append(part.strip())
    return sentences


def _goes_on(text: str) -> bool:
    """Return whether the full stop at the end of the text ends no sentence."""
    # The last two words alone: a text of initials only is cut as quickly as any other.
    *before, last = text[-80:].split()[-2:]
    if _SHORT.search(last):
        return True
    return bool(_INITIAL.fullmatch(last)) and not (
        before and (before[0].casefold() in _NAMED_BY_LETTER or before[0][:1].isdigit())
    )


class _Reader(HTMLParser):
    """Collects the blocks of cleaned HTML in the order in which they are read."""

    def __init__(self):
        super().__init__()
        self.blocks: list[Block] = []
        self.tags = ["p"]
        self.words: list[str] = []
        self.explained: set[str] = set()
        self.titled = False
        self.links: list[Link] = []
        self.link: Link | None = None
        # The first row of each table in which no cell is a heading.
        self.headless: list[str] = []
        # Of the first row of a table while it is read: the tags of its cells, and how many blocks came before it.
        self.cells: set[str] | None = None
        self.before_row = 0
        self.is_first_row = False

    def handle_starttag(self, tag, attrs):
        """Begin a block, a link or a row, or remember that an abbreviation has a title."""
        if tag in _BLOCKS:
            self.flush()
            self.tags.append(tag)
        if tag == "table":
            self.is_first_row = True
        elif tag == "tr" and self.is_first_row:
            self.flush()
            self.cells, self.before_row, self.is_first_row = set(), len(self.blocks), False
        elif tag in {"td", "th"} and self.cells is not None:
            self.cells.add(tag)
        elif tag == "a":
            self.link = Link(dict(attrs).get("href") or "")
            self.links.append(self.link)
        elif tag == "br":
            self.words.append(" ")
        elif tag == "abbr":
            self.titled = bool(dict(attrs).get("title"))

    def handle_endtag(self, tag):
        """End a block."""
        if tag in _BLOCKS and len(self.tags) > 1:
            self.flush()
            self.tags.pop()
        elif tag == "abbr":
            self.titled = False
        elif tag == "a":
            self.link = None
        elif tag == "tr" and self.cells is not None:
            if self.cells and "th" not in self.cells:
                self.headless.append(" | ".join(block.text for block in self.blocks[self.before_row :]))
            self.cells = None

    def handle_data(self, data):
        """Keep words."""
        self.words.append(data)
        if self.link:
            self.link.words += data
        if self.titled:
            self.explained.update(_ABBREVIATION.findall(data))

    def flush(self):
        """Keep the words so far as a block."""
        text = " ".join("".join(self.words).split())
        if text:
            self.blocks.append(Block(self.tags[-1], text, frozenset(self.explained)))
        self.words, self.explained = [], set()


def _read(html: str) -> _Reader:
    """Return what was read of cleaned HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader


def _plain_blocks(content: dict) -> Iterator[Block]:
    """Yield what is read before the body."""
    for text in (content["summary"], content["need_to_know"]):
        for kind, parts in rendering.paragraphs(text):
            yield from (Block("li" if kind == "ul" else "p", part) for part in parts)


def _first_things(content) -> Iterator[Hint]:
    if not content["summary"].strip():
        yield Hint(_("Add a summary. It appears in lists and search results."))
    if not content["sources"] and not content["no_source_reason"]:
        yield Hint(_("Add sources, or say why none are needed."))


def _reading(language, sentences) -> Iterator[Hint]:
    if language == "en" and (grade := reading_grade(sentences)) is not None:
        shown = _("Reading level: about grade {grade}.").format(grade=max(round(grade), 1))
        advice = _("Grade {easy} or lower is easier for tired readers.").format(easy=EASY_GRADE)
        yield Hint(shown if grade < EASY_GRADE + 0.5 else f"{shown} {advice}")
    elif language != "en":
        yield Hint(_("We only check the reading level of English text."))
    long = [(len(words), sentence) for sentence in sentences if len(words := sentence.split()) > LONG_SENTENCE]
    if long:
        words = _("{sentence} ({count} words)")
        shown = tuple(words.format(sentence=_short(sentence), count=count) for count, sentence in long[:MOST_EXAMPLES])
        said = ngettext(
            "{count} sentence has more than {most} words:", "{count} sentences have more than {most} words:", len(long)
        )
        yield Hint(said.format(count=len(long), most=LONG_SENTENCE), shown)


def _abbreviations(blocks) -> Iterator[Hint]:
    seen: dict[str, bool] = {}
    for block in blocks:
        if block.text.isupper():
            continue
        for match in _ABBREVIATION.finditer(block.text):
            if match.group(1) not in seen:
                seen[match.group(1)] = match.group(1) in block.explained or _is_written_out(block.text, match)
    unexplained = [name for name, is_explained in seen.items() if not is_explained and name not in KNOWN]
    if unexplained:
        yield Hint(_("Spell out these abbreviations the first time you use them:"), tuple(unexplained[:MOST_EXAMPLES]))


def _is_written_out(text, match) -> bool:
    """Return whether it stands as "long form (ABC)", or as "ABC (long form)"."""
    before, after = text[: match.start()], text[match.end() :]
    in_brackets = re.search(r"[^\W\d_]{3,}[”\"’']?\s\($", before) and re.match(r"s?[),;]", after)
    return bool(in_brackets or re.match(r"s?\s\([^()]*[a-z]{3,}[^()]*\)", after))


def _headings(blocks) -> Iterator[Hint]:
    headings = [block for block in blocks if block.tag in {"h2", "h3"}]
    if headings and headings[0].tag == "h3":
        yield Hint(_("The first heading is a subheading. Start with a main heading:"), (headings[0].text,))


def _marks(content, blocks) -> Iterator[Hint]:
    count = len(content["sources"])
    named = {number for block in blocks for number in rendering.marks(block.text)}
    if nowhere := sorted(number for number in named if number > count):
        yield Hint(_("These citations have no source:"), tuple(f"[{number}]" for number in nowhere[:MOST_EXAMPLES]))
    if silent := [number for number in range(1, count + 1) if number not in named]:
        shown = (f"{number}. {_short(content['sources'][number - 1]['title'])}" for number in silent[:MOST_EXAMPLES])
        yield Hint(_("These sources aren't cited in the text:"), tuple(shown))


def _links(links: list[Link], dead: Collection[str]) -> Iterator[Hint]:
    if found := [link for link in links if link.href in dead]:
        yield Hint(_("These links lead to no page that readers can open:"), _shown(found))
    if found := [link for link in links if link.href.lower().startswith("http://")]:
        yield Hint(_("These links aren't encrypted. Try https:// instead of http://:"), _shown(found))
    if found := [link for link in links if _EMPTY_WORDS.fullmatch(" ".join(re.findall(r"\w+", link.words.casefold())))]:
        yield Hint(_("These links don't say where they lead. Use words that name the page:"), _shown(found))


def _shown(links: list[Link]) -> tuple[str, ...]:
    lines = dict.fromkeys(f"{_short(' '.join(link.words.split()))} ({_short(link.href)})" for link in links)
    return tuple(lines)[:MOST_EXAMPLES]


def _tables(headless: list[str]) -> Iterator[Hint]:
    if headless:
        words = _("These tables have no header row. Screen readers need one to say what each cell is about:")
        yield Hint(words, tuple(map(_short, headless[:MOST_EXAMPLES])))


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159]}…"
