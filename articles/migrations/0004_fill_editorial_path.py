"""Give every article its address, every signature its day of reading, its base and its place in the log."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Fill what is new; the triggers of the signatures are taken away, and put back after every migrate.

    Raises RuntimeError for a signature on changes only that has no full one before it to rest on.
    """
    connection = schema_editor.connection
    names = ("Article", "Address", "SignOff", "Revision", "Event")
    Article, Address, SignOff, Revision, Event = (apps.get_model("articles", name) for name in names)
    rows = Article.objects.order_by("pk").values_list("pk", "slug")
    Address.objects.bulk_create([Address(article_id=pk, slug=slug) for pk, slug in rows], ignore_conflicts=True, batch_size=500)
    with connection.cursor() as cursor:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'insert_only_articles_signoff%'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'insert_only_articles_signoff%'"
        )
        cursor.execute(names)
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else " ON articles_signoff"))
    SignOff.objects.filter(read_on=None, scope="full").update(read_on=F("signed_on"))
    for sign_off in SignOff.objects.filter(scope="changes", base=None).order_by("pk"):
        earlier = SignOff.objects.filter(article=sign_off.article_id, scope="full", origin="signed", pk__lt=sign_off.pk)
        base = earlier.order_by("-pk").first()
        if base is None:
            raise RuntimeError(f"sign-off {sign_off.pk} is on changes only, and no full one of its article is before it")
        SignOff.objects.filter(pk=sign_off.pk).update(base=base, read_on=base.signed_on, valid_until=base.valid_until)
    signed = SignOff.objects.filter(origin="signed", events=None).order_by("pk")
    Event.objects.bulk_create(
        [
            Event(article_id=one.article_id, revision_id=one.revision_id, sign_off=one, kind="signed", created_at=one.created_at)
            for one in signed
        ],
        batch_size=500,
    )
    published = Revision.objects.filter(published_at__isnull=False, events=None).defer("content", "search_text").order_by("pk")
    Event.objects.bulk_create(
        [Event(article_id=one.article_id, revision=one, kind="published", created_at=one.published_at) for one in published],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_editorial_path")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
