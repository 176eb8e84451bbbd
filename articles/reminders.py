"""Mail to the people who answer for a page when its next check comes near, is due, and is late.

Each gets one mail a day with all that is due of theirs. A day is moved by a sign-off alone; an edit, a submission or an urgent
change stops nothing. A withdrawn or archived page is due no more.

Who answers is noted first and written to then, outside any transaction: a mail server that is slow keeps no reader waiting. A
crash between the two loses those reminders; the weekly ones follow.
"""

import contextlib
import dataclasses
import datetime
import logging
from collections import defaultdict
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import desk, review
from articles.models import Reminder, SignOff
from articles.notices import choices_link
from mail.message import link, message

log = logging.getLogger("articles.reminders")

BEFORE = (60, 30, 0)
# From this week on the lead reviewer hears of it too.
REVIEWER_FROM_WEEK = 2
OWNER, REVIEWER = "owner", "reviewer"
# Who stands in for a person who left, has no address or wants no reminders: no account, the site's own address.
SITE = (None, "")


@dataclasses.dataclass(frozen=True)
class Due:
    """A reminder to send now to one person: its step, as what they get it ("owner" or "reviewer"), and their address.

    `person` is the key of their account; None where the site's own address stands in for somebody.
    """

    article: int
    title: str
    due_on: datetime.date
    step: str
    role: str
    address: str
    person: int | None


@dataclasses.dataclass(frozen=True)
class Result:
    """What one run did: the reminders it sent, or would send, how many could not be sent, and how many mails it left."""

    sent: tuple[Due, ...]
    failed: int = 0
    left: int = 0


def step(due_on: datetime.date, today: datetime.date, sent: Collection[str]) -> str | None:
    """Return the reminder to send on that day, or None: 60, 30 and 0 days before, then weekly.

    Only the latest whose day has come is sent, so a run after a long pause sends one and not five.
    """
    left = (due_on - today).days
    if left > BEFORE[0]:
        return None
    weeks = -left // 7 if left < 0 else 0
    now = f"late-{weeks}" if weeks else str(min(days for days in BEFORE if left <= days))
    return None if now in sent else now


def week_of(name: str) -> int:
    """Return how many weeks late a step is; 0 until the first one."""
    return int(name.removeprefix("late-")) if name.startswith("late-") else 0


def due_on(status: review.Status | None, urgent_due_on: datetime.date | None) -> datetime.date | None:
    """Return by when somebody has to read the page again, or None when nothing is due of it."""
    if status is None or status.kind in {review.Kind.WITHDRAWN, review.Kind.ARCHIVED}:
        return None
    days = [status.signature.valid_until if status.signature else None]
    if status.kind == review.Kind.CHANGED:
        days.append(urgent_due_on)
    if status.kind == review.Kind.REVOKED:
        days.append(status.since)
    return min((day for day in days if day), default=None)


def due(today: datetime.date) -> list[Due]:
    """Return the reminders of that day that were not sent yet, one for each person; a fixed number of queries."""
    dated = [(one, due_on(one.status, one.urgent_due_on)) for one in desk.standings(today)]
    near = [(one, day, name) for one, day in dated if day and (name := step(day, today, ()))]
    sent = _sent([one.article for one, _, _ in near])
    owners = _reached({one.owner for one, _, _ in near})
    late = {_lead(one.status) for one, _, name in near if week_of(name) >= REVIEWER_FROM_WEEK} - {None}
    active = SignOff.objects.filter(pk__in=late).exclude(reviewer__ended_on__lte=today)
    reviewers = dict(active.values_list("pk", "reviewer__user"))
    theirs = _reached(set(reviewers.values()))
    result = []
    for one, day, name in near:
        people = {OWNER: owners.get(one.owner, SITE)}
        if week_of(name) >= REVIEWER_FROM_WEEK and (lead := _lead(one.status)):
            people[REVIEWER] = theirs.get(reviewers.get(lead), SITE)
        if people.get(REVIEWER) == people[OWNER]:
            # One mail to an address is enough, and the note of the owner stands for both.
            del people[REVIEWER]
        for role, (person, address) in people.items():
            if step(day, today, sent[one.article, day, role]):
                result.append(Due(one.article, one.title, day, name, role, address or settings.MODERATORS_EMAIL, person))
    return result


