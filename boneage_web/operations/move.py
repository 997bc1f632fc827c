"""Move a site from its embedded database and data folder to PostgreSQL and an S3-style store.

Files first, each read back from its new place and compared by hash; a ledger in the data folder remembers which are
there, so that a move that broke off goes on. Then all rows in one transaction, compared by digest before it ends. What
the site was is left as it is, with a note that keeps it from being started again by accident.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connections, transaction

from annotations.services import quarantine
from annotations.services.site_mode import CLINICAL
from boneage_web.env import PROJECT_DIR, database_from_url
from boneage_web.operations.alone import standing_still
from boneage_web.operations.rows import Digest, connected, copy_rows, digests, is_empty
from boneage_web.operations.stock import open_stock, sha256_of, sign_of, stock_names
from boneage_web.site.preparation import MOVED
from boneage_web.storage_url import storage_from_url
from boneage_web.stored_folders import stored_names
from boneage_web.vault.router import VAULT

AT_ONCE = 8
"""Files on their way at the same time: a store answers slowly and takes many."""
TARGET = "target"


class MoveError(Exception):
    """The move cannot be made or did not end; the message says what to do. The old site is as it was."""


@dataclass(frozen=True)
class Goal:
    """Where to; as URLs and files of passwords, as in the settings. A goal that is None stays where it is."""

    database_url: str
    database_password_file: Path | None = None
    storage_url: str = ""
    storage_access_key_file: Path | None = None
    storage_secret_key_file: Path | None = None
    vault_database_url: str = ""
    vault_database_password_file: Path | None = None

    def settings(self) -> dict[str, str]:
        """The environment variables with which the moved site is started."""
        named = {f"BONEAGE_{name.upper()}": value for name, value in vars(self).items() if value}
        return {name: str(value) for name, value in named.items()}


def move(goal: Goal, *, say: Callable[[str], None]) -> None:
    """Do it, or go on with it. Raises MoveError, StillRunningError, ConfigurationError."""
    with standing_still():
        _check_start(goal)
        if goal.storage_url:
            _move_files_or_tell(goal, say)
        _make_tables(goal)
        for database, url, password in _databases(goal):
            with connected(database_from_url(url, password), TARGET):
                _move_rows(database, say)
        _check_with_the_application(goal, say)
        (settings.DATA_DIR / MOVED).write_text(f"{_without_password(goal.database_url)} {goal.storage_url}\n")


def _check_start(goal: Goal) -> None:
    if any(connections[name].vendor != "sqlite" for name in settings.DATABASES):
        raise MoveError("This site lies on a server already: move_to leads away from the embedded database.")
    if settings.MODE == CLINICAL and not goal.vault_database_url:
        raise MoveError("A clinical site has a vault: name its new database with --vault-database.")
    if quarantine.arrivals_waiting():
        raise MoveError("Films still wait to be cleaned. Let them in first: manage.py gate --once.")


def _databases(goal: Goal) -> Iterator[tuple[str, str, Path | None]]:
    if settings.MODE == CLINICAL:
        yield VAULT, goal.vault_database_url, goal.vault_database_password_file
    yield "default", goal.database_url, goal.database_password_file


def _make_tables(goal: Goal) -> None:
    """By the application itself, started on its new database. Not `prepare`: it also clears away copies of films that
    no row names, and the rows are still to come."""
    _manage(goal, "migrate")
    if settings.MODE == CLINICAL:
        _manage(goal, "migrate", VAULT, "--database", VAULT)


def _move_rows(database: str, say: Callable[[str], None]) -> None:
    """All of a database in one transaction. Done already, and nothing has changed since: nothing happens."""
    if not is_empty(database, alias=TARGET):
        if _same(digests(database), digests(database, alias=TARGET)):
            say(f"The rows of the database {database} are there.")
            return
        raise MoveError(
            f"The new database {database} holds rows that are not this site's. Name an empty one, or empty it."
        )
    with transaction.atomic(using=TARGET):
        read = dict(copy_rows(database, source=database, target=TARGET))
        found = digests(database, alias=TARGET)
        if not _same(read, found):
            wrong = sorted(table for table in read if read[table] != found.get(table))
            raise MoveError(f"These tables did not arrive as they are: {', '.join(wrong)}. Nothing was kept.")
    rows = sum(digest.rows for digest in read.values())
    say(f"The database {database} is moved: {rows} rows in {len(read)} tables, all digests equal.")


def _same(one: Mapping[str, Digest], other: Mapping[str, Digest]) -> bool:
    return dict(one) == dict(other)


def _move_files_or_tell(goal: Goal, say: Callable[[str], None]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # only where there is such a store

    try:
        _move_files(goal, say)
    except (BotoCoreError, ClientError) as error:
        raise MoveError(f"The new store does not take files ({error}). Start again: it goes on from here.") from None


def _move_files(goal: Goal, say: Callable[[str], None]) -> None:
    target = storages.create_storage(
        storage_from_url(
            goal.storage_url, goal.storage_access_key_file, goal.storage_secret_key_file, variable="--storage"
        )
    )
    ledger = Ledger(settings.DATA_DIR / f"move-{hashlib.sha256(goal.storage_url.encode()).hexdigest()[:12]}.jsonl")
    names = list(stock_names())
    with closing(ledger), ThreadPoolExecutor(AT_ONCE) as pool:
        to_go = [name for name in names if ledger.sign(name) != sign_of(name)]
        say(f"{len(names)} files; {len(names) - len(to_go)} of them are there already.")
        for name, sign in pool.map(lambda each: (each, _move_file(each, target)), to_go):
            ledger.note(name, sign)
    missing = sorted(set(names) - set(stored_names(store=target)))
    if missing:
        raise MoveError(
            f"{len(missing)} files that were moved are gone from the new store, such as {missing[0]}. Delete "
            f"{ledger.path} and start again."
        )
    say(f"{len(to_go)} files were moved and read back; all hashes equal.")


def _move_file(name: str, target: Storage) -> str:
    sign = sign_of(name)
    with open_stock(name) as file:
        sent = sha256_of(file)
    with open_stock(name) as file:
        target.save(name, File(file, name=name))
    with target.open(name) as stored:
        if sha256_of(stored) != sent:
            raise MoveError(f"{name} came back from the new store as another file. Look at the store.")
    return sign


class Ledger:
    """Which files are in their new place, a line each; a line that was cut off counts for nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._signs: dict[str, str] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    one: dict[str, Any] = json.loads(line)
                    self._signs[one["name"]] = one["sign"]
                except (ValueError, KeyError):
                    continue
        self._file = path.open("a", encoding="utf-8")
        self._file.write("\n")

    def sign(self, name: str) -> str | None:
        """What a file was when it was moved; None when it was not."""
        return self._signs.get(name)

    def note(self, name: str, sign: str) -> None:
        """A file is there."""
        self._file.write(json.dumps({"name": name, "sign": sign}) + "\n")
        self._file.flush()

    def close(self) -> None:
        """To the disk."""
        self._file.close()


def _check_with_the_application(goal: Goal, say: Callable[[str], None]) -> None:
    """The hash chains of all history, by the application itself in its new place."""
    say(_manage(goal, "verify_history").strip())
    if settings.MODE == CLINICAL:
        say(_manage(goal, "vault_audit").strip())


def _manage(goal: Goal, *command: str) -> str:
    done = subprocess.run(  # noqa: S603  # our own program, no shell
        [sys.executable, "manage.py", *command],
        cwd=PROJECT_DIR,
        env={**os.environ, **goal.settings()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MoveError(f"`{command[0]}` failed in the new place: {done.stderr.strip()[-1500:]}")
    return done.stdout


def _without_password(url: str) -> str:
    head, _, tail = url.rpartition("@")
    return f"{head.split('://')[0]}://{tail}" if head else url
