"""Runs the web server and the worker, in the foreground and in one process group, until SIGINT or SIGTERM.

Whichever dies is started again. SIGUSR1 exchanges them for new ones, and no reader waits: the new web server listens beside
the old one before that ends. Nothing outlives this process: it ends its children, and the kernel ends them when it is killed.
"""

import http.client
import logging
import signal
import time

from django.conf import settings
from django.db import connections

from lupussite.run import closing, preparation, web_server
from lupussite.run.processes import KILL, Child
from lupussite.shared_cache import begin_empty

log = logging.getLogger("lupussite.run.serving")

# Seconds: to get warm when the machine is busy, and from being warm to taking connections.
LONGEST_START = 60
UNTIL_LISTENING = 0.5
WORKER = ["-m", "lupussite.run.worker"]


def serve(say) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; `say` prints a line. Ends the program when the web server does not start."""
    connections.close_all()
    host, port = web_server.address()
    asked, exchanges = [], []
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda signum, frame: asked.append(signum))
    signal.signal(signal.SIGUSR1, lambda signum, frame: exchanges.append(signum))
    begin_empty(settings.SHARED_CACHE)
    web_server.let_in()
    web = web_server.start()
    children = [web]
    try:
        while not asked and not (web.has_ready(1) and _answers(host, port)):
            if web.ended():
                raise SystemExit("lupussite: the web server did not start; the lines above say why.")
            time.sleep(0.05)
        if not asked:
            children += _workers()  # Not before: readers should not wait while it loads.
            closing.say_serving(web.home)
            say(f"Serving {settings.SITE_URL}{_behind(host, port)} (Ctrl-C ends it)")
        while not asked:
            for child in children:
                child.keep_running()
            if exchanges:
                exchanges.clear()
                _exchange(children, lambda: bool(asked))
            time.sleep(0.2)
    finally:
        _end(children)
        preparation.settle()


def _exchange(children: list[Child], ending) -> None:
    """Put a new web server in the place of the first child once all its processes are warm, and begin the worker anew.

    One that does not get so far is ended again, and the old one stays.
    """
    new = web_server.start()
    deadline = time.monotonic() + LONGEST_START
    while not new.has_ready(settings.WEB_PROCESSES) and not new.ended() and not ending() and time.monotonic() < deadline:
        time.sleep(0.05)
    # In this time one that breaks when it begins to serve is gone again.
    time.sleep(UNTIL_LISTENING)
    if ending() or not new.has_ready(settings.WEB_PROCESSES):
        log.error("the new web server did not start, the old one stays")
        closing.say("failed", str(new.home))
        _end([new])
        new.close()
        return
    _end(children)
    for child in children:
        child.close()
    children[:] = [new, *_workers()]
    closing.say_serving(new.home)
    log.info("the web server and the worker were exchanged for new ones")


def _workers() -> list[Child]:
    """Return the worker, or none where nothing can be written or is to be."""
    cannot = settings.READ_ONLY_DATABASE and not settings.READERS_FROM
    return [] if cannot or closing.readers_from() else [Child("worker", WORKER)]


def _behind(host: str, port: int) -> str:
    here = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return "" if settings.SITE_URL in {here, f"http://{settings.HOST}:{settings.PORT}"} else f" at {here}"


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.ALLOWED_HOSTS[0]})
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(children: list[Child]) -> None:
    for child in children:
        child.send(signal.SIGTERM)
    deadline = time.monotonic() + KILL
    while time.monotonic() < deadline and not all(child.ended() for child in children):
        time.sleep(0.05)
    for child in children:
        child.send(signal.SIGKILL)
        child.process.wait()
