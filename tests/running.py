"""A whole site in processes of its own, for the tests and measurements that need a real one."""

import contextlib
import fcntl
import html.parser
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


# Makes what the mails of a comment lead to, and prints the paths of the pages.
SECRET_PAGES = """
import json, urllib.parse
from accounts.models import User
from django.utils import timezone
from comments.flows import no_mail, secret_links
from mail.message import link
from comments.models import Comment, Letter, Subscription

comment = Comment.objects.queued().filter(lane="standard").first()
subscription, _ = Subscription.objects.get_or_create(comment=comment, defaults={"contact_id": comment.contact_id})
letter = Letter.objects.create(comment=comment, by=User.objects.first(), sent_at=timezone.now())
links = {"confirm": secret_links.secret_link(subscription, "confirm"), "letter": secret_links.secret_link(letter, "letter")}
links["end"] = link("comments:mail-end", subscription.pk, no_mail.token_of(subscription.contact_id))
links["never"] = no_mail.link_of(subscription.contact_id)
paths = {name: urllib.parse.urlsplit(address).path for name, address in links.items()}
print(json.dumps(paths | {"change": comment.author_url + "change/"}))
"""


# Returns once the worker has done what it does at its start, and no more has come for two seconds.
AT_REST = """
import time
from django.utils import timezone
from mail.models import Outbox
still, last = 0, None
while still < 20:
    rows = Outbox.objects.filter(kind="forget_pictures").exists() and not Outbox.objects.due(timezone.now()).exists()
    still = still + 1 if rows and last == Outbox.objects.count() else 0
    last = Outbox.objects.count()
    time.sleep(0.1)
"""


def within(seconds: float, condition) -> bool:
    """Return whether the condition comes true in time; while a site does not answer it is not true yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if condition():
                return True
        time.sleep(0.05)
    return False


class Site:
    """`manage.py serve` on a free port of this machine, in a process group of its own."""

    def __init__(self, data_dir: Path, **environment: str):
        self.data_dir = Path(data_dir)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "DATA_DIR": str(data_dir),
        }
        # SQLite in the folder of its own, whatever the tests beside it use: two sites must not share a database.
        self.environment.pop("DATABASE_URL", None)
        self.environment |= environment
        self.process = None

    def manage(self, *arguments: str) -> str:
        """Run a management command and return what it printed; fails with its errors when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, text=True, stdout=subprocess.PIPE, timeout=300)
        return done.stdout

    def at_rest(self) -> None:
        """Wait until the worker has done what it does at its start, so that rows can be counted."""
        self.manage("shell", "--verbosity", "0", "--command", AT_REST)

    def start(self) -> None:
        """Start serving, and wait until it says so."""
        self.log = (self.data_dir / "serve.log").open("a+")
        begin = self.log.seek(0, os.SEEK_END)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while "Serving http" not in (printed := self.printed(begin)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the site did not start:\n{printed}")
            time.sleep(0.05)

    def printed(self, begin: int = 0) -> str:
        """Return what the processes printed, from a place in the log on."""
        return (self.data_dir / "serve.log").read_bytes()[begin:].decode()

    def stop(self) -> int:
        """Ask it to end, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(10)
        finally:
            self.kill()

    def kill(self) -> None:
        """Kill every process of the site at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def get(self, path: str, *, timeout: float = 20) -> tuple[int, str]:
        """Return status and text of a page; redirects are followed. Fails when nothing comes for so many seconds."""
        return self._open(urllib.request.Request(self.url + path), timeout)

    def post(self, path: str, fields: dict) -> tuple[int, str, str]:
        """Send a form as a page of the site would, and return status, Location and text of the answer itself."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        with contextlib.closing(connection):
            connection.request("POST", path, urllib.parse.urlencode(fields), headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()

    def open_articles(self) -> list[str]:
        """Return the paths of the articles on the first page that take comments."""
        paths = dict.fromkeys(re.findall(r'href="(/articles/[\w-]+/)"', self.get("/")[1]))
        return [path for path in paths if 'method="post"' in self.get(path)[1]]

    def secret_pages(self) -> dict[str, str]:
        """Return the paths of the pages that only the author of a comment has a link to, in mails and on the receipt."""
        return json.loads(self.manage("shell", "--verbosity", "0", "--command", SECRET_PAGES))

    def report_page(self) -> str:
        """Return the path of the page on which a public comment is reported."""
        pages = (self.get(path)[1] for path in self.open_articles())
        return next(found[0] for page in pages if (found := re.search(r"/articles/[\w-]+/comments/\d+/report/", page)))

    @staticmethod
    def _open(request, timeout) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


def fill(site: Site, *, demo: bool = True) -> None:
    """Give a site its tables and, unless told otherwise, the demonstration data and accounts.

    That takes ten seconds and more, so what was made once is kept in the folder that DEMO_SITE names, for one run of the tests.
    """
    kept = os.environ.get("DEMO_SITE")
    if not kept or "DATABASE_URL" in site.environment:
        _make(site, demo)
        return
    folder = Path(kept) / (site.environment["DEMO_PASSWORD"].replace(" ", "-") if demo else "empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Tests run side by side.
        if not folder.exists():
            made = Site(folder.with_suffix(".new"), DEMO_PASSWORD=site.environment.get("DEMO_PASSWORD", ""))
            made.data_dir.mkdir(exist_ok=True)
            _make(made, demo)
            made.data_dir.rename(folder)
    shutil.copytree(folder, site.data_dir, dirs_exist_ok=True)


def _make(site: Site, demo: bool) -> None:
    site.manage("migrate", "--verbosity", "0")
    if demo:
        site.manage("load_demo", "--with-accounts")


@contextlib.contextmanager
def running_site(*, demo: bool = True, **environment: str):
    """Yield a running Site in a data folder of its own, with the demonstration data and accounts, and leave nothing behind."""
    with tempfile.TemporaryDirectory() as data_dir:
        site = Site(data_dir, **({"DEMO_PASSWORD": "correct horse battery"} | environment))
        if demo:
            fill(site)
        site.start()
        try:
            yield site
        finally:
            if site.process.poll() is None:
                site.stop()


class _Form(html.parser.HTMLParser):
    """Collects the inputs of the form that has a textarea, as the page sent them."""

    def __init__(self):
        super().__init__()
        self.found, self.fields, self.has_text = {}, {}, False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.fields, self.has_text = {}, False
        elif tag == "input" and attrs.get("name"):
            self.fields[attrs["name"]] = attrs.get("value") or ""
        elif tag == "textarea":
            self.has_text = True

    def handle_endtag(self, tag):
        if tag == "form" and self.has_text:
            self.found = self.fields


def form_fields(page: str) -> dict:
    """Return the fields of the comment form as the page served them, hidden ones included."""
    form = _Form()
    form.feed(page)
    return form.found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
