"""The values that go into screening and come out of it, and the policy from signals to a lane."""

import dataclasses
from collections.abc import Iterable

from django.db.models import TextChoices


class Lane(TextChoices):
    """Which queue a comment waits in."""

    URGENT = "urgent", "Urgent"
    CLINICIAN = "clinician", "Clinician"
    STANDARD = "standard", "Standard"
    SPAM = "spam_likely", "Likely spam"


@dataclasses.dataclass(frozen=True)
class Submission:
    """What a reader sent, as typed; `elapsed` is seconds from opening to sending as a script told, None without one."""

    name: str
    email: str
    body: str
    trap: str = ""
    elapsed: float | None = None


@dataclasses.dataclass(frozen=True)
class History:
    """What is known of earlier comments: how many had the same text."""

    same_text: int = 0


@dataclasses.dataclass(frozen=True)
class Signal:
    """What one rule found: its code, a detail for the moderator, and where in the body, as [start, end) code points."""

    code: str
    detail: str = ""
    spans: tuple[tuple[int, int], ...] = ()

    def as_dict(self) -> dict:
        """Return the form that is stored with the comment."""
        return {"code": self.code, "detail": self.detail, "spans": [list(span) for span in self.spans]}


# In words for the moderator; `{}` is the detail.
WORDS = {
    "trap": "filled in the field for robots",
    "too_fast": "sent {} seconds after opening",
    "link": "link: {}",
    "personal_email": "e-mail address in the text",
    "personal_phone": "phone number in the text",
    "same_text": "same text {} times before",
    "rule_error": "a check failed: {}",
}

# The first line whose signals are there decides; everything else is standard.
POLICY = [
    (Lane.SPAM, {"trap"}),
    (Lane.SPAM, {"too_fast", "link"}),
    (Lane.SPAM, {"same_text", "link"}),
]


def lane_of(signals: Iterable[Signal]) -> Lane:
    """Return the lane for what was found."""
    codes = {signal.code for signal in signals}
    return next((lane for lane, needed in POLICY if needed <= codes), Lane.STANDARD)


def in_words(signal: dict) -> str:
    """Return a stored signal as a moderator reads it."""
    return WORDS.get(signal["code"], signal["code"]).format(signal.get("detail", ""))
