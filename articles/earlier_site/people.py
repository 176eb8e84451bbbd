"""The names in a line such as "Jane Doe, MD, and John Roe, PhD" -> people. Pure."""

import dataclasses
import re

from articles.earlier_site.page import Person

_TITLE = r"(?:Dr|Dra|Prof|Mr|Mrs|Ms|Sr|Sra)\b\.?"
_WORD = r"(?:[A-ZÀ-ÖØ-Þ]\.(?:[A-Z]\.)*|[A-ZÀ-ÖØ-Þ][\w'’.-]*)"
_PARTICLE = r"(?:de la|de los|de las|del|de|da|dos|van der|van den|van|von|la|le|bin|al|y|St\.)"
_NAME = re.compile(rf"(?:{_TITLE} )*{_WORD}(?: (?:{_PARTICLE} )?{_WORD}){{0,4}}")
_LETTERS = re.compile(
    r"MD|DO|PHD|PhD|RN|NP|PA-?C?|PharmD|PHARMD|RPh|MPH|RDN?|LDN?|FACR|FACP|FAAD|FAAFP|FAAP|FACC|FACS|FACOG|FAHA|FASN|FRCPC?|FRACP|MRCP|MACR|"
    r"MBBS|MBChB|MB|BChir|BSN|MSN|DNP|A?F?NP(?:-?[A-Z]{1,4})?|APRN|[CA]RNP|CN[MS]|CCRN|RN-[A-Z]+|MSc?|MA|BSc?|BA|MEd|EdD|JD|LCSW|LMSW|MSW|"
    r"PsyD|DPT|PT|OTR(?:/?L)?|OT|DDS|DMD|DVM|CDE|CDCES|ScD|DrPH|MH[AS]|MS[CH][EIS]?|BCPS|RhMSUS|CRCS?|CPT|CHES|MCHES|MLA|ELS"
)
_ROLE = re.compile(
    r"\b(director|chief|chair|professor|profesora?|editors?|advis[oe]rs?|reviewers?|board|medical|clinical|physicians?|pharmacists?|department|"
    r"universi\w+|hospital|clinic|clínica|center|centre|college|school|institute|foundation|team|staff|nurses?|editorial|society|"
    r"service|group|council|doctors?|médicos?|equipo|\w+(?:ologist|ology|ólog[oa]|ología))\b",
    re.IGNORECASE,
)


def is_letters(text: str) -> bool:
    """Return whether the words are letters such as "MD", "M.D." or "FNP-C" and nothing else."""
    return bool(text) and all(_LETTERS.fullmatch(word.replace(".", "")) for word in text.split())


def bare(letters: str) -> set[str]:
    """Return letters without dots and order, to compare "M.D., Ph.D." with "PhD, MD"."""
    return {re.sub(r"[^A-Z]", "", word.upper()) for word in letters.replace(",", " ").split()}


def read_people(text: str) -> tuple[list[Person], str]:
    """Return the people whom the words name, and the words that could not be understood ("" when all were).

    Nobody at all is returned for words that name no person, such as "our medical team".
    """
    text = re.sub(r", ?(Jr|Sr|II|III|IV)\b", r" \1", text.strip())
    pieces = re.split(r"\s*([;,] (?:and|y|&) |;|,| and | y (?=(?:el |la )?[A-ZÀ-Þ])| & )\s*", text)
    people: list[Person] = []
    puzzling = ""
    for position in range(0, len(pieces), 2):
        piece = re.sub(r"^(?:la|el|the) (?=Dra?\b)", "", pieces[position].strip())
        if not piece:
            continue
        plainly_listed = position > 0 and pieces[position - 1].strip() == ","
        following = pieces[position + 2] if position + 2 < len(pieces) else ""
        if people and is_letters(piece):
            people[-1] = _with(people[-1], "credentials", piece)
        elif (person := _person(piece)) and (
            not people or not plainly_listed or person.credentials or is_letters(following.strip())
        ):
            people.append(person)
        elif people and _is_role(piece) and (plainly_listed or _ROLE.search(piece)):
            people[-1] = _with(people[-1], "specialty", piece)
        else:
            puzzling = puzzling or piece
    # A single word is a name only with letters or a title beside it.
    alone = [person.name for person in people if " " not in person.name and not person.credentials]
    if alone:
        return [], alone[0]
    return [_named(person) for person in people], puzzling


def _person(piece: str) -> Person | None:
    words, letters = piece.split(), []
    while len(words) > 1 and is_letters(words[-1]):
        letters.insert(0, words.pop())
    name = " ".join(words)
    name = name if re.search(r"\b(Jr|Sr|[A-Z])\.$", name) else name.rstrip(".")
    if is_letters(piece) or _ROLE.search(piece) or not _NAME.fullmatch(name):
        return None
    return Person(name, " ".join(letters))


def _is_role(piece):
    """Return whether the words can say what someone is: few, without a date, and no group of others."""
    return len(piece.split()) <= 6 and not re.search(r"[.!?:\d]|^(?:the|our|el|la|los|nuestro)\b", piece)


def _with(person, field, words):
    known = getattr(person, field)
    return dataclasses.replace(person, **{field: f"{known}, {words}" if known else words})


def _named(person):
    """Return the person without a "Dr." that the letters say again."""
    if bare(person.credentials) & {"MD", "DO", "PHD", "PHARMD", "MBBS", "DNP", "PSYD", "DDS", "DPT"}:
        name = re.sub(r"^(?:(?:Dr|Dra)\b\.? )+", "", person.name)
        return dataclasses.replace(person, name=name)
    return person
