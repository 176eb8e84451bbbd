"""Finds somebody else who is named with a diagnosis."""

import re

from comments.screening.reading import Reading
from comments.screening.text.folding import DATA
from comments.screening.types import Signal

# A name: two or more words with capitals, a title with one, or a handle. Words that begin with a capital for other reasons
# are taken out afterwards.
CAPITAL = r"[A-Z][a-z]{1,20}(?:['-][A-Z][a-z]{1,20})?"
NAME = re.compile(
    rf"(?:(?P<title>(?:Mrs?|Ms|Miss|Mister|Sra?|Srta|Don|Dona|Senora?|senora?|Coach|Pastor|Father|Sister|Brother|Judge|Officer|Maestr[ao]|"
    rf"maestr[ao]|Prof|Professor|Teacher)\.?) (?P<titled>{CAPITAL}(?: {CAPITAL}){{0,2}})"
    rf"|(?P<full>{CAPITAL}(?: (?:de |del |la |van |von |el )?{CAPITAL}){{1,3}})"
    r"|(?<![\w.])(?P<handle>@\w{3,30})(?![\w.]*@))"
)
NOT_NAMES = frozenset((DATA / "not_names.txt").read_text(encoding="utf-8").split())
HAS = re.compile(
    r"\b(?:has|have|had|suffer(?:s|ing|ed)?|diagnos\w+|got|gets|fights|fighting|battl\w+|lives? with|living with|"
    r"is|was|s|told|with|off|sick|ill|"
    r"tiene|tenia|padece|sufre|diagnosticar?on|diagnosticad[oa]|le detectaron|con|esta|vive|enferm[oa]|es|le dio|"
    r"dio positivo|lucha|"
    r"positive|confirmed|treated|takes|tested)\b"
)
DISEASE = re.compile(
    r"\b(?:lupus|sle|les|nephritis|nefritis|cancer|leukemia|leucemia|lymphoma|linfoma|tumou?r|hiv|vih|aids|sida|"
    r"epilep\w+|diabet\w+|"
    r"depress\w+|depresion|bipolar|schizo\w+|esquizo\w+|anxiety|ansiedad|dementia|demencia|alzheimers?|"
    r"parkinsons?|multiple sclerosis|"
    r"esclerosis|ms|arthritis|artritis|fibromyalgia|fibromialgia|hepatitis|kidney (?:disease|failure)|renal|"
    r"renales|cirrhosis|cirrosis|"
    r"herpes|syphilis|sifilis|tuberculosis|addict\w*|alcoholic|alcoholism|anorexi\w+|bulimi\w+|adhd|autis\w+|ptsd|"
    r"psoriasis|crohns?|"
    r"colitis|stroke|derrame|miscarriage|pregnan\w+|embarazada|scleroderma|esclerodermia|sjogrens?|vasculitis|endometriosis|copd|"
    r"heart (?:disease|failure)|strokes|tumors|\w+ (?:syndrome|sindrome)|sindrome de \w+|antiphospholipid|"
    r"antifosfolip\w+|insuficiencia|celiac|myositis|psychosis|psicosis|borderline|transplant|trasplante|dialysis|"
    r"dialisis)\b"
)
OWN = re.compile(
    r"\b(?:i am|im|my name is|name is|me llamo|soy|mi nombre es|signed|call me|yo,?|from|atte|saludos|this is)\W*$", re.IGNORECASE
)
TOLD = re.compile(r"\b(?:dr|dra|doctor|doctora|professor|prof|nurse)\b\.?", re.IGNORECASE)
PRAISE = re.compile(
    r"\b(?:syndrome|sindrome|disease|enfermedad|foundation|fundacion|hospital|clinic|clinica|phenomenon|fenomeno|"
    r"society)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?:[^.!?\n]++|\.(?=\w)|(?<=Mr)\.|(?<=Mrs)\.|(?<=Ms)\.|(?<=Sr)\.|(?<=Sra)\.|(?<=Dr)\.|(?<=Dra)\.)+")
BEHIND = 140


def third_party_health(reading: Reading) -> list[Signal]:
    """Find somebody else, named by surname, title or handle, in one sentence with a diagnosis."""
    text = reading.folded.text
    if not NAME.search(text):
        return []
    places = []
    for sentence in SENTENCE.finditer(text):
        names = list(NAME.finditer(text, *sentence.span()))
        if not names or not DISEASE.search(_small(sentence.group())):
            continue
        for name in names:
            behind = _small(text[name.end() : min(name.end() + BEHIND, sentence.end())])
            told = HAS.search(behind) and DISEASE.search(behind)
            if told and behind[:1] != ":" and _is_somebody(name, text, sentence.start()):
                places.append(name.span())
    return [Signal("third_party_health", spans=reading.spans(places, reading.folded))] if places else []


def _small(text: str) -> str:
    return text.lower().replace("'", "")


def _is_somebody(name, text, start):
    """Return whether a match is the name of somebody else who may have the diagnosis."""
    before = text[max(start, name.start() - 24) : name.start()]
    after = text[name.end() : name.end() + 14]
    if OWN.search(before) or PRAISE.match(after.strip().removeprefix("'s ").removeprefix("'s ")):
        return False
    if name["handle"]:
        return True
    if TOLD.search(before[-8:]):
        return False
    words = [word for word in (name["titled"] or name["full"]).split() if word[0].isupper()]
    names = [word for word in words if word.lower() not in NOT_NAMES]
    if name["titled"]:
        return bool(names)
    return len(names) >= 2
