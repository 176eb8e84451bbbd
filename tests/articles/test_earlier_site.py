"""Pages of the earlier site: what is read from the text, and the command that puts it online."""

import hashlib
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from articles.earlier_site import NotAnArticle, parse
from articles.html import rendering
from articles.html.rendering import clean, vancouver, words
from articles.models import Article, Reviewer, Revision, SignOff
from tests.factories import make_article, make_published

DEMO = Path(settings.BASE_DIR) / "lupussite" / "demo"
BOTOX = DEMO / "botox-injections-and-lupus.txt"
FILES = sorted(DEMO.glob("*.txt"))


def load(path, **options):
    out = StringIO()
    call_command("load_article", str(path), stdout=out, **options)
    return out.getvalue()


def write(tmp_path, text):
    path = tmp_path / "page.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_real_article_in_its_parts():
    page = parse(BOTOX.read_text())
    assert (page.title, page.slug) == ("Botox Injections and Lupus", "botox-injections-and-lupus")
    assert page.summary.startswith("Lupus is a chronic autoimmune disease")
    assert page.need_to_know.startswith("If you have lupus and are considering Botox, it is vital")
    assert (list(map(str, page.reviewers)), page.edited) == (["Donald Thomas, MD"], True)
    assert page.sources == []


def test_the_real_article_has_real_headings_and_one_numbered_list():
    html = parse(BOTOX.read_text()).body_html
    assert re.findall("<h2>(.*?)</h2>", html) == [
        "Understanding Botox Injections",
        "Botox Injections and Lupus",
        "Consultation with Healthcare Providers",
        "Managing Risks and Making Informed Decisions",
    ]
    assert html.count("<ol>") == 1
    assert re.findall("<li><strong>(.*?)</strong> ", html) == [
        "Medical Evaluation:",
        "Communication:",
        "Potential Risks:",
        "Alternatives:",
        "Individual Response:",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_word_of_a_file_is_lost_or_changed(path):
    page = parse(path.read_text())
    review = (
        [f"Reviewed{' and edited' if page.edited else ''} by {' and '.join(map(str, page.reviewers))}"] if page.reviewers else []
    )
    body = [clean(page.body_html).html, *page.sources]
    parts = [page.title, page.summary, page.need_to_know, *page.left_out, *review]
    parts += [words(part) if isinstance(part, str) else vancouver(part) for part in body]
    made = re.findall(r"\w+", " ".join(parts))
    given = re.findall(r"\w+", re.sub(r"(?m)^  \d+\. |^Need [Tt]o Know$|^Sources$", "", path.read_text()))
    assert sorted(made) == sorted(given)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_words_of_the_body_keep_their_order(path):
    text = path.read_text()
    for line in re.split(r"</(?:p|h2|li)>", parse(path.read_text()).body_html):
        line = words(line)
        position = text.find(line)
        assert position >= 0, line
        text = text[position + len(line) :]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_cleaner_leaves_a_parsed_body_alone(path):
    html = parse(path.read_text()).body_html
    assert clean(html) == rendering.Cleaned(html, [])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_printed_citation_says_what_its_line_says(path):
    lines = re.findall(r"(?m)^  \d+\. (.*)$", path.read_text().partition("\nSources\n")[2])
    assert [vancouver(source) for source in parse(path.read_text()).sources] == lines


def test_a_citation_in_its_fields():
    source = parse((DEMO / "sun-protection-and-lupus.txt").read_text()).sources[0]
    assert (source["kind"], source["authors"], source["pmid"]) == ("journal", "Foering K, et al", "21742409")
    assert (source["container"], source["year"], source["pages"]) == ("J Am Acad Dermatol", 2012, "66:220-8")


def test_a_web_page_as_source():
    source = parse((DEMO / "sun-protection-and-lupus.txt").read_text()).sources[2]
    assert (source["kind"], source["authors"], source["title"]) == ("web", "NHS", "Sunscreen and sun safety")


def test_need_to_know_may_stand_before_the_body_and_be_a_list():
    page = parse((DEMO / "tired-with-lupus.txt").read_text())
    assert page.need_to_know.split("\n")[2] == "- Tell your doctor if your fatigue is new or worse [4]."
    assert "Need to Know" not in page.body_html


def test_a_list_that_begins_later_keeps_its_numbers():
    page = parse("Title\n\nSummary.\n\nSteps\n\n  3. Three\n  4. Four\n")
    assert '<ol start="3">\n<li>Three</li>' in page.body_html


def test_a_list_right_under_its_sentence_and_wrapped_lines():
    page = parse("Title\r\n\r\nSummary.\r\n\r\nDo this:\r\n  1. One goes\r\n     on\r\n\r\n  2. Two\r\nAfter.")
    assert page.body_html == "<p>Do this:</p>\n<ol>\n<li>One goes on</li>\n<li>Two</li>\n</ol>\n<p>After.</p>"


def test_angle_brackets_are_words():
    page = parse("Title\n\nSummary.\n\nC3 was <LOQ & rising.\n")
    assert words(clean(page.body_html).html) == "C3 was <LOQ & rising."


@pytest.mark.parametrize(
    ("text", "words_of_error"),
    [
        ("", "the file has no text"),
        ("Skip to content\n", "the file has no text"),
        ("This is a sentence, not a title.\n", "no title"),
        ("Only a Title\n", "no text under the title"),
        ("Title\n\nSummary only.\n", "no text under the title"),
        ("Title\n\nA.\n\nB.\n\n  1. a\n  3. b\n", "do not follow each other: 1, 3"),
        ("…\n\nA.\n\nB.\n", "no title"),
        ("&\n\nA.\n\nB.\n", "no address can be made of the title"),
        ("Ti\0tle\n", "not a text file"),
    ],
)
def test_what_is_no_article_is_said(text, words_of_error):
    with pytest.raises(NotAnArticle, match=words_of_error):
        parse(text)


@pytest.mark.django_db
def test_loading_publishes_what_the_earlier_site_stated():
    out = load(BOTOX)
    article = Article.objects.published().get(slug="botox-injections-and-lupus")
    sign_off = article.sign_offs.get()
    assert (sign_off.origin, sign_off.edited, sign_off.signed_on, sign_off.valid_until) == ("stated", True, None, None)
    assert sign_off.sha256 == article.revision.sha256
    assert article.review.kind == "earlier"
    assert Reviewer.objects.get().user is None
    assert Reviewer.objects.get().slug == "donald-thomas"
    assert article.language == "en"
    for line in (
        "made: /articles/botox-injections-and-lupus/",
        "5 points",
        "left out: Add a Comment",
        "left out: Skip to content",
    ):
        assert line in out


def test_the_real_article_keeps_every_byte_it_was_published_with():
    page = parse(BOTOX.read_text())
    text = "\n".join([page.title, page.summary, page.need_to_know, page.body_html])
    assert hashlib.sha256(text.encode()).hexdigest() == "e4f6e3a65ccdfadf5403fa30ac49e81a10b34f37b7f1315df29355e0b75b90e6"


@pytest.mark.django_db
def test_the_heading_that_equals_the_title_has_an_id_of_its_own():
    load(BOTOX)
    assert dict(Revision.objects.get().contents)["botox-injections-and-lupus"] == "Botox Injections and Lupus"


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    load(BOTOX)
    before = list(Article.objects.values()), list(Revision.objects.values()), list(SignOff.objects.values())
    assert load(BOTOX).startswith("already there, nothing changed")
    assert (list(Article.objects.values()), list(Revision.objects.values()), list(SignOff.objects.values())) == before


@pytest.mark.django_db
def test_a_dry_run_writes_nothing():
    assert load(BOTOX, dry_run=True).startswith("would make: ")
    assert not Article.objects.exists()
    assert not Reviewer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [False, True])
