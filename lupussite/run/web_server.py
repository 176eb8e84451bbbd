"""The web server as a child process, and where it listens.

It takes as long to load as the process that starts it, so `start_ahead()` lets both load side by side; only settings are needed
for that. What it loads touches no database before `let_in()` says that the database is prepared.
"""

import atexit
import os
import signal
import socket
import sys
import time

from django.conf import settings

from lupussite.environment import stop
from lupussite.run import closing
from lupussite.run.processes import FINISH, PREPARED, Child

# A server that was just stopped may still hold its port for a moment.
PATIENCE = 2.0

# Its processes wait until the writing end is closed: at once in all that start afterwards.
_waits, _lets_in = os.pipe()
_ahead: list[Child] = []


def address() -> tuple[str, int]:
    """Return HOST as a number, and PORT; ends the program when the name means nothing here."""
    try:
        *_, place = socket.getaddrinfo(settings.HOST.strip("[]"), settings.PORT, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        stop(f"HOST must be an address of this machine, not {settings.HOST} ({error.strerror or error}).")
    return place[0], place[1]


def check_port() -> None:
    """End the program with one line when HOST and PORT cannot be listened on."""
    host, port = address()
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                return probe.bind((host, port))
            except (OSError, OverflowError) as error:
                reason = getattr(error, "strerror", None) or error
        if time.monotonic() > deadline:
            stop(f"cannot listen on {host}, port {port}: {reason}. Stop what uses it, or set PORT to another number.")
        time.sleep(0.2)


def options(host: str, port: int) -> list[str]:
    """Return granian's options. Its own access log is off: it holds paths, and some are secrets."""
    values = {
        "--interface": "wsgi",
        "--host": host,
        "--port": port,
        "--http": 1,
        "--workers": settings.WEB_PROCESSES,
        "--blocking-threads": 4,
        "--backpressure": 64,
        "--http1-header-read-timeout": 5000,
        "--workers-kill-timeout": FINISH,
        "--respawn-interval": 0.5,
        "--log-level": "warning",
    }
    return [*(str(word) for pair in values.items() for word in pair), "--no-ws", "--no-access-log", "--respawn-failed-workers"]


def start() -> Child:
    """Start a web server: the one that was started ahead, if there is one."""
    if _ahead:
        return _ahead.pop()
    application = "lupussite.run.application:application"
    command = ["-m", "lupussite.run.granian", *options(*address()), application]
    return Child("web server", command, {PREPARED: _waits})


def start_ahead() -> None:
    """Start the web server while this process still loads; ends the program when its port cannot be listened on."""
    if closing.readers_from() and closing.VARIABLE not in os.environ:
        # The machine stopped in the middle of an update: the settings are read again, closed for all but readers.
        os.execve(sys.executable, [sys.executable, *sys.argv], closing.environment())  # noqa: S606 - ourselves
    check_port()
    _ahead.append(start())
    atexit.register(_end_what_nobody_took)


def let_in() -> None:
    """Let its processes make their first page: the database is prepared. To be called once."""
    os.close(_lets_in)


def _end_what_nobody_took() -> None:
    for child in _ahead:
        child.send(signal.SIGKILL)
        child.process.wait()
