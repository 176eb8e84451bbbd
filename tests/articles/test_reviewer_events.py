"""A reviewer's name: since when an account signs under it, and every change of the profile, for readers to see."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Reviewer, ReviewerEvent
from tests.accounts.logging_in import code, give_app, log_in_fully
from tests.factories import make_published, make_reviewer, make_user

pytestmark = pytest.mark.django_db


def kinds(reviewer):
    return list(reviewer.events.values_list("kind", flat=True))


def test_readers_see_since_when_a_profile_is_linked(client):
    with time_machine.travel("2026-03-05T12:00Z"):
        article = make_published()
    [signature] = client.get(f"{article.get_absolute_url()}review.json").json()["signatures"]
    assert signature["account_since"] == "2026-03-05"
    page = client.get(signature["reviewer"].removeprefix("http://127.0.0.1:8000"))
    assertContains(page, 'Signs with an account on this site, linked since <time datetime="2026-03-05">')


def test_a_profile_without_an_account_says_so(client):
    reviewer = make_published().sign_offs.get().reviewer
    Reviewer.objects.get(pk=reviewer.pk).save()
    reviewer.user = None
    reviewer.save()
    assert kinds(reviewer) == ["made", "linked", "unlinked"]
    assertContains(client.get(f"/reviewers/{reviewer.slug}/"), "Nobody can sign in this name")
    assert ReviewerEvent.linked_since([reviewer.slug]) == {}


def test_a_link_to_another_account_begins_anew():
    with time_machine.travel("2026-03-05T12:00Z"):
        reviewer = make_reviewer()
    with time_machine.travel("2026-04-06T12:00Z"):
        reviewer.user = make_user("Medical reviewers")
        reviewer.save()
    assert kinds(reviewer) == ["made", "linked", "unlinked", "linked"]
    assert ReviewerEvent.linked_since([reviewer.slug]) == {reviewer.slug: datetime.date(2026, 4, 6)}


def test_a_change_made_in_the_admin_is_on_the_page_with_what_was_there_before(client, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    reviewer, owner = make_published().sign_offs.get().reviewer, give_app(make_user(is_superuser=True))
    log_in_fully(client, owner)
    form = {"name": "Rosa <Reviewer>", "credentials": "DO", "specialty": "", "ties": "", "about": "", "registration": ""}
    asked = client.post(f"/admin/articles/reviewer/{reviewer.pk}/change/", form)
    assert asked["Location"].startswith("/admin/account/reauthenticate/")
    assert kinds(reviewer) == ["made", "linked"]
    client.post(asked["Location"], {"code": code()})
    assert kinds(reviewer) == ["made", "linked", "changed"]
    assert reviewer.events.last().actor == owner
    page = client.get(f"/reviewers/{reviewer.slug}/")
    assertContains(page, "Name: “Rita Reviewer” → “Rosa &lt;Reviewer&gt;”<br>Credentials: “MD” → “DO”")
    assertNotContains(page, owner.username)


def test_an_empty_save_is_no_change():
    reviewer = make_reviewer()
    reviewer.save()
    assert kinds(reviewer) == ["made", "linked"]


@pytest.mark.parametrize("sql", ["UPDATE articles_reviewerevent SET note = 'x'", "DELETE FROM articles_reviewerevent"])
def test_the_history_of_a_profile_only_takes_new_rows(sql):
    make_reviewer()
    with pytest.raises(IntegrityError, match="only takes new rows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
