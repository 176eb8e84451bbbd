"""Child processes that are kept running and that never outlive their parent.

Every process of the site imports this, also before Django is set up.
"""

import contextlib
import ctypes
import itertools
import logging
import os
import signal
import subprocess
import sys
import time

from django.conf import settings

from lupussite.run import closing

log = logging.getLogger("lupussite.run.processes")

# Asked to end, the web server gives its requests FINISH seconds and the worker its task the same; after KILL seconds both are
# killed, so that all is over within ten.
FINISH = 5
KILL = 8
# A process that lived shorter than STABLE seconds is started again after a pause that doubles.
STABLE = 10
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30

PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send the calling process a signal when its parent, which has this id, dies (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(by))
        if os.getppid() != parent:  # It died before the call.
            os._exit(1)


# Under this name a web server finds the file descriptor whose end tells that the database is prepared.
PREPARED = "LUPUSSITE_PREPARED"
# Under this name a web server finds the file descriptors of the sockets that it serves.
SOCKETS = "LUPUSSITE_SOCKETS"
# Under this name a child finds the file descriptor to which each of its processes writes its id once it is ready to serve.
READY = "LUPUSSITE_READY"


def say_ready() -> None:
    """Tell the process that started this one that it is ready."""
    if READY in os.environ:
        os.write(int(os.environ[READY]), b"%d\n" % os.getpid())


def await_database() -> None:
    """Wait until whoever started this process has prepared the database, or is gone."""
    if PREPARED in os.environ:
        os.read(int(os.environ[PREPARED]), 1)


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Child:
    """A command that is kept running, by Python. `inherited` are the file descriptors it gets, by the names of variables."""

    def __init__(self, name: str, command: list[str], inherited: dict[str, list[int]] | None = None):
        self.name, self.inherited = name, inherited or {}
        # The version and the environment of this moment, also when it is started again.
        self.home, self.environment = closing.current_version(), closing.environment()
        python = self.home / ".venv/bin/python"
        # Tests and those who bring a Python of their own have it elsewhere.
        here = self.home == settings.BASE_DIR or not python.exists()
        self.command = [sys.executable if here else str(python), *command]
        self.pause = 0
        self.hears, self.says = os.pipe()
        os.set_blocking(self.hears, False)
        self.heard = b""
        self.start()

    def start(self) -> None:
        """Start the command in this process group."""
        parent = os.getpid()

        def settle():
            end_with_parent(parent)
            # A terminal sends these to the whole group, and granian, asked twice, may not hear at all: the parent asks, once.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})

        # GRANIAN_… variables would change the web server behind the settings' back.
        environment = {name: value for name, value in self.environment.items() if not name.startswith("GRANIAN_")}
        environment |= {"DATA_DIR": str(settings.DATA_DIR), "PYTHONUNBUFFERED": "1", READY: str(self.says)}
        environment |= {name: ",".join(map(str, descriptors)) for name, descriptors in self.inherited.items()}
        self.started, self.again = time.monotonic(), None
        self.process = subprocess.Popen(  # noqa: S603 - the command is one of ours
            self.command,
            cwd=self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[self.says, *itertools.chain.from_iterable(self.inherited.values())],
            preexec_fn=settle,
        )

    def ended(self) -> bool:
        """Return whether the process is gone."""
        return self.process.poll() is not None

    def has_ready(self, number: int) -> bool:
        """Return whether so many processes of it have said that they are ready, and live."""
        with contextlib.suppress(BlockingIOError):
            self.heard += os.read(self.hears, 4096)
        return sum(_lives(int(pid)) for pid in set(self.heard.split(b"\n")[:-1])) >= number

    def keep_running(self) -> None:
        """Start the command again when it ended and its pause is over."""
        now = time.monotonic()
        if not self.ended():
            return
        if self.again is None:
            self.pause = FIRST_PAUSE if now - self.started > STABLE else min(max(FIRST_PAUSE, self.pause * 2), LONGEST_PAUSE)
            self.again = now + self.pause
            log.error("the %s ended (%s), starting it again in %g s", self.name, self.process.returncode, self.pause)
        elif now >= self.again:
            self.start()

    def close(self) -> None:
        """Let go of what tells when a process is ready; only when it is gone for good."""
        os.close(self.hears)
        os.close(self.says)

    def send(self, signum: signal.Signals) -> None:
        """Send a signal, if the process is still there."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signum)
