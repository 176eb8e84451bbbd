"""What a page says of itself in lines of their own: who reviewed and wrote it, when, its tags. Pure.

Such a line is never a heading. The wordings are those of health sites and of the themes of blogs, in English and Spanish.
"""

import dataclasses
import datetime
import re
from collections.abc import Sequence

from articles.earlier_site.dates import DAY, read_day
from articles.earlier_site.page import Line, NotAnArticle, Person, short
from articles.earlier_site.people import is_letters, read_people

_MEDICALLY = r"(?:(?:medically|clinically|scientifically|professionally|expert|expertly) )?"
_REVIEW = re.compile(
    rf"(?:(?:this )?(?:post|article|page|content) )?(?:content )?(?:was )?(?:last )?(?:(?P<wrote>written|escrito) (?:and|&|y) )?"
    rf"(?:{_MEDICALLY}reviewed(?P<edited> (?:and|&) edited)?(?: (?:and|&) (?:approved|updated|verified))?(?: for (?:medical )?accuracy)?"
    rf"|(?P<edited2>edited (?:and|&) ){_MEDICALLY}reviewed|medical(?:ly)? review(?:er)?|reviewer"
    rf"|revisad[oa](?P<edited3> y editad[oa])?(?: (?:médicamente|clínicamente))?|revisión médica|revisora?(?: médic[oa])?)"
    rf"(?: on (?P<first>{DAY}))?(?: by:?| por:?|:)(?: (?P<who>.*))?",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"(?:(?:written|authored|escrito|redactado) (?:by|por):?|authors?:|autora?:) ?(?P<who>.*)", re.IGNORECASE)
_BY = re.compile(r"(?:by|por) (?P<who>.+)", re.IGNORECASE)
_CHECKED = re.compile(r"(?:fact[- ]?checked|edited|verificado|editado) (?:by|por):? (?P<who>.+)", re.IGNORECASE)
_DATED = re.compile(
    rf"(?:(?:this (?:page|article) was )?(?:last )?(?P<review>(?:medically )?reviewed|medical review|(?:date of )?review(?: date)?)|(?:this (?:page|article) was )?(?:last )?"
    rf"(?:updated|modified|revised|published|posted|edited)|first published|originally published|date|next review(?: due)?|publicado|actualizado|fecha|"
    rf"última (?:actualización|modificación|revisión)|fecha de (?:publicación|actualización|revisión))"
    rf"(?: on| el)?:? (?P<day>{DAY})(?: (?:at |a las )?\d\d?:\d\d ?(?:[ap]\.?m\.?)?)?(?: (?:by|por) (?P<who>.+))?",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"(?:about )?\d{1,2}[- ]min(?:ute)?s?(?: read| de lectura)|reading time:? .{1,20}|tiempo de lectura:? .{1,20}"
    r"|(?:tags?|tagged|categor(?:y|ies)|topics?|labels?|etiquetas?|categorías?): ?.{1,120}"
    r"|(?:tagged (?:with|in|as)|filed under|posted in|archivado en):? .{1,120}",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:\d{1,4}|no) comments?|leave a (?:comment|reply)|deja un comentario", re.IGNORECASE)
_WAITS = re.compile(
    r"(?:(?:medically |clinically )?reviewed(?: and edited)? by|medical(?:ly)? review(?:er)?(?: by)?|(?:written |fact[- ]checked |edited )?by|author|"
    r"(?:last )?(?:medically )?(?:updated|reviewed|published|posted)(?: on)?|revisado(?: médicamente)? por|escrito por|última actualización):?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s+[—–|•·/]\s+|(?<=\w)[.,;] (?=(?:last|updated|written|published|medically|reviewed|fact|edited|última|actualizado|publicado|escrito|revisado)\b)",
    re.IGNORECASE,
)
_CANNOT = "in the line that says who reviewed the page cannot be read; write it as “Reviewed by Jane Doe, MD and John Roe, PhD”"
_REVIEW_BEGINS = re.compile(r"(?:\w+ly )?reviewed (?:and edited )?by\b|revisado (?:\w+mente )?por\b", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:our|team|board|staff|experts?|editors?|doctors?|physicians?|equipo|nuestro)\b", re.IGNORECASE)
_ON = re.compile(rf",? ?(?:\b(?:on|in|el|en)\b |[-–—] ?|\()?(?P<day>{DAY})\)?\.?", re.IGNORECASE)


@dataclasses.dataclass
class About:
    """What one line says; `problems` are what of it cannot be used and why, `is_mixed` tells of more than a review."""

    is_review: bool = False
    edited: bool = False
    reviewers: list[Person] = dataclasses.field(default_factory=list)
    reviewed_on: datetime.date | None = None
    author: str = ""
    problems: list[str] = dataclasses.field(default_factory=list)
    is_mixed: bool = False


