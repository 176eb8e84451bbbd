"""Every step from every state: only the table's moves are made, and no page says "reviewed" without a signature that holds."""

import datetime
import hashlib
import random

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from articles import planned, saving, workflow, workflow_rules
from articles.models import Article, Revision, SignOff
from articles.workflow_rules import MOVES, Stage, Step
from tests.factories import make_article, make_reviewer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """An editor who may publish urgently as well, and two reviewers."""
    editor = make_user("Editors", is_superuser=True)
    return editor, make_reviewer(name="Rita Reviewer").user, make_reviewer(name="Rolf Reviewer").user


def at_stage(stage, people):
    """Return a revision that stands there."""
    editor, reviewer, _ = people
    article = make_article()
    revision = workflow.submit(article, by=editor)
    if stage in {Stage.SIGNED, Stage.LIVE, Stage.RETIRED}:
        workflow.sign(revision, shown_hash=revision.sha256, by=reviewer)
    if stage in {Stage.LIVE, Stage.RETIRED}:
        workflow.publish(revision, by=editor)
    if stage == Stage.ASKED:
        workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer, note="Please name the source.")
    if stage == Stage.RECALLED:
        workflow.recall(revision, by=editor)
    if stage in {Stage.SUPERSEDED, Stage.RETIRED}:
        Article.objects.filter(pk=article.pk).update(title="Newer")
        newer = workflow.submit(article, by=editor)
        if stage == Stage.RETIRED:
            workflow.sign(newer, shown_hash=newer.sha256, by=reviewer)
            workflow.publish(newer, by=editor)
    revision.refresh_from_db()
    assert workflow_rules.stage(revision) == stage
    return revision


def take(step, revision, people):
    """Take the step as whoever may."""
    editor, reviewer, _ = people
    if step == Step.RECALL:
        workflow.recall(revision, by=editor)
    elif step == Step.ASK_CHANGES:
        workflow.request_changes(revision, shown_hash=revision.sha256, by=reviewer, note="Please look again.")
    elif step == Step.SIGN:
        workflow.sign(revision, shown_hash=revision.sha256, by=people[2])
    elif step == Step.REVOKE:
        sign_off = revision.sign_offs.last() or SignOff(article=revision.article, revision=revision, reviewer=reviewer.reviewer)
        workflow.revoke(sign_off, by=editor, reason="An error was found.")
    elif step == Step.PLAN:
        is_signed = workflow_rules.stage(revision) == Stage.SIGNED
        planned.plan(revision, at=timezone.now() + datetime.timedelta(days=1) if is_signed else None, by=editor)
    elif step == Step.PUBLISH:
        workflow.publish(revision, by=editor)
    else:
        workflow.publish_urgently(revision, by=editor, reason="A recall of a medicine.")


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("stage", list(Stage))
def test_only_the_moves_of_the_table_are_made(stage, step, people):
    revision = at_stage(stage, people)
    # What the table allows may still need something else: a signature to take back, a page that is online.
    has_signature = revision.sign_offs.exists()
    allowed = step in MOVES[stage] and (step != Step.REVOKE or has_signature) and step != Step.PUBLISH_URGENTLY
    if allowed:
        take(step, revision, people)
    else:
        with pytest.raises(workflow.WorkflowError):
            take(step, revision, people)


def holds(sign_off):
    """Return whether a signature and everything that it rests on was not taken back; told by the rows alone."""
    while sign_off is not None:
        if sign_off.revoked_at is not None:
            return False
        sign_off = sign_off.base
    return True


def check(article):
    """Compare what the page says with what the rows say."""
    page = Client().get(f"/articles/{article.slug}/")
    live = Revision.objects.filter(article=article, published_at__isnull=False, retired_at=None).first()
    article.refresh_from_db()
    if live is None:
        assert page.status_code == 404
        return
    if article.withdrawn_on:
        assert page.status_code == 410
        assert "Reviewed by" not in page.content.decode()
        return
    digest = hashlib.sha256(live.content.encode()).hexdigest()
    valid = [sign_off for sign_off in SignOff.objects.filter(revision=live, sha256=digest) if holds(sign_off)]
    status = Article.objects.live().get(pk=article.pk).review
    assert status.is_reviewed == bool(valid)
    says = [line for line in page.content.decode().split("\n") if "<strong>Reviewed" in line]
    if not article.archived_on:
        assert bool(says) == bool(valid)
    if says:
        assert any(sign_off.name in line for line in says for sign_off in valid)


def walk(seed, people):
    """Take sixty steps that the seed chooses, compare after each, and return which they were and what they came to."""
    chance = random.Random(seed)
    editor, first, second = people
    article = make_article()
    path = []
    for number in range(60):
        revisions, sign_offs = list(article.revisions.order_by("number")), list(article.sign_offs.order_by("pk"))
        anyone = chance.choice(people)
        reviewer = chance.choice([first, second])
        some = signed = None
        steps = {
            # Few titles, so that old words come back under new numbers.
            "edit": lambda n=number, who=anyone: edit(article, f"Title {n % 3}", who),
            "submit": lambda: workflow.submit(article, by=editor),
            "restore": lambda: workflow.restore(article, by=editor),
            "archive": lambda: workflow.archive(article, by=editor),
            "withdraw": lambda: workflow.withdraw(article, reason="Out of date", by=editor),
        }
        if revisions:
            revision, some = revisions[-1], chance.choice(revisions)
            shown = revision.sha256 if chance.random() < 0.9 else "0" * 64
            scope = chance.choice(["full", "full", "changes"])
            steps |= {
                "sign": lambda r=revision, h=shown, who=reviewer, s=scope: workflow.sign(r, shown_hash=h, by=who, scope=s),
                "sign any": lambda r=some, who=anyone: workflow.sign(r, shown_hash=r.sha256, by=who),
                "ask": lambda r=revision, who=reviewer: workflow.request_changes(r, shown_hash=r.sha256, by=who, note="Why?"),
                "recall": lambda r=revision: workflow.recall(r, by=editor),
                "publish": lambda r=revision: workflow.publish(r, by=editor),
                "publish any": lambda r=some: workflow.publish(r, by=editor),
                "urgent": lambda r=revision: workflow.publish_urgently(r, by=editor, reason="A recall"),
            }
        if sign_offs:
            signed = chance.choice(sign_offs)
            steps["revoke"] = lambda s=signed, who=anyone: workflow.revoke(s, by=who, reason="An error")
        step = chance.choice(list(steps))
        try:
            steps[step]()
            refused = ""
        except (workflow.WorkflowError, PermissionDenied) as error:
            refused = type(error).__name__
        check(article)
        drawn = some and some.number, signed and sign_offs.index(signed)
        path.append((step, drawn, refused, [workflow_rules.stage(one) for one in article.revisions.order_by("number")]))
    return path


@pytest.mark.parametrize("seed", range(6))
def test_no_walk_makes_a_page_say_reviewed_without_a_signature_that_holds(seed, people):
    assert any(not refused for _, _, refused, _ in walk(seed, people))


def test_the_same_seed_walks_the_same_path(people):
    assert walk(2026, people) == walk(2026, people)


def edit(article, title, who):
    """Change the working copy, as the admin does."""
    current = Article.objects.get(pk=article.pk)
    current.title = title
    saving.save(current, by=who)
