"""What has to be done before anything starts, and may be done again at any time: databases, folders, leftovers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from annotations.services import gate
from boneage_web.env import environment
from boneage_web.vault.router import VAULT

MIGRATION_LOCK = 0x626F6E65
"""Key of PostgreSQL's advisory lock: of several machines that prepare at once, one does and the others wait."""

MOVED = "moved_to"
"""File that `move_to` leaves in a data folder whose rows now lie on a server."""


class MovedAwayError(Exception):
    """This data folder was moved from; the message says where to and what to do."""


def prepare(say: Callable[[str], None]) -> None:
    """Bring the databases up to date, make the folders, clear away what a crash left. Broken off, it is done again:
    each migration is one transaction on both databases.

    Raises:
        MovedAwayError: the rows of this folder have gone on elsewhere, and this start would not go on with them.
    """
    moved = environment.data_dir / MOVED
    if not environment.database_url and moved.exists():
        raise MovedAwayError(
            f"This site was moved to {moved.read_text().strip()}. Start it with the settings that move_to "
            f"printed; to go back to what was here before the move, delete {moved}."
        )
    _bring_up_to_date(say, "default")
    if VAULT in settings.DATABASES:
        _bring_up_to_date(say, VAULT, VAULT)
    if not environment.redis_url:
        for folder in ("messages", "control"):
            (environment.data_dir / "celery" / folder).mkdir(parents=True, exist_ok=True)
    gate.sweep()


def is_up_to_date(database: str) -> bool:
    """Whether every migration of this version was applied to the database (`default` or `vault`)."""
    executor = MigrationExecutor(connections[database])
    app_labels = (VAULT,) if database == VAULT else ()
    return not executor.migration_plan(executor.loader.graph.leaf_nodes(*app_labels))


def _bring_up_to_date(say: Callable[[str], None], database: str, *app_labels: str) -> None:
    with _one_at_a_time(database):
        if not is_up_to_date(database):
            say("Bringing the database up to date ...")
            call_command("migrate", *app_labels, database=database, interactive=False, verbosity=0)
    connections[database].close()


@contextmanager
def _one_at_a_time(database: str) -> Iterator[None]:
    connection = connections[database]
    if connection.vendor != "postgresql":  # SQLite has one machine, and `serve` holds a lock on its folder
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
