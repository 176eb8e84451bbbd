"""The background worker: does what the outbox holds, and adds what the clock asks for: retention, reminders, digests.

`manage.py serve` starts it as `python -m lupussite.run.worker`; any number may run beside each other.
"""

import logging
import os
import signal
import time

import django
from django.db import Error, close_old_connections, connections
from django.utils import timezone

from lupussite.run.processes import FINISH

log = logging.getLogger("lupussite.run.worker")

PERIOD = 1.0
LONGEST_WAIT = 60.0
DAILY = ("retention", "review_reminders", "forget_mistakes", "forget_drafts", "forget_logins", "forget_pictures")
# A mail server may take a second for each.
REMINDERS_AT_ONCE = 10
# Minutes between two looks at what is wrong with the site, for the pages of the staff.
LOOK_EVERY = 10


def run_once(handlers, *, seen=None):
    """Add what the clock asks for, and do what is due; return the minute. `seen` is the one returned before."""
    from articles import planned
    from comments.flows import notices
    from lupussite import down_pages
    from lupussite.doctor import examination, running
    from mail import outbox, server
    from mail.models import Outbox

    minute = timezone.localtime().replace(second=0, microsecond=0)
    hour = minute.replace(minute=0)
    if seen is None:
        server.note_whether_there_is_one()
    if seen is None or seen.replace(minute=0) != hour:
        # The keys are taken for ever, so however many workers start today, each is done once.
        for kind in DAILY:
            outbox.add(kind, {"keep_key": True}, key=f"{kind}:{hour.date()}", priority=Outbox.Priority.BATCH)
        notices.add_digest()
    if minute != seen:
        running.worker_is_alive()
        notices.add_urgent_reminders()
        planned.ask_for_due()
        down_pages.keep_current()
    outbox.run_due(handlers)
    if seen is None or (minute != seen and minute.minute % LOOK_EVERY == 0):
        examination.note_red_lines()
    return minute


def send_reminders(payload: dict) -> str | None:
    """Remind owners and reviewers; raises RuntimeError when some could not be sent, so that the outbox tries again."""
    from articles.reminders import send_due
    from mail.outbox import MORE

    result = send_due(timezone.localdate(), most=REMINDERS_AT_ONCE)
    if result.failed:
        raise RuntimeError(f"{result.failed} reminders were not sent")
    return MORE if result.left else None


def forget_logins(payload: dict) -> None:
    """Delete what is too old of wrong passwords, known networks and ended sessions."""
    from accounts import locks

    locks.forget(timezone.now())


def forget_pictures(payload: dict) -> None:
    """Remove pictures that neither an article nor one of the owner's pages has used for long, nor the site as its logo."""
    from articles.pictures import removal
    from lupussite.models import Appearance, Page

    removal.forget(payload, Page.objects.values_list("body", flat=True), Appearance.objects.logos())


def all_handlers() -> dict:
    """Return what is done for each kind of outbox row, of both apps."""
    from articles import jobs as article_jobs
    from comments.flows import jobs
    from lupussite import staff_mail
    from lupussite.wordpress import jobs as arrivals

    ours = {"review_reminders": send_reminders, "forget_logins": forget_logins, "forget_pictures": forget_pictures}
    return jobs.HANDLERS | article_jobs.HANDLERS | staff_mail.HANDLERS | arrivals.HANDLERS | ours


def work(handlers, *, ending, sleep=time.sleep) -> None:
    """Run until `ending()`; a database that does not answer is waited for, with pauses up to a minute."""
    seen, wait = None, PERIOD
    while not ending():
        try:
            seen, wait = run_once(handlers, seen=seen), PERIOD
            close_old_connections()
        except Error as error:
            connections.close_all()
            wait = min(wait * 2, LONGEST_WAIT)
            log.warning("the database does not answer, again in %d s", wait, exc_info=error)
        _pause(wait, ending, sleep)


def _pause(seconds, ending, sleep):
    # In short steps: a signal does not cut a sleep short.
    until = time.monotonic() + seconds
    while not ending() and (left := until - time.monotonic()) > 0:
        sleep(min(left, 0.2))


def main() -> None:
    """Work until SIGTERM or SIGINT; a task that then goes on for too long is cut off, and done again at the next start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")
    django.setup()
    asked = []

    def end(signum, frame):
        if not asked:
            signal.alarm(FINISH)
        asked.append(signum)

    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, end)
    work(all_handlers(), ending=lambda: bool(asked))


if __name__ == "__main__":
    main()
