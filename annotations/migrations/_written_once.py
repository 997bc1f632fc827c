"""The trigger that keeps rows as they were inserted. Migrations call it: what it does may never change.

The function that PostgreSQL runs is made in ``0002_append_only``, which has the same statements of its own.
"""

from collections.abc import Sequence

from django.db.migrations import RunPython


def written_once(tables: Sequence[str]) -> RunPython:
    """An operation: what Python refuses, the database refuses too."""

    def add_triggers(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        for table in tables:
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
        for table in tables:
            if vendor == "postgresql":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_written_once ON {table}")
            elif vendor == "sqlite":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_written_once")

    return RunPython(add_triggers, drop_triggers)
