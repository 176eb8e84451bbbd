"""The articles and comments of the demonstration, each through the same functions as a real one."""

import dataclasses
from pathlib import Path

from django.db import transaction

from articles import earlier_site, workflow
from articles.models import Article, Reviewer
from comments.flows.moderation import decide, erase, withdraw
from comments.flows.reports import file_report
from comments.flows.submission import submit_comment
from comments.models import Comment, Reason, Report, State
from comments.screening import Submission
from lupussite.demo.accounts import person

FOLDER = Path(__file__).parent
DRAFT_BODY = (
    "<p>This is a working copy. Readers do not see it before a reviewer has signed it and an editor has published it.</p>"
)


@transaction.atomic
def load() -> list[str]:
    """Fill an empty database, and return what was done in lines; with articles there, nothing."""
    if Article.objects.exists():
        return ["There are articles already, so no sample articles and comments were loaded."]
    real, _ = earlier_site.load(_page("botox-injections-and-lupus"))
    reviewer = Reviewer.objects.create(
        user=person("demo-reviewer"), name="Demonstration Reviewer", slug="demonstration-reviewer", credentials="not a doctor"
    )
    sun = _publish(_page("sun-protection-and-lupus"), reviewer, closing=earlier_site.DEMONSTRATION)
    tired = _publish(_page("tired-with-lupus"), reviewer, closing=earlier_site.DEMONSTRATION)
    closed = _publish(dataclasses.replace(_page("how-this-site-works"), slug="demo-closed"), reviewer, comments_open=False)
    draft = Article.objects.create(
        title="A Draft That Readers Do Not See",
        slug="demo-draft",
        summary="An article that nobody has signed yet.",
        body=DRAFT_BODY,
        owner=person("demo-editor"),
    )
    _comments(sun, tired)
    lines = [f"article: {article.get_absolute_url()}" for article in (real, sun, tired, closed)]
    return [*lines, f"draft: {draft.slug}", f"comments: {Comment.objects.count()}, in every state"]


def _page(name):
    return earlier_site.parse((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))


def _publish(page, reviewer, *, closing="", comments_open=True):
    editor = person("demo-editor")
    article, _ = earlier_site.make_article(page, owner=editor, closing=closing)
    if not comments_open:
        article.comments_open = False
        article.save()
    revision = workflow.submit(article, by=editor)
    workflow.sign(revision, shown_hash=revision.sha256, by=reviewer.user)
    workflow.publish(revision, by=editor)
    return article


class _Writer:
    """Sends comments as different people from different networks, so that no flood limit is met."""

    def __init__(self):
        self.count = 0

    def send(self, article, name, body, parent=None, trap=""):
        """Return the comment as it came in; `192.0.2.0/24` and example.org are for documentation."""
        self.count += 1
        submission = Submission(name=name, email=f"{name.lower()}-{self.count}@example.org", body=body, trap=trap)
        return submit_comment(article, submission, network=f"192.0.2.{self.count}", parent=parent)


def _move(comment, *states, reason=""):
    """Take the decisions one after the other, as the moderator of the demonstration."""
    moderator = person("demo-moderator")
    for state in states:
        comment.refresh_from_db()
        decide(comment, state, version=comment.version, by=moderator, reason=reason if state == State.REJECTED else "")
    comment.refresh_from_db()
    return comment


def _comments(sun, tired):
    send = _Writer().send
    approved = State.APPROVED

    # A thread three deep, and one of several lines.
    first = _move(send(sun, "Lena", "The five steps are short enough for the door of my fridge. Thank you!"), approved)
    answer = _move(send(sun, "Tom", "Mine hang beside the front door, right under the hats.", parent=first), approved)
    _move(send(sun, "Lena", "Beside the door is clever. I have moved mine.", parent=answer), approved)
    _move(
        send(
            sun, "Priya", "I read this page aloud to my mother.\n\nShe asks if there will be one about gardens.\nShe grows roses."
        ),
        approved,
    )
    _move(send(tired, "Marta", "I like that the page says what is not known. Number 4 is my favourite step."), approved)
    _move(
        send(tired, "Ben", "The list of sources is a good idea. I gave it to my sister, she likes to look things up."), approved
    )

    # Taken down for a second look, with an answer that stays: a tombstone stands in its place.
    question = _move(send(tired, "Sam", "Does anyone know a choir in the north that meets in the morning?"), approved)
    _move(send(tired, "Ines", "Ours meets at ten, with tea. You would be welcome.", parent=question), approved)
    _move(question, State.HIDDEN)

    # For the doctor: taken down at once because a reader saw harm in it, and a claim that screening noticed.
    noon = "Forget the hat for once! We lay in the noon sun for two hours and felt wonderful. Do try it."
    noon = _move(send(sun, "Felix", noon), approved)
    file_report(noon, Report.Reason.HARM, "Two hours of sun put me to bed for a week.", network="192.0.2.200")
    send(sun, "Olga", "Turmeric tea cured my lupus in a month. I tell everybody in the choir.")

    # Waiting, some with something for the moderator to see.
    send(sun, "Noor", "Could the page also have a picture of a good hat?")
    send(sun, "Carl", "The library near me has a reading group about it: https://www.example.org/reading-group")
    send(tired, "Ruth", "Is there a version to print? My address is ruth@example.org.", parent=None)
    send(tired, "Kim", "Best hats, best price, every colour: www.example.com/hats", trap="yes")

    # Decided otherwise, taken back, erased.
    _move(send(sun, "Hatter", "I sell hats in all sizes. Ask me for the price list."), State.REJECTED, reason=Reason.SELLING)
    _move(send(tired, "Winner", "You have won a hat! Claim it at www.example.com/winner today.", trap="yes"), State.SPAM)
    withdraw(send(sun, "Jo", "I wanted to write this under the other article."))
    erase(send(tired, "Alex", "Please take my full name off this page."), reason="Demonstration of an erased comment.")
