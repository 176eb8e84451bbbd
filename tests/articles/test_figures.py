"""Pictures in a text: what of them an editor's HTML may say, what is frozen and signed, what readers and staff get."""

import hashlib
import json
import pathlib
import re
from collections import Counter

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from articles import workflow
from articles.diff.differences import between
from articles.html import pictures
from articles.html.rendering import clean
from articles.models import Reviewer
from articles.pictures import files
from articles.pictures.uploading import upload
from articles.verification import verify
from tests.articles.test_pictures import photo, saved
from tests.factories import make_article, make_published, make_user

SHA = "ab" * 32
IMG = f'<img alt="A hat" src="/pictures/{SHA}.jpg">'
FIGURE = f"<figure>\n{IMG}\n<figcaption>In spring</figcaption>\n</figure>"
FACTS = {
    "alt": "Given with the upload",
    "credit": "Ana & Co",
    "license": "CC BY 4.0",
    "width": 800,
    "height": 600,
    "files": [
        {"name": "1.webp", "width": 480, "height": 360},
        {"name": "2.jpg", "width": 480, "height": 360},
        {"name": "3.webp", "width": 800, "height": 600},
        {"name": f"{SHA}.jpg", "width": 800, "height": 600},
    ],
}


@pytest.fixture
def picture(db, settings, tmp_path):
    """A picture with its files."""
    settings.DATA_DIR = tmp_path
    return upload(saved(photo()), by=make_user("Editors"), alt="A hat", credit="Ana", license="CC BY 4.0")


def figure(picture, alt="A red hat", caption="In spring"):
    """Return the figure of a picture as the editor writes it."""
    return f'<figure><img src="/pictures/{picture.name}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (FIGURE, FIGURE),
        (f"<figure>{IMG}</figure>", f"<figure>\n{IMG}\n</figure>"),
        (f"<p>a {IMG} b</p>", f"<p>a</p>\n<figure>\n{IMG}\n</figure>\n<p>b</p>"),
        (f"<p><b>a {IMG} b</b></p>", f"<p><b>a</b></p>\n<figure>\n{IMG}\n</figure>\n<p><b>b</b></p>"),
        (f"{IMG}words", f"<figure>\n{IMG}\n</figure>\n<p>words</p>"),
        (f"<figure>{IMG}{IMG}</figure>", f"<figure>\n{IMG}\n</figure>\n<figure>\n{IMG}\n</figure>"),
        (f"<figure><figcaption>a</figcaption>{IMG}</figure>", f"<p>a</p>\n<figure>\n{IMG}\n</figure>"),
        ("<figure><figcaption>a</figcaption></figure>", "<p>a</p>"),
        (f"<figure>{IMG}<p>a</p></figure>", f"<figure>\n{IMG}\n</figure>\n<p>a</p>"),
        (f"<ul><li>a{IMG}</li></ul>", f"<ul>\n<li>a\n<figure>\n{IMG}\n</figure>\n</li>\n</ul>"),
        (f'<img src="/pictures/{SHA}.png">', f'<figure>\n<img src="/pictures/{SHA}.png">\n</figure>'),
        (
            f'<img lang="es" onerror="x" src="/pictures/{SHA}.png">',
            f'<figure>\n<img src="/pictures/{SHA}.png">\n</figure>',
        ),
        (f'<img alt=" A\n hat " src="/pictures/{SHA}.jpg">', f"<figure>\n{IMG}\n</figure>"),
        ("<figure></figure>", ""),
    ],
)
def test_a_picture_of_ours_stands_in_a_figure_of_its_own(html, kept):
    assert clean(html).html == kept
    assert clean(kept).html == kept
    assert clean(kept).removed == []


@pytest.mark.parametrize(
    "src",
    [
        "https://example.org/a.jpg",
        f"//example.org/pictures/{SHA}.jpg",
        f"https://example.org/pictures/{SHA}.jpg",
        f"/pictures/{SHA}.webp",
        f"/pictures/{SHA}.svg",
        f"/pictures/{SHA}.jpg?a",
        f"/pictures/{SHA[1:]}.jpg",
        "/pictures/../admin/logout/",
        "data:image/png;base64,AAAA",
    ],
)
def test_no_other_picture_stays(src):
    cleaned = clean(f'<figure><img src="{src}" alt="A hat"><figcaption>In spring</figcaption></figure>')
    assert cleaned.html == "<p>In spring</p>"
    assert "1 picture (“A hat”)" in cleaned.removed


