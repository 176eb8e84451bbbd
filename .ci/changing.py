"""Three people who change things at random, in a process of their own: python .ci/changing.py CHANGES SEED

Works on the site that DATA_DIR names, and prints a JSON line for each change: what it is of, what is true from then on, and
between which two moments (seconds of the monotonic clock, the same in every process of a machine) it became so.
"""

import json
import os
import random
import sys
import threading
import time

PEOPLE = 3


def main(changes: int, seed: int) -> None:
    """Make so many changes, each person a third of them, on comments and articles of their own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")
    import django

    django.setup()
    from articles.models import Article
    from tests.factories import make_comment, make_published, make_user

    doctor = make_user("Clinicians", "Editors", "Medical reviewers")
    theirs = []
    for person in range(PEOPLE):
        article = make_published(title=f"Watched {person}")
        comments = [make_comment(article=article, state="approved", by=doctor, body=f"Token {person}-{n}.") for n in range(4)]
        theirs.append((article, comments))
    print(json.dumps([article.get_absolute_url() for article, _ in theirs]), flush=True)
    people = [
        threading.Thread(target=change, args=(random.Random(seed + place), *own, doctor, changes // PEOPLE))
        for place, own in enumerate(theirs)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert Article.objects.count() >= PEOPLE


def change(dice, article, comments, doctor, times):
    """Hide and show comments, take signatures back and sign again, withdraw the page and put it back."""
    path = article.get_absolute_url()
    for _ in range(times):
        what = dice.random()
        if what < 0.7:
            comment = dice.choice(comments)
            tell(path, comment.body.rstrip("."), lambda comment=comment: toggle(comment, doctor))
        elif what < 0.9:
            tell(path, "reviewed", lambda: sign_or_revoke(article))
        else:
            tell(path, "online", lambda: withdraw_or_restore(article, doctor))


def tell(path, what, do):
    """Make a change and print when it happened."""
    before = time.monotonic()
    now_true = do()
    print(json.dumps([path, what, now_true, before, time.monotonic()]), flush=True)


def toggle(comment, doctor):
    """Hide a public comment, or show a hidden one; return whether it is public now."""
    from comments.flows.moderation import decide

    comment.refresh_from_db()
    shown = comment.state == "approved"
    decide(comment, "hidden" if shown else "approved", version=comment.version, by=doctor)
    return not shown


def sign_or_revoke(article):
    """Take the signature back, or sign anew; return whether the page may say "reviewed" now."""
    from articles import workflow
    from articles.models import Reviewer

    revision = article.revisions.live().get()
    holding = revision.sign_offs.filter(revoked_at=None).last()
    if holding:
        workflow.revoke(holding, by=holding.reviewer.user, reason="A reason.")
        return False
    reviewer = Reviewer.objects.get(pk=revision.sign_offs.first().reviewer_id)
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    return True


def withdraw_or_restore(article, doctor):
    """Withdraw the page, or put it back; return whether it is online now."""
    from articles import workflow

    article.refresh_from_db()
    if article.withdrawn_on:
        workflow.restore(article, by=doctor)
        return True
    workflow.withdraw(article, by=doctor, reason="A reason.")
    return False


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
