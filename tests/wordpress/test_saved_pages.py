"""`import_pages`: a folder of pages that a browser saved."""

import io

import pytest
from django.core.management import CommandError, call_command
from pytest_django.asserts import assertContains

from articles.models import Article, Picture, Revision
from comments.models import Comment
from lupussite.models import Page
from tests.articles.test_pictures import photo, saved
from tests.wordpress.test_import import BOTOX, botox_html

pytestmark = pytest.mark.django_db

PAGE = """<!DOCTYPE html>
<!-- saved from url=(0050)https://old.example.org/2019/03/{slug}/ -->
<html lang="en-US"><head><meta charset="utf-8"><title>{title} - Old Blog</title>
<meta property="article:published_time" content="2019-03-04T10:00:00+00:00"></head>
<body class="{classes}">
<header><nav><a href="/">Home</a> Reviewed by nobody at all</nav></header>
<main><article><header class="entry-header"><h1>{title}</h1>{above}</header>
<div class="entry-content">
{text}
<div class="sharedaddy">Share this</div>
</div>
<footer class="entry-footer">Filed under <a href="https://old.example.org/category/skin/" rel="category tag">Skin</a></footer>
</article>
<div id="comments"><ol class="comment-list"><li id="comment-7">Marta says: thank you</li></ol><form><input name="x"></form></div>
</main><aside>Other posts</aside><script>track()</script></body></html>
"""


def page(text, *, title="Sun and Lupus", slug="sun", classes="single single-post", above=""):
    """Return a page as a theme prints it."""
    return PAGE.format(text=text, title=title, slug=slug, classes=classes, above=above)


@pytest.fixture
def bring(tmp_path):
    """Bring a folder of pages over, and return the report."""
    folder = tmp_path / "pages"
    folder.mkdir()

    def run(dry_run=False, **pages):
        for name, text in pages.items():
            (folder / f"{name}.html").write_bytes(text if isinstance(text, bytes) else text.encode())
        out = io.StringIO()
        call_command("import_pages", folder, report=tmp_path, dry_run=dry_run, stdout=out)
        assert "Everything is accounted for." in out.getvalue()
        return (tmp_path / "report.txt").read_text()

    run.folder = folder
    return run


def rendered(text):
    """Return text as WordPress prints it, with a line break wherever it liked one."""
    parts = [part if part.startswith("<") else f"<p>{part.replace('. ', f'.{chr(10)}')}</p>" for part in text.split("\n\n")]
    return "\n".join(parts)


def test_the_real_article_becomes_the_very_revision_that_load_article_makes(bring):
    bring(botox=page(rendered(botox_html()), title="Botox Injections and Lupus", slug="botox-of-old"))
    call_command("load_article", BOTOX, stdout=io.StringIO())
    ours, loaded = (Revision.objects.get(article__slug=slug) for slug in ("botox-of-old", "botox-injections-and-lupus"))
    assert ours.content == loaded.content
    assert ours.sign_offs.get().reviewer == loaded.sign_offs.get().reviewer


def test_only_the_text_of_a_page_is_taken(client, bring):
    report = bring(
        sun=page("<p>One\nand on.</p>\n<h2>Hats</h2><p>Two.</p><pre>a\n b</pre>", above="<p>Reviewed by Jane Doe, MD</p>")
    )
    article = Article.objects.get()
    assert (article.title, article.slug, article.summary) == ("Sun and Lupus", "sun", "One and on.")
    assert article.body == "<h2>Hats</h2>\n<p>Two.</p>\n<p>a<br>b</p>"
    assert client.get("/articles/sun/review.json").json()["signatures"][0]["name"] == "Jane Doe"
    assert client.get("/2019/03/sun/").headers["Location"] == "/articles/sun/"
    assert "1 comments stand on the saved page" in report
    assert "category:skin becomes the topic “Skin”" in report
    assert not Comment.objects.exists()


def test_a_page_that_names_no_reviewer_is_a_draft_as_with_load_article(client, bring):
    report = bring(sun=page("<p>One two three four five.</p><p>Two.</p>"))
    assert not Article.objects.online().exists()
    assert "it doesn't say who reviewed it, so it's a draft" in report


def test_pictures_lie_beside_the_page(client, bring):
    (bring.folder / "sun_files").mkdir()
    (bring.folder / "sun_files/hat.jpg").write_bytes(saved(photo(300, 200)))
    (bring.folder / "sun_files/frame.html").write_text(page("<p>An ad for the words of a frame.</p>", title="Ad"))
    text = '<p>One two three four five.</p><p>Two.</p><img src="./sun_files/hat.jpg" alt="A hat"><p>Reviewed by Jane Doe, MD</p>'
    bring(sun=page(text))
    assert Picture.objects.get().alt == "A hat"
    assertContains(client.get("/articles/sun/"), '<img alt="A hat"')
    assert Article.objects.count() == 1


def test_the_title_is_no_heading_of_a_box_and_the_text_no_quotation_in_it(bring):
    words = "<p>" + "One two three four five. " * 20 + "</p>"
    text = f'<blockquote class="entry-content"><p>One small quotation of it.</p></blockquote>{words}'
    head, _, rest = page("").partition('<div class="entry-content">')
    bring(sun=f"{head.replace('<main>', '<div><h1>Newsletter</h1></div><main>')}{text}{rest}")
    article = Article.objects.get()
    assert article.title == "Sun and Lupus"
    assert article.body.count("One two three four five.") == 20


def test_each_kind_of_page_becomes_its_own(bring):
    report = bring(
        index=page("<p>One two three four five.</p>", title="Home", slug="", classes="home blog"),
        us=page("<p>We are one two three.</p>", title="About Us", slug="us", classes="page page-id-7"),
        sun=page("<p>One two three four five.</p>"),
    )
    assert "it only lists other pages" in report
    assert Page.objects.get().title == "About Us"
    assert Article.objects.get().title == "Sun and Lupus"


def test_twice_changes_nothing(bring):
    bring(sun=page("<p>One two three four five.</p>"))
    assert "already here" in bring()
    assert Article.objects.count() == 1


def test_what_is_broken_is_one_lost_or_read_as_far_as_it_goes(bring, monkeypatch):
    monkeypatch.setattr("lupussite.wordpress.saved_pages.MOST_BYTES", 500_000)
    report = bring(
        empty="",
        huge="x" * 600_000,
        deep=page("<div>" * 20_000 + "<p>One two three four five.</p>", title="Deep", slug="deep"),
        nul=page("<p>One\0 two three four five.</p>", title="Nul", slug="nul"),
        windows=page("<p>One “two” three four five.</p>", title="Windows", slug="w").replace("utf-8", "x").encode("cp1252"),
        entity=page("<p>&xxe; two three four five.</p>", title="Entity", slug="e").replace(
            "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'
        ),
    )
    assert "Couldn't be read: 2" in report
    assert "root:" not in "".join(Article.objects.values_list("body", flat=True))
    assert {"Nul", "Windows", "Entity"} <= set(Article.objects.values_list("title", flat=True))
    assert "“two”" in Article.objects.get(title="Windows").summary


def test_a_folder_without_pages_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"no .html files"):
        call_command("import_pages", tmp_path)
