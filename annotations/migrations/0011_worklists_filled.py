"""What lists and queues sort by is worked out once for the studies that are there; marks are written once too."""

from django.db import migrations
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

MARKS = "annotations_commentmark"


def work_out_progress(apps, schema_editor):
    BoxSet = apps.get_model("annotations", "BoxSet")
    Consensus = apps.get_model("annotations", "Consensus")
    Study = apps.get_model("annotations", "Study")
    box_sets = BoxSet.objects.filter(
        radiograph__study=OuterRef("pk"), radiograph__for_reading=True, source="person", is_second=False
    )
    accepted = box_sets.filter(status="accepted").values("status")[:1]
    newest = (
        box_sets.exclude(status="superseded").exclude(is_fix=True, status="draft").order_by("-version").values("status")
    )
    consensus = Consensus.objects.filter(
        radiograph__study=OuterRef("pk"), radiograph__for_reading=True
    ).exclude(status="reopened")
    Study.objects.update(
        labelling=Coalesce(Subquery(accepted), Subquery(newest[:1]), Value("none")),
        reading=Coalesce(Subquery(consensus.values("status")[:1]), Value("none")),
    )


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {MARKS}_written_once BEFORE UPDATE OR DELETE ON {MARKS} "
            "FOR EACH ROW EXECUTE FUNCTION annotations_refuse_change()"
        )
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {MARKS}_written_once BEFORE UPDATE ON {MARKS} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {MARKS} are written once'); END"
        )


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {MARKS}_written_once ON {MARKS}")
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {MARKS}_written_once")


class Migration(migrations.Migration):
    dependencies = [("annotations", "0010_worklists")]
    operations = [
        migrations.RunPython(work_out_progress, migrations.RunPython.noop),
        migrations.RunPython(add_trigger, drop_trigger),
    ]
