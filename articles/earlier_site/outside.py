"""The lines of a page -> what is the article, what it says of itself, and what stood around it. Pure.

Two errors are worse than any other: a stranger's words under a reviewer's name, and an author's words lost without a sound. So
a line counts by its whole shape, its place and what follows; where these do not agree, reading stops and says where.
"""

import datetime
import re
from collections.abc import Sequence

from articles.earlier_site import wording
from articles.earlier_site.about import About, read_about
from articles.earlier_site.evidence import REVIEWED, Text
from articles.earlier_site.page import LeftOut, Line, NotAnArticle, short
from articles.earlier_site.wording import plain

ADVICE = (
    "Take out of the file what is not part of the article, or say with --last-line where the article ends. Nothing was loaded"
)
DEMONSTRATION = "Demonstration article. It has not been reviewed by a doctor."


class Reading:
    """Goes through the lines of a page once.

    Then `kept` are the lines of the article, with an empty one where something was taken out; `outside` is what was left out;
    `about` are the lines in which the page speaks of itself. With `last_line` a person says where the article ends, and no
    heading before it is taken for an end. Raises NotAnArticle where it is not certain what is what.
    """

    def __init__(self, lines: Sequence[Line], today: datetime.date, last_line: int | None = None):
        self.lines, self.today, self.last_line = lines, today, last_line
        self.text = Text(lines)
        self.kept: list[Line] = []
        self.outside: list[LeftOut] = []
        self.about: list[tuple[Line, About]] = []
        self._in_head = True
        self._paragraphs = 0
        self._closing: Line | None = None
        position = 0
        while position < len(lines):
            position = self._step(position)
        if not last_line:
            self._refuse_traces()
            self._refuse_text_after_review()

    def _step(self, position):
        """Take one line, or a box of lines; return where to go on."""
        line = self.lines[position]
        if self.last_line and line.number > self.last_line:
            return self._leave_rest(position, "rest")
        if size := self._bar(position):
            return position + size
        kind = self._end_marker(position)
        if kind in {"comments", "form"}:
            return self._leave_rest(position, kind)
        if kind:
            return self._leave(position, self._end_of_box(position, kind), kind)
        self._keep(line, self.text.plain[position])
        return position + 1

    def _keep(self, line, words):
        about = read_about(line, self.today, in_head=self._in_head, has_title=bool(self.text.title)) if words else None
        if about:
            self.about.append((line, about))
            if about.is_review and self._paragraphs > 1:
                self._closing = line
            self.kept.append(Line(line.number, ""))
            return
        begins = not self.kept or not self.kept[-1].text.strip()
        self.kept.append(line)
        if not words:
            return
        if not self.text.title:
            self.text.title = words
        elif words[-1] in ".!?…:;" or len(words.split()) >= 12:
            self._in_head = False
            self._paragraphs += begins

    def _leave(self, start, end, kind):
        for line in self.lines[start:end]:
            if line.text.strip():
                self.outside.append(LeftOut(line.number, line.text.strip(), kind))
        self.kept.append(Line(self.lines[start].number, ""))
        return end

    def _leave_rest(self, start, kind):
        """Leave out everything from here on; what is not known by its shape is a reader's, and is not quoted."""
        known = any(about.is_review for _, about in self.about)
        for line, words in zip(self.lines[start:], self.text.plain[start:], strict=True):
            if not line.text.strip():
                continue
            if kind != "rest" and (wording.ARTICLE_PART.fullmatch(words) or (not known and REVIEWED.match(words))):
                raise NotAnArticle(
                    f"line {self.lines[start].number} (“{short(self.lines[start].text)}”) looks like the end of the article, but "
                    f"line {line.number} (“{short(line.text)}”) belongs to one. {ADVICE}"
                )
            self.outside.append(LeftOut(line.number, line.text.strip(), *self._kind_in_rest(words, kind)))
        return len(self.lines)

    def _kind_in_rest(self, words, kind):
        if wording.FORM.fullmatch(words) or wording.LABEL.fullmatch(words):
            return "form", True
        if kind == "form" and wording.PLAIN_LABEL.fullmatch(words):
            return "form", True
        if wording.RELATED.fullmatch(words):
            return "related", True
        if wording.SKIP.fullmatch(words) or wording.NAVIGATION.fullmatch(words):
            return "navigation", True
        begins = wording.THREAD.fullmatch(words) or wording.THREAD_MAYBE.fullmatch(words) or self.text.names_the_title(words)
        return ("comments", True) if begins else ("rest" if kind == "rest" else "comments", False)

    def _bar(self, position):
        """Leave out a bar or box that may stand anywhere; return how many lines it has, 0 when none begins here."""
        words = self.text.plain[position]
        size, kind = 0, "navigation"
        if not words or self.text.is_wrapped(position) or self.text.is_point(position):
            return 0
        if words == DEMONSTRATION:
            size, kind = 1, "demonstration"
        elif any(shape.fullmatch(words) for shape in self._links()):
            size = 1
        elif wording.COOKIES.fullmatch(words):
            size, kind = self._run(position, wording.COOKIE_BUTTON), "cookies"
        elif wording.SHARE.fullmatch(words) or _is_bar(words):
            size, kind = self._run(position, wording.NETWORK, wording.SHARE), "share"
            size = size if self.text.title or size > 1 else 0
        elif self.text.title and wording.NEWSLETTER.fullmatch(words):
            size, kind = self._newsletter(position), "newsletter"
        if size:
            self._leave(position, position + size, kind)
        return size

    def _links(self):
        """Return the shapes of links that stand alone; above the text there are more, such as one to the comments below."""
        shapes = [wording.SKIP, wording.NAVIGATION]
        if self._in_head:
            shapes += [wording.CRUMBS, *([wording.THREAD, wording.FORM] if self.text.title else [])]
        return shapes

    def _run(self, position, *shapes):
        """Return the number of lines from here to the last that has one of the shapes, empty ones between them."""
        end = position + 1
        for following in self.text.rest(position):
            words = self.text.plain[following]
            if not any(shape.fullmatch(words) for shape in shapes) and not _is_bar(words):
                break
            end = following + 1
        return end - position

    def _newsletter(self, position):
        """Return the lines of a box with its button, or of its heading alone; "Stay informed" without one is a heading."""
        end = position
        for following in self.text.rest(position)[:6]:
            words = self.text.plain[following]
            if len(words.split()) > 40:
                break
            if wording.BUTTON.fullmatch(words) or wording.BOX_LINE.fullmatch(words):
                end = following
        if end > position:
            return end + 1 - position
        return 1 if re.search("newsletter|mailing list|boletín", self.text.plain[position], re.IGNORECASE) else 0

    def _end_marker(self, position):
        """Return what begins here that no article goes on after, or nothing. Raises when it is not certain."""
        text, words = self.text, self.text.plain[position]
        if not words or not text.title or text.is_wrapped(position) or text.is_point(position):
            return ""
        if text.names_the_title(words):
            return "comments"
        if wording.THREAD.fullmatch(words):
            return self._certain(position, "comments", not text.is_count_only(position))
        if wording.THREAD_OF_TITLE.fullmatch(words) or wording.THREAD_MAYBE.fullmatch(words):
            if text.has_traces(position, near=3) or not text.rest(position):
                return "comments"
            return "" if text.is_inside(position) else self._certain(position, "comments", False)
        if wording.FORM.fullmatch(words):
            sure = text.has_labels(position) or text.has_traces(position) or not text.prose(position)
            return self._certain(position, "form", sure)
        if wording.LABEL.fullmatch(words) and text.has_labels(position):
            return "form"
        for shape, kind, length, paragraphs in ((wording.RELATED, "related", 3, 0), (wording.AUTHOR_BOX, "author", 3, 2)):
            if shape.fullmatch(words):
                end = self._end_of_box(position, kind)
                return self._certain(position, kind, len(text.prose(position, end, at_least=length)) <= paragraphs)
        return ""

    def _end_of_box(self, position, kind):
        return self.text.end_of_box(position, wording.AUTHOR_BOX if kind == "related" else wording.RELATED)

    def _certain(self, position, kind, certain):
        if certain or self._closing:  # Under the line that says who reviewed it, no article goes on.
            return kind
        if self.last_line:
            return ""
        line = self.lines[position]
        raise NotAnArticle(
            f"line {line.number} (“{short(line.text)}”) may be the end of the article or a heading in it, and what follows does "
            f"not tell. {ADVICE}"
        )

    def _refuse_traces(self):
        """Stop when something in the article has the shape of a reader's comment or a form, whatever began it."""
        words = [(line, plain(line.text)) for line in self.kept if line.text.strip()]
        says = sum(bool(wording.SAYS.fullmatch(text)) for _, text in words)
        for index, (line, text) in enumerate(words):
            following = words[index + 1][1] if index + 1 < len(words) else ""
            said = wording.SAYS.fullmatch(text) and (says > 1 or wording.STAMP.fullmatch(following))
            if said or any(shape.fullmatch(text) for shape in (wording.STAMP, wording.REPLY, wording.LABEL)):
                raise NotAnArticle(
                    f"line {line.number} (“{short(text)}”) looks like part of a reader's comment or a form. {ADVICE}"
                )

    def _refuse_text_after_review(self):
        """Stop when something stands under the line that closes the article and says who reviewed it, but sources and such."""
        part = ""
        for line in self.kept:
            words = plain(line.text)
            if not self._closing or line.number <= self._closing.number or not words:
                continue
            if wording.ARTICLE_PART.fullmatch(words):
                part = words.casefold()
                continue
            is_point = bool(re.match(r"\s|[\d•*–-]", line.text))
            if not part or (not is_point and (re.match("sources|ref|bib|fuentes", part) or words[-1] not in ".!?:;,…")):
                raise NotAnArticle(
                    f"line {line.number} (“{short(words)}”) stands under the line that says who reviewed the article. If it is "
                    "part of the article, move it above that line; otherwise take it out. Nothing was loaded"
                )


def _is_bar(words):
    """Return whether a line is nothing but names of networks, such as "Facebook Twitter Email"."""
    names = re.split(r"\s*[|·,]\s*|\s+", words)
    return len(names) > 2 and all(wording.NETWORK.fullmatch(name) for name in names)
