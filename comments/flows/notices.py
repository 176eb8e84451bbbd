"""Mail to those who moderate: one urgent comment at once, everything else twice a day. Numbers and a link, nobody's words."""

import datetime
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Comment, CommentEvent, CommentSettings, Report, State
from comments.screening import Lane
from mail import outbox
from mail.message import link, message
from mail.models import Outbox

_REACHED = Q(is_active=True, is_staff=True)
# Nobody is left alone with an urgent comment: after so long the rota hears again, and then all who may decide it, as often.
RECALL, ALL = datetime.timedelta(minutes=30), datetime.timedelta(hours=2)
# Two workers that look at the same time ask for the same row.
SLOT = datetime.timedelta(minutes=10)
MOST_LOOKED_AT = 1000
# What is done with a comment while it goes on waiting.
_MEANWHILE = (*CommentEvent.Kind.meanwhile(), CommentEvent.Kind.REDACTED, CommentEvent.Kind.DETAILS_SHOWN)
# Nobody gets two notices of a kind within so long: the second waits, and counts what came in between.
APART = datetime.timedelta(minutes=10)


def tell_urgent() -> None:
    """Ask for a notice to each of the rota that urgent comments wait."""
    for to in rota():
        tell_soon("urgent_notice", to)


def ask_clinicians(by) -> None:
    """Ask for a notice to the clinicians that somebody asked for their view; to the rota while no clinician can be reached."""
    may = get_user_model().objects.staff_who_may("comments.approve_sensitive").filter(is_superuser=False).exclude(email="")
    for to in list(may.exclude(pk=by.pk).order_by("pk").values_list("pk", flat=True)) or rota():
        tell_soon("clinician_notice", to)


def tell_soon(kind: str, to: int | None) -> None:
    """Ask for a notice of this kind to somebody: at once, or APART from the last one. What it says is counted when it is sent."""
    CommentSettings.one_after_another()
    now = timezone.now()
    last = Outbox.objects.filter(kind=kind, key__startswith=f"{kind}:{to or ''}:").order_by("-pk").first()
    if last and last.done_at is None and last.due_at > now:
        if last.failed_at:  # It waits for another try, maybe for an hour; this one is new.
            Outbox.objects.filter(pk=last.pk, done_at=None).update(due_at=now)
        return
    # One that is due may have been counted already, at this moment, without what is to be told.
    due_at = max(now, (last.done_at or last.due_at) + APART) if last else now
    key = f"{kind}:{to or ''}:{last.pk if last else 0}"
    outbox.add(kind, {"to": to, "key": key, "keep_key": True}, key=key, due_at=due_at, priority=Outbox.Priority.URGENT)


