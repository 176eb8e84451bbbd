"""Ids for the feeds, which no new address of a page or of the site changes."""

import uuid

from django.db import migrations, models

BATCH = 1000


def fill(apps, schema_editor):
    """Give every article and the site itself an id of its own."""
    Article = apps.get_model("articles", "Article")
    last = 0
    while rows := list(Article.objects.filter(uuid=None, pk__gt=last).only("pk").order_by("pk")[:BATCH]):
        for row in rows:
            row.uuid = uuid.uuid4()
        Article.objects.bulk_update(rows, ["uuid"], batch_size=200)
        last = rows[-1].pk
    apps.get_model("articles", "SiteIdentity").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_mistakes")]

    operations = [
        migrations.CreateModel(
            name="SiteIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                "verbose_name_plural": "site identities",
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="articles_one_site")],
            },
        ),
        # Three steps: one default for all rows there are would not be unique.
        migrations.AddField("article", "uuid", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "article",
            "uuid",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True, help_text="The article's ID in feeds."),
        ),
    ]
