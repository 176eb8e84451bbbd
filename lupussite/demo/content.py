"""The articles and comments of the demonstration, each through the same functions as a real one."""

import dataclasses
import datetime
import re
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from articles import earlier_site, workflow
from articles.models import Article, Reviewer, Topic
from articles.pictures.uploading import upload
from comments.flows.erasing import erase, withdraw
from comments.flows.moderation import decide
from comments.flows.reports import file_report
from comments.flows.submission import submit_comment
from comments.models import Comment, HelpLine, Reason, Report, State
from comments.screening import Submission
from lupussite.demo import clock
from lupussite.demo.accounts import person

FOLDER = Path(__file__).parent
DRAFT_BODY = "<p>This is a draft. Readers can't see it until a reviewer has signed it and an editor has published it.</p>"
# The picture of an article: its file, the heading above it, what it shows and what stands below it; bench/drawings.py drew them.
DRAWINGS = {
    "sun-protection-and-lupus": (
        "sunlight-in-the-skin",
        "Why Sunlight Matters",
        "Cross-section of the skin below a sun, with two arrows. UVB ends in the upper skin. UVA goes on into the deeper skin "
        "and ends above the fat.",
        "UVB is mostly stopped in the upper skin. UVA reaches deeper. The drawing isn’t to scale.",
    ),
    "tired-with-lupus": (
        "a-paced-day",
        "How to Start Gently",
        "A day as a column of blocks in which activity and rest take turns. 8 am: get ready, breakfast. Rest. 11 am: one chore. "
        "Lunch and a long rest. 3 pm: a short walk. Rest. 6 pm: dinner, time with others. Wind down, sleep.",
        "One way to pace a day: after each activity comes a rest. Yours may look different.",
    ),
}
CALL = re.compile(r"<h2>When to Call Your Doctor</h2>\s*<p>.*?</p>", re.DOTALL)
HELP = "Call or text 988, or chat at 988lifeline.org"
TOPICS = [
    ("Living With Lupus", "living-with-lupus", "Everyday steps that can make life with lupus a little easier.", "D008180"),
    ("Skin and Sun", "skin-and-sun", "What lupus and sunlight can do to your skin, and how to protect it.", ""),
    ("Treatments", "treatments", "Treatments people with lupus ask about, and what studies say about them.", ""),
]
# Longer than any comment of the demonstration is old.
ONLINE_FOR = datetime.timedelta(days=30)


@transaction.atomic
def load() -> list[str]:
    """Fill an empty database, and return what was done in lines; with articles there, nothing."""
    if Article.objects.exists():
        return ["There are articles already, so no sample articles and comments were loaded."]
    now = timezone.now()
    with clock.at(now - ONLINE_FOR):
        real, sun, tired, closed, draft = _articles()
    _comments(sun, tired, now)
    # A number that really answers, for nobody in danger may be shown one that does not. It is for a clinician to change.
    HelpLine.objects.get_or_create(country="United States", name="988 Suicide & Crisis Lifeline", how=HELP)
    lines = [f"article: {article.get_absolute_url()}" for article in (real, sun, tired, closed)]
    return [*lines, f"draft: {draft.slug}", f"comments: {Comment.objects.count()}, in every state"]


def _articles():
    real, _ = earlier_site.load(_page("botox-injections-and-lupus"))
    reviewer = Reviewer.objects.create(
        user=person("demo-reviewer"), name="Demonstration Reviewer", slug="demonstration-reviewer", credentials="not a doctor"
    )
    sun, tired = (
        _publish(_illustrated(_page(name), *DRAWINGS[name]), reviewer, closing=earlier_site.DEMONSTRATION) for name in DRAWINGS
    )
    closed = _publish(dataclasses.replace(_page("how-this-site-works"), slug="demo-closed"), reviewer, comments_open=False)
    draft = Article.objects.create(
        title="A Draft That Readers Don't See",
        slug="demo-draft",
        summary="An article that no one has signed yet.",
        body=DRAFT_BODY,
        owner=person("demo-editor"),
    )
    _lead_on(real, sun, tired)
    return real, sun, tired, closed, draft


def _lead_on(real, sun, tired):
    """Give the articles topics, and something to read next."""
    living, skin, treatments = (
        Topic.objects.create(name=name, slug=slug, description=description, mesh=mesh) for name, slug, description, mesh in TOPICS
    )
    for article, topics in ((real, [treatments]), (sun, [living, skin]), (tired, [living])):
        article.topics.set(topics)
    sun.related.set([tired])
    tired.related.set([sun])


def _page(name):
    return earlier_site.parse((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))