def test_a_description_of_2000_letters_is_left_out_and_said():
    cleaned = clean(f'<img alt="{"a" * 2000}" src="/pictures/{SHA}.jpg">')
    assert cleaned.html == f'<figure>\n<img src="/pictures/{SHA}.jpg">\n</figure>'
    assert cleaned.removed == [f"1 description of a picture that is too long, so please shorten it (“{'a' * 59}…”)"]


def test_readers_get_sizes_and_the_credit_below():
    html, frozen, unknown = pictures.shown(clean(FIGURE).html, {SHA: FACTS})
    sizes = 'sizes="(min-width: 42rem) 40rem, 100vw"'
    assert html == (
        f'<figure>\n<picture><source type="image/webp" srcset="/pictures/1.webp 480w, /pictures/3.webp 800w" {sizes}>'
        f'<img alt="A hat" src="/pictures/{SHA}.jpg" srcset="/pictures/2.jpg 480w, /pictures/{SHA}.jpg 800w" {sizes} '
        'width="800" height="600" loading="lazy"></picture>\n'
        "<figcaption>In spring <small>Ana &amp; Co, CC BY 4.0</small></figcaption>\n</figure>"
    )
    assert frozen == [{"sha256": SHA, "caption": "In spring"} | FACTS | {"alt": "A hat"}]
    assert unknown == []


def test_a_picture_that_is_not_known_leaves_its_caption():
    assert pictures.shown(clean(FIGURE).html, {}) == ("<p>In spring</p>", [], ["A hat"])


def test_a_picture_without_words_gets_those_of_the_upload():
    html, frozen, _unknown = pictures.shown(clean(f'<img src="/pictures/{SHA}.jpg">').html, {SHA: FACTS})
    assert 'alt="Given with the upload"' in html
    assert frozen[0]["alt"] == "Given with the upload"


def test_a_picture_that_is_decorative_in_a_text_has_no_words_there():
    html, frozen, _unknown = pictures.shown(clean(f'<img alt="" src="/pictures/{SHA}.jpg">').html, {SHA: FACTS})
    assert '<img alt="" src=' in html
    assert frozen[0]["alt"] == ""


def test_a_signature_covers_the_pictures(picture):
    article = make_published(body=f"<p>Words.</p>{figure(picture)}")
    content = article.revision.data
    assert (article.revision.format, content["format"]) == (3, 3)
    assert content["pictures"] == [
        {
            "sha256": picture.sha256,
            "alt": "A red hat",
            "caption": "In spring",
            "credit": "Ana",
            "license": "CC BY 4.0",
            "width": 800,
            "height": 600,
            "files": [{key: file[key] for key in ("name", "width", "height")} for file in picture.files],
        }
    ]
    assert set(re.findall(r"/pictures/([\w.]+)", content["body_html"])) == {file["name"] for file in picture.files}


def test_a_text_without_pictures_keeps_its_format(db):
    assert make_published().revision.format == 1
    assert "pictures" not in make_published(author_name="Ana").revision.data


def test_a_picture_nobody_uploaded_is_left_out_and_said(db):
    content, left_out = make_article(body=FIGURE).content()
    assert content["body_html"] == "<p>In spring</p>"
    assert "pictures" not in content
    assert "a picture that this site doesn't have (A hat)" in left_out


def test_the_page_shows_the_picture_and_stands_without_its_file(client, picture):
    article = make_published(body=f"<p>Words.</p>{figure(picture)}")
    address = f"/pictures/{picture.name}"
    assertContains(client.get(article.get_absolute_url()), f'src="{address}"')
    assert client.get(address).status_code == 200
    files.path_of(picture.name).unlink()
    assert client.get(article.get_absolute_url()).status_code == 200
    assert client.get(address).status_code == 404


def test_staff_are_told_of_a_file_that_is_gone(client, picture):
    article = make_published(body=f"<p>Words.</p>{figure(picture)}")
    address = f"/admin/articles/article/{article.pk}/change/"
    client.force_login(picture.uploaded_by)
    assertNotContains(client.get(address), "missing from the disk")
    files.path_of(picture.files[0]["name"]).unlink()
    assertContains(client.get(address), "readers see only the description: A red hat.")


@pytest.mark.parametrize("change", ["gone", "other bytes"])
def test_verify_names_a_file_that_is_not_what_was_signed(picture, change):
    make_published(body=f"<p>Words.</p>{figure(picture)}")
    assert list(verify(Counter())) == []
    path = files.path_of(picture.files[0]["name"])
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(b"other bytes")
    assert [line.partition(": ")[2] for line in verify(Counter())] == [
        f"these files of its pictures are gone or changed: {path.name}."
    ]


