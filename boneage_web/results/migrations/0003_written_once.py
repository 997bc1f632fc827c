"""Rows that are inserted and never changed."""

from django.db import migrations

TABLES = ("results_signedresult", "results_filmexamination", "results_referencechoice")


def add_triggers(apps, schema_editor):
    """What Python refuses, the database refuses too; the function is made in annotations.0002_append_only."""
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        if vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION annotations_refuse_change()"
            )
        elif vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are written once'); END"
            )


def drop_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_written_once ON {table}")
        elif vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_written_once")


class Migration(migrations.Migration):
    dependencies = [("results", "0002_signed_results")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