def test_an_address_that_is_taken_stops_it(dry_run):
    make_article(slug="botox-injections-and-lupus", title="Mine")
    with pytest.raises(CommandError, match="there is another article at /articles/botox-injections-and-lupus/"):
        load(BOTOX, dry_run=dry_run)
    assert Article.objects.get().title == "Mine"


@pytest.mark.django_db
def test_a_page_that_names_no_reviewer_is_a_working_copy():
    out = load(DEMO / "tired-with-lupus.txt")
    assert "working copy that readers do not see" in out
    assert Article.objects.get().sources.count() == 10
    assert not Revision.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words_of_error"),
    [
        (b"\xff\xfe\x00", "not a text file in UTF-8"),
        (b"", "the file has no text"),
        (b"\x7fELF\x00\x01", "not a text file"),
        (
            f"Title\n\nS.\n\nB.\n\nSources\n\n  1. {'x' * 501}. J 2020. PMID 1.\n".encode(),
            "title: Ensure this value has at most 500",
        ),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path, content, words_of_error):
    with pytest.raises(CommandError, match=words_of_error) as caught:
        load(write(tmp_path, content))
    assert "\n" not in str(caught.value)
    assert not Article.objects.exists()


@pytest.mark.parametrize(("name", "words_of_error"), [("missing.txt", "no such file"), ("", "is a directory")])
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path, name, words_of_error):
    with pytest.raises(CommandError, match=words_of_error):
        load(tmp_path / name)


@pytest.mark.django_db
def test_an_address_that_another_page_had_is_not_given_away(tmp_path):
    article = make_published(slug="t-h")
    Article.objects.filter(pk=article.pk).update(slug="moved")
    with pytest.raises(CommandError, match="Another page has the address"):
        load(write(tmp_path, "T H\n\nThe summary of the page.\n\nA Heading\n\nSome words.\n"))
    assert not Article.objects.filter(slug="t-h").exists()
