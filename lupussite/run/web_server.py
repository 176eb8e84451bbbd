"""The web server as a child process, and the sockets it listens on.

They belong to this process: whatever happens to the web server, no connection that waits is turned away.

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
from lupussite.run.processes import PREPARED, SOCKETS, Child

# A server that was just stopped may still hold its port for a moment.
PATIENCE = 2.0
# Connections that may wait for one process.
BACKLOG = 1024

# Its processes wait until the writing end is closed: at once in all that start afterwards.
_waits, _lets_in = os.pipe()
_ahead: list[Child] = []
_sockets: list[socket.socket] = []


def address() -> tuple[str, int]:
    """Return HOST as a number, and PORT; ends the program when the name means nothing here."""
    try:
        *_, place = socket.getaddrinfo(settings.HOST.strip("[]"), settings.PORT, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        stop(f"HOST must be an address of this machine, not {settings.HOST} ({error.strerror or error}).")
    return place[0], place[1]


def listen(host: str, port: int, count: int) -> list[socket.socket]:
    """Return so many sockets that listen there, between which the kernel spreads what comes.

    Ends the program with one line when that cannot be done.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            # By itself: two that share a port do so also with another program's.
            with socket.create_server((host, port), family=family) as first:
                port = first.getsockname()[1]
            return [_listening(host, port, family) for _ in range(count)]
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
        if time.monotonic() > deadline:
            stop(f"cannot listen on {host}, port {port}: {reason}. Stop what uses it, or set PORT to another number.")
        time.sleep(0.2)


def _listening(host, port, family):
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=True)
    listener.setblocking(False)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # What is taken from it inherits that.
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        # Taken only once its request is there: a process that ends in this moment closes none that it has not read.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
    return listener


def start() -> Child:
    """Start a web server: the one that was started ahead, if there is one."""
    if _ahead:
        return _ahead.pop()
    return Child(
        "web server", ["-m", "lupussite.run.granian"], {PREPARED: [_waits], SOCKETS: [listener.fileno() for listener in _sockets]}
    )


def start_ahead() -> None:
    """Start the web server while this process still loads; ends the program when its port cannot be listened on."""
    if closing.readers_from() and closing.VARIABLE not in os.environ:
        # The machine stopped in the middle of an update: the settings are read again, closed for all but readers.
        os.execve(sys.executable, [sys.executable, *sys.argv], closing.environment())  # noqa: S606 - ourselves
    _sockets.extend(listen(*address(), settings.WEB_PROCESSES))
    _ahead.append(start())
    atexit.register(_end_what_nobody_took)


def let_in() -> None:
    """Let its processes make their first page: the database is prepared. To be called once."""
    os.close(_lets_in)


def _end_what_nobody_took() -> None:
    for child in _ahead:
        child.send(signal.SIGKILL)
        child.process.wait()
