import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="assigned_to",
            field=models.ForeignKey(
                editable=False,
                help_text="Whose task it is to read this page. While no one is named, it is every reviewer's.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assigned",
                to="articles.reviewer",
                verbose_name="assigned reviewer",
            ),
        ),
    ]
