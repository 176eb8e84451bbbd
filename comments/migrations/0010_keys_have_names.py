from django.db import migrations, models

import comments.models.contact

HELP = "The names of the keys that this row was written under; empty when it was before keys had names."


class Migration(migrations.Migration):
    """Rows that are there keep an empty name: under which keys they were written is found out when they are written anew."""

    dependencies = [("comments", "0009_decided_elsewhere")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="keys",
            field=models.CharField(db_index=True, default="", help_text=HELP, max_length=20),
        ),
        migrations.AlterField(
            model_name="contact",
            name="keys",
            field=models.CharField(db_index=True, default=comments.models.contact.current_keys, help_text=HELP, max_length=20),
        ),
    ]