def _sent(articles) -> dict[tuple[int, datetime.date, str], set[str]]:
    """Return (article, day, role) -> the steps that were noted, of these articles."""
    found = defaultdict(set)
    for article, day, note in Reminder.objects.filter(article__in=articles).values_list("article", "due_on", "step"):
        name, _, role = note.partition(":")
        # Notes of an earlier release name no role: they stood for everybody.
        for one in [role] if role else [OWNER, REVIEWER]:
            found[article, day, one].add(name)
    return found


def _lead(status: review.Status) -> int | None:
    """Return the key of the newest signature that holds, on the live text or on the one before an urgent change."""
    return status.signature.key if status.signature and status.kind != review.Kind.REVOKED else None


def _reached(users) -> dict[int, tuple[int, str]]:
    """Return key -> (key, address) of those users who are active, have an address and want reminders."""
    people = get_user_model().objects.filter(pk__in=users - {None}, is_active=True).exclude(email="")
    return {key: (key, address) for key, address in people.exclude(mail_choice__reminders=False).values_list("pk", "email")}


def send_due(today: datetime.date, *, dry_run: bool = False, most: int | None = None) -> Result:
    """Send what is due, one mail for each address and at most `most`, and note it; safe to run twice, also at the same moment.

    What fails is due again at the next run.
    """
    every = due(today)
    letters = defaultdict(list)
    for reminder in every:
        letters[reminder.address].append(reminder)
    if dry_run or not letters:
        return Result(tuple(every))
    batch = list(letters.values())[:most]
    sent, failed = [], 0
    connection = mail.get_connection()
    try:
        for place, reminders in enumerate(batch):
            try:
                connection.open()
            except Exception as error:
                # Nobody else is tried: each would wait for the same server.
                log.warning("the mail server does not answer", exc_info=error)
                failed += sum(map(len, batch[place:]))
                break
            try:
                sent += _send(reminders, today, connection)
            except Exception as error:
                log.warning("reminders of %d articles were not sent", len(reminders), exc_info=error)
                failed += len(reminders)
                _close(connection)
    finally:
        _close(connection)
    return Result(tuple(sent), failed, len(letters) - len(batch))


def _send(reminders: list[Due], today, connection) -> list[Due]:
    """Note the reminders of one mail, then send it, and return those it holds; when that fails the notes are taken back.

    Those that another run noted first are left out.
    """
    noted = {}
    # Durable: it is committed when the mail leaves, so another run sees it and nobody waits for the mail server.
    with transaction.atomic(durable=True):
        for one in reminders:
            with contextlib.suppress(IntegrityError), transaction.atomic():
                step_of_role = f"{one.step}:{one.role}"
                noted[one] = Reminder.objects.create(article_id=one.article, due_on=one.due_on, step=step_of_role)
    if not noted:
        return []
    try:
        connection.send_messages([_message(list(noted), today)])
    except Exception:
        Reminder.objects.filter(pk__in=[note.pk for note in noted.values()]).delete()
        raise
    return list(noted)


def _close(connection) -> None:
    """Hang up; after an error the next mail begins with a new connection, as the old one may be in the middle of something."""
    with contextlib.suppress(Exception):  # What was sent is sent.
        connection.close()


def _message(reminders: list[Due], today) -> mail.EmailMessage:
    """Return title, what is due, and the link to the admin of each article, the longest due first: nothing else."""
    rows = [
        {
            "title": " ".join(one.title.split()),
            "day": date_format(one.due_on),
            "is_late": one.due_on < today,
            "article": link("admin:articles_article_change", one.article),
        }
        for one in sorted(reminders, key=lambda one: (one.due_on, one.title.casefold()))
    ]
    if len(rows) == 1:
        subject = _("Review overdue: {title}") if rows[0]["is_late"] else _("Review due: {title}")
        subject = subject.format(title=rows[0]["title"])
    else:
        subject = ngettext("{number} article to review", "{number} articles to review", len(rows)).format(number=len(rows))
    context = {"rows": rows, "choices": choices_link() if any(one.person for one in reminders) else ""}
    # Which reminders these are: the same mail again has the same name.
    occasion = ",".join(f"{one.article}:{one.due_on}:{one.step}:{one.role}" for one in reminders)
    return message(
        subject, "articles/mail/review_due.txt", context, to=reminders[0].address, occasion=f"review-reminder:{occasion}"
    )
