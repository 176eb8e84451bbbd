"""What a page of the earlier site is read into, and the error that says why it cannot be."""

import dataclasses
import datetime
from typing import NamedTuple

from articles import review


class NotAnArticle(Exception):
    """The text cannot be read as a page of the earlier site, or not safely; the words say why and where."""


class Line(NamedTuple):
    """A line of the file with its number, which messages name."""

    number: int
    text: str


class LeftOut(NamedTuple):
    """A line that is no part of the article; `kind` says what it belongs to, and a known line may be quoted."""

    number: int
    text: str
    kind: str
    known: bool = True


@dataclasses.dataclass(frozen=True)
class Person:
    """Someone whom a page names, with the letters and the role that stand after the name."""

    name: str
    credentials: str = ""
    specialty: str = ""

    def __str__(self):
        return review.name_with_letters(self.name, self.credentials)


@dataclasses.dataclass
class Page:
    """The parts of a page, with the words of the text and nothing else; `sources` are dictionaries like Source.as_dict.

    `reviewed_on` is None where the page gives no day or none that can be trusted; `notes` say what the loader should look at.
    """

    title: str
    slug: str
    summary: str = ""
    need_to_know: str = ""
    body_html: str = ""
    sources: list[dict] = dataclasses.field(default_factory=list)
    reviewers: list[Person] = dataclasses.field(default_factory=list)
    edited: bool = False
    reviewed_on: datetime.date | None = None
    author: str = ""
    is_demonstration: bool = False
    outside: list[LeftOut] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    @property
    def left_out(self) -> list[str]:
        """The lines that are no part of the article, as they stand in the file."""
        return [line.text for line in sorted(self.outside)]


def short(text: str) -> str:
    """Return a line for a message."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