def test_an_old_hash_stays_true_when_the_row_of_a_picture_changes(picture):
    article = make_published(body=f"<p>Words.</p>{figure(picture)}")
    upload(saved(photo()), by=picture.uploaded_by, alt="Other words", credit="Eva")
    assert article.revision.data["pictures"][0]["credit"] == "Ana"
    assert article.review.is_reviewed


def changes(old, new):
    """Return what is printed of the differences: (part, words of the row) with what was added and removed."""
    return [
        (part.name, row.note, [(str(piece.change), piece.shown) for piece in row.pieces])
        for part in between(old, new)
        for row in part.rows
        if row.change != "same"
    ]


def content_with(html, facts=FACTS):
    """Return a content whose text is this."""
    body, frozen, _unknown = pictures.shown(clean(html).html, {SHA: facts})
    return {"title": "A", "body_html": body} | ({"pictures": frozen} if frozen else {})


def test_differences_name_a_picture_that_was_added():
    assert changes(content_with("<p>Words.</p>"), content_with(f"<p>Words.</p><figure>{IMG}</figure>")) == [
        ("Text", "Added: picture.", [("added", "A hat")]),
        ("Text", "Added: caption of a picture.", [("added", "[small print] Ana & Co, CC BY 4.0 [end of small print]")]),
        ("Pictures", "Added: picture.", [("added", "Picture abababab. Description: A hat")]),
    ]


def test_differences_show_another_file_under_the_same_words():
    other = "cd" * 32
    old = content_with(FIGURE)
    new = {"title": "A", "body_html": old["body_html"].replace(SHA, other)}
    new["pictures"] = [old["pictures"][0] | {"sha256": other}]
    assert [part for part, _note, _pieces in changes(old, new)] == ["Pictures"]


def test_a_picture_that_was_signed_anew_shows_in_the_list_of_changes_and_to_the_reviewer(client, picture):
    article = make_published(body=f"<p>Words.</p>{figure(picture)}")
    other = upload(saved(photo(700, 500)), by=picture.uploaded_by, alt="A hat")
    type(article).objects.update(body=f"<p>Words.</p>{figure(other)}")
    article.refresh_from_db()
    revision = workflow.submit(article, by=picture.uploaded_by, change="correction", note="Another hat.")
    both = [f'src="/pictures/{one.smallest["name"]}"' for one in (picture, other)]
    client.force_login(Reviewer.objects.get().user)
    page = client.get(f"/admin/articles/article/{article.pk}/review/{revision.number}/?view=changes").content.decode()
    assert all(address in page for address in both)
    workflow.sign(revision, shown_hash=revision.sha256, by=Reviewer.objects.get().user)
    workflow.publish(revision, by=picture.uploaded_by)
    client.logout()
    page = client.get(f"{article.get_absolute_url()}changes/").content.decode()
    places = [page.index(address) for address in both]
    assert places == sorted(places)
    assert "<figcaption>Removed</figcaption>" in page
    assert "<figcaption>Added</figcaption>" in page


def test_a_picture_with_another_description_is_shown_once():
    new = content_with(FIGURE.replace("A hat", "A red hat"))
    rows = [row for part in between(content_with(FIGURE), new) for row in part.rows if row.pictures]
    assert [(row.change, row.pictures) for row in rows] == [("changed", [("same", FACTS["files"][1])])]


def test_the_script_of_the_docs_checks_the_bytes_of_pictures(client, picture, monkeypatch, capsys):
    article = make_published(body=f"<p>Words.</p>{figure(picture)}")
    docs = pathlib.Path(__file__).parents[2] / "docs/review-record.md"
    script = re.search(r"```python\n(.*?)```", docs.read_text(), re.DOTALL)[1]

    class Answer:
        def __init__(self, url):
            self.content = client.get(url.removeprefix("https://lupus.example")).content

        def read(self):
            return self.content

    monkeypatch.setattr("urllib.request.urlopen", Answer)
    monkeypatch.setattr("sys.argv", ["check.py", f"https://lupus.example{article.get_absolute_url()}"])
    exec(script, {})
    assert "Rita Reviewer" in capsys.readouterr().out
    files.path_of(picture.files[0]["name"]).write_bytes(b"other bytes")
    with pytest.raises(AssertionError, match="another picture"):
        exec(script, {})


def test_what_is_frozen_can_be_sent_and_published_as_any_text(client, picture):
    article = make_article(body=f"<p>Words.</p>{figure(picture)}")
    revision = workflow.submit(article, by=picture.uploaded_by)
    assert revision.sha256 == hashlib.sha256(revision.content.encode()).hexdigest()
    assert json.loads(revision.content)["pictures"][0]["sha256"] == picture.sha256
