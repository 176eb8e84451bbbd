from django.db import migrations


class Migration(migrations.Migration):
    """The table of Django's own sessions held their keys in clear: whoever had a copy was logged in."""

    dependencies = [("accounts", "0002_session")]

    operations = [migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop)]
