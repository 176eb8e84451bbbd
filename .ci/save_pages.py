"""Saves the pages that readers get, errors included, for html-validate: python .ci/save_pages.py FOLDER"""

import sys
from pathlib import Path

from tests.running import form_fields, running_site

PATHS = {
    "list": "/",
    "about": "/about/",
    "rules": "/comment-rules/",
    "privacy": "/privacy/",
    "privacy-staff": "/privacy/staff/",
    "your-data": "/your-data/",
    "your-data-sent": "/your-data/sent/",
    "accessibility": "/accessibility/",
    "search": "/search/?q=sun",
    "search-nothing": "/search/?q=zzzzzz",
    "closed": "/articles/demo-closed/",
    "not-found": "/articles/there-is-none/",
    "changes": "/articles/botox-injections-and-lupus/changes/",
    "reviewer": "/reviewers/demonstration-reviewer/",
    "topics": "/topics/",
    "topic": "/topics/living-with-lupus/",
    "mistake": "/articles/botox-injections-and-lupus/mistake/",
    "own-pages": "/pages/",
    "own-page": "/pages/us/",
    "mistake-reported": "/articles/botox-injections-and-lupus/mistake/thanks/",
}


def main(folder: Path) -> None:
    """Write one file for each kind of page."""
    folder.mkdir(parents=True, exist_ok=True)
    own = "Page.objects.create(title='Us', slug='us', body='<h2>We</h2><p>We.</p>', is_public=True)"
    with running_site(COMMENT_LIMITS="0") as site:
        site.manage("shell", "--verbosity", "0", "--command", f"from lupussite.models import Page; {own}")
        pages = {name: site.get(path)[1] for name, path in PATHS.items()}
        pages |= {name: site.get(path)[1] for name, path in site.secret_pages().items()}
        to = site.report_page()
        pages["report"] = site.get(to)[1]
        pages["report-refused"] = expect(422, site.post(to, {"note": "Kept text"}))[2]
        pages["reported"] = site.get(expect(303, site.post(to, {"reason": "other"}))[1])[1]
        for path in site.open_articles():
            slug = path.strip("/").split("/")[-1]
            pages[f"article-{slug}"] = page = site.get(path)[1]
            to = f"{path}comments/"
            pages[f"refused-{slug}"] = expect(
                422, site.post(to, form_fields(page) | {"name": "", "email": "x", "body": "Kept text"})
            )[2]
            entries = {"name": "Marta", "email": "marta@example.org", "body": "Thank you.\n\nI will ask at my next visit."}
            _, receipt, _ = expect(303, site.post(to, form_fields(page) | entries))
            pages[f"receipt-{slug}"] = site.get(receipt)[1]
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page)
    print(f"{len(pages)} pages saved")


def expect(status, answer):
    """Return the answer if it has this status; otherwise end."""
    if answer[0] != status:
        raise SystemExit(f"expected {status}, got {answer[0]}: {answer[2][:500]}")
    return answer


main(Path(sys.argv[1]))
