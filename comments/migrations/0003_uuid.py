"""Ids for the feeds, which no new address of the article changes."""

import uuid

from django.db import migrations, models

BATCH = 1000


def fill(apps, schema_editor):
    """Give every comment an id of its own, in batches: there may be many."""
    Comment = apps.get_model("comments", "Comment")
    last = 0
    while rows := list(Comment.objects.filter(uuid=None, pk__gt=last).only("pk").order_by("pk")[:BATCH]):
        for row in rows:
            row.uuid = uuid.uuid4()
        Comment.objects.bulk_update(rows, ["uuid"], batch_size=200)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_groups")]

    operations = [
        # Three steps: one default for all rows there are would not be unique.
        migrations.AddField("comment", "uuid", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "comment",
            "uuid",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True, help_text="The comment's ID in feeds."),
        ),
    ]
