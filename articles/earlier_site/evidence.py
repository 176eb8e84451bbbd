"""What stands around a line that may be the end of the article: what tells whether it is. Pure."""

import re
from collections.abc import Sequence

from articles.earlier_site import wording
from articles.earlier_site.page import Line
from articles.earlier_site.wording import plain

REVIEWED = re.compile(r"(?:medically )?reviewed (?:and edited )?by\b|revisado (?:médicamente )?por\b", re.IGNORECASE)


class Text:
    """The lines of a page with their plain forms, and the title once it is known."""

    def __init__(self, lines: Sequence[Line]):
        self.lines = lines
        self.plain = [plain(line.text) for line in lines]
        self.title = ""

    def names_the_title(self, words: str) -> bool:
        """Return whether a line such as "2 thoughts on “Title”" names this page, perhaps cut short, or no page at all."""
        match = wording.THREAD_OF_TITLE.fullmatch(words)
        if not match:
            return False
        named, title = (re.sub(r"\W+", " ", text).strip().casefold() for text in (match["title"], self.title))
        is_cut = match["title"].rstrip(" ”\"'»").endswith(("…", "..."))
        return not named or named == title or (is_cut and title.startswith(named))

    def is_point(self, position: int) -> bool:
        """Return whether the line is a point of a list, which nothing begins or ends with."""
        return bool(re.match(r"\s*(?:[-–—*•‣◦▪·]|\w{1,3}[.)])\s", self.lines[position].text))

    def is_wrapped(self, position: int) -> bool:
        """Return whether the line is a piece of a paragraph that was broken into lines."""
        before = self.lines[position - 1].text.strip() if position else ""
        after = self.lines[position + 1].text.strip() if position + 1 < len(self.lines) else ""
        text = self.lines[position].text.strip()
        goes_on = bool(before) and (text[0].islower() or (len(before) > 60 and before[-1] not in '.!?…:”"'))
        return goes_on or (after[:1].islower() and len(text) > 40)

    def rest(self, position: int, end: int | None = None) -> list[int]:
        """Return the places after this one, up to `end`, where something is written."""
        return [following for following in range(position + 1, end or len(self.lines)) if self.plain[following]]

    def prose(self, position: int, end: int | None = None, *, at_least: int = 3) -> list[int]:
        """Return the places after this one of sentences that are no part of a form, a list of links or a footer."""
        known = (wording.FORM, wording.NAVIGATION, wording.COOKIES, wording.THREAD)
        return [
            following
            for following in self.rest(position, end)
            if len(self.plain[following].split()) >= at_least
            and self.plain[following].endswith((".", ":"))
            and not self.plain[following].endswith(("...", "Read more."))
            and not any(shape.fullmatch(self.plain[following]) for shape in known)
        ]

    def has_labels(self, position: int) -> bool:
        """Return whether fields and buttons of a form come right after this line."""
        near = [self.plain[following] for following in self.rest(position)[:8]]
        return any(shape.fullmatch(words) for shape in (wording.LABEL, wording.PLAIN_LABEL, wording.FORM) for words in near)

    def has_traces(self, position: int, near: int | None = None) -> bool:
        """Return whether readers' comments follow, before another line that certainly begins them or a form.

        `near`: only so many lines are looked at.
        """
        for following in self.rest(position)[:near]:
            words = self.plain[following]
            if any(shape.fullmatch(words) for shape in (wording.STAMP, wording.SAYS, wording.REPLY, wording.DATE)):
                return True
            if self._begins(words):
                return not self.prose(position, following)
        return False

    def is_inside(self, position: int) -> bool:
        """Return whether the article goes on: its sources or reviewers stand below, and no comments begin before those."""
        for following in self.rest(position):
            words = self.plain[following]
            if wording.ARTICLE_PART.fullmatch(words) or REVIEWED.match(words):
                return True
            if self._begins(words):
                return False
        return False

    def _begins(self, words):
        shapes = (wording.THREAD, wording.FORM, wording.LABEL)
        return self.names_the_title(words) or any(shape.fullmatch(words) for shape in shapes)

    def is_count_only(self, position: int) -> bool:
        """Return whether the comments begin later, after paragraphs without a trace of one: the line counted them up here."""
        for following in self.rest(position):
            words = self.plain[following]
            if self.names_the_title(words) or (wording.THREAD.fullmatch(words) and wording.said_count(words) is not None):
                return bool(self.prose(position, following)) and not self.has_traces(position)
        return False

    def end_of_box(self, position: int, *others: re.Pattern) -> int:
        """Return where a box ends: where the article goes on or something else begins."""
        shapes = [
            wording.THREAD,
            wording.THREAD_MAYBE,
            wording.FORM,
            wording.ARTICLE_PART,
            wording.NEWSLETTER,
            wording.SHARE,
            *others,
        ]
        for following in self.rest(position):
            words = self.plain[following]
            if any(shape.fullmatch(words) for shape in shapes) or self.names_the_title(words) or REVIEWED.match(words):
                return following
        return len(self.lines)
