"""Fifty comments decided in a browser, as a new moderator would: alarms, clicks, seconds.

    python -m bench.fifty TEXTS.jsonl …

The texts are taken in turns from the files (lines of {"id", "text"}, those with "set": "spam" count as spam), posted through the form of an open
article, and decided card after card by a clinician: what is covered is opened first, an advertisement is marked as spam, everything else is
approved. Needs Chromium at /usr/bin/chromium.
"""

import ast
import collections
import itertools
import json
import pathlib
import re
import sys
import time

from playwright.sync_api import sync_playwright

from tests.running import form_fields, running_site

PASSWORD = "correct horse battery"
MANY = 50
LONGEST = 4_500


def rows_of(paths: list[pathlib.Path]) -> list[dict]:
    """Return the first texts of each file in turns."""
    files = [[json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line] for path in paths]
    rows = (
        row
        for turn in itertools.zip_longest(*files)
        for row in turn
        if row and len(row["text"]) <= LONGEST and "\ufffd" not in row["text"]
    )
    return list(itertools.islice(rows, MANY))


def post(site, rows: list[dict]) -> None:
    """Send each text through the form."""
    path = site.open_articles()[0]
    fields = form_fields(site.get(path)[1])
    for number, row in enumerate(rows):
        entries = {"name": f"Reader {number}", "email": f"reader-{number}@example.org", "body": row["text"]}
        status = site.post(f"{path}comments/", fields | entries)[0]
        if status != 303:
            raise SystemExit(f"{row['id']}: answered with {status}")


def decide(page, site, spam: set[str]) -> collections.Counter:
    """Decide on every card of ours that waits, the first one first; return the clicks by what they are."""
    clicks = collections.Counter()
    page.goto(f"{site.url}/admin/comments/queued/")
    ours = page.locator(".queue-card").filter(has=page.locator("h2", has_text=re.compile(r"^Reader \d+$")))
    while ours.count():
        card = ours.first
        covered = card.locator("details.covered:not([open]) > summary")
        if covered.count():
            covered.first.click()
            clicks["show the text"] += 1
        verb = "Spam" if card.locator("h2").inner_text() in spam else "Approve"
        with page.expect_navigation():
            card.get_by_role("button", name=verb, exact=True).click()
        clicks[verb.lower()] += 1
    return clicks


def main(paths: list[pathlib.Path]) -> None:
    """Post, decide, and print; what is urgent is an alarm, in one mail with those of the ten minutes before."""
    rows = rows_of(paths)
    spam = {f"Reader {number}" for number, row in enumerate(rows) if row.get("set") == "spam"}
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site, sync_playwright() as playwright:
        post(site, rows)
        count = "from comments.models import Comment; from django.db.models import Count; "
        count += "print(dict(Comment.objects.filter(name__startswith='Reader ').values_list('lane').annotate(Count('pk'))))"
        lanes = ast.literal_eval(site.manage("shell", "--verbosity", "0", "--command", count).strip())
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{site.url}/admin/login/")
        page.fill("[name=username]", "demo-clinician")
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url(f"{site.url}/admin/**")
        begun = time.monotonic()
        clicks = decide(page, site, spam)
        seconds = time.monotonic() - begun
        browser.close()
    print(f"{len(rows)} comments ({len(spam)} of them spam), by lane {lanes}")
    print(f"alarms {lanes.get('urgent', 0)}; clicks {sum(clicks.values())} {dict(clicks)}; {seconds:.0f} s of pages")


if __name__ == "__main__":
    main([pathlib.Path(path) for path in sys.argv[1:]])
