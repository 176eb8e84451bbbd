"""One comment as the rules read it: each view of the text is made once, when the first rule asks for it."""

import bisect
import dataclasses
import functools

from comments.screening.text.folding import Folded, folded, without_padding
from comments.screening.text.likeness import Likeness, likeness
from comments.screening.text.phrases import Hit, phrasebook
from comments.screening.text.words import Speller, plain
from comments.screening.types import NOTHING_KNOWN, NOTHING_WATCHED, History, Signal, Submission, Watch
from comments.screening.web_addresses import without_web_addresses


@functools.cache
def speller() -> Speller:
    """Return what undoes disguises, made once from the words of all phrases."""
    return Speller(phrasebook().vocabulary)


@dataclasses.dataclass(frozen=True)
class Reading:
    """A submission with what is known around it, and the views of its text.

    The views hold the body and, as a sentence of its own behind it, the name: a cry for help may stand there.
    """

    submission: Submission
    history: History = NOTHING_KNOWN
    watch: Watch = NOTHING_WATCHED

    @functools.cached_property
    def text(self) -> str:
        """Body and name, as typed."""
        return f"{self.submission.body}\n.\n{self.submission.name}" if self.submission.name else self.submission.body

    @functools.cached_property
    def folded(self) -> Folded:
        """The text as it looks, case and punctuation kept; what only fills it is cut short."""
        return without_padding(folded(self.text))

    @functools.cached_property
    def plain(self) -> Folded:
        """The text as words in small letters, disguises undone."""
        return plain(self.folded, speller())

    @functools.cached_property
    def found(self) -> dict[str, list[Hit]]:
        """What the phrases found, by category."""
        return phrasebook().find(self.plain)

    @functools.cached_property
    def likeness(self) -> dict[str, Likeness]:
        """What the words of the body are like, by kind."""
        return likeness(self.plain.text[: self._end_of_body])

    @functools.cached_property
    def likeness_without_links(self) -> dict[str, Likeness]:
        """What the words of the body are like when its web addresses are left out."""
        body = without_web_addresses(self.submission.body)
        return self.likeness if body == self.submission.body else Reading(Submission(name="", email="", body=body)).likeness

    @functools.cached_property
    def likeness_of_name(self) -> dict[str, float]:
        """The scores of a name of four words or more, by kind; two words of a person say nothing of their wish."""
        name = self.plain.text[self._end_of_body :].strip(" .")
        return {kind: found.score for kind, found in likeness(name).items()} if name.count(" ") >= 3 else {}

    @functools.cached_property
    def _end_of_body(self) -> int:
        """Where the plain text of the body ends."""
        return bisect.bisect_left(self.plain.at, len(self.submission.body))

    def like(self, code: str, kind: str, limit: float) -> list[Signal]:
        """Return the signal of a text that is like a kind by more than `limit`, with the sentence that is most so."""
        found = self.likeness.get(kind)
        return [Signal(code, spans=self.spans([found.place]))] if found and found.score > limit else []

    def hits(self, category: str) -> list[Hit]:
        """Return what the phrases of a category found, in the order of the text."""
        return self.found.get(category, [])

    def spans(self, places: list[tuple[int, int]], view: Folded | None = None) -> tuple[tuple[int, int], ...]:
        """Return places of a view (the plain one if not said) as places of the body; what lies in the name is left out."""
        view = view or self.plain
        return self.in_body([view.span(*place) for place in places if place[1] > place[0]])

    def in_body(self, places: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Return places of the text as places of the body, in order; what lies in the name is left out."""
        length = len(self.submission.body)
        return tuple((start, min(end, length)) for start, end in sorted(set(places)) if start < length)


def read(reading: Reading) -> list[Signal]:
    """Make the views that most rules share, so that none of them pays for the others; finds nothing by itself."""
    _ = (reading.found, reading.likeness, reading.likeness_of_name)
    return []
