"""A name that readers may take for the doctor's or the site's is told to the moderator; only the badge means it."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article
from comments.flows.replies import reply_as_staff
from comments.models import State
from comments.screening import Submission, Watch, in_words, screen
from tests.factories import make_comment, make_published, make_reviewer, make_user

WATCH = Watch(names=("Donald Thomas", "José Núñez", "Ana Li"), site="Lupus Library")


def told(name):
    signals = screen(Submission(name=name, email="", body="Thank you for this page."), watch=WATCH)
    return {signal.code: signal.detail for signal in signals if signal.code.startswith("name_")}


@pytest.mark.parametrize(
    "name",
    [
        "Donald Thomas",
        "donald  thomas md",
        "DONALD THOMAS, M.D.",
        "Dr. Donald E. Thomas",
        "Thomas, Donald",
        "DonaldThomas",
        "Donald_Thomas",
        "D o n a l d  T h o m a s",
        "D\u00f3nald Th\u00f3mas",
        "D\u043enald Th\u043emas",
        "D0nald Th0mas",
        "Don\u200bald Tho\u00admas",
        "\U0001d403\U0001d428\U0001d427\U0001d41a\U0001d425\U0001d41d Thomas",
        "Dr. Thomas",
        "Doctor Thomas",
        "the real donald thomas \U0001fa7a",
    ],
)
def test_the_name_of_a_reviewer_is_told_however_it_is_spelled(name):
    assert told(name)["name_of_staff"] == "Donald Thomas"


def test_accents_do_not_hide_a_name():
    assert told("jose nunez")["name_of_staff"] == "José Núñez"


@pytest.mark.parametrize(
    "name", ["Donald", "Thomas", "Thomas B.", "Don T.", "Juliana Lind", "Analise", "Marta", "Tom", "Dora", "Mary of Medford"]
)
def test_other_names_are_not(name):
    assert told(name) == {}


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("Dr. Smith", "dr"),
        ("Jane Doe, MD", "md"),
        ("Jane Doe M.D.", "m.d."),
        ("Nurse Kay", "nurse"),
        ("Kay RN", "rn"),
        ("Lupus Library", "Lupus Library"),
        ("lupus-library", "Lupus Library"),
        ("Official account", "official"),
        ("Ana \u2713", "\u2713"),
        ("Ana \U0001fa7a Doctor", "doctor, \U0001fa7a"),
        ("M\u00e9dico Juan", "medico"),
        ("\u0410dmin", "admin"),
        ("Moderator", "moderator"),
    ],
)
def test_a_name_that_claims_something_is_told(name, claim):
    assert told(name)["name_claims"] == claim


def test_the_moderator_reads_it_in_words(client, db):
    make_reviewer(name="Rosa Weiss")
    make_user("Editors", first_name="Emil", last_name="Ertl")
    assert {"Rosa Weiss", "Emil Ertl"} <= set(Article.names_of_people())
    comment = make_comment(name="Dr Rosa Weiss")
    assert [in_words(signal) for signal in comment.signals] == [
        "the name looks like that of Rosa Weiss, who works on this site",
        "the name claims a title or role (dr); only the badge means doctor or staff",
    ]
    assert comment.lane == "standard"
    client.force_login(make_user("Moderators"))
    assertContains(client.get("/admin/comments/queued/"), "the name looks like that of Rosa Weiss")


def test_only_an_answer_for_the_site_has_the_badge(client, db):
    comment = make_comment(state=State.APPROVED, name="\U0001fa7a Doctor \u2713", article=make_published())
    assertNotContains(client.get(comment.article.get_absolute_url()), 'class="badge"')
    doctor = make_user("Clinicians", first_name="Rita", last_name="Roe")
    reply, _ = reply_as_staff(comment, by=doctor, body="Thank you for asking.")
    assert reply.signals == []
    assertContains(client.get(comment.article.get_absolute_url()), 'class="badge"', count=1)