def add_urgent_reminders() -> None:
    """Remind of urgent comments that nobody has: half an hour after each the rota, and every two hours everyone who may decide.

    It looks at what waits and at the reminders there were, so it is right whatever happened in between; several are one mail.
    """
    now = timezone.now()
    waits = Max("events__created_at", filter=~Q(events__kind__in=_MEANWHILE))
    since = list(Comment.objects.urgent().unclaimed().annotate(since=waits).values_list("since", flat=True)[:MOST_LOOKED_AT])
    # Where reports no longer hide, see comments.flows.reports.
    since += Report.objects.danger_in_public().values_list("created_at", flat=True)[:MOST_LOOKED_AT]
    if not since or now - min(since) < RECALL:
        return
    reminders = Outbox.objects.filter(kind="urgent_reminder").order_by("-pk")
    last, last_to_all = _asked_at(reminders), _asked_at(reminders.filter(payload__all=True))
    to_all = now - min(since) >= ALL and (last_to_all is None or now - last_to_all >= ALL)
    if not to_all and not any(at + RECALL <= now and (last is None or last < at + RECALL) for at in since):
        return
    slot = int(now.timestamp() // SLOT.total_seconds())
    for to in deciders() if to_all else rota():
        outbox.add(
            "urgent_reminder",
            {"at": now.isoformat(), "slot": slot, "to": to, "all": to_all, "keep_key": True},
            key=f"urgent-reminder:{slot}:{to or ''}",
            priority=Outbox.Priority.URGENT,
        )


def _asked_at(reminders) -> datetime.datetime | None:
    payload = reminders.values_list("payload", flat=True).first()
    return datetime.datetime.fromisoformat(payload["at"]) if payload else None


def send_urgent_reminder(payload: dict) -> None:
    """Tell one person how many urgent comments still wait that nobody has; nothing when none does any more.

    One that could not go out until the next was due is left out: the next says the same, and better.
    """
    online = len(set(Report.objects.danger_in_public().values_list("comment", flat=True)[:MOST_LOOKED_AT]))
    number = Comment.objects.urgent().unclaimed().count() + online
    if not number or timezone.now() - datetime.datetime.fromisoformat(payload["at"]) >= ALL:
        return
    words = ngettext("URGENT: {number} comment is still waiting", "URGENT: {number} comments are still waiting", number)
    context = {"number": number, "queue": _queue(Lane.URGENT), "online": online, "reports": reports_page()}
    tell(payload["to"], words.format(number=number), "urgent_again", context, occasion=f"urgent-reminder:{payload['slot']}")


def tell_of_help_lines(by) -> None:
    """Tell the rota that somebody changed the help lines, which authors in danger are shown."""
    occasion = secrets.token_hex()
    for to in rota():
        outbox.add("help_lines_changed", {"by": by.get_username(), "to": to, "occasion": occasion})


def send_help_lines_changed(payload: dict) -> None:
    """Tell one of the rota who changed the help lines, and where to look."""
    context = {"by": payload["by"], "page": link("admin:comments_helpline_changelist")}
    tell(payload["to"], _("The help lines were changed"), "help_lines", context, occasion=f"help-lines:{payload['occasion']}")


def add_digest() -> None:
    """Put the last digest that was due today into the outbox; once for a person, day and hour, however many workers ask."""
    occasion = _latest_digest(timezone.localtime())
    for to in rota() if occasion else []:
        outbox.add("digest", {"digest": occasion, "to": to, "keep_key": True}, key=f"digest:{occasion}:{to or ''}")


def send_urgent_notice(payload: dict) -> None:
    """Tell one of the rota how many urgent comments wait that nobody has, if any does."""
    number = Comment.objects.urgent().unclaimed().count()
    if number:
        words = _("URGENT: {number} comments are waiting").format(number=number) if number > 1 else _("Urgent comment waiting")
        tell(payload["to"], words, "urgent", {"number": number, "queue": _queue(Lane.URGENT)}, occasion=_occasion(payload))


def send_clinician_notice(payload: dict) -> None:
    """Tell a clinician how many comments wait for one, if any still does."""
    number = Comment.objects.queued().filter(lane=Lane.CLINICIAN).count()
    if number:
        words = ngettext("A moderator would like your opinion", "{number} comments are waiting for a clinician", number)
        context = {"number": number, "queue": _queue(Lane.CLINICIAN)}
        tell(payload["to"], words.format(number=number), "clinician", context, occasion=_occasion(payload))


def send_digest(payload: dict) -> None:
    """Tell one of the rota how many comments wait in which lane, and since when; nothing when none does.

    One that could not go out until the next was due is left out: the next says the same, and better.
    """
    if payload["digest"] != _latest_digest(timezone.localtime()):
        return
    lanes = Comment.objects.queued().order_by().values("lane").annotate(count=Count("pk"), oldest=Min("submitted_at"))
    found = {row["lane"]: row for row in lanes}
    rows = [
        {
            "lane": lane.label,
            "count": found[lane]["count"],
            # The signs that keep a line together on a page are only odd in a plain mail.
            "age": timesince(found[lane]["oldest"]).split(",")[0].replace("\xa0", " "),
        }
        for lane in Lane
        if lane in found
    ]
    second_look = Comment.objects.second_look().count()
    if second_look:
        rows.append({"lane": _("Hidden, waiting for a second look"), "count": second_look})
    if rows:
        total = sum(row["count"] for row in rows)
        urgent = found.get(Lane.URGENT, {"count": 0})["count"]
        subject = ngettext("{number} comment to read", "{number} comments to read", total).format(number=total)
        if urgent:
            subject = _("URGENT: {subject}").format(subject=subject)
        context = {"rows": rows, "queue": _queue(), "urgent": urgent}
        tell(payload["to"], subject, "digest", context, occasion=f"digest:{payload['digest']}")


def rota() -> list[int | None]:
    """Return the keys of the people named in the settings, or [None] while nobody of them can be reached.

    Each gets a row of the outbox, and so a mail, of their own: nobody reads the addresses of the others, and an address that
    fails holds up nobody else.
    """
    named = CommentSettings.current().rota.filter(_REACHED).exclude(email="").order_by("pk")
    return list(named.values_list("pk", flat=True)) or [None]


def deciders() -> list[int | None]:
    """Return the keys of all who may decide an urgent comment and can be reached, and of the rota; [None] without any."""
    reached = get_user_model().objects.staff_who_may("comments.approve_sensitive").exclude(email="").order_by("pk")
    return list(dict.fromkeys([*filter(None, rota()), *reached.values_list("pk", flat=True)])) or [None]


def tell(to: int | None, subject: str, template: str, context: dict, *, occasion: str) -> None:
    """Send a notice to somebody of the site; to MODERATORS_EMAIL for None, and for one who left or has no address.

    `occasion` names what it is about, as for `mail.message.message`; each person gets a mail of their own.
    """
    people = get_user_model().objects.filter(_REACHED, pk=to).values_list("email", flat=True)
    address = people.first() or settings.MODERATORS_EMAIL
    message(subject, f"comments/mail/{template}.txt", context, to=address, occasion=f"{occasion}:{to}").send()


def _latest_digest(now: datetime.datetime) -> str:
    """Return the day and hour of the last digest that was due today, such as "2026-11-22 07", or ""."""
    current = CommentSettings.current()
    due = [hour for hour in (current.morning_hour, current.evening_hour) if hour <= now.hour]
    return f"{now.date()} {max(due):02}" if due else ""


def _occasion(payload):
    # A row that an earlier version left has no key.
    return payload.get("key", "urgent_notice")


def reports_page() -> str:
    """Return the address of the list of reports on what is public."""
    return f"{link('admin:comments_report_changelist')}?comment__state__exact={State.APPROVED}"


def _queue(lane=""):
    return link("admin:comments_queued_changelist") + (f"?lane={lane}" if lane else "")
