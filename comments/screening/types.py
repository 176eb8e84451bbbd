"""The values that go into screening and come out of it."""

import dataclasses

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
    """What is known of earlier comments and of the person.

    How many had the same text, how many of this person's were rejected lately, how many others came within a day.
    """

    same_text: int = 0
    recent_rejections: int = 0
    within_a_day: int = 0
    blocked: bool = False
    always_hold: bool = False


@dataclasses.dataclass(frozen=True)
class WatchedWord:
    """A word or phrase that moderators want to be told of; taken literally, never as a pattern."""

    text: str
    whole_word: bool = True
    match_case: bool = False


@dataclasses.dataclass(frozen=True)
class Watch:
    """What moderators set: watched words, hosts (with all below them) that are blocked, languages the site is written in.

    `names` are those of reviewers and staff, `site` the name of the site.
    """

    words: tuple[WatchedWord, ...] = ()
    blocked_hosts: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"en", "es"})
    names: tuple[str, ...] = ()
    site: str = ""


NOTHING_KNOWN = History()
NOTHING_WATCHED = Watch()


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
    "crisis_now": "may be in danger of suicide or self-harm",
    "crisis_past": "speaks of suicide or self-harm in the past",
    "crisis_like": "worded like a cry for help",
    "violence": "a threat, or violence against somebody",
    "minor": "the author may be under 18",
    "minor_in_danger": "a child may be in danger",
    "third_party_health": "names somebody else with a diagnosis",
    "personal_email": "e-mail address in the text, hidden from readers",
    "personal_phone": "phone number in the text, hidden from readers",
    "personal_address": "street address in the text, for readers to see",
    "personal_birthdate": "date of birth in the text, for readers to see",
    "personal_record": "number of a record, insurance or identity card in the text, for readers to see",
    "medical_dose": "recommends, asks for or changes a dose",
    "medical_stop": "speaks of stopping a medicine without a doctor",
    "medical_cure": "says that something cures lupus",
    "dose_like": "worded like advice on a dose",
    "stop_like": "worded like stopping a medicine",
    "cure_like": "worded like the promise of a cure",
    "promo": "sells or recruits",
    "spam_bot": "looks like written by a robot",
    "spam_like": "worded like an advertisement",
    "unkind": "insults somebody",
    "off_topic": "nothing to do with lupus or health",
    "trap": "filled in the field for robots",
    "too_fast": "sent {} seconds after opening",
    "markup": "markup typed into plain text",
    "piled_marks": "piles of accents on single letters",
    "link": "link: {}",
    "blocked_host": "link to a blocked site: {}",
    "watched_word": "watched word: {}",
    "other_script": "mostly in another script: {}",
    "other_language": "in another language than the site's",
    "name_of_staff": "the name is like that of {}, who works on this site",
    "name_claims": "the name makes a claim ({}); only the badge means doctor or staff",
    "blocked_person": "from a person who is blocked",
    "always_hold": "from a person whose comments are always read twice",
    "recent_rejections": "{} of this person's comments were rejected lately",
    "many_today": "{} other comments by this person within a day",
    "same_text": "same text {} times before",
    "rule_error": "a check failed: {}",
}


def in_words(signal: dict) -> str:
    """Return a stored signal as a moderator reads it."""
    return WORDS.get(signal["code"], signal["code"]).format(signal.get("detail", ""))
