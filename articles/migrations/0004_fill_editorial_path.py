"""Give every article its address, every full signature its day of reading, and Editors what came with the events."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Fill what is new; the triggers of the signatures are taken away, and put back after every migrate."""
    connection = schema_editor.connection
    Article, Address, SignOff = (apps.get_model("articles", name) for name in ("Article", "Address", "SignOff"))
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


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_editorial_path")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
