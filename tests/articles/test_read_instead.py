"""A withdrawn page leads to the article that takes its place, while readers can open that one."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from articles import workflow
from articles.models import Article
from tests.factories import make_article, make_published, make_user

pytestmark = pytest.mark.django_db
WORDS = "Read this instead"


@pytest.fixture
def editor():
    return make_user("Editors")


def test_an_editor_names_what_to_read_instead_and_readers_get_the_link(client, editor):
    old, new, draft = make_published(title="Old hats"), make_published(title="New hats"), make_article(title="Draft hats")
    client.force_login(editor)
    address = reverse("admin:articles_article_withdraw", args=[old.pk])
    page = client.get(address)
    assertContains(page, f'<option value="{new.pk}">New hats</option>', html=True)
    assertNotContains(page, "Draft hats")
    assertNotContains(page, f'<option value="{old.pk}">')
    for other in (draft, old):
        assert client.post(address, {"reason": "Outdated.", "instead": other.pk}).context["form"].errors["instead"]
    client.post(address, {"reason": "Outdated.", "instead": new.pk})
    client.logout()
    page = client.get(old.get_absolute_url())
    assertContains(page, "Outdated.", status_code=410)
    assertContains(page, f'{WORDS}: <a href="{new.get_absolute_url()}" lang="en">New hats</a>', status_code=410)
    assert client.get(f"{old.get_absolute_url()}changes/").status_code == 410
    event = old.events.last()
    assert (event.kind, event.actor) == ("withdrawn", editor)
    assert event.note == f"Outdated.\nRead this instead: New hats ({new.slug})"


def test_no_link_leads_to_a_page_that_was_withdrawn_as_well(client, editor):
    old, new = make_published(), make_published()
    workflow.withdraw(old, reason="R", by=editor, instead=new)
    workflow.withdraw(new, reason="R", by=editor)
    assertNotContains(client.get(old.get_absolute_url()), WORDS, status_code=410)
    workflow.restore(new, by=editor)
    assertContains(client.get(old.get_absolute_url()), WORDS, status_code=410)


def test_a_page_that_is_put_back_forgets_it_and_names_none_by_itself(client, editor):
    old, new = make_published(), make_published()
    workflow.withdraw(old, reason="R", by=editor, instead=new)
    workflow.restore(old, by=editor)
    workflow.withdraw(old, reason="R", by=editor)
    assertNotContains(client.get(old.get_absolute_url()), WORDS, status_code=410)


def test_the_workflow_takes_only_another_page_that_is_online(editor):
    article = make_published()
    for other in (article, make_article()):
        with pytest.raises(workflow.WorkflowError, match="isn't online"):
            workflow.withdraw(article, reason="R", by=editor, instead=other)
    assert not Article.objects.exclude(withdrawn_on=None).exists()
