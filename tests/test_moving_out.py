"""`export` and `import_json`: everything goes out, nothing slips out, and an equal site comes back."""

import io

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from lxml import etree

from accounts.models import User
from articles import planned, workflow
from articles.models import (
    Article,
    MailChoice,
    MistakeReport,
    Picture,
    Reminder,
    Retraction,
    Reviewer,
    ReviewerEvent,
    Revision,
    SavedDraft,
    UnsavedDraft,
)
from articles.pictures import uploading
from comments.flows import claims
from comments.flows.redaction import redact
from comments.flows.reports import file_report
from comments.models import BlockedHost, Comment, CommentSettings, Letter, NoMail, State, Subscription, WatchedWord
from comments.models.contact import Contact, mailbox_indexes
from lupussite import insert_only
from lupussite.models import Appearance, Moved, OldAddress, Page
from lupussite.moving_out.tables import many, tables
from tests.articles.test_pictures import photo, saved
from tests.factories import make_article, make_comment, make_published, make_topic, make_user

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


# What no export holds, for it is of one machine, of a person's login, or made anew from the rest.
LEFT = {
    "accounts.KnownNetwork",
    "accounts.Session",
    "accounts.User",  # Only the names, see below.
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "account.EmailAddress",
    "account.EmailConfirmation",
    "admin.LogEntry",
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "axes.AccessAttempt",
    "axes.AccessAttemptExpiration",
    "axes.AccessFailureLog",
    "axes.AccessLog",
    "comments.DataRequest",
    "contenttypes.ContentType",
    "lupussite.MailTried",
    "mail.Asleep",
    "mail.ServerSince",
    "mail.Outbox",
    "mfa.Authenticator",
}
# Made by the database from the rest: it comes back, under other numbers.
COMPUTED = {"articles.Listing"}


def everything():
    """Return the rows of every table that moves; who did something by name."""
    names = dict(User.objects.values_list("pk", "username"))
    found = {"people": sorted(User.objects.values_list("username", "first_name", "last_name"))}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.label in LEFT:
            continue
        numbered = not (model._meta.auto_created or model._meta.label in COMPUTED)
        fields = [field for field in model._meta.concrete_fields if numbered or not field.primary_key]
        rows = model._base_manager.values_list(*(field.attname for field in fields))
        found[model._meta.label] = sorted(
            repr([names.get(value) if field.related_model is User else value for field, value in zip(fields, row, strict=True)])
            for row in rows
        )
    return found


def fill():
    """Put at least one row into every table that moves."""
    command("load_demo")
    editor = make_user("Editors", username="mia", first_name="Mia", last_name="Mann")
    picture = uploading.upload(saved(photo(300, 200)), by=editor, alt="A hat", caption="In May", credit="Mia", license="CC0")
    shown = f'<p>Words.</p><figure><img alt="A hat" src="/pictures/{picture.name}"></figure>'
    article = make_published(title="Hats", body=shown, sources=["A source"])
    article.related.add(Article.objects.exclude(pk=article.pk).first())
    article.topics.add(make_topic("Hats"))
    revision = Revision.objects.get(article=article)
    Retraction.objects.create(article=article, title="A source", retracted_on=timezone.localdate())
    Reviewer.objects.create(name="Rita", slug="rita").events.create(kind=ReviewerEvent.Kind.MADE, actor=editor)
    waiting = make_article(title="Caps", owner=editor)
    waiting_revision = workflow.submit(waiting, by=editor)
    planned.plan(waiting_revision, at=None, by=editor)
    SavedDraft.objects.create(article=waiting, content=SavedDraft.content_of(waiting), saved_by=editor)
    UnsavedDraft.objects.create(user=editor, article=waiting, tab="t", fields=[["title", "Cap"]])
    MistakeReport.objects.create(article=article, revision=revision, note="It says left.")
    Reminder.objects.create(article=article, due_on=timezone.localdate(), step="30", sent_at=timezone.now())
    MailChoice.objects.create(user=editor, steps=False)
    settings, _ = CommentSettings.objects.update_or_create(pk=1, defaults={"morning_hour": 5})
    settings.rota.add(editor)
    comment = make_comment(article=article, state=State.APPROVED, email=CANARY)
    answer = make_comment(article=article, parent=comment, state=State.APPROVED)
    subscription = Subscription.objects.create(comment=comment, contact=comment.contact, asked_at=timezone.now())
    subscription.asking = comment.contact.mailbox
    subscription.save()
    subscription.answers_told.add(answer)
    NoMail.objects.create(mailbox=answer.contact.mailbox)
    moderator = make_user("Moderators")
    redact(answer, start=0, end=1, kind="name", version=answer.version, by=moderator)
    Letter.objects.create(comment=comment, by=moderator)
    claims.add_note(comment, by=moderator, note="I know her.")
    file_report(comment, "harm", "", network="192.0.2.7")
    WatchedWord.objects.create(word="cure")
    BlockedHost.objects.create(host="offers.example")
    page = Page.objects.create(title="Us", slug="us", body=shown, menu_place=1, is_public=True)
    Moved.objects.create(site="old.example.org", kind="post", source="7", page=page)
    Appearance.objects.create(pk=1, name="Ours", colors="lake", imprint=page, logo=Picture.objects.first())
    OldAddress.objects.create(path="/us", page=page)


