"""Pages a second for readers, against a bare Django view of the same bytes: python -m bench.readers (needs wrk: apt install wrk)

Three servers with equally many processes, taking turns: the site, the site without ready copies, and the bare view.
"""

import contextlib
import gzip
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path

import brotli
import django

from tests.running import ROOT, Site, form_fields, running_site

COUNTS = [0, 10, 200, 10_000]
ROUNDS = 5
SECONDS = 2
CONNECTIONS = 8
HOT = 50

MAKE = """
import itertools
from articles.models import Article
from bench.article_page import article_with
from tests import factories
factories._numbers = itertools.count(100 * Article.objects.count())
print(article_with({count}).get_absolute_url())
"""
DECIDE = """
import itertools, time
from accounts.models import User
from comments.flows.moderation import decide
from comments.models import Comment
doctor = User.objects.get(username="demo-clinician")
until = time.monotonic() + {seconds}
while time.monotonic() < until:
    comment = Comment.objects.queued().filter(lane="standard").first()
    if comment:
        decide(comment, "approved", version=comment.version, by=doctor)
    time.sleep(1)
"""


def main():
    """Print a line for each number of comments, then what else happens meanwhile, and what the processes take."""
    if not shutil.which("wrk"):
        raise SystemExit("this needs wrk: apt install wrk")
    processes = str(len(os.sched_getaffinity(0)))
    # For the command of the web server, which stands in a module that wants settings.
    os.environ |= {"DJANGO_SETTINGS_MODULE": "lupussite.settings", "DATA_DIR": tempfile.mkdtemp()}
    django.setup()
    more = {"WEB_PROCESSES": processes, "COMMENT_LIMITS": "0"}
    with running_site(**more) as kept, contextlib.ExitStack() as stack:
        anew = Site(kept.data_dir, READY_COPIES_MB="0", **more)
        anew.start()
        stack.callback(anew.stop)
        print(f"{processes} processes, {CONNECTIONS} connections; medians of {ROUNDS} rounds of {SECONDS} s each; pages a second")
        print("                                        by rate         by processor")
        print("comments    bare    copy    anew    copy     anew    copy     anew   bytes   gzip brotli")
        for count in COUNTS:
            path = kept.manage("shell", "--verbosity", "0", "--command", MAKE.format(count=count)).strip()
            compare(f"{count:8d}", kept, anew, path)
        path = kept.open_articles()[0]
        with others_busy(kept, path):
            compare("  busy *", kept, anew, path)
        paths = [kept.manage("shell", "--verbosity", "0", "--command", MAKE.format(count=10)).strip() for _ in range(HOT)]
        rate = wrk(kept.port, *paths)
        print(f"\n{HOT} hot pages with ten comments each, in turn: {rate:.0f} copies a second")
        print("* with a comment every 100 ms and a decision every second")
        print(f"\nprocessor seconds and megabytes of each process: {resources(kept)}")


def compare(label, kept, anew, path):
    """Print one line of the table."""
    body = page(kept, path)
    with bare_server(body) as (port, group):
        servers = {
            "bare": (port, "/", group),
            "copy": (kept.port, path, kept.process.pid),
            "anew": (anew.port, path, anew.process.pid),
        }
        rates, costs = {name: [] for name in servers}, {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, (port, asked, group) in servers.items():
                before = processor_seconds(group)
                rates[name].append(wrk(port, asked))
                costs[name].append((processor_seconds(group) - before) / (rates[name][-1] * SECONDS))
    bare, copy, made = (statistics.median(rates[name]) for name in servers)
    by_rate = [statistics.median(a / b for a, b in zip(rates[name], rates["bare"], strict=True)) for name in ("copy", "anew")]
    by_cost = [statistics.median(b / a for a, b in zip(costs[name], costs["bare"], strict=True)) for name in ("copy", "anew")]
    sizes = f"{len(body):7d} {len(gzip.compress(body, 6)):6d} {len(brotli.compress(body, quality=5)):6d}"
    print(
        f"{label} {bare:7.0f} {copy:7.0f} {made:7.1f} {by_rate[0]:7.2f} {by_rate[1]:8.4f} {by_cost[0]:7.2f} {by_cost[1]:8.4f} {sizes}"
    )
    sys.stdout.flush()


def processor_seconds(group):
    """Return the processor seconds that all processes of a group have taken."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(process.name)) == group:
                words = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


SERVE_BARE = "from lupussite.run.granian import serve; serve('bench.bare:application')"


def page(site, path):
    """Return the bytes of the page as a browser without any coding gets them."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        return connection.getresponse().read()


def wrk(port, *paths):
    """Return the answers a second; with several paths each connection asks for them in turn."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"http://127.0.0.1:{port}{paths[0]}"]
    script = None
    if len(paths) > 1:
        script = Path(os.environ.get("TMPDIR", "/tmp")) / f"wrk-{os.getpid()}.lua"
        listed = ", ".join(f'"{path}"' for path in paths)
        script.write_text(
            f"paths = {{{listed}}}; n = 0\nrequest = function() n = n % #paths + 1; return wrk.format('GET', paths[n]) end\n"
        )
        command += ["-s", str(script)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if script:
        script.unlink()
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    return float(re.search(r"Requests/sec: +([0-9.]+)", said)[1])


@contextlib.contextmanager
def bare_server(body):
    """Serve these bytes by bench/bare.py under the site's own web server, and yield the port and the process group."""
    file = Path(os.environ.get("TMPDIR", "/tmp")) / f"bare-{os.getpid()}"
    file.write_bytes(body)
    from django.conf import settings

    from lupussite.run import processes, web_server

    listening = web_server.listen("127.0.0.1", 0, settings.WEB_PROCESSES)
    port = listening[0].getsockname()[1]
    descriptors = [listener.fileno() for listener in listening]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE_BARE],
        cwd=ROOT,
        env=os.environ | {"BARE": str(file), processes.SOCKETS: ",".join(map(str, descriptors))},
        start_new_session=True,
        pass_fds=descriptors,
    )
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            answer.read()
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)
        for listener in listening:
            listener.close()
        file.unlink()


@contextlib.contextmanager
def others_busy(site, path):
    """Post a comment every 100 ms and decide on one every second, as long as this lasts."""
    ending = threading.Event()
    fields = form_fields(site.get(path)[1])

    def post():
        number = 0
        while not ending.wait(0.1):
            number += 1
            words = {"name": "Ines", "email": f"ines-{number}@example.org", "body": f"I rest at noon, and it helps. ({number})"}
            site.post(f"{path}comments/", fields | words)

    seconds = ROUNDS * SECONDS * 3 + 10
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", DECIDE.format(seconds=seconds)]
    deciding = subprocess.Popen(command, cwd=ROOT, env=site.environment)
    posting = threading.Thread(target=post, daemon=True)
    posting.start()
    try:
        yield
    finally:
        ending.set()
        posting.join(20)
        deciding.terminate()
        deciding.wait(20)


def resources(site):
    """Return processor seconds and resident megabytes of each process of the site."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(process.name)) == site.process.pid:
                words = (process / "stat").read_text().rpartition(")")[2].split()
                ticks = os.sysconf("SC_CLK_TCK")
                memory = int(re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())[1]) / 1024
                found.append(f"{(int(words[11]) + int(words[12])) / ticks:.0f} s / {memory:.0f} MB")
    return ", ".join(found)


if __name__ == "__main__":
    main()
