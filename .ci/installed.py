"""What .ci/installed does on the copy of the machine: installs, starts what deploy/ says, and asks as readers do."""

import configparser
import contextlib
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import updating

CHECKOUT = Path("/tmp/checkout/site")
DOMAIN = "lupus.example.org"
UNITS = Path("/etc/systemd/system")
STALLED = 40
# Stands for certbot, which has nobody to ask here: it fetches what it is told to prove, and signs by itself.
CERTBOT = """#!/bin/bash
echo "$@" >/tmp/certbot.said
while [ "$1" != -d ]; do shift; done
mkdir -p /etc/letsencrypt/live/$2
cd /etc/letsencrypt/live/$2
openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=$2 -keyout privkey.pem -out fullchain.pem 2>/dev/null
"""
INSTALL = [str(CHECKOUT / "script/install"), DOMAIN, "--yes", "--name", "Lupus Library", "--owner", "owner@example.org"]


def run(*command, check=True, **more):
    """Run a command and return what it printed."""
    ended = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    if check and ended.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {ended.returncode}\n{ended.stdout}")
    return ended.stdout


def expect(condition, words):
    """End with the words unless the condition holds."""
    print(f"{'ok ' if condition else 'NOT'} {words}", flush=True)
    if not condition:
        raise SystemExit(1)


class Unit:
    """A unit of systemd's, run without systemd: as its user, with its settings, and with what it may not write read-only."""

    def __init__(self, name):
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str
        parser.read(UNITS / name)
        self.service = parser["Service"]

    def start(self, **more):
        """Start it."""
        service = self.service
        places = " ".join(service["ReadWritePaths"].split())
        file = service["EnvironmentFile"]
        # systemd's own rules for the file are those of script/manage, which is what reads it here.
        code = "import runpy, sys, os; m = runpy.run_path('/srv/lupus/site/script/manage', run_name='lib'); "
        code += f"print('\\0'.join(f'{{k}}={{v}}' for k, v in m['settings_in'](open('{file}').read()).items()), end='')"
        settings = dict(pair.split("=", 1) for pair in run("python3", "-c", code).split("\0"))
        script = f"for place in {places}; do mount --bind $place $place; done; mount -o remount,ro,bind /; "
        script += "for place in " + places + "; do mount -o remount,rw,bind $place; done; "
        script += f"cd {service['WorkingDirectory']}; umask {service['UMask']}; "
        script += (
            f"exec setpriv --reuid {service['User']} --regid {service['Group']} --init-groups --no-new-privs --bounding-set=-all "
        )
        script += service["ExecStart"]
        command = ["unshare", "--mount", "bash", "-euc", script]
        own = dict([service["Environment"].split("=", 1)] if "Environment" in service else [])
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | own | settings
        return subprocess.Popen(command, env=environment, start_new_session=True, **more)


class Answer:
    """What nginx answered."""

    def __init__(self, raw):
        head, _, self.body = raw.decode(errors="replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        self.status = int(first.split()[1]) if first else 0
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def connected():
    """Return a connection to nginx."""
    return ssl._create_unverified_context().wrap_socket(socket.create_connection(("127.0.0.1", 443), 20), server_hostname=DOMAIN)


def ask(path="/", method="GET", headers=(), body=b""):
    """Ask as a browser does."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {DOMAIN}", "Connection: close", *headers, "", ""]
    with connected() as talk:
        talk.sendall("\r\n".join(lines).encode() + body)
        pieces = []
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while piece := talk.recv(65536):
                pieces.append(piece)
    return Answer(b"".join(pieces))


def until(seconds, condition):
    """Return whether the condition comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if condition():
                return True
        time.sleep(0.1)
    return False


# A site that this nginx had before.
OTHER = """server {{
    listen 80;
    server_name {name};
    location / {{ default_type text/plain; return 200 "the other site"; }}
}}
"""


def refused(told, *words, **more):
    """Expect that it ends with one line, and changed nothing."""
    more = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True} | more
    ended = subprocess.run([*map(str, words)], **more)
    one_line = ended.returncode == 1 and told in ended.stderr and ended.stderr.count("\n") == 1
    expect(one_line, f"refused: {ended.stderr.strip().removeprefix(f'{INSTALL[0]}: ')}")


