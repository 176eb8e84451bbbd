"""Those who decide on comments also set what is watched, where help is, and read what readers reported."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Moderators", "Clinicians"]
EDITED = ["watchedword", "blockedhost", "helpline"]
CODENAMES = [f"{action}_{model}" for model in EDITED for action in ("add", "change", "delete", "view")] + ["view_report"]


def give_permissions(apps, schema_editor):
    """Give both groups the permissions, which Django itself only makes after all migrations."""
    create_permissions(current_apps.get_app_config("comments"), verbosity=0, using=schema_editor.connection.alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    permissions = Permission.objects.filter(content_type__app_label="comments", codename__in=CODENAMES)
    for name in GROUPS:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_letters_permission")]

    operations = [migrations.RunPython(give_permissions, migrations.RunPython.noop)]
