"""Only clinicians change what people in danger are told to call."""

from django.db import migrations

CODENAMES = [f"{action}_helpline" for action in ("add", "change", "delete")]


def take_from_moderators(apps, schema_editor):
    """Leave the moderators the right to see them."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for group in Group.objects.filter(name="Moderators"):
        group.permissions.remove(*Permission.objects.filter(content_type__app_label="comments", codename__in=CODENAMES))


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_read_first"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(take_from_moderators, migrations.RunPython.noop)]
