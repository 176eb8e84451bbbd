"""What load_demo puts into an empty database, and the accounts it opens."""

import datetime
import re
import statistics
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from articles.earlier_site import DEMONSTRATION
from articles.models import Article
from comments.admin import waiting
from comments.flows.retention import apply_retention
from comments.models import Comment, CommentEvent, HelpLine, State
from comments.public.waiting_time import usually_read_within
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

ACCOUNTS = ["demo-admin", "demo-clinician", "demo-editor", "demo-moderator", "demo-reviewer"]
DEMOS = ["sun-protection-and-lupus", "tired-with-lupus-pacing-and-gentle-exercise"]
PASSWORD = "lots-of-hats-7"


def load(**options):
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def password(settings):
    settings.DEMO_PASSWORD = PASSWORD


@pytest.mark.parametrize("slug", ["botox-injections-and-lupus", *DEMOS, "demo-closed"])
def test_its_articles_are_online(client, slug):
    load()
    assert client.get(f"/articles/{slug}/").status_code == 200


def test_the_draft_is_not_online(client):
    load()
    assert Article.objects.filter(slug="demo-draft").exists()
    assert client.get("/articles/demo-draft/").status_code == 404


def test_the_real_article_has_no_comment(client):
    load()
    page = client.get("/articles/botox-injections-and-lupus/")
    assertContains(page, "Reviewed and edited by Donald Thomas, MD")
    assertContains(page, "No comment yet, add your voice below!")
    assertNotContains(page, DEMONSTRATION)


@pytest.mark.parametrize("slug", DEMOS)
def test_the_demonstration_articles_say_what_they_are(client, slug):
    load()
    page = client.get(f"/articles/{slug}/")
    assertContains(page, DEMONSTRATION)
    assertContains(page, "Reviewed by Demonstration Reviewer, not a doctor")
    assertContains(page, 'id="source-10"')


@pytest.mark.parametrize("slug", DEMOS)
def test_the_demonstration_articles_have_a_drawing_and_say_when_to_call_a_doctor(client, slug):
    load()
    page = client.get(f"/articles/{slug}/").content.decode()
    address = re.search(r'<img alt="[^"]{100,500}" src="(/pictures/[0-9a-f]{64}\.png)"', page)[1]
    assert client.get(address).headers["Content-Type"] == "image/png"
    assert "<small>Lupus Library, CC BY 4.0</small></figcaption>" in page
    assert '<section class="doctor" aria-labelledby="when-to-call-your-doctor">' in page


@pytest.mark.parametrize("slug", ["living-with-lupus", "skin-and-sun", "treatments"])
def test_its_topics_lead_to_articles(client, slug):
    load()
    assertContains(client.get(f"/topics/{slug}/"), 'href="/articles/')


def test_a_demonstration_article_leads_to_the_other(client):
    load()
    for slug, other in (DEMOS, reversed(DEMOS)):
        page = client.get(f"/articles/{slug}/").content.decode()
        assert f'href="/articles/{other}/"' in page[page.index('id="related"') :].split("</nav>")[0]


def test_one_article_is_closed_for_comments():
    load()
    assert list(Article.objects.filter(comments_open=False).values_list("slug", flat=True)) == ["demo-closed"]


def test_there_is_a_comment_in_every_state_and_a_thread_three_deep():
    load()
    assert set(Comment.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Comment.objects.values_list("depth", flat=True)) == {0, 1, 2}
    assert set(Comment.objects.values_list("article__slug", flat=True)) == set(DEMOS)


def test_something_waits_in_every_lane_each_for_a_reason():
    load()
    lanes = [lane for lane in waiting.waiting([]) if lane.count]
    assert [lane.lane for lane in lanes] == list(waiting.LANES)
    urgent = Comment.objects.get(lane="urgent")
    assert (urgent.state, urgent.reports.get().reason) == (State.HIDDEN, "harm")
    assert urgent.events.last().note == "Reported: someone may be in danger"


def test_a_hidden_comment_with_an_answer_leaves_its_place(client):
    load()
    page = client.get(f"/articles/{DEMOS[1]}/")
    assertContains(page, "Ours meets at ten")
    assertNotContains(page, "Does anyone know a choir")


