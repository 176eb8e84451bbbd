"""The groups of those who write and of those who sign."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    "Editors": [
        "add_article", "change_article", "view_article", "submit_article", "publish_article",
        "add_source", "change_source", "delete_source", "view_source", "view_revision", "view_signoff", "view_reviewer",
    ],
    "Medical reviewers": ["view_article", "view_source", "view_revision", "view_signoff", "add_signoff", "view_reviewer"],
}  # fmt: skip


def make_groups(apps, schema_editor):
    """Make the groups with their permissions, which Django itself only makes after all migrations."""
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=schema_editor.connection.alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="articles", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
