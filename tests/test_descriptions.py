"""What search engines and chats show of a page: its title and one sentence about it."""

import re

import pytest

from tests.factories import make_published, make_topic

pytestmark = pytest.mark.django_db


def test_every_kind_of_page_describes_itself(client):
    article = make_published(title="Hats & “Caps”", summary="What to wear in the noon sun.")
    pages = [article.get_absolute_url(), f"{article.get_absolute_url()}changes/", "/", "/search/", "/search/?q=hats"]
    reviewer = article.sign_offs.get().reviewer
    pages += [f"/reviewers/{reviewer.slug}/", "/about/", "/privacy/", "/comment-rules/", "/accessibility/"]
    article.topics.add(make_topic("Skin", description="What lupus can do to your skin."))
    pages += ["/topics/", "/topics/skin/"]
    found = {}
    for path in pages:
        (found[path],) = re.findall(r'<meta name="description" content="([^"<>]{20,320})">', client.get(path).content.decode())
    assert "Hats &amp; “Caps”" in found[pages[1]]
    assert "Rita Reviewer, MD" in found[pages[5]]
    assert len(set(found.values())) == len(pages) - 1  # A search is one page, whatever is looked for.
