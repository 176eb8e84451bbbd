"""The web server: granian, with the site loaded before any serving process begins.

Forked from here they share most of their memory, and a new one takes requests a fraction of a second later. Nothing loaded here
opens a database or starts a thread: neither would survive the fork. Where Python spawns instead, each process loads for itself.
"""

import gc
import importlib
import os

import django
from django.conf import settings
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder

from lupussite.run.processes import FINISH, LISTENER


class Server(Granian):
    """A granian whose processes all take connections from one socket, which lives on in the process that started this one.

    Granian's own way is a socket for each process, and what waits in one is turned away when its process ends.
    https://github.com/emmett-framework/granian/issues/567
    """

    def _init_shared_socket(self):
        self._sso = None
        self._shd = SocketHolder(int(os.environ[LISTENER]), False, self.backlog)


def serve(application: str, processes: int) -> None:
    """Serve a WSGI application, given as module:name, by so many processes until SIGTERM."""
    Server(
        application,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=processes,
        blocking_threads=4,
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
    serve("lupussite.run.application:application", settings.WEB_PROCESSES)
