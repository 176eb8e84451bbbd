"""The web server as a child process, and the socket it listens on.

The socket belongs to this process: whatever happens to the web server, no connection that waits is turned away.

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
from lupussite.run.processes import LISTENER, PREPARED, Child

# A server that was just stopped may still hold its port for a moment.
PATIENCE = 2.0
# Connections that may wait to be taken.
BACKLOG = 1024

# Its processes wait until the writing end is closed: at once in all that start afterwards.
_waits, _lets_in = os.pipe()
_ahead: list[Child] = []
_listening: list[socket.socket] = []


def address() -> tuple[str, int]:
    """Return HOST as a number, and PORT; ends the program when the name means nothing here."""
    try:
        *_, place = socket.getaddrinfo(settings.HOST.strip("[]"), settings.PORT, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        stop(f"HOST must be an address of this machine, not {settings.HOST} ({error.strerror or error}).")
    return place[0], place[1]


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; ends the program with one line when that cannot be done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
        else:
            listener.setblocking(False)
            if hasattr(socket, "TCP_DEFER_ACCEPT"):
                # Taken only once its request is there: a process that ends in this moment closes none that it has not read.
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
            return listener
        if time.monotonic() > deadline:
            stop(f"cannot listen on {host}, port {port}: {reason}. Stop what uses it, or set PORT to another number.")
        time.sleep(0.2)


def start() -> Child:
    """Start a web server: the one that was started ahead, if there is one."""
    if _ahead:
        return _ahead.pop()
    return Child("web server", ["-m", "lupussite.run.granian"], {PREPARED: _waits, LISTENER: _listening[0].fileno()})


def start_ahead() -> None:
    """Start the web server while this process still loads; ends the program when its port cannot be listened on."""
    if closing.readers_from() and closing.VARIABLE not in os.environ:
        # The machine stopped in the middle of an update: the settings are read again, closed for all but readers.
        os.execve(sys.executable, [sys.executable, *sys.argv], closing.environment())  # noqa: S606 - ourselves
    _listening.append(listen(*address()))
    _ahead.append(start())
    atexit.register(_end_what_nobody_took)


def let_in() -> None:
    """Let its processes make their first page: the database is prepared. To be called once."""
    os.close(_lets_in)


def _end_what_nobody_took() -> None:
    for child in _ahead:
        child.send(signal.SIGKILL)
        child.process.wait()
