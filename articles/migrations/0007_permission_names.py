from django.db import migrations

NAMES = {
    "submit_article": ("Can submit an article for review", "Can send an article to the reviewer"),
    "publish_article": ("Can publish what is signed", "Can publish signed versions"),
    "publish_urgently": ("Can put an unsigned change of a live page online", "Can publish urgent changes without a signature"),
}


def rename(apps, to):
    """Give the permissions that are there the names that new ones get: Django writes a name once."""
    permissions = apps.get_model("auth", "Permission").objects
    for codename, names in NAMES.items():
        permissions.filter(content_type__app_label="articles", codename=codename, name=names[1 - to]).update(name=names[to])


def forwards(apps, schema_editor):
    """Write the new names."""
    rename(apps, 1)


def backwards(apps, schema_editor):
    """Write the old names."""
    rename(apps, 0)


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_wording"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(forwards, backwards)]
