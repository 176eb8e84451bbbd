"""The web server: granian, with the site loaded before any serving process begins.

Forked from here they share most of their memory, and a new one takes requests a fraction of a second later. Nothing loaded here
opens a database or starts a thread: neither would survive the fork.
"""

import gc
import importlib
import multiprocessing
import os

import django
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder

from lupussite.copies.front import THREADS
from lupussite.run.processes import FINISH, SOCKETS


class Server(Granian):
    """A granian whose processes serve sockets that live on in the process that started this one.

    Granian's own are closed with the process that serves them, and what waits there is turned away.
    https://github.com/emmett-framework/granian/issues/567
    """

    def _init_shared_socket(self):
        self._sso = None
        self.holders = [SocketHolder(descriptor, False, self.backlog) for descriptor in sockets()]

    def _spawn_worker(self, idx, *arguments, **options):
        self._shd = self.holders[idx]
        return super()._spawn_worker(idx, *arguments, **options)


def sockets() -> list[int]:
    """Return the file descriptors of the sockets to serve, one for each process."""
    return [int(descriptor) for descriptor in os.environ[SOCKETS].split(",")]


def serve(application: str) -> None:
    """Serve a WSGI application, given as module:name, until SIGTERM."""
    # Everything is loaded, and the sockets are open: both go to the processes only this way.
    multiprocessing.set_start_method("fork")
    Server(
        application,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=len(sockets()),
        blocking_threads=THREADS,
        backpressure=64,
        http1_settings=HTTP1Settings(header_read_timeout=5000),
        websockets=False,
        workers_kill_timeout=FINISH,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        log_level=LogLevels.warning,
        log_access=False,  # It holds paths, and some are secrets.
    ).serve()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")
    django.setup()
    importlib.import_module("lupussite.urls")
    importlib.import_module("comments.screening").prepare()
    # What is never thrown away need not be looked at again: that would copy the shared memory.
    gc.collect()
    gc.freeze()
    serve("lupussite.run.application:application")
