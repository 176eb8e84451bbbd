"""The groups of those who decide on comments and of those who guard addresses; the one row of settings."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

DECIDE = [
    "view_comment", "view_commentevent", "moderate_comment", "write_letter", "view_report",
    *(f"{action}_{model}" for model in ("watchedword", "blockedhost", "helpline") for action in ("add", "change", "delete", "view")),
]  # fmt: skip
GROUPS = {
    "Moderators": DECIDE,
    "Clinicians": [*DECIDE, "approve_sensitive"],
    "Privacy officers": ["view_comment", "view_commentevent", "reveal_contact", "erase_comment", "view_reveal"],
}


def make_groups(apps, schema_editor):
    """Make the groups with their permissions, which Django itself only makes after all migrations."""
    create_permissions(current_apps.get_app_config("comments"), verbosity=0, using=schema_editor.connection.alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="comments", codename__in=codenames))
    apps.get_model("comments", "CommentSettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
