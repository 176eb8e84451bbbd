"""The values that go into screening and come out of it."""

import dataclasses
from typing import NamedTuple

from django.conf.locale import LANG_INFO
from django.db.models import TextChoices
from django.utils.translation import get_language_info, ngettext_lazy
from django.utils.translation import gettext_lazy as _


class Lane(TextChoices):
    """Which queue a comment waits in."""

    URGENT = "urgent", _("Urgent")
    CLINICIAN = "clinician", _("Clinician")
    STANDARD = "standard", _("Standard")
    SPAM = "spam_likely", _("Likely spam")


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


class WatchedWord(NamedTuple):
    """A word or phrase that moderators want to be told of; taken literally, never as a pattern."""

    text: str
    whole_word: bool = True
    match_case: bool = False


@dataclasses.dataclass(frozen=True)
class Watch:
    """What moderators set: watched words, hosts (with all below them) that are blocked, languages the site is written in.

    `names` are those of reviewers and staff, `site` the name of the site, `help_lines` the numbers that it gives to people in need.
    """

    words: tuple[WatchedWord, ...] = ()
    blocked_hosts: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"en", "es"})
    names: tuple[str, ...] = ()
    site: str = ""
    help_lines: frozenset[str] = frozenset()


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
    "crisis_now": _("may be at risk of suicide or self-harm"),
    "crisis_past": _("mentions suicide or self-harm in the past"),
    "crisis_worded": _("sounds like a cry for help"),
    "crisis_like": _("may be a cry for help; please read it first"),
    "violence": _("a threat, or violence against someone"),
    "medical_emergency": _("a medical emergency, such as an overdose or chest pain"),
    "minor": _("the author may be under 18"),
    "minor_in_danger": _("a child may be in danger"),
    "third_party_health": _("names someone else along with a diagnosis"),
    "personal_email": _("email address: hidden from readers"),
    "personal_phone": _("phone number: hidden from readers"),
    "personal_address": _("street address: readers will see it"),
    "personal_birthdate": _("date of birth: readers will see it"),
    "personal_record": _("record, insurance or ID number: readers will see it"),
    "medical_dose": _("recommends, asks about or changes a dose"),
    "medical_stop": _("mentions stopping a medicine without a doctor"),
    "medical_cure": _("says something cures lupus"),
    "dose_like": _("sounds like advice about a dose"),
    "stop_like": _("sounds like stopping a medicine"),
    "cure_like": _("sounds like promising a cure"),
    "promo": _("sells or recruits"),
    "spam_bot": _("looks like a bot wrote it"),
    "spam_like": _("sounds like an ad"),
    "unkind": _("insults someone"),
    "off_topic": _("isn't about lupus or health"),
    "trap": _("filled in the hidden field that only bots see"),
    "markup": _("contains code, such as HTML"),
    "piled_marks": _("stacks of accents on single letters"),
    "link": _("link: {}"),
    "blocked_host": _("link to a blocked site: {}"),
    "watched_word": _("watched word: {}"),
    "other_script": _("mostly in another script: {}"),
    "other_language": _("in another language: {}"),
    "name_of_staff": _("the name looks like that of {}, who works on this site"),
    "name_claims": _("the name claims a title or role ({}); only the badge means doctor or staff"),
    "blocked_person": _("from someone who is blocked"),
    "always_hold": _("from someone whose comments always get a second look"),
    "rule_error": _("a check failed: {}"),
}
# The same with a number for the detail.
COUNTED = {
    "too_fast": ngettext_lazy("sent {} second after the page opened", "sent {} seconds after the page opened"),
    "recent_rejections": ngettext_lazy(
        "{} comment by this person was rejected recently", "{} comments by this person were rejected recently"
    ),
    "many_today": ngettext_lazy("{} other comment by this person within a day", "{} other comments by this person within a day"),
    "same_text": ngettext_lazy("the same text was sent once before", "the same text was sent {} times before"),
}


def in_words(signal: dict) -> str:
    """Return a stored signal as a moderator reads it."""
    code, detail = signal["code"], signal.get("detail", "")
    if code in COUNTED:
        return COUNTED[code].format(int(detail))
    if code == "other_language" and detail in LANG_INFO:
        detail = get_language_info(detail)["name_translated"]
    return str(WORDS.get(code, code)).format(detail)
