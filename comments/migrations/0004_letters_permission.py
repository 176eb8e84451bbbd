"""Those who decide may write to the person behind a comment."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations


def allow_letters(apps, schema_editor):
    """Give the permission, which Django itself only makes after all migrations."""
    create_permissions(current_apps.get_app_config("comments"), verbosity=0, using=schema_editor.connection.alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    permission = Permission.objects.get(content_type__app_label="comments", codename="write_letter")
    for group in Group.objects.filter(name__in=["Moderators", "Clinicians"]):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_moderators_desk")]

    operations = [migrations.RunPython(allow_letters, migrations.RunPython.noop)]
