"""What Python refuses, the database refuses too: an entry is not exchanged, and a line of the log is not rewritten."""

from django.db import migrations

REFUSED = {"vault_vaultentry": "UPDATE", "vault_vaultlookup": "UPDATE OR DELETE"}
"""An entry whose film was never kept may be deleted."""


def add_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION vault_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of %% are written once', TG_TABLE_NAME; END $$"
        )
    for table, what in REFUSED.items():
        if vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE {what} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION vault_refuse_change()"
            )
        elif vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are written once'); END"
            )


def drop_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in REFUSED:
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_written_once ON {table}")
        elif vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_written_once")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS vault_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
