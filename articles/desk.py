"""What of the articles waits for whom, and where the others are: the desk of editors and reviewers."""

import dataclasses
import datetime
from collections.abc import Callable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import review
from articles.board import Standing, Standings, State, standings
from articles.models import Reviewer
from articles.workflow_rules import Stage
from web.admin import searched_words
from web.folding import fold

# Of a section, and of a list.
MOST_ROWS = 20
MOST_FOUND = 100
# What a page that is online says of itself when a reviewer has to read it.
UNREAD = {review.Kind.CHANGED, review.Kind.NOT_REVIEWED, review.Kind.REVOKED, review.Kind.OVERDUE}
# The states of an article that leave somebody something to do.
TO_DO = (State.WAITING, State.ASKED, State.SIGNED, State.CHANGED, State.NOT_REVIEWED, State.REVOKED, State.OVERDUE)
NO_ONE = "none"


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the desk; `review` is the number of the version that a reviewer has to read, if that is what waits.

    The words are made when they are asked for: of a long section most rows are only counted.
    """

    standing: Standing
    day: datetime.date
    said: tuple[Callable[[Standing], str], ...]
    review: int | None = None

    @property
    def article(self) -> int:
        """The key of the article."""
        return self.standing.article

    @property
    def title(self) -> str:
        """The title of the working copy."""
        return self.standing.title

    @property
    def words(self) -> str:
        """Why the article stands here."""
        return "; ".join(say(self.standing) for say in self.said)


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of the desk: the first rows, how many there are, and the state that a list of them is asked for by, if any."""

    title: str
    empty: str
    rows: tuple[Row, ...]
    count: int
    state: State | None = None

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than these."""
        return self.count > len(self.rows)


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What a list of articles is narrowed to, and its order; people are keys, or NO_ONE."""

    words: str = ""
    state: str = ""
    owner: str = ""
    reviewer: str = ""
    due: str = ""
    sort: str = ""

    def __bool__(self):
        """Return whether anything was asked for."""
        return any(dataclasses.astuple(self))


def find(wanted: Wanted, today: datetime.date) -> list[Standing]:
    """Return the articles that are wanted, in the order that is; words of the title are found without their accents."""
    words = searched_words(wanted.words)
    until = today + datetime.timedelta(days=int(wanted.due)) if wanted.due else None
    everything = standings(today)
    found = [
        one
        for one in (everything.of_state[State(wanted.state)] if wanted.state else everything)
        if (not wanted.owner or wanted.owner == str(one.owner or NO_ONE))
        and (not wanted.reviewer or wanted.reviewer == str(one.reviewer or NO_ONE))
        and (until is None or (one.due_on is not None and one.due_on <= until))
        and (not words or _has(one, words))
    ]
    if wanted.sort == "due":
        found.sort(key=lambda one: one.due_on or datetime.date.max)
    elif wanted.sort == "saved":
        found.sort(key=lambda one: one.saved_on, reverse=True)
    return found


def _has(one, words) -> bool:
    title = fold(one.title)
    return all(word in title for word in words)


def sections(user, today: datetime.date, *, most: int | None = MOST_ROWS) -> list[Section]:
    """Return the desk as this person sees it, what waits for them first; at most so many rows of each section, or all."""
    everything = standings(today)

    def section(title, day, say, *states):
        there = [one for state in states for one in everything.of_state[state]]
        there.sort(key=lambda one: (day(one), one.title))
        rows = tuple(Row(one, day(one), (say,)) for one in there[:most])
        return Section(title, _("None"), rows, len(there), states[0] if len(states) == 1 else None)

    tasks = sorted(waiting_for(user, everything, today), key=lambda row: (row.day, row.title))

    return [
        Section(_("Your tasks"), _("You have nothing to do right now."), tuple(tasks[:most]), len(tasks)),
        section(_("In review"), _sent_on, _say_pending, State.WAITING, State.SIGNED),
        section(_("Scheduled"), _planned_on, _say_plan, State.PLANNED),
        section(_("Changes requested"), _sent_on, _say_asked, State.ASKED),
        section(_("Drafts not sent yet"), _saved_on, _say_saved, State.DRAFT),
        section(_("Online, with changes not sent yet"), _saved_on, _say_saved, State.UNSENT),
        section(_("Overdue"), _due_on, _say_overdue, State.OVERDUE),
        section(_("Due within 60 days"), _due_on, _say_due, State.SOON),
        section(_("Online, not yet reviewed"), _due_on, _say_changed, State.CHANGED),
        section(_("From the previous site, not reviewed"), _due_on, _say_not_reviewed, State.NOT_REVIEWED),
        section(_("Signature withdrawn"), _due_on, _say_revoked, State.REVOKED),
        section(_("Cites a retracted source"), _saved_on, _say_retracted, State.RETRACTED),
    ]


