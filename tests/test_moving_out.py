"""`export` and `import_json`: everything goes out, nothing slips out, and an equal site comes back."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from lxml import etree

from articles.models import Article, Revision
from comments.models import Comment, State
from comments.models.contact import Contact
from lupussite import insert_only
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "canary@example.org"


def command(*words, **options):
    """Return what a command printed."""
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def empty():
    """Empty the database, which an owner cannot: the triggers come back for what follows."""
    insert_only.drop(connection)
    call_command("flush", interactive=False, verbosity=0)
    insert_only.put_back(sender=None, using="default")


def everything(folder):
    """Return the files of an export but for what differs by its time."""
    files = {path.name: path.read_text() for path in folder.glob("*.jsonl")}
    accounts = [json.loads(line) for line in files.pop("accounts.user.jsonl").splitlines()]
    return files, [one["username"] for one in accounts]


def test_an_export_comes_back_as_an_equal_site(tmp_path):
    command("load_demo")
    command("export", tmp_path / "one", json=True, with_addresses=True)
    before = everything(tmp_path / "one")
    empty()
    said = command("import_json", tmp_path / "one")
    assert "Every hash and every signature holds." in said
    command("export", tmp_path / "two", json=True, with_addresses=True)
    assert everything(tmp_path / "two") == before
    assert Contact.objects.exists()
    make_comment(article=Article.objects.published().first())


def test_addresses_stay_unless_they_are_asked_for(tmp_path):
    make_comment(email=CANARY, state=State.APPROVED)
    command("export", tmp_path / "json", json=True)
    command("export", tmp_path / "wxr", wxr=True)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or CANARY not in path.read_text(), path
    command("export", tmp_path / "all", json=True, with_addresses=True)
    assert CANARY in (tmp_path / "all/comments.contact.jsonl").read_text()
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "all").iterdir())


def test_what_was_changed_outside_does_not_come_back(tmp_path):
    make_published(title="Hats")
    command("export", tmp_path / "one", json=True)
    empty()
    path = tmp_path / "one/articles.revision.jsonl"
    path.write_text(path.read_text().replace("Hats", "Caps"))
    with pytest.raises(CommandError, match="was changed since"):
        command("import_json", tmp_path / "one")
    assert not Revision.objects.exists()


def test_wordpress_reads_what_goes_out_for_it(tmp_path):
    article = make_published(title="Hats & <caps>", body="<p>Words ]]> here.</p>")
    make_comment(article=article, state=State.APPROVED, body="C3 <b>70", name="Jo & Mia")
    make_comment(article=article)
    command("export", tmp_path, wxr=True)
    root = etree.parse(tmp_path / "wordpress.xml").getroot()
    wp = "{http://wordpress.org/export/1.2/}"
    item = root.find("channel/item")
    assert item.findtext("title") == "Hats & <caps>"
    assert "Words ]]&gt; here." in item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert [one.findtext(f"{wp}comment_approved") for one in item.iter(f"{wp}comment")] == ["1", "0"]
    assert item.findtext(f"{wp}comment/{wp}comment_content") == "C3 &lt;b&gt;70"
    empty()
    command("import_wordpress", tmp_path / "wordpress.xml", report=tmp_path)
    assert Comment.objects.get(state=State.APPROVED).body == "C3 <b>70"
    assert Article.objects.get().title == "Hats & <caps>"