def refuse_on_a_machine_that_does_not_fit():
    """What is in the way is said before anything is changed."""
    refused("needs root", "setpriv", "--reuid=65534", "--clear-groups", *INSTALL, "--mail", "later")
    with socket.create_server(("0.0.0.0", 80)):
        refused("already listens on port 80", *INSTALL, "--mail", "later")
    stub = Path("/tmp/stub")
    stub.mkdir()
    (stub / "df").write_text("#!/bin/sh\nprintf 'Filesystem 1M-blocks Used Available\\n/dev/x 9 9 300 99%% /\\n'\n")
    (stub / "df").chmod(0o755)
    refused("only 300 MB left", *INSTALL, "--mail", "later", env=os.environ | {"PATH": f"{stub}:{os.environ['PATH']}"})
    other = Path("/etc/nginx/sites-enabled/other")
    other.write_text(OTHER.format(name=f"www.example.org {DOMAIN}"))
    refused(f"already serves {DOMAIN} from {other}", *INSTALL, "--mail", "later")
    other.write_text(OTHER.format(name="other.example.org"))
    expect(not Path("/srv/lupus").exists() and not Path("/etc/lupus.env").exists(), "and nothing was changed")


def install():
    """Install from nothing, then twice more, once without anybody to ask."""
    refuse_on_a_machine_that_does_not_fit()
    begin = time.monotonic()
    said = run(*INSTALL, "--mail", "later")
    print(f"    installed in {time.monotonic() - begin:.0f} s, packages of Debian and PyPI fetched before")
    link = re.search(rf"https://{DOMAIN}/admin/welcome/\S+", said)
    expect(
        link and "signed by itself" in said, "a fresh machine has a site, an invitation and a certificate that says who signed it"
    )
    before = Path("/etc/lupus.env").read_text()
    again = run("/srv/lupus/site/script/install", *INSTALL[1:3], stdin=subprocess.DEVNULL, cwd="/")
    expect(Path("/etc/lupus.env").read_text() == before, "installing again, from where it was installed to, changes no key")
    expect(re.search(rf"https://{DOMAIN}/admin/welcome/\S+", again), "and prints a link again while nobody has used one")
    with open("/etc/hosts", "a") as hosts:
        hosts.write(f"127.0.0.1 {DOMAIN}\n")
    Path("/usr/local/bin/certbot").write_text(CERTBOT)
    Path("/usr/local/bin/certbot").chmod(0o755)
    said = run(*INSTALL[:3], "--mail", "smtp://127.0.0.1:2525")
    told = Path("/tmp/certbot.said").read_text()
    expect(
        "signed by Let's Encrypt" in said and "--webroot -w /var/lib/lupus-acme" in told and "owner@example.org" in told,
        "once the name leads here, it gets a certificate that browsers trust",
    )
    expect(f"/etc/letsencrypt/live/{DOMAIN}/" in Path("/etc/nginx/sites-enabled/lupus").read_text(), "and nginx uses that one")
    after = Path("/etc/lupus.env").read_text()
    expect(
        'EMAIL_URL="smtp://127.0.0.1:2525"' in after and set(before.splitlines()) <= set(after.splitlines()),
        "a third time it adds the mail server and keeps the rest",
    )
    modes = {path: oct(os.stat(path).st_mode & 0o777) for path in ("/etc/lupus.env", "/srv/lupus/data", "/srv/lupus/backups")}
    expect(modes == {"/etc/lupus.env": "0o600", "/srv/lupus/data": "0o700", "/srv/lupus/backups": "0o700"}, f"private: {modes}")
    return link.group().removeprefix(f"https://{DOMAIN}")


def refuse():
    """What cannot work ends with one line that says why."""
    for words, told in (
        (["nosuchdomain"], "is not the name of a site"),
        (["other.example.org", "--yes"], "already has a site on this machine"),
        ([DOMAIN, "--yes", "--mail", "mail.example.org"], "is not a mail server"),
    ):
        refused(told, INSTALL[0], *words)


