"""What a person agrees to by sending a comment: it stands above the button, and its number and time with the comment."""

import datetime
import hashlib

import pytest
from pytest_django.asserts import assertContains

from comments.models import Comment, consent
from tests.factories import make_published

pytestmark = pytest.mark.django_db
# A sentence that somebody agreed to never changes: new words get a new number.
DIGESTS = {1: "0b8c134ceb11c7a5"}


def test_no_sentence_that_somebody_agreed_to_has_changed():
    assert {
        number: hashlib.sha256(str(words).encode()).hexdigest()[:16] for number, words in consent.SENTENCES.items()
    } == DIGESTS


def test_the_sentence_stands_right_above_the_button(client):
    page = client.get(make_published().get_absolute_url())
    assertContains(page, str(consent.SENTENCES[consent.CURRENT]))
    text = page.content.decode()
    between = text[text.index("By sending this comment") : text.index("Send comment</button>")]
    assert "<input" not in between
    assert "/privacy/" in between


@pytest.mark.parametrize("served", [None, "1", "", "0", "99", "x"])
def test_its_number_and_the_time_are_kept_with_the_comment(client, served):
    form = {"name": "Ana", "email": "ana@example.org", "body": "Hello there"} | ({} if served is None else {"consent": served})
    assert client.post(f"{make_published().get_absolute_url()}comments/", form).status_code == 303
    comment = Comment.objects.get()
    assert comment.consent_version == 1
    assert abs(comment.consent_at - comment.submitted_at) < datetime.timedelta(seconds=5)


def test_the_privacy_page_says_what_an_authority_asks(client):
    page = client.get("/privacy/")
    for words in ("9(2)(a)", "What our automatic checks do", "no decision about you is made by a program alone", "complain to"):
        assertContains(page, words)
    assertContains(client.get("/privacy/staff/"), "90 days")