def waiting_for(user, everything: Standings, today: datetime.date) -> list[Row]:
    """Return what this person can do next, a line for each article: read what waits for a signature, mend, publish.

    What is assigned to another reviewer who may still sign is not theirs to read.
    """
    reads = signs(user, today)
    own = user.reviewer.pk if reads else None
    others = set(Reviewer.objects.active(today).exclude(pk=own).values_list("pk", flat=True)) if reads else set()
    edits = user.has_perm("articles.submit_article")
    publishes = user.has_perm("articles.publish_article")
    rows = []
    for one in {one.article: one for state in TO_DO for one in everything.of_state[state]}.values():
        is_for_me = reads and one.reviewer not in others
        days, said, number = [], [], None
        if is_for_me and one.status and one.status.kind in UNREAD:
            days, said, number = [_due_on(one)], [_say_unread], one.live
        if one.pending:
            answers = one.owner in {None, user.pk} or one.pending.submitted_by == user.pk
            stage, before = one.pending.stage, len(said)
            if stage == Stage.WAITING and is_for_me:
                said.append(_say_pending)
                number = one.pending.number
            elif stage == Stage.ASKED and edits and answers:
                said.append(_say_asked)
            elif stage == Stage.SIGNED and publishes and answers and not one.plan:
                said.append(_say_signed)
            if len(said) > before:
                days.append(one.pending.submitted_on)
        if said:
            rows.append(Row(one, min(days), tuple(said), number))
    return rows


def signs(user, today: datetime.date) -> bool:
    """Return whether the user is an active reviewer who may sign; being a superuser does not make one."""
    reviewer = Reviewer.objects.filter(user=user).first()
    return bool(reviewer and reviewer.is_active(today) and user.has_perm("articles.add_signoff"))


def _sent_on(one):
    return one.pending.submitted_on


def _saved_on(one):
    return one.saved_on


def _due_on(one):
    return one.due_on


def _planned_on(one):
    return timezone.localdate(one.plan.at) if one.plan.at else one.pending.submitted_on


def _say_pending(one):
    if one.pending.stage == Stage.SIGNED and one.plan:
        words = _("version {number} is signed and scheduled (sent on {day})")
    elif one.pending.stage == Stage.SIGNED:
        words = _("version {number} is signed and ready to publish (sent on {day})")
    else:
        words = _("version {number} is waiting for a reviewer (sent on {day})")
    return words.format(number=one.pending.number, day=date_format(one.pending.submitted_on))


def _say_plan(one):
    if one.plan.at is None:
        return _("version {number} goes online as soon as it's signed").format(number=one.pending.number)
    when = date_format(timezone.localtime(one.plan.at), "DATETIME_FORMAT")
    if one.pending.stage != Stage.SIGNED:
        words = _("version {number} goes online on {when}, but only if someone signs it again before then")
    else:
        words = _("version {number} goes online on {when}")
    return words.format(number=one.pending.number, when=when)


def _say_asked(one):
    return _("a reviewer asked for changes to version {number}").format(number=one.pending.number)


def _say_signed(one):
    return _("version {number} is signed and ready to publish").format(number=one.pending.number)


def _say_saved(one):
    return _("last saved on {day}").format(day=date_format(one.saved_on))


def _say_retracted(one):
    return _("readers see a warning beside it; cite another source")


def _say_due(one):
    return _said_of_signature(one, _("review due on {day}; last signed by {person}"))


def _say_overdue(one):
    return _said_of_signature(one, _("review was due on {day}; last signed by {person}"))


def _said_of_signature(one, words):
    signature = one.status.signature
    return words.format(day=date_format(signature.valid_until), person=signature.person)


def _say_changed(one):
    words = _("changed on {day}; review due on {due}") if one.urgent_due_on else _("changed on {day}")
    return words.format(day=date_format(one.status.since), due=one.urgent_due_on and date_format(one.urgent_due_on))


def _say_not_reviewed(one):
    return _("online since {day}; no reviewer has read it here").format(day=date_format(one.status.since))


def _say_revoked(one):
    return _("withdrawn on {day}; readers see the reason").format(day=date_format(one.status.since))


def _say_unread(one):
    """Return why a page that is online waits for a reviewer."""
    if one.status.kind == review.Kind.OVERDUE:
        return _say_overdue(one)
    if one.status.kind == review.Kind.NOT_REVIEWED:
        return _say_not_reviewed(one)
    if one.status.kind == review.Kind.CHANGED:
        return _("online, not yet reviewed: {words}").format(words=_say_changed(one))
    return _("online, but the signature was withdrawn on {day}").format(day=date_format(one.status.since))
