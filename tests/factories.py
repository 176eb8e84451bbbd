"""Plain functions that make valid, saved objects; a test names only what matters to it."""

import itertools

import hypothesis
from django.contrib.auth.models import Group
from django.utils.text import slugify

from accounts.models import User
from articles import workflow
from articles.models import Article, Picture, Reviewer, Source, Topic
from comments.flows.moderation import decide
from comments.flows.submission import submit_comment
from comments.models import State
from comments.screening import Submission

_numbers = itertools.count(1)


def cases(number):
    """Return how many cases hypothesis makes where so many are enough for every day: more under --hypothesis-profile=long."""
    return number * hypothesis.settings().max_examples // 100


def make_user(*groups, **fields):
    """Return a staff member in these groups."""
    number = next(_numbers)
    user = User.objects.create_user(**{"username": f"user-{number}", "password": "secret", "is_staff": True} | fields)
    for name in groups:
        user.groups.add(Group.objects.get_or_create(name=name)[0])
    return user


def make_reviewer(**fields):
    """Return an active reviewer with a user who may sign."""
    number = next(_numbers)
    user = fields.pop("user", None) or make_user("Medical reviewers")
    return Reviewer.objects.create(
        **{"name": "Rita Reviewer", "credentials": "MD", "slug": f"reviewer-{number}", "user": user} | fields
    )


def make_topic(name="", **fields):
    """Return a topic whose address is made from its name."""
    name = name or f"Topic {next(_numbers)}"
    return Topic.objects.create(**{"name": name, "slug": slugify(name), "description": "What it is about."} | fields)


def make_picture(**fields):
    """Return the row of a picture whose files are nowhere."""
    sha256 = f"{next(_numbers):064x}"
    facts = {"sha256": sha256, "files": [{"name": f"{sha256}.jpg", "width": 4, "height": 3, "bytes": 9}], "width": 4, "height": 3}
    return Picture.objects.create(**facts | {"alt": "A hat"} | fields)


def make_article(**fields):
    """Return a working copy."""
    number = next(_numbers)
    words = {
        "title": f"Article {number}",
        "slug": f"article-{number}",
        "summary": "What it is about.",
        "body": "<p>The words.</p>",
    }
    return Article.objects.create(**words | fields)


def make_published(*, sources=(), **fields):
    """Return an article that is signed and live, with sources of these titles."""
    article = make_article(**fields)
    for number, title in enumerate(sources, 1):
        Source.objects.create(article=article, position=number, title=title)
    editor = make_user("Editors")
    reviewer = make_reviewer()
    revision = workflow.submit(article, by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    workflow.publish(revision, by=editor)
    return Article.objects.live().get(pk=article.pk)


def make_comment(*, state=State.PENDING, article=None, parent=None, network="192.0.2.1", by=None, **fields):
    """Return a comment that came in through the front door, and was then moved to the state."""
    number = next(_numbers)
    words = {
        "name": "Marta",
        "email": f"marta-{number}@example.org",
        "body": f"I write my questions on a card. ({number})",
    } | fields
    article = article or (parent.article if parent else make_published())
    comment = submit_comment(article, Submission(**words), network=network, parent=parent)
    path = {
        State.PENDING: [],
        State.APPROVED: [State.APPROVED],
        State.REJECTED: [State.REJECTED],
        State.SPAM: [State.SPAM],
        State.HIDDEN: [State.APPROVED, State.HIDDEN],
    }[state]
    # A clinician, who may decide whatever lane screening chose.
    moderator = by or (make_user("Clinicians") if path else None)
    for step in path:
        comment.refresh_from_db()
        decide(comment, step, version=comment.version, by=moderator, reason="other" if step == State.REJECTED else "")
    comment.refresh_from_db()
    return comment
