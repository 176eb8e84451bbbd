"""Finds a name under which readers may take a stranger for the doctor, or for the site itself. Only the badge means that."""

import re

from comments.screening.reading import Reading
from comments.screening.text.folding import folded
from comments.screening.types import Signal

WORD = re.compile(r"[^\W_]+")
# Typed for letters, with no word around them that would tell.
STAND_INS = str.maketrans("013457@$!|", "oleastasil")
TITLE = r"dra?s?|doctora?|doctors|docs?|m\.? ?d\.?|mbbs|d\.o\.|rn|r\.n\.|np|crnp|arnp|pa-c|lpn|bsn|pharmd|phd|facr|facp|prof|profesora?|professor"
CLAIM = re.compile(
    rf"(?<!\w)(?:{TITLE}|nurses?|enfermer[oa]s?|physicians?|medic[oa]s?|surgeons?|cirujan[oa]|clinicians?|therapists?|terapeuta|pharmacists?|"
    r"farmaceutic[oa]|\w*rheumatolog(?:ist|o|a)s?|reumatolog[oa]s?|nephrologists?|nefrolog[oa]s?|dermatologists?|dermatolog[oa]s?|"
    r"specialists?|especialistas?|official|oficial|verified|verificad[oa]|admins?|administrators?|administrador[a]?|moderators?|"
    r"moderador[a]?|editors?|editorial|staff|team|equipo|support|soporte|helpdesk|webmaster|site owner|reviewers?)(?!\w)"
)
# What other sites put beside a name that they vouch for, and the signs of medicine.
SEALS = frozenset("✓✔☑✅🗸🆗🛡⭐★✪🔰🏅🎖🩺⚕🏥💉💊🥼🔵®™©")
NO_NAME = {"dr", "dra", "doctor", "doctora", "prof", "professor", "md", "do", "rn", "np", "phd", "mrs", "mr", "ms", "jr", "sr"}
SHORTEST = 6


def name_of_staff(reading: Reading) -> list[Signal]:
    """Find the name of a reviewer or of someone on the staff in the author's, however it is spelled or taken apart."""
    typed = _lower(reading.submission.name)
    readings = [WORD.findall(text) for text in {typed, typed.translate(STAND_INS)}]
    claims = CLAIM.search(typed)
    return [
        Signal("name_of_staff", detail=name)
        for name in reading.watch.names
        if any(_has_name(words, name_words(name), bool(claims)) for words in readings)
    ]


def name_words(name: str) -> list[str]:
    """Return the words of a name as they look, without titles and single letters."""
    return [word for word in WORD.findall(_lower(name)) if len(word) > 1 and word not in NO_NAME]


def name_claims(reading: Reading) -> list[Signal]:
    """Find a name that claims to be a doctor's, a nurse's or the site's."""
    name = reading.submission.name
    found = [match.group() for match in CLAIM.finditer(_lower(name))]
    site = "".join(WORD.findall(_lower(reading.watch.site)))
    if site and site in "".join(WORD.findall(_lower(name))):
        found.append(reading.watch.site)
    found += [sign for sign in name if sign in SEALS]
    return [Signal("name_claims", detail=", ".join(dict.fromkeys(found)))] if found else []


def _has_name(typed: list[str], words: list[str], claims: bool) -> bool:
    """Return whether a typed name has all the words of a name, in any order or run together; after a title the last is enough."""
    if not words:
        return False
    joined = "".join(words)
    if len(words) > 1 and (set(words) <= set(typed) or (len(joined) >= SHORTEST and joined in "".join(typed))):
        return True
    return typed == words or (claims and words[-1] in typed)


def _lower(text: str) -> str:
    return folded(text).text.lower()
