"""Asks everything, and keeps the red lines for the pages of the staff."""

import concurrent.futures
import dataclasses
import logging

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from lupussite import appearance
from lupussite.doctor import Finding, machine, outside, running
from lupussite.models import MailTried

log = logging.getLogger("lupussite.doctor")
KEY = "red-findings"
# Longer than the worker waits between two looks, so that old lines do not stay for ever.
KEPT = 30 * 60
# What the staff mend themselves, and what is quick to look at: asked again before it is shown as red, so that nobody who just
# mended it is told once more.
AGAIN = {look.__name__: look for look in (outside.owner, outside.help_lines, outside.clinician, running.backup)}


def examine(*, send_to: str = "") -> list[Finding]:
    """Look at everything that concerns this kind of site; with an address, a mail is really sent to it."""
    appearance.current()  # So that the test email has the site's name.
    # The two that wait for others do so while the rest is looked at; neither touches the database.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(_ask, lambda: running.mail_server(send_to))]
        waiting += [pool.submit(_ask, outside.certificate)] if settings.HTTPS else []
        looks = [machine.framework, machine.database, machine.shared_memory, machine.folders, machine.disk, machine.clock]
        looks += [running.worker, running.tasks, running.backup]
        looks += [outside.help_lines, outside.clinician] + ([outside.owner] if settings.HTTPS else [])
        found = [_ask(look) for look in looks] + [future.result() for future in waiting]
    if send_to and waiting[0].result().well:
        MailTried.note()
    return found


def _ask(look):
    """Call one; a look that fails is red itself, and keeps no other from being taken."""
    try:
        return dataclasses.replace(look(), look=getattr(look, "__name__", ""))
    except Exception as error:
        log.warning("%s could not be looked at", getattr(look, "__name__", "something"), exc_info=error)
        name = getattr(look, "__name__", _("Something")).replace("_", " ").capitalize()
        return Finding(name, False, _("could not be looked at ({error})").format(error=type(error).__name__))


def note_red_lines(found: list[Finding] | None = None) -> None:
    """Keep what is red for the staff's pages; looks first when nothing was found yet."""
    if not settings.HTTPS:
        return
    lines = [(one.look, _in_one_line(one)) for one in (examine() if found is None else found) if not one.well]
    try:
        cache.set(KEY, lines, KEPT)
    except Exception as error:
        log.warning("the cache does not answer", exc_info=error)


def _in_one_line(found):
    return f"{found.name}: {found.words}"


def red_lines() -> list[str]:
    """Return what the staff of a public site should know, in sentences; quick, and asks the database only of what was red."""
    if not settings.HTTPS:
        return []
    try:
        lines, silent = cache.get(KEY), running.worker_is_silent()
    except Exception:  # A cache that fails must not take the page away from those who would mend it.
        return [_("Cache: it doesn't answer"), *outside.missing_for_readers()]
    if silent:
        return [_in_one_line(running.worker()), *outside.missing_for_readers()]
    if lines is None:
        return outside.missing_for_readers()
    return [line for look, old in lines if (line := _still_red(look, old))]


def _still_red(look, line):
    """Return the line of what is still red, as it is now, or nothing."""
    if look not in AGAIN:
        return line
    found = _ask(AGAIN[look])
    return "" if found.well else _in_one_line(found)


def quick() -> dict[str, str]:
    """Return for each part that must work whether it does, for machines that watch the site: "ok" or what is wrong."""
    disk = {"disk": "full or not writable" if machine.is_full() else "ok"}
    try:
        silent, down = running.worker_is_silent(), running.mail_is_down()
    except Exception:  # Whatever a cache raises that is away.
        return disk | {"cache": "does not answer"}
    return disk | {
        "worker": "not heard from for five minutes" if silent else "ok",
        "mail": "nothing went out for an hour" if down else "ok",
    }