def test_every_table_moves_or_is_left_for_a_reason():
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True) if not model._meta.proxy}
    lists = {getattr(model, name).through._meta.label for model in tables(addresses=True) for name in many(model)}
    assert labels == {model._meta.label for model in tables(addresses=True)} | lists | LEFT | COMPUTED


def test_an_export_comes_back_as_an_equal_site_table_by_table(tmp_path, settings, client):
    fill()
    command("export", tmp_path / "one", json=True, with_addresses=True)
    before = everything()
    empty_tables = [label for label, rows in before.items() if not rows]
    assert empty_tables == []
    empty()
    settings.DATA_DIR = tmp_path / "other"
    said = command("import_json", tmp_path / "one")
    assert "Every hash and every signature holds." in said
    assert everything() == before
    command("verify_revisions")
    assert client.get(f"/pictures/{Picture.objects.get(alt='A hat').name}").status_code == 200
    command("export", tmp_path / "two", json=True, with_addresses=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").glob("[ac]*.jsonl")} == {
        path.name: path.read_bytes() for path in (tmp_path / "two").glob("[ac]*.jsonl")
    }
    make_comment(article=Article.objects.published().first())


def test_who_wants_no_mail_is_known_by_the_keys_of_the_new_site_too(tmp_path, settings):
    comment = make_comment(email=CANARY)
    NoMail.objects.create(mailbox=comment.contact.mailbox)
    command("export", tmp_path / "one", json=True, with_addresses=True)
    empty()
    settings.CONTACT_INDEX_KEYS = ["another key that is long enough for an index of addresses"]
    command("import_json", tmp_path / "one")
    contact = Contact.objects.get()
    assert (contact.address, contact.mailbox) == (CANARY, mailbox_indexes(CANARY)[0])
    assert contact.mailbox != comment.contact.mailbox
    assert NoMail.objects.get().mailbox == contact.mailbox


def test_a_picture_that_was_changed_outside_does_not_come_back(tmp_path, settings):
    fill()
    command("export", tmp_path / "one", json=True)
    empty()
    settings.DATA_DIR = tmp_path / "other"
    name = next((tmp_path / "one/pictures").iterdir())
    name.write_bytes(name.read_bytes() + b"x")
    with pytest.raises(CommandError, match="was changed since it was written"):
        command("import_json", tmp_path / "one")
    name.unlink()
    with pytest.raises(CommandError, match="isn't there"):
        command("import_json", tmp_path / "one")
    assert not Picture.objects.exists()


def test_addresses_stay_unless_they_are_asked_for(tmp_path):
    fill()
    command("export", tmp_path / "json", json=True)
    command("export", tmp_path / "wxr", wxr=True)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes(), path
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


def test_wordpress_reads_what_goes_out_for_it(tmp_path, settings):
    picture = uploading.upload(saved(photo(300, 200)), by=make_user(), alt="A hat", caption="In May")
    body = f'<p>Words ]]> here.</p><figure><img alt="A hat" src="/pictures/{picture.name}"></figure>'
    article = make_published(title="Hats & <caps>", body=body)
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
    picture = Picture.objects.get()
    assert f'src="http://127.0.0.1:8000/pictures/{picture.name}">' in (tmp_path / "wordpress.xml").read_text()
    empty()
    settings.DATA_DIR = tmp_path / "other"
    command("import_wordpress", tmp_path / "wordpress.xml", media=tmp_path / "uploads", report=tmp_path)
    assert [(one.alt, one.caption) for one in Picture.objects.all()] == [("A hat", "In May")]
    assert Comment.objects.get(state=State.APPROVED).body == "C3 <b>70"
    assert Article.objects.get().title == "Hats & <caps>"
