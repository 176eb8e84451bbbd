"""`import_wordpress`: what comes over and as what, through the command and the pages."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article, Reviewer, Revision, Topic
from comments.models import Comment, State
from comments.models.contact import Contact
from lupussite.models import Moved, OldAddress, Page
from lupussite.run.worker import all_handlers
from mail import outbox
from mail.models import Outbox
from tests.running import Site, fill
from tests.wordpress import killing
from tests.wordpress.wxr import comment, export, item

pytestmark = pytest.mark.django_db
BOTOX = Path(__file__).parent.parent.parent / "lupussite/demo/botox-injections-and-lupus.txt"


def botox_html():
    """Return the real article as its editor had it in WordPress, the title apart."""
    lines = [line for line in BOTOX.read_text().splitlines() if line.strip()]
    start, end = lines.index("Botox Injections and Lupus"), next(i for i, line in enumerate(lines) if line.startswith("Reviewed"))
    pieces, points = [], []
    for line in lines[start + 1 : end + 1]:
        if point := re.match(r"\s*\d\.\s+([^:]+:)\s+(.*)", line):
            points.append(f"<li><strong>{point[1]}</strong> {point[2]}</li>")
            continue
        if points:
            pieces.append("<ol>\n" + "\n".join(points) + "\n</ol>")
            points = []
        is_heading = line[-1] not in ".:" and not line.startswith("Reviewed")
        pieces.append(f"<h2>{line}</h2>" if is_heading else line)
    return "\n\n".join(pieces)


@pytest.mark.parametrize("editor", ["classic", "blocks"])
def test_the_real_article_becomes_the_very_revision_that_load_article_makes(bring, editor, tmp_path):
    html = botox_html()
    if editor == "blocks":
        parts = [part if part.startswith("<") else f"<p>{part}</p>" for part in html.split("\n\n")]
        names = {"<h2": "heading", "<ol": "list", "<p>": "paragraph"}
        html = "\n\n".join(f"<!-- wp:{names[part[:3]]} -->\n{part}\n<!-- /wp:{names[part[:3]]} -->" for part in parts)
    bring(item("Botox Injections and Lupus", html, post_name="botox-of-old"))
    call_command("load_article", BOTOX, stdout=io.StringIO())
    ours, loaded = (Revision.objects.get(article__slug=slug) for slug in ("botox-of-old", "botox-injections-and-lupus"))
    assert ours.content == loaded.content
    assert ours.sha256 == loaded.sha256
    ours, loaded = ours.sign_offs.get(), loaded.sign_offs.get()
    assert (ours.origin, ours.reviewer, ours.edited, ours.signed_on) == ("stated", loaded.reviewer, True, None)


def test_a_post_without_a_word_on_a_review_is_online_and_not_reviewed(client, bring):
    bring(item("Sun and Lupus", post_name="sun"))
    page = client.get("/articles/sun/")
    assertContains(page, "No reviewer has checked this page yet.")
    assertNotContains(page, "reviewedBy")
    assert client.get("/articles/sun/review.json").json()["status"]["kind"] == "not-reviewed"
    assertContains(client.get("/"), "Not reviewed")


def test_what_plugins_say_of_a_review_is_stated_too(client, bring):
    bring(item(post_name="sun", meta={"medically_reviewed_by": "Donald Thomas, MD", "medical_review_date": "20200131"}))
    record = client.get("/articles/sun/review.json").json()
    assert (record["status"]["kind"], record["status"]["reviewed"]) == ("earlier", False)
    assert [(one["name"], one["signed_on"]) for one in record["signatures"]] == [("Donald Thomas", "2020-01-31")]
    assert Reviewer.objects.get().user is None


def test_what_readers_did_not_see_there_they_do_not_see_here(client, bring):
    for status in ("draft", "pending", "private", "future"):
        bring(item(status.title(), post_name=status, status=status))
    bring(item(post_name="secret", post_password="x"))
    bring(item(post_name="gone__trashed", status="trash"))
    assert not Article.objects.online().exists()
    assert Article.objects.count() == 5


def test_twice_changes_nothing(bring):
    items = [item(post_name="sun", comments=[comment(), comment(approved="0")]), item("Us", post_type="page", post_name="us")]
    bring(*items)
    before = rows()
    report = bring(*items)
    assert rows() == before
    assert "already here from an earlier run" in report


def test_what_was_changed_there_since_is_told_and_stays_as_it_is_here(bring):
    bring(item(post_id=7, post_name="sun"))
    report = bring(item("New Title", post_id=7, post_name="sun"))
    assert "changed on the earlier site since" in report
    assert Article.objects.get().title == "A Post"


def rows():
    """Return what an import wrote, but for the times at which it did."""
    return {
        "articles": list(Article.objects.order_by("pk").values_list("slug", "title", "summary", "body", "comments_open")),
        "revisions": list(Revision.objects.order_by("pk").values_list("article__slug", "sha256")),
        "comments": list(
            Comment.objects.order_by("pk").values_list("article__slug", "parent__body", "depth", "page", "name", "body", "state")
        ),
        "pages": list(Page.objects.order_by("pk").values_list("slug", "body", "is_public")),
        "addresses": sorted(OldAddress.objects.values_list("path", "article__slug", "page__slug")),
        "moved": sorted(Moved.objects.values_list("kind", "source")),
    }


def test_old_addresses_lead_for_ever_to_the_article(client, bring):
    bring(
        item(post_id=12, post_name="sun", meta={"_wp_old_slug": "sunshine"}, categories=[("category", "skin", "Skin")]),
        item(
            "A picture",
            post_id=13,
            post_type="attachment",
            post_parent="12",
            status="inherit",
            link="https://old.example.org/sun/hat/",
        ),
        item("Hidden", post_id=14, post_name="hidden", status="draft"),
    )
    for address in (
        "/?p=12",
        "/2019/03/sun/",
        "/2019/03/04/sun",
        "/sun/",
        "/skin/sun/",
        "/2019/03/sunshine/",
        "/?attachment_id=13",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (301, "/articles/sun/"), address
    assert client.get("/sun/hat/").headers["Location"] == "/articles/sun/"
    assert client.get("/?p=14").status_code == 200
    assert client.get("/hidden/").status_code == 404
    assert client.get("/category/skin/").headers["Location"] == "/topics/skin/"


def test_an_old_address_that_is_one_of_our_own_is_told(client, bring):
    bring(item("Sun", post_name="sun"))
    report = bring(
        item("About the old site", post_type="page", post_name="about", link="https://old.example.org/about/"),
        item("Other sun", post_name="other", link="https://old.example.org/articles/sun/"),
        item("Start", post_type="page", post_name="start", link="https://old.example.org/"),
        item("Fine", post_name="fine", link="https://old.example.org/articles/fine/"),
        item("Draft", post_name="", status="draft", link="https://old.example.org/?p=99"),
    )
    assert re.findall(r"links to its old address (\S+) lead", report) == ["/about/", "/articles/sun/", "/"]
    assert client.get("/about/").status_code == 200


def test_links_to_other_posts_lead_to_them_here(bring):
    one = '<p>One.</p><p><a href="https://old.example.org/?p=22">there</a> <a href="https://www.old.example.org/2019/03/two/#x">here</a></p>'
    bring(item(content=one, post_id=21, post_name="one"), item(post_id=22, post_name="two"))
    assert Article.objects.get(slug="one").body == '<p><a href="/articles/two/">there</a> <a href="/articles/two/#x">here</a></p>'


def test_categories_become_topics_by_the_mapping_that_the_dry_run_wrote(bring, tmp_path):
    post = item(
        post_name="sun",
        categories=[("category", "skin", "Skin"), ("post_tag", "hats", "hats"), ("category", "uncategorized", "No")],
    )
    bring(post, dry_run=True)
    assert not Article.objects.exists()
    mapping = tmp_path / "mapping.json"
    assert '"category:skin": "Skin"' in mapping.read_text()
    assert '"tag:hats": ""' in mapping.read_text()
    mapping.write_text(mapping.read_text().replace('"Skin"', '"Skin and Sun"'))
    bring(post)
    assert [topic.name for topic in Topic.objects.all()] == ["Skin and Sun"]
    assert Article.objects.get().topics.get().name == "Skin and Sun"


def test_the_dry_run_tells_of_everything_that_does_not_come_through(bring):
    content = (
        '[contact-form-7 id="3" title="Write us"]\n\nWords.\n\n[gallery ids="1,2"]<img src="https://old.example.org/a.jpg">'
        '\n\n<iframe src="https://maps.example.org/x"></iframe><script>alert(1)</script>'
    )
    report = bring(item("With It All", content, meta={"acme_price": "12"}), dry_run=True)
    for words in (
        "[contact-form-7]",
        "a.jpg",
        "maps.example.org/x",
        "“acme_price” of a plugin: 12",
        "number 1",
        "With It All",
        "script",
    ):
        assert words in report, words


def test_pages_become_the_owners_pages_and_are_never_called_reviewed(client, bring):
    bring(item("About Us", "We are Mia &amp; Jo.\n\nReviewed by Donald Thomas, MD", post_type="page", post_name="about-us"))
    page = client.get("/pages/about-us/")
    assertContains(page, "We are Mia &amp; Jo.")
    assertNotContains(page, "status-")
    assert client.get("/2019/03/about-us/").headers["Location"] == "/pages/about-us/"
    assertContains(client.get("/pages/"), "About Us")


def test_comments_keep_name_words_time_and_thread(client, bring):
    bring(
        item(
            post_name="sun",
            comments=[
                comment(
                    'My C3 was &lt;70. See <a href="https://x.example.org/a">this</a>\nand that', id="1", author="Jo &amp; Mia"
                ),
                comment("Third", id="3", parent="2", date_gmt="2019-04-03 10:00:00"),
                comment("Second", id="2", parent="1", date_gmt="2019-04-05 10:00:00"),
                *(comment(f"Deep {n}", id=str(n), parent=str(n - 1), date_gmt=f"2019-05-{n:02} 10:00:00") for n in range(4, 24)),
                comment("Waits", id="50", approved="0"),
                comment("Buy", id="51", approved="spam"),
                comment("Gone", id="52", approved="trash"),
                comment("[…] link […]", id="53", type="pingback"),
                comment("Lost", id="54", parent="999"),
                comment("  <p></p> ", id="55"),
            ],
        )
    )
    first = Comment.objects.get(name="Jo & Mia")
    assert first.body == "My C3 was <70. See this (https://x.example.org/a)\nand that"
    assert first.submitted_at.isoformat() == "2019-04-01T10:00:00+00:00"
    assert (first.state, first.decided_by, first.decided_elsewhere, first.page) == (State.APPROVED, None, True, 1)
    assert list(first.replies.values_list("body", "depth")) == [("Second", 1)]
    assert Comment.objects.get(body="Deep 23").parent.body == "Deep 22"
    assert set(Comment.objects.filter(body__startswith="Deep").values_list("depth", flat=True)) == {2}
    assert Comment.objects.get(body="Waits").state == State.PENDING
    assert Comment.objects.count() == 25
    page = client.get("/articles/sun/")
    assertContains(page, "Deep 23")
    assertNotContains(page, "Waits")
    # Three levels, whatever the depth was.
    assert page.content.decode().count('<ol class="plain replies">') == 2
    assert len(re.findall(r"in reply to|replying to|Reply to", page.content.decode())) >= 20


def test_nobody_gets_mail_and_the_worker_screens_what_came(bring, client, moderator):
    bring(
        item(
            post_name="sun",
            comments=[
                comment("Call me at 212-555-0147 any time."),
                comment("I want to kill myself tonight.", approved="0"),
                comment("Lovely page."),
            ],
        )
    )
    assert list(Outbox.objects.values_list("kind", flat=True)) == ["screen_arrived"]
    # A slow machine may need more than one slice.
    for _ in range(20):
        outbox.run_due(all_handlers())
    assert mail.outbox == []
    assert not Outbox.objects.filter(done_at=None).exists()
    assert "personal_phone" in str(Comment.objects.get(body__startswith="Call").signals)
    waits = Comment.objects.get(state=State.PENDING)
    assert (waits.lane, waits.read_first, waits.topics) == ("clinician", True, "|crisis|")
    assert not Comment.objects.urgent().exists()
    client.force_login(moderator)
    found = client.get("/admin/comments/comment/?previous=look")
    assertContains(found, "Call me")
    assertNotContains(found, "Lovely page.")


def test_addresses_are_encrypted_and_old_ones_are_not_taken(bring, django_assert_num_queries):
    lately = timezone.now().strftime("%Y-%m-%d 00:00:00")
    bring(
        item(
            comments=[
                comment(author_email="old@example.org"),
                comment(author_email="new@example.org", date_gmt=lately),
                comment(author_email="waits@example.org", approved="0"),
                comment(author_email="no address", date_gmt=lately),
            ]
        )
    )
    assert sorted(contact.address for contact in Contact.objects.all()) == ["new@example.org", "waits@example.org"]
    assert Comment.objects.filter(contact=None).count() == 2


def test_closed_comments_stay_closed(bring):
    bring(item(post_name="sun", comment_status="closed"))
    assert not Article.objects.get().comments_open


def test_a_moderator_can_take_down_what_the_earlier_site_approved(bring, moderator):
    from comments.flows.moderation import decide, undo

    bring(item(comments=[comment()]))
    one = Comment.objects.get()
    event = decide(one, State.HIDDEN, version=1, by=moderator)
    undo(event, by=moderator)
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.decided_elsewhere) == (State.APPROVED, None, True)


def test_two_posts_with_one_address_and_names_that_are_no_addresses(bring):
    bring(
        item(post_name="sun"),
        item("Other", post_name="sun"),
        item("شمس", post_id=77, post_name="%d8%b4%d9%85%d8%b3"),
        item("Long", post_name="very-long-" * 20),
        item("<em>Marked</em> up", post_name=""),
        item("", post_id=99, post_name=""),
    )
    slugs = set(Article.objects.values_list("slug", flat=True))
    assert {"sun", "sun-2", "post-77", "marked-up", "post-99"} < slugs
    assert all(len(slug) <= 100 for slug in slugs)
    assert Article.objects.get(slug="marked-up").title == "Marked up"


def test_items_with_one_number_all_come_and_a_copy_is_left(bring):
    one = item("One", post_id=7, post_name="one", comments=[comment("C1", id="1")])
    items = [one, item("Two", post_id=7, post_name="two", comments=[comment("C2", id="2")]), one.replace("C1", "C3")]
    files = [item("Hat", post_id=8, post_type="attachment"), item("Cap", post_id=8, post_type="attachment")]
    for _ in range(2):
        report = bring(*items, *files)
        assert sorted(Article.objects.values_list("title", "comments__body")) == [("One", "C1"), ("Two", "C2")]
    assert "a second copy of number 7" in report


def test_an_item_that_is_broken_is_lost_alone(bring):
    report = bring(
        item("One", post_id=1), "<item><title>Broken</title><wp:post_id>2</wp:post_id><b></item>\n", item("Three", post_id=3)
    )
    assert sorted(Article.objects.values_list("title", flat=True)) == ["One", "Three"]
    assert "Couldn't be read: 1" in report
    assert "number 2 “Broken”" in report


def test_what_is_no_export_is_said_in_a_line(tmp_path):
    for name, words, said in (
        ("a.xml", b"<html></html>", "not an export"),
        ("b.zip", b"PK\3\4", "archive"),
        ("c.xml", b"", "not an export"),
    ):
        path = tmp_path / name
        path.write_bytes(words)
        with pytest.raises(CommandError, match=said):
            call_command("import_wordpress", path, report=tmp_path)
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_wordpress", tmp_path / "none.xml", report=tmp_path)


def test_killed_ten_times_ends_like_once(tmp_path):
    posts = [
        item(
            f"Post {n}",
            post_id=n,
            post_name=f"p{n}",
            comments=[comment(f"C{n}-{c}", id=f"{n}{c:03}", parent=f"{n}{c - 1:03}" if c % 3 else "0") for c in range(60)],
        )
        for n in range(1, 21)
    ]
    path = tmp_path / "export.xml"
    path.write_text(export(posts))
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    environment = os.environ | {"DATABASE_URL": "", "SITE_URL": ""}

    def run(folder, *words):
        subprocess.run([sys.executable, *words], env=environment | {"DATA_DIR": str(folder)}, check=True, capture_output=True)

    fill(Site(fresh), demo=False)
    found = []
    for kills in (0, 10):
        folder = tmp_path / f"data-{kills}"
        shutil.copytree(fresh, folder)
        run(folder, "-m", "tests.wordpress.killing", path, str(kills), "17", "200")
        found.append(killing.query(folder, killing.TABLE))
    assert found[0] == found[1]
    assert len(found[0]) == 1200


def test_a_page_that_is_here_stays_one_whatever_the_mapping_says_later(bring, tmp_path):
    faq = item("Questions", post_type="page", post_name="faq", post_id=7, comments=[comment("Thanks")])
    bring(faq)
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"topics": {}, "pages_as_articles": ["faq"]}))
    report = bring(faq, mapping=mapping)
    assert "it's here as a page and stays one; to get it as an article, delete the page and run this again" in report
    assert (Article.objects.count(), Comment.objects.count()) == (0, 0)
    Page.objects.get(slug="faq").delete()
    bring(faq, mapping=mapping)
    assert Comment.objects.get().article.slug == "faq"


def test_a_reviewer_with_other_letters_in_the_post_before_is_noticed(bring):
    posts = [item(f"By {letters}", f"Words.\n\nMore.\n\nReviewed by Jane Doe, {letters}") for letters in ("MD", "PhD")]
    report = bring(*posts)
    assert "the review isn't taken" in report
    assert Article.objects.count() == 2
