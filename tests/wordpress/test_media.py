"""Pictures that come with an export: from a folder or an archive, into the pages that show them, and none from anywhere else."""

import io
import os
import tarfile
import zipfile

import pytest
from django.core.management import CommandError
from pytest_django.asserts import assertContains

from articles.models import Article, Picture, Revision
from articles.pictures import files
from lupussite.run import worker
from lupussite.wordpress.media import BadArchive, Media
from tests.articles.test_pictures import photo, saved
from tests.wordpress.wxr import cdata, item

pytestmark = pytest.mark.django_db
UPLOADS = "https://old.example.org/wp-content/uploads/2019/03"


def attachment(name, number, *, parent="0", meta=None, **fields):
    """Return the item of a picture."""
    more = f"<wp:attachment_url>{cdata(f'{UPLOADS}/{name}')}</wp:attachment_url>"
    return item(
        name, "", post_type="attachment", status="inherit", post_id=number, post_parent=parent, more=more, meta=meta, **fields
    )


@pytest.fixture
def uploads(tmp_path):
    """A folder with one picture of March 2019, and its smaller copy."""
    folder = tmp_path / "uploads"
    (folder / "2019/03").mkdir(parents=True)
    (folder / "2019/03/hat.jpg").write_bytes(saved(photo(600, 400)))
    (folder / "2019/03/hat-300x200.jpg").write_bytes(saved(photo(300, 200)))
    return folder


def packed(folder, kind):
    """Return an archive of the folder."""
    path = folder.parent / f"archive.{kind}"
    names = [name for name in folder.rglob("*") if name.is_file()]
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.write(name, f"uploads/{name.relative_to(folder)}")
    else:
        with tarfile.open(path, "w:gz" if kind == "tar.gz" else "w") as archive:
            for name in names:
                archive.add(name, f"uploads/{name.relative_to(folder)}")
    return path


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "tar.gz"])
def test_a_picture_comes_over_with_its_words(client, bring, uploads, kind):
    meta = {
        "_wp_attachment_image_alt": "A red hat",
        "_wp_attachment_metadata": 'a:1:{s:10:"image_meta";a:2:{s:6:"credit";s:8:"Mia Mann";s:6:"camera";s:1:"x";}}',
    }
    report = bring(
        attachment("hat.jpg", 7, meta=meta, excerpt="Caption there"),
        item("Hats", f'Words.\n\n<img src="{UPLOADS}/hat-300x200.jpg" class="wp-image-7"> More.', post_name="hats"),
        media=uploads if kind == "folder" else packed(uploads, kind),
    )
    picture = Picture.objects.get()
    assert (picture.width, picture.alt, picture.caption, picture.credit) == (600, "A red hat", "Caption there", "Mia Mann")
    assert picture.uploaded_by is None
    assert files.wrong([picture.as_dict()]) == []
    revision = Revision.objects.get()
    assert revision.data["pictures"][0]["alt"] == "A red hat"
    assert revision.format == 3
    page = client.get("/articles/hats/")
    assertContains(page, '<img alt="A red hat"')
    assertContains(page, "Mia Mann")
    assert "1  pictures, now in the articles and pages that show them" in report


def test_what_is_missing_is_listed_with_its_address_and_nothing_is_fetched(bring, uploads):
    report = bring(
        attachment("cap.jpg", 8),
        attachment("leaflet.pdf", 9),
        attachment("hat.jpg", 10),
        item("Post", f'Words.\n\nMore. <img src="{UPLOADS}/cap.jpg" alt="A cap"><img src="https://elsewhere.example.org/x.png">'),
        media=uploads,
    )
    assert f"a picture, missing among the media: {UPLOADS}/cap.jpg (“A cap”)" in report
    assert "a picture, missing among the media: https://elsewhere.example.org/x.png" in report
    assert f"no picture, so it isn't taken: {UPLOADS}/leaflet.pdf" in report
    assert "1  pictures that no article or page shows, left in your folder" in report
    assert not Picture.objects.exists()
    assert "<img" not in Article.objects.get().body


def test_a_picture_of_another_month_is_another_picture(bring, uploads):
    report = bring(item("Post", f'Words. <img src="{UPLOADS.replace("03", "04")}/hat.jpg">'), media=uploads)
    assert "missing among the media" in report
    assert not Picture.objects.exists()


