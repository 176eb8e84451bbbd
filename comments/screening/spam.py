"""Finds selling, and what robots send."""

import re

from comments.screening.emails_and_phones import emails_in, phones_in
from comments.screening.languages import FREQUENT
from comments.screening.phrase_signals import signal_of_kind, signal_of_wording
from comments.screening.reading import Reading
from comments.screening.robots import foreign_links, markup_in
from comments.screening.types import Signal
from comments.screening.web_addresses import without_web_addresses

MANY_LINKS = 3
# What bench/likeness.py measures. A text about health is only filed under spam by its wording when hardly a doubt is left.
SPAM_LIKE, SPAM_IN_HEALTH, UNLIKE_SPAM = 4.0, 6.0, -2.0
HEALTH = re.compile(
    r"\b(?:lupus|md|suffer\w*|sufr\w+|padec\w+|diseases?|illness|sick|doctors?|dr|rheum\w*|pain\w*|symptoms?|medic\w*|meds?|treat\w*|therap\w*|diagnos\w*|hospital\w*|patients?|"
    r"side effects?|cancer|diabet\w*|arthritis|infection|syndrome|tumor|surgery|blood|pregnan\w*|fever|rash|flares?|clinic\w*|health\w*|"
    r"enfermedad\w*|enferm[oa]s?|salud|dolor\w*|medico\w*|medica\w*|sintomas?|tratamiento\w*|diagnostic\w*|pacientes?|hospitales?|vacuna\w*|infecci\w*|"
    r"sindrome|embaraz\w*|sangre|fiebre|brotes?|covid\w*|coronavirus|virus|vih|hiv|dengue|alzheimer|parkinson|ictus|ansiedad|anxiety|depresi\w*|depress\w*|"
    r"autis\w*|esclerosis|sclerosis|fibromi?al\w*|fibromyal\w*|obesidad|asma|asthma|alergi\w*|allerg\w*|epilep\w*|crohn|celia\w*|endometrio\w*|migran\w*|"
    r"migraine\w*|insomni\w*|trastorno\w*|discapacidad|psoria\w*|artritis|leucemia|tumor\w*|ela|tdah|sida)\b"
)
# Whoever says so and leads nowhere else is a patient, or someone beside one: courtesy and praise are no evidence against them.
PERSONAL = re.compile(
    r"\b(?:i (?:suffer|have (?:had|been)|was (?:told|given|prescribed|diagnosed)|take|took|am (?:on|taking)|started|stopped)|diagnosed|"
    r"my (?:wife|husband|daughter|son|mother|mom|mum|father|dad|sister|brother|baby|child|doctor|rheum\w*|symptoms?|skin|joints?|kidneys?|blood)|"
    r"me (?:diagnosticaron|duele|dijeron|recetaron|dieron)|sufro|padezco|tengo (?:lupus|dolor\w*)|"
    r"mi (?:esposa|esposo|hija|hijo|madre|mama|padre|papa|hermana|hermano|doctora?|medic[oa]))\b"
)

LEADS_AWAY = re.compile(
    r"(?<!\w)@\w{3,}|\b(?:telegram|whatsapp|instagram|facebook|tiktok|dm me|inbox|contact (?:him|her|them))\b", re.IGNORECASE
)


def spam_like(reading: Reading) -> list[Signal]:
    """Find what is worded like an advertisement, without any phrase that says so."""
    found = signal_of_wording("spam", "spam_like", reading, SPAM_LIKE, promo, spam_bot)
    if found and HEALTH.search(reading.plain.text):
        return [] if _score_of_words(reading) <= SPAM_IN_HEALTH or _is_a_patient(reading) else found
    return found


def _score_of_words(reading: Reading) -> float:
    """Return how much a text is worded like an advertisement without its web addresses: clinics and patients send many."""
    found = reading.likeness_without_links
    return found["spam"].score if found else SPAM_IN_HEALTH


def _is_a_patient(reading: Reading) -> bool:
    """Return whether a text is of an illness, in the first person or not worded like an advertisement, and leads nowhere.

    That is: to no link, address, number or account.
    """
    text = reading.plain.text
    if not HEALTH.search(text) or LEADS_AWAY.search(reading.folded.text):
        return False
    if reading.likeness["spam"].score > UNLIKE_SPAM and not PERSONAL.search(text):
        return False
    return not (foreign_links(reading) or emails_in(reading.folded) or phones_in(reading.folded))


def promo(reading: Reading) -> list[Signal]:
    """Find selling and recruiting: a clear phrase, or two kinds of hints and a link to elsewhere."""
    hits = reading.hits("promo")
    if not hits:
        hints = reading.hits("promo_hint")
        kinds = {hit.kind for hit in hints}
        hits = hints if len(kinds) == 3 or (len(kinds) == 2 and foreign_links(reading)) else []
    found = signal_of_kind("spam", "promo", reading, hits)
    return [] if found and _is_a_patient(reading) else found


def spam_bot(reading: Reading) -> list[Signal]:
    """Find what robots send: offers that have nothing to do with the site, links with markup, lists of links."""
    said = signal_of_kind("spam", "spam_bot", reading, reading.hits("spam_bot"))
    links = foreign_links(reading)
    if not (said or (links and markup_in(reading)) or _is_a_list(links, reading)):
        return []
    return [] if _is_a_patient(reading) else said or [Signal("spam_bot")]


def _is_a_list(links: list[str], reading: Reading) -> bool:
    """Return whether a text is little more than its links; one about health is only if it is worded like an advertisement too."""
    if len(links) < MANY_LINKS and (len(links) < 2 or _has_small_words(reading)):
        return False
    return not HEALTH.search(reading.plain.text) or _score_of_words(reading) > SPAM_IN_HEALTH


def _has_small_words(reading: Reading) -> bool:
    """Return whether words stand there that hold sentences together; lists of goods and typed noise have none."""
    words = set(without_web_addresses(reading.folded.text).lower().split())
    return not words.isdisjoint(FREQUENT["en"] | FREQUENT["es"])