def _illustrated(page, file, heading, alt, caption):
    """Return a page with its picture below a heading, and with what to call a doctor for in a box."""
    data = (FOLDER / "pictures" / f"{file}.png").read_bytes()
    words = {"alt": alt, "credit": "Lupus Library", "license": "CC BY 4.0"}
    picture = upload(data, by=person("demo-editor"), **words)
    html = f'<figure><img alt="{alt}" src="/pictures/{picture.name}"><figcaption>{caption}</figcaption></figure>'
    above = f"<h2>{heading}</h2>"
    body = CALL.sub(r'<section class="doctor">\g<0></section>', page.body_html.replace(above, f"{above}\n{html}"))
    return dataclasses.replace(page, body_html=body)


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


class _Story:
    """What different people send, each from a network of their own so that no flood limit is met, and what is decided, and when.

    Moments are hours before the command was run; `wait` is how many hours a comment waited to be read.
    """

    def __init__(self, now):
        self.count = 0
        self.now = now

    def _at(self, hours):
        return clock.at(self.now - datetime.timedelta(hours=hours))

    def send(self, hours, article, name, body, parent=None, trap=""):
        """Return the comment as it came in; `192.0.2.0/24` and example.org are for documentation."""
        self.count += 1
        submission = Submission(name=name, email=f"{name.lower()}-{self.count}@example.org", body=body, trap=trap)
        with self._at(hours):
            return submit_comment(article, submission, network=f"192.0.2.{self.count}", parent=parent)

    def decide(self, hours, comment, state, *, reason=""):
        """Take a decision as the moderator of the demonstration."""
        comment.refresh_from_db()
        with self._at(hours):
            decide(comment, state, version=comment.version, by=person("demo-moderator"), reason=reason)

    def published(self, hours, wait, *words, parent=None):
        """Return a comment that was sent and, after a while, approved."""
        comment = self.send(hours, *words, parent=parent)
        self.decide(hours - wait, comment, State.APPROVED)
        comment.refresh_from_db()
        return comment

    def report(self, hours, comment, reason, note):
        """Report a comment as a reader."""
        with self._at(hours):
            file_report(comment, reason, note, network="192.0.2.200")

    def take_back(self, hours, comment):
        """Take a comment back as its author."""
        with self._at(hours):
            withdraw(comment)

    def erase(self, hours, comment, reason):
        """Erase a comment for good."""
        with self._at(hours):
            erase(comment, reason=reason)


def _comments(sun, tired, now):
    """Tell the last three weeks, the oldest first."""
    story = _Story(now)

    # A thread three deep, and one of several lines.
    first = story.published(500, 5.2, sun, "Lena", "The five steps are short enough for my fridge door. Thank you!")
    answer = story.published(470, 2.4, sun, "Tom", "Mine are by the front door, right under the hats.", parent=first)
    story.published(441, 11.6, sun, "Lena", "By the door is clever. I moved mine.", parent=answer)
    garden = "I read this page aloud to my mother.\n\nShe wants to know if there will be one about gardens.\nShe grows roses."
    story.published(397, 3.3, sun, "Priya", garden)
    story.published(352, 19.5, tired, "Marta", "I like that the page says what we don't know yet. Number 4 is my favorite step.")
    story.published(
        311, 0.7, tired, "Ben", "The list of sources is a good idea. I gave it to my sister, who likes to look things up."
    )

    # Taken down for a second look, with an answer that stays: a tombstone stands in its place.
    question = story.published(283, 7.1, tired, "Sam", "Does anyone know of a choir up north that meets in the morning?")
    story.published(254, 4.4, tired, "Ines", "Ours meets at ten, with tea. You'd be welcome.", parent=question)

    # Decided otherwise, taken back, erased.
    hats = story.send(221, sun, "Hatter", "I sell hats in all sizes. Ask me for the price list.")
    story.decide(195, hats, State.REJECTED, reason=Reason.SELLING)
    prize = story.send(172, tired, "Winner", "You have won a hat! Claim it at www.example.com/winner today.", trap="yes")
    story.decide(170.5, prize, State.SPAM)
    story.take_back(144, story.send(145, sun, "Jo", "I wanted to write this under the other article."))
    full_name = story.send(122, tired, "Alex", "Please take my full name off this page.")
    story.erase(98, full_name, "Demonstration of an erased comment.")

    # For the doctor: taken down at once because a reader saw harm in it, and a claim that screening noticed.
    noon = "Forget the hat for once! We lay in the noon sun for two hours and felt wonderful. Try it."
    noon = story.published(76, 8.9, sun, "Felix", noon)
    story.decide(52, question, State.HIDDEN)
    story.send(31, sun, "Olga", "Turmeric tea cured my lupus in a month. I tell everyone in the choir.")
    story.report(20, noon, Report.Reason.HARM, "Two hours of sun put me to bed for a week.")

    # Waiting, some with something for the moderator to see.
    story.send(17, tired, "Kim", "Best hats, best price, every color: www.example.com/hats", trap="yes")
    story.send(9, sun, "Noor", "Could you add a picture of a good hat?")
    story.send(6, sun, "Carl", "The library near me has a reading group about it: https://www.example.org/reading-group")
    story.send(2, tired, "Ruth", "Is there a version to print? My address is ruth@example.org.")