def main():
    """Do all of it."""
    run("git", "-C", CHECKOUT, "remote", "remove", "origin")  # Updates come from the checkout itself.
    welcome = install()
    refuse()
    said = run("systemd-analyze", "verify", *sorted(UNITS.glob("lupus*")))
    expect("lupus" not in said, f"systemd-analyze verify has nothing to say {said}")
    log = Path("/tmp/serve.log").open("a+")  # noqa: SIM115 - for as long as the site runs
    with open("/etc/lupus.env", "a") as settings:
        settings.write("COMMENT_LIMITS=0\n")
    site = Unit("lupus.service").start(stdout=log, stderr=log)
    try:
        expect(
            until(60, lambda: ask("/healthz").status == 200),
            "the unit's command serves as its user, on a disk that is read-only to it",
        )
        expect("Lupus Library" in ask().body, "readers reach it through nginx")
        with socket.create_connection(("127.0.0.1", 80), 20) as talk:
            talk.sendall(b"GET / HTTP/1.1\r\nHost: other.example.org\r\nConnection: close\r\n\r\n")
            expect(b"the other site" in talk.makefile("rb").read(), "the site that was there before is still there")
        expect(
            ask(welcome).headers.get("location", "").endswith("/set-password/"),
            "the invitation leads to where a password is chosen",
        )
        rename = "from lupussite.models import Appearance; Appearance(pk=1, name='Wolf & Moon').save()"
        run("lupus", "shell", "--verbosity", "0", "--command", rename, cwd="/")
        front()
        said = run("lupus", "doctor", check=False, cwd="/")
        expect(
            "ok   Worker" in said and "ok   Database" in said and "RED  Certificate" in said,
            "the doctor sees what runs and what is missing",
        )
        ended = Unit("lupus-backup.service").start(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        told = ended.communicate(timeout=300)[0]
        expect(ended.returncode == 0 and "checked it by opening it" in told, f"the timer's unit saves: {told.strip()}")
        # The worker looks once a minute.
        named = until(70, lambda: "Wolf &amp; Moon" in ask("/.down/down.html").body)
        expect(named, "what nginx shows alone has the name that the owner chose in the admin")
        if "--all" in sys.argv:
            drill = updating.Drill(site.pid, ask, expect, run, CHECKOUT)
            drill.usual()
            drill.thorough()
            with updating.postgresql(run) as url:
                said = run("lupus", "move_database", url, cwd="/")
                expect("rows moved and compared" in said, f"the site moves: {said.strip().splitlines()[-3]}")
                with open("/etc/lupus.env", "a") as settings:
                    settings.write(f"DATABASE_URL={url}\n")
                site.terminate()
                site.wait(15)
                site = Unit("lupus.service").start(stdout=log, stderr=log)
                expect(until(60, lambda: ask("/healthz").status == 200), "and serves from PostgreSQL")
                drill.on_postgresql(site.pid)
                site.terminate()
                site.wait(15)
    except BaseException:
        log.seek(0)
        print(log.read()[-5000:])
        raise
    finally:
        site.terminate()
        site.wait(15)
    answer = ask()
    expect(
        (answer.status, answer.headers.get("retry-after")) == (503, "30") and "right back" in answer.body,
        "while the site is away, nginx says so in its look",
    )


def front():
    """What nginx keeps from the site."""
    head = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 5000"]
    stalled = []
    for _ in range(STALLED):
        talk = connected()
        talk.sendall("\r\n".join(["POST /articles/x/comments/ HTTP/1.1", f"Host: {DOMAIN}", *head, "", "body=and"]).encode())
        stalled.append(talk)
    slowest = 0
    for _ in range(20):
        begin = time.monotonic()
        expect(ask().status == 200, "a reader is served") if slowest == 0 else None
        slowest = max(slowest, time.monotonic() - begin)
    expect(slowest < 2, f"while {STALLED} posts stall, the slowest of 20 pages takes {slowest:.2f} s")
    for talk in stalled:
        talk.close()
    answer = ask("/articles/x/comments/", "POST", [head[0], "Content-Length: 300000"])
    expect(answer.status == 413 and "too long" in answer.body, "a form that is too large gets a page in the site's look")
    expect(ask("/.down/site.css").status == 200, "whose style sheet nginx has itself")
    forged = ask("/healthz", headers=["X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: http"])
    expect(forged.status == 200, "what a browser claims of its way is dropped")


if __name__ == "__main__":
    sys.exit(main())
