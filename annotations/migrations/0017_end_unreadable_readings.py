"""Films that two readers could not read stood open for ever, and nobody was told: they wait for a reviewer."""

from django.db import migrations
from django.db.models import Count, Q


def let_reviewers_decide(apps, schema_editor):
    Consensus = apps.get_model("annotations", "Consensus")
    Study = apps.get_model("annotations", "Study")
    said = Q(
        radiograph__reads__is_current=True,
        radiograph__reads__status="unreadable",
        radiograph__reads__round="independent",
    )
    given_up = list(
        Consensus.objects.filter(status="open")
        .annotate(said=Count("radiograph__reads", filter=said))
        .filter(said__gte=2)
        .values_list("pk", "radiograph__study", "radiograph__for_reading")
    )
    for pk, study, for_reading in given_up:
        Consensus.objects.filter(pk=pk).update(status="unreadable")
        if for_reading:
            Study.objects.filter(pk=study).update(reading="unreadable")


class Migration(migrations.Migration):
    dependencies = [("annotations", "0016_unreadable_films")]
    operations = [migrations.RunPython(let_reviewers_decide, migrations.RunPython.noop)]