def test_a_picture_that_no_browser_shows_is_said_already_on_the_dry_run(bring, uploads):
    (uploads / "2019/03/drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (uploads / "2019/03/broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    text = f'Words. <img src="{UPLOADS}/drawing.svg"><img src="{UPLOADS}/broken.jpg"><img src="{UPLOADS}/hat.jpg">'
    for dry_run in (True, False):
        report = bring(attachment("drawing.svg", 7), item("Post", text), media=uploads, dry_run=dry_run)
        assert "drawing.svg: SVG files can contain programs" in report
        assert "broken.jpg: This file is damaged" in report
        assert "1  pictures that can't be used here" in report
        assert Picture.objects.exists() != dry_run


def test_the_same_picture_comes_once_and_keeps_the_words_that_it_has_here(bring, uploads):
    text = f'Words. <img src="{UPLOADS}/hat.jpg" alt="A hat">'
    bring(item("One", text), item("Two", text.replace("A hat", "Other words")), media=uploads)
    assert Picture.objects.get().alt == "A hat"
    Picture.objects.update(alt="Ours", credit="Somebody")
    bring(item("Three", text), media=uploads)
    assert [(picture.alt, picture.credit) for picture in Picture.objects.all()] == [("Ours", "Somebody")]
    assert 'alt="A hat"' in Article.objects.get(title="Three").body


def test_twice_the_pictures_are_told_of_as_here(bring, uploads):
    items = [
        attachment("hat.jpg", 7, parent="20"),
        item("Post", "Words.\n\n[gallery]", post_id=20, meta={"_thumbnail_id": "7"}),
    ]
    assert "pictures, now in" in bring(*items, media=uploads)
    report = bring(*items, media=uploads)
    assert "2  already here from an earlier run" in report
    assert Picture.objects.count() == 1


def test_the_owners_pages_have_pictures_too_and_keep_them(client, bring, uploads):
    text = f'We. <img src="{UPLOADS}/hat.jpg" alt="A hat">'
    bring(item("About", text, post_type="page", post_name="us"), media=uploads)
    page = client.get("/pages/us/").content.decode()
    assert '<source type="image/webp"' in page
    Picture.objects.update(uploaded_at="2020-01-01T00:00:00Z")
    worker.all_handlers()["forget_pictures"]({})
    assert Picture.objects.exists()


def test_names_and_links_that_lead_out_of_an_archive_are_passed_over(tmp_path):
    data = saved(photo(40, 30))
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name in ("../../2019/03/out.jpg", "/2019/03/root.jpg", "uploads/2019/03/in.jpg"):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("uploads/2019/03/link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("../../2019/03/out.jpg", "/2019/03/root.jpg", "C:\\2019\\03\\drive.jpg", "uploads/2019/03/in.jpg"):
            archive.writestr(name, data)
        link = zipfile.ZipInfo("uploads/2019/03/link.jpg")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    for name in ("a.tar", "a.zip"):
        media = Media(tmp_path / name)
        assert [bool(media.find(f"{UPLOADS}/{one}.jpg")) for one in ("out", "root", "drive", "link", "in")] == [False] * 4 + [
            True
        ]
        assert media.read(media.find(f"{UPLOADS}/in.jpg")[0]) == data
        assert media.noticed["links in the archive, passed over"] == 1
        media.close()


def test_links_of_a_folder_are_not_followed(tmp_path, uploads):
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"x")
    os.symlink(secret, uploads / "2019/03/link.jpg")
    os.symlink(tmp_path, uploads / "2019/04")
    media = Media(uploads)
    assert media.find(f"{UPLOADS}/link.jpg") == []
    assert media.find("/2019/04/secret.jpg") == []


def test_an_archive_that_unpacks_to_too_much_is_refused(bring, tmp_path, monkeypatch):
    monkeypatch.setattr("lupussite.wordpress.media.MOST_FREE", 0)
    with tarfile.open(tmp_path / "bomb.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("uploads/2019/03/hat.jpg")
        entry.size = 20_000_000
        archive.addfile(entry, io.BytesIO(bytes(20_000_000)))
    with pytest.raises(CommandError, match="unpacks to far more"):
        bring(item("Post"), media=tmp_path / "bomb.tar.gz")
    assert not Article.objects.exists()


def test_of_a_file_no_more_is_read_than_a_picture_may_have(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2019/03/huge.png", bytes(60_000_000))
    media = Media(tmp_path / "a.zip")
    assert len(media.read(media.find(f"{UPLOADS}/huge.png")[0])) == 12 * 1024 * 1024 + 1


@pytest.mark.parametrize("name", ["a.rar", "broken.zip", "none.zip"])
def test_what_is_no_archive_is_said(tmp_path, name):
    if name != "none.zip":
        (tmp_path / name).write_bytes(b"PK\5\6" + b"\xff" * 40 if name == "broken.zip" else b"Rar!")
    with pytest.raises(OSError if name == "none.zip" else BadArchive):
        Media(tmp_path / name)


def test_a_picture_that_the_export_does_not_hold_is_told_by_its_number(bring):
    report = bring(item("Post", 'Words.\n\n[gallery ids="32"]', meta={"_thumbnail_id": "33"}))
    assert "a picture, number 32, which isn't in the export" in report
    assert "a picture, number 33, which isn't in the export" in report
