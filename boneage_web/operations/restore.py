"""Put a backup in the place of what is there: every file verified first, the database last, whole or not at all.

Broken off, it is started again: files that are in place are not written twice, and until its last step the database
is what it was.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from annotations.services.site_mode import state_mode
from boneage_web.env import PROJECT_DIR
from boneage_web.operations.alone import standing_still
from boneage_web.operations.archive import Archive, ArchiveError, Backup
from boneage_web.operations.backup import key_signs, migrations_of, site_databases
from boneage_web.operations.dumps import restore_dump
from boneage_web.operations.rows import digests, is_empty
from boneage_web.operations.stock import hash_of, put_stock, sha256_of
from boneage_web.site.preparation import is_up_to_date


class RestoreError(Exception):
    """The backup cannot be restored here; the message says what to do. Nothing has changed."""


class NotAsBackedUpError(Exception):
    """What was restored is not what was backed up; the message says where."""


def restore(archive: Archive, *, name: str = "", replace: bool, other_key: bool, say: Callable[[str], None]) -> Backup:
    """Restore a backup, the newest when no name is given.

    Args:
        replace: what is here may go.
        other_key: go on although the de-identification key here is not the one of the backup.

    Raises:
        ArchiveError: the backup is damaged. RestoreError: it does not fit here. StillRunningError: stop the site.
        In these three cases nothing has changed. DumpError, NotAsBackedUpError: see their messages.
    """
    backup = archive.open(name)
    with standing_still():
        _check_fit(backup, other_key=other_key)
        if not replace and not _nothing_is_here():
            raise RestoreError("There are films or people here already. To put the backup in their place: --replace.")
        files = verify(archive, backup)
        say(f"The backup {backup.folder.name} is whole: {files} files.")
        _put_objects(archive, backup, say)
        for database in site_databases():
            restore_dump(database, backup.dump(database))
        if backup.manifest["mode_is_fixed"]:
            state_mode(str(backup.manifest["mode"]))
        _check_rows(backup)
        connections.close_all()
    _check_with_the_application()
    return backup


def verify(archive: Archive, backup: Backup) -> int:
    """Read every file of a backup and compare its hash; returns how many. Raises ArchiveError."""
    for database in backup.manifest["databases"]:
        backup.dump(database)
    count = 0
    for name, stored in backup.objects():
        path = archive.path_of(stored.sha256)
        try:
            with path.open("rb") as file:
                found = sha256_of(file)
        except FileNotFoundError:
            raise ArchiveError(f"{name} is gone from the backup ({path}).") from None
        if found != stored.sha256:
            raise ArchiveError(f"{name} is damaged in the backup ({path}). Restore an older one, or mend the disk.")
        count += 1
    return count


def _check_fit(backup: Backup, *, other_key: bool) -> None:
    manifest = backup.manifest
    if manifest["mode"] != settings.MODE:
        raise RestoreError(f"The backup is of a {manifest['mode']} site: set BONEAGE_MODE={manifest['mode']}.")
    for database in site_databases():
        there, here = manifest["databases"][database]["vendor"], connections[database].vendor
        if there != here:
            raise RestoreError(
                f"The backup holds a {there} database and this site has {here}. Restore it to a {there} site; from "
                "SQLite to PostgreSQL leads `manage.py move_to`."
            )
    newer = {each for one in manifest["databases"].values() for each in one["migrations"]} - _known_migrations()
    if newer:
        raise RestoreError(
            f"The backup is of version {manifest['version']}, which is newer. Install that version first."
        )
    if manifest["keys"]["deidentification"] != key_signs()["deidentification"] and not other_key:
        raise RestoreError(
            "The de-identification key here is not that of the backup. It is kept apart from backups: put the "
            "site's key into the file that BONEAGE_DEIDENTIFICATION_KEY_FILE names (keys/deidentification in the data "
            "folder when it names none). If it is lost: --other-key; children who come again get new pseudonyms."
        )


def _known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _nothing_is_here() -> bool:
    return all(_has_no_tables(database) or is_empty(database) for database in site_databases())


def _has_no_tables(database: str) -> bool:
    return not connections[database].introspection.table_names()


def _put_objects(archive: Archive, backup: Backup, say: Callable[[str], None]) -> None:
    written = 0
    for name, stored in backup.objects():
        if hash_of(name) != stored.sha256:
            put_stock(name, archive.path_of(stored.sha256))
            written += 1
    say(f"{written} files written; the others were in place.")


def _check_rows(backup: Backup) -> None:
    """Row for row, where the tables are those of this version; `prepare` brings older ones up to date."""
    for database in site_databases():
        kept = backup.manifest["databases"][database]
        if migrations_of(database) != kept["migrations"]:
            raise NotAsBackedUpError(f"The migrations of the database {database} are not those of the backup.")
        if not is_up_to_date(database):
            continue
        found = {table: asdict(digest) for table, digest in digests(database).items()}
        wrong = sorted(table for table in found if found[table] != kept["tables"].get(table))
        if wrong:
            raise NotAsBackedUpError(f"These tables are not as they were backed up: {', '.join(wrong)}.")


def _check_with_the_application() -> None:
    """The application itself, freshly started, on what is there now."""
    for command in (["prepare"], ["verify_history"]):
        done = subprocess.run(  # noqa: S603  # our own program, no shell
            [sys.executable, "manage.py", *command], cwd=PROJECT_DIR, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise NotAsBackedUpError(f"{command[0]} failed on what was restored: {done.stderr.strip()[-1000:]}")
