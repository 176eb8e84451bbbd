"""Reads pages without pause while three people change them on a site of two processes: no page may be older than a second.

python .ci/watched.py [CHANGES [SEED]]

What a page shows must have been true at some moment from a second before it was asked for until it came.
"""

import collections
import json
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.running import ROOT, running_site

CHANGES = int(sys.argv[1]) if len(sys.argv) > 1 else 300
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
OLDEST = 1.0
READERS = 4
# Readers that only keep the copies warm would prove nothing while the machine is busy: each must have read so many pages.
FEWEST_READ = 50


def read(site, paths, seen, ending):
    """Ask for the pages in turn until the end, and note when, and what they showed."""
    while not ending.is_set():
        for path in paths:
            asked = time.monotonic()
            try:
                with urllib.request.urlopen(site.url + path, timeout=20) as answer:
                    status, text = answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                with error:
                    status, text = error.code, error.read().decode()
            shown = set(re.findall(r"Token \d+-\d+", text)) | ({"online"} if status == 200 else set())
            if 'class="status status-current' in text:
                shown.add("reviewed")
            seen.append((path, asked, time.monotonic(), status, shown))


def was_so(changes, what, asked, came):
    """Return whether what the page showed was true at some moment between."""
    states = [(before, after, true) for before, after, true in changes if before <= came]
    # Each holds from the beginning of its change until the end of the next.
    ends = [after for _, after, _ in states[1:]] + [came]
    return any(true == what and end >= asked for (_, _, true), end in zip(states, ends, strict=True))


def main():
    """Start the site, the people and the readers; fail with the first page that was wrong."""
    seen, ending = [], threading.Event()
    with running_site(WEB_PROCESSES="2", COMMENT_LIMITS="0") as site:
        environment = site.environment | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(Path(__file__).with_name("changing.py")), str(CHANGES), str(SEED)]
        people = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        paths = json.loads(people.stdout.readline())
        begun = time.monotonic()
        readers = [threading.Thread(target=read, args=(site, paths, seen, ending), daemon=True) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        lines = [json.loads(line) for line in people.stdout]
        if people.wait(60):
            raise SystemExit("the people did not get to the end")
        time.sleep(2 * OLDEST)
        ending.set()
        for reader in readers:
            reader.join(30)
    told = collections.defaultdict(list)
    for path, what, true, before, after in lines:
        told[path, what].append((before, after, true))
    wrong = 0
    for path, asked, came, status, shown in seen:
        things = {what for of, what in told if of == path}
        for what in things:
            if status != 200 and what != "online":
                continue
            changes = [(begun - 3600, begun - 3600, True), *sorted(told[path, what])]
            if not was_so(changes, what in shown, asked - OLDEST, came):
                wrong += 1
                print(f"{path}: asked {asked:.3f}, came {came:.3f}: {what} was {'shown' if what in shown else 'missing'}")
    if wrong:
        raise SystemExit(f"{wrong} of {len(seen)} pages were older than {OLDEST:g} s")
    if len(seen) < FEWEST_READ or len(lines) < CHANGES - 3:
        raise SystemExit(f"only {len(seen)} pages and {len(lines)} changes: this proves nothing")
    print(f"{len(lines)} changes, {len(seen)} pages read, none older than {OLDEST:g} s")


if __name__ == "__main__":
    main()
