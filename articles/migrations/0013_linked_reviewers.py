from django.db import migrations
from django.db.models import Min
from django.utils import timezone


def note_links(apps, schema_editor):
    """Say of each profile that has an account since when, as far as the rows tell: since its first signature given here."""
    Reviewer, Event = apps.get_model("articles", "Reviewer"), apps.get_model("articles", "ReviewerEvent")
    SignOff = apps.get_model("articles", "SignOff")
    signed = SignOff.objects.filter(origin="signed").order_by().values_list("reviewer").annotate(Min("created_at"))
    first = dict(signed)
    now = timezone.now()
    Event.objects.bulk_create(
        Event(reviewer=reviewer, kind="linked", created_at=first.get(reviewer.pk, now))
        for reviewer in Reviewer.objects.filter(user__isnull=False).order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_reviewer_events")]

    operations = [migrations.RunPython(note_links, migrations.RunPython.noop)]