def test_nobody_can_log_in_without_accounts(client):
    load()
    people = User.objects.all()
    assert people.exists()
    assert not any(user.has_usable_password() or user.is_staff for user in people)


def test_accounts_have_the_password_and_their_group(client, password):
    assert "account: demo-admin" in load(with_accounts=True)
    assert list(User.objects.order_by("username").values_list("username", flat=True)) == ACCOUNTS
    for name in ACCOUNTS:
        assert client.login(username=name, password=PASSWORD)
        assert client.get("/admin/").status_code == 200
    assert User.objects.get(is_superuser=True).username == "demo-admin"
    assert User.objects.get(username="demo-reviewer").has_perm("articles.add_signoff")
    assert User.objects.get(username="demo-clinician").has_perm("comments.approve_sensitive")
    assert not User.objects.get(username="demo-moderator").has_perm("comments.approve_sensitive")


def test_accounts_are_added_to_a_site_that_has_articles(password):
    load()
    out = load(with_accounts=True)
    assert out.startswith("There are articles already")
    assert all(user.has_usable_password() and user.is_staff for user in User.objects.all())


def test_a_second_run_changes_nothing(settings, password):
    load(with_accounts=True)
    settings.DEMO_PASSWORD = "another-one-8"
    before = [list(model.objects.order_by("pk").values()) for model in (Article, Comment, User)]
    assert load(with_accounts=True).count("\n") == 1
    assert [list(model.objects.order_by("pk").values()) for model in (Article, Comment, User)] == before


def test_a_site_with_articles_of_its_own_gets_none(password):
    make_article(slug="mine")
    load(with_accounts=True)
    assert Article.objects.get().slug == "mine"
    assert User.objects.count() == 5


def test_people_who_are_there_already_are_left_alone(password):
    make_user(username="demo-editor", password="my-own-9")
    load(with_accounts=True)
    assert User.objects.get(username="demo-editor").check_password("my-own-9")


def test_accounts_are_refused_without_a_password(settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="Set DEMO_PASSWORD"):
        load(with_accounts=True)
    assert not Article.objects.exists()


def test_accounts_are_refused_on_an_https_site(settings, password):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="https"):
        load(with_accounts=True)
    assert not User.objects.exists()


def test_its_comments_waited_like_comments_do():
    """Sent over weeks, read after hours and days: "usually within an hour" would be untrue of any real site."""
    begin = timezone.now()
    load()
    sent = list(Comment.objects.order_by("pk").values_list("submitted_at", flat=True))
    assert sent == sorted(sent)
    assert sent[-1] - sent[0] > datetime.timedelta(days=14)
    assert max(sent) < begin
    waits = [event.created_at - event.comment.submitted_at for event in CommentEvent.objects.decisions_on_what_waited()]
    assert len(waits) >= 10
    assert min(waits) > datetime.timedelta(minutes=10)
    assert max(waits) > 5 * statistics.median(waits) / 2
    assert usually_read_within() == "6 hours"
    for comment in Comment.objects.exclude(decided_at=None):
        assert comment.decided_at == comment.events.exclude(kind="reported").latest("created_at").created_at
    assert min(CommentEvent.objects.values_list("created_at", flat=True)) > Article.objects.latest("created_at").created_at


def test_its_clock_goes_right_again():
    load()
    assert timezone.now() - make_article().created_at < datetime.timedelta(hours=1)
    assert make_comment().submitted_at > timezone.now() - datetime.timedelta(hours=1)


def test_its_comments_are_not_too_old_to_be_kept():
    load()
    before = list(Comment.objects.order_by("pk").values("state", "name", "body", "contact"))
    apply_retention(timezone.now() + datetime.timedelta(days=14))
    assert list(Comment.objects.order_by("pk").values("state", "name", "body", "contact")) == before


def test_whoever_writes_of_danger_is_shown_a_help_line_that_answers(client):
    load()
    assert list(HelpLine.objects.values_list("how", flat=True)) == ["Call or text 988, or chat at 988lifeline.org"]
