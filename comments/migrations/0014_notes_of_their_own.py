from django.db import migrations, models

HELP = "What the site itself says of it, such as what kind of words was covered."


class Migration(migrations.Migration):
    """Make the table of what people write beside an event; what an event itself keeps is what the site says of it."""

    dependencies = [("comments", "0013_help_texts")]

    operations = [
        migrations.CreateModel(
            name="EventNote",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="written",
                        serialize=False,
                        to="comments.commentevent",
                    ),
                ),
                ("text", models.TextField()),
            ],
            options={"default_permissions": ()},
        ),
        # Renamed, not made anew: on SQLite a table with a new column is written anew, and this one has a row for each thing done.
        migrations.RenameField(model_name="commentevent", old_name="note", new_name="detail"),
        migrations.AlterField(model_name="commentevent", name="detail", field=models.TextField(blank=True, help_text=HELP)),
    ]
