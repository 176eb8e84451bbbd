"""What follows from the signals of a comment besides its lane: topics to leave out, help to offer, details to mention. Pure."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

# Topic -> (what a moderator reads, codes of the signals that belong to it).
TOPICS = {
    "crisis": (_("Crisis and self-harm"), {"crisis_now", "crisis_past", "crisis_worded", "crisis_like"}),
    "violence": (_("Violence"), {"violence"}),
    "emergency": (_("Medical emergencies"), {"medical_emergency"}),
    "minor": (_("A child or teenager"), {"minor", "minor_in_danger"}),
    "third_party": (_("Someone else's health"), {"third_party_health"}),
    "medical": (_("Medical claims"), {"medical_dose", "medical_stop", "medical_cure", "dose_like", "stop_like", "cure_like"}),
    "spam": (_("Ads and bots"), {"spam_bot", "promo", "spam_like", "trap", "blocked_host"}),
}
CALLS_FOR_HELP = {"crisis_now", "crisis_past", "crisis_worded", "violence", "medical_emergency", "minor", "minor_in_danger"}

# Code -> what the author is told; the first two are covered on the page (comments/rendering.py), the others are not.
COVERED = {"personal_email": _("an email address"), "personal_phone": _("a phone number")}
READABLE = {
    "personal_address": _("a street address"),
    "personal_birthdate": _("a date of birth"),
    "personal_record": _("a record or insurance number"),
}


def topics_of(codes: Iterable[str]) -> str:
    """Return the topics between bars, such as "|crisis|minor|", or "" without any: `topics__contains="|crisis|"` finds them."""
    codes = set(codes)
    found = [topic for topic, (_, members) in TOPICS.items() if members & codes]
    return f"|{'|'.join(found)}|" if found else ""


def calls_for_help(signals: Iterable[dict]) -> bool:
    """Return whether stored signals are a reason to show the author where help is."""
    return any(signal["code"] in CALLS_FOR_HELP for signal in signals)


def is_emergency(signals: Iterable[dict]) -> bool:
    """Return whether stored signals tell of a body in danger this minute."""
    return any(signal["code"] == "medical_emergency" for signal in signals)


def details_in_words(signals: Iterable[dict], table: dict[str, str]) -> str:
    """Return the personal details of COVERED or READABLE that were found, in words: "a phone number and a date of birth"."""
    codes = {signal["code"] for signal in signals}
    found = [words for code, words in table.items() if code in codes]
    return _(" and ").join(filter(None, [", ".join(map(str, found[:-1])), *map(str, found[-1:])]))