def read_about(line: Line, today: datetime.date, *, in_head: bool, has_title: bool = False) -> About | None:
    """Return what a line says of the page, or None when it is a line like any other.

    `in_head`: it stands before the text, `has_title` tells whether the title does before it. There a bare date and "By Jane Doe" are no words of the article.
    Raises NotAnArticle when a review line names someone and says more that cannot be read.
    """
    words = " ".join(line.text.split()).replace("*", "")
    if len(words) > 400:
        return None
    about = About()
    parts = _BETWEEN.split(words if is_letters(words.split(" ")[-1]) else words.rstrip(" ."))
    try:
        understood = [_read(part.strip(), about, today, in_head or len(parts) > 1) for part in parts]
    except NotAnArticle as error:
        raise NotAnArticle(f"line {line.number}: {error}") from error
    # Under a title "by admin | May 1, 2022 | News | 3 comments" is no heading, whatever the other words are.
    is_byline = in_head and has_title and len(parts) > 1 and any(understood) and all(len(part.split()) <= 6 for part in parts)
    if not all(understood) and not is_byline:
        # What says "reviewed" without being understood must not become a sentence of the article.
        if _REVIEW_BEGINS.match(words) and len(words.split()) <= 20:
            raise NotAnArticle(f"line {line.number}: “{short(words)}” {_CANNOT}")
        return None
    about.is_mixed = len(parts) > 1 or bool(about.author)
    return about


def with_names_beside(lines: Sequence[Line], today: datetime.date) -> list[Line]:
    """Return the lines with "Medically reviewed by" or "Last updated" and what stands under it put together."""
    result, taken = [], set()
    for position, line in enumerate(lines):
        if line.number in taken:
            result.append(Line(line.number, ""))
            continue
        if _WAITS.fullmatch(line.text.strip()):
            for other in [other for other in lines[position + 1 : position + 5] if other.text.strip()][:2]:
                together = Line(line.number, f"{line.text.strip()} {other.text.strip()}")
                if len(other.text.split()) > 12 or not _is_about(together, today):
                    break
                line = together
                taken.add(other.number)
        result.append(line)
    return result


def _is_about(line, today):
    try:
        return read_about(line, today, in_head=True) is not None
    except NotAnArticle:
        return False


def _read(part, about, today, in_head):
    dated = _DATED.fullmatch(part)
    if dated:
        if dated["review"]:
            _review_day(dated["day"], about, today)
        if dated["review"] and dated["who"]:
            return _review(dated["who"], about, today)
        if dated["who"]:
            about.author = about.author or dated["who"]
        return True
    if match := _REVIEW.fullmatch(part):
        about.edited = about.edited or bool(match["edited"] or match["edited2"] or match["edited3"])
        if match["first"]:
            _review_day(match["first"], about, today)
        if not match["who"]:
            about.is_review = True
            return True
        return _review(match["who"], about, today, wrote=bool(match["wrote"]))
    if (match := _AUTHOR.fullmatch(part)) or (in_head and (match := _BY.fullmatch(part))):
        who, _ = _without_day(match["who"])
        people, puzzling = read_people(who)
        if puzzling or not people:
            return False
        about.author = about.author or who
        return True
    if match := _CHECKED.fullmatch(part):
        who, _ = _without_day(match["who"])
        people, puzzling = read_people(who)
        return bool(people) and not puzzling
    return (
        bool(_SMALL.fullmatch(part))
        or (in_head and bool(_LINK.fullmatch(part)))
        or (in_head and bool(re.fullmatch(rf"{DAY}(?: (?:at )?\d\d?:\d\d ?(?:[ap]m)?)?", part, re.IGNORECASE)))
    )


def _review(words, about, today, *, wrote=False):
    who, day = _without_day(words)
    people, puzzling = read_people(who)
    if not people and _GROUP.search(who) and len(who.split()) <= 12:
        about.is_review = True
        about.problems.append(f"“{who}” names no person")
        return True
    if not people or puzzling:
        if len(words.split()) > 20:
            return False  # A sentence.
        raise NotAnArticle(f"“{puzzling or who}” {_CANNOT}")
    about.is_review = True
    about.reviewers += people
    if wrote:
        about.author = who
    if day:
        _review_day(day, about, today)
    return True


def _review_day(words, about, today):
    day, problem = read_day(words, today)
    if day:
        about.reviewed_on = day
    else:
        about.problems.append(f"the date is not used: {problem}")


def _without_day(words):
    """Return the words and the day at their end, if there is one."""
    for match in re.finditer(_ON, words):
        if match.end() == len(words):
            return words[: match.start()].strip(" ,"), match["day"]
    return words, ""
