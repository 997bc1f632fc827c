"""Cases of re-reading rounds that two readers could not read stood open for ever: they end, and with the last its round."""

from django.db import migrations
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone


def end_cases(apps, schema_editor):
    Read = apps.get_model("annotations", "Read")
    RereadCase = apps.get_model("annotations", "RereadCase")
    RereadRound = apps.get_model("annotations", "RereadRound")
    given_up = list(
        RereadCase.objects.filter(status="open")
        .annotate(said=Count("reads", filter=Q(reads__is_current=True, reads__status="unreadable")))
        .filter(said__gte=2)
        .values_list("pk", flat=True)
    )
    if not given_up:
        return
    Read.objects.filter(reread_case__in=given_up, status="assigned").update(status="withdrawn")
    RereadCase.objects.filter(pk__in=given_up).update(status="unreadable")
    still_open = RereadCase.objects.filter(round=OuterRef("pk"), status="open")
    RereadRound.objects.filter(~Exists(still_open), status="open", cases__in=given_up).update(
        status="closed", closed_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("annotations", "0012_unreadable_rereads")]
    operations = [migrations.RunPython(end_cases, migrations.RunPython.noop)]
