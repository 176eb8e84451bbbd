from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0011_data_requests")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="consent_version",
            field=models.PositiveSmallIntegerField(
                editable=False,
                help_text="What the author agreed to; see comments/models/consent.py.",
                null=True,
            ),
        ),
        migrations.AddField(model_name="comment", name="consent_at", field=models.DateTimeField(editable=False, null=True)),
    ]
