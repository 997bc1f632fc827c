"""Django's ``migrate``, safe to kill at any moment and to begin again."""

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from annotations.base.site_command import SiteCommand


class WholeMigrations(MigrationExecutor):
    """A migration and the line that says it was applied are one transaction.

    Django leaves what needs the whole migration (foreign keys, indexes) to the end of the transaction, and then writes
    the line in one of its own. A process that dies between the two leaves a database whose next ``migrate`` fails with
    "already exists". So nothing is left to the end.
    """

    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        """Run a migration forwards."""
        apply = migration.apply

        def apply_the_whole(project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
            after = apply(project_state, schema_editor, collect_sql)
            while schema_editor.deferred_sql:
                schema_editor.execute(schema_editor.deferred_sql.pop(0), None)
            return after

        migration.apply = apply_the_whole  # type: ignore[method-assign]
        try:
            return super().apply_migration(state, migration, fake, fake_initial)
        finally:
            del migration.apply


migrate.MigrationExecutor = WholeMigrations  # type: ignore[attr-defined]  # the command has no other way in


class Command(SiteCommand, migrate.Command):
    """Django's own in everything else."""
