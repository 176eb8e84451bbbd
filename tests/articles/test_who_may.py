"""Who may take which step of the editorial path: by button, by address, and as whom."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from articles import workflow
from articles.models import Article, ArticleEvent, Revision, SignOff
from tests.factories import make_article, make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db

WHY = {"reason": "The dose was wrong."}
STEPS = ["submit", "recall", "review", "publish", "urgent", "revoke", "withdraw", "archive", "restore", "preview", "history"]


@pytest.fixture
def editor():
    return make_user("Editors")


def at(name, *args):
    """Return the address of a step; an article or a row stands for its key."""
    return reverse(f"admin:articles_article_{name}", args=[getattr(arg, "pk", arg) for arg in args])


WHO_MAY_NOT = [
    (["Medical reviewers"], "submit"),
    (["Medical reviewers"], "recall"),
    (["Medical reviewers"], "publish"),
    (["Medical reviewers"], "withdraw"),
    (["Medical reviewers"], "archive"),
    (["Medical reviewers"], "restore"),
    (["Medical reviewers"], "review"),
    (["Editors"], "review"),
    (["Editors"], "urgent"),
    *[(["Moderators"], name) for name in STEPS],
    ([], "desk"),
    (["Moderators"], "desk"),
    (["Medical reviewers"], "revoke"),
]


@pytest.mark.parametrize(("who", "name"), WHO_MAY_NOT)
def test_a_step_without_the_permission_is_403_by_address_too(client, editor, who, name):
    article = make_published()
    Article.objects.update(title="Newer")
    workflow.submit(article, by=editor)
    before = ArticleEvent.objects.count()
    args = {"desk": [], "revoke": [article, SignOff.objects.get()], "review": [article, 2], "urgent": [article, 2]}
    client.force_login(make_user(*who))
    address = at(name, *args.get(name, [article]))
    data = {
        "number": "2",
        "sha256": Revision.objects.get(number=2).sha256,
        "step": "full",
        "version": "1",
        "change": "wording",
        "note": "N",
    } | WHY
    assert client.post(address, data).status_code == 403
    if name != "restore":
        assert client.get(address).status_code == 403
    assert ArticleEvent.objects.count() == before


@pytest.mark.parametrize("name", STEPS)
def test_who_may_not_does_not_learn_which_articles_there_are(client, name):
    client.force_login(make_user("Moderators"))
    args = [9_999, 1] if name in {"revoke", "review", "urgent"} else [9_999]
    assert client.post(at(name, *args), WHY | {"number": "1"}).status_code == 403


@pytest.mark.parametrize("name", ["submit", "publish", "review", "desk", "withdraw"])
def test_a_stranger_is_sent_to_the_login(client, name):
    article = make_published()
    response = client.post(at(name, *([] if name == "desk" else [article, 1] if name == "review" else [article])))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_who_is_no_reviewer_any_more_or_only_a_superuser_cannot_sign(client, editor):
    revision = workflow.submit(make_article(), by=editor)
    ended = make_reviewer(ended_on=timezone.localdate())
    for user in (ended.user, make_user(is_superuser=True)):
        client.force_login(user)
        assert client.get(at("review", revision.article, 1)).status_code == 403
        data = {"sha256": revision.sha256, "step": "full"}
        assert client.post(at("review", revision.article, 1), data).status_code == 403
        assertNotContains(client.get(at("change", revision.article)), "Read and sign")
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("name", ["recall", "publish", "archive", "restore"])
def test_a_step_is_not_taken_by_a_link(client, editor, name):
    client.force_login(editor)
    article = make_published()
    before = ArticleEvent.objects.count()
    answer = client.get(at(name, article), {"number": "1"})
    assert (answer.status_code == 200) is (name != "restore")
    assert ArticleEvent.objects.count() == before
    assert client.put(at(name, article)).status_code == 405


@pytest.mark.parametrize("name", ["recall", "publish", "restore"])
def test_who_comes_without_a_version_is_led_to_the_article(client, editor, name):
    client.force_login(editor)
    article = make_published()
    assert client.get(at(name, article)).url == f"/admin/articles/article/{article.pk}/change/"


@pytest.mark.parametrize("name", ["recall", "publish"])
@pytest.mark.parametrize("number", ["", "0", "2", "x", "²", "9" * 30, "-1"])
def test_a_version_that_is_not_there_is_not_found(client, editor, name, number):
    article = make_article()
    workflow.submit(article, by=editor)
    client.force_login(editor)
    assert client.post(at(name, article), {"number": number}).status_code == 404
    assert client.get(at(name, article), {"number": number or "none"}).status_code == 404


def test_a_signature_of_another_article_is_not_found(client, editor):
    article, _ = make_published(), make_published()
    client.force_login(editor)
    assert client.post(at("revoke", article, SignOff.objects.last()), WHY).status_code == 404
