import secrets

import django.db.models.deletion
import django.utils.timezone
from django.apps import apps as current_apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_officers_see_them(apps, schema_editor):
    """Add the permission to the privacy officers."""
    create_permissions(current_apps.get_app_config("comments"), verbosity=0, using=schema_editor.connection.alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="Privacy officers")
    group.permissions.add(Permission.objects.get(content_type__app_label="comments", codename="view_datarequest"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("comments", "0010_keys_have_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(blank=True)),
                ("nonce", models.CharField(default=secrets.token_hex, editable=False, max_length=64)),
                ("opening", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="The privacy officer who searched; empty when the person asked by email.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="comments.contact"
                    ),
                ),
            ],
            options={
                "verbose_name": "request about personal data",
                "verbose_name_plural": "requests about personal data",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.RunPython(let_officers_see_them, migrations.RunPython.noop),
    ]
