import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_permission_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="read_instead",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The article that a withdrawn page leads to.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.article",
                verbose_name="read this instead",
            ),
        ),
        migrations.AlterField(
            model_name="articleevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("saved", "Draft saved"),
                    ("settings", "Page settings saved; the text is unchanged"),
                    ("submitted", "Sent to the reviewer"),
                    ("recalled", "Recalled"),
                    ("changes-asked", "Changes requested"),
                    ("signed", "Signed"),
                    ("reaffirmed", "Reviewed again, no changes needed"),
                    ("revoked", "Signature withdrawn"),
                    ("planned", "Publication scheduled"),
                    ("plan-canceled", "Scheduled publication canceled"),
                    ("not-published", "Not published as scheduled"),
                    ("published", "Published"),
                    ("urgent", "Published urgently, without a signature"),
                    ("withdrawn", "Withdrawn"),
                    ("archived", "Archived"),
                    ("restored", "Put back online"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "steps",
                    models.BooleanField(
                        default=True,
                        help_text="Someone sends, signs or publishes a version, or asks for changes.",
                        verbose_name="Steps of articles",
                    ),
                ),
                (
                    "reminders",
                    models.BooleanField(
                        default=True,
                        help_text="At most one email a day. If you turn this off, the site's shared address gets your reminders.",
                        verbose_name="Review reminders",
                    ),
                ),
                (
                    "mistakes",
                    models.BooleanField(
                        default=True,
                        help_text="If you turn this off, the site's shared address hears of mistakes in your articles.",
                        verbose_name="Mistakes reported by readers",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mail_choice", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PublicationPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="When it goes online. Empty: as soon as it's signed.", null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "article",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="articles.article"),
                ),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "revision",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="articles.revision"),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [models.Index(condition=models.Q(("ended_at", None)), fields=["at"], name="articles_plans_open")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("article",), name="articles_one_open_plan"
                    )
                ],
            },
        ),
    ]
