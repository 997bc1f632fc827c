"""``kill -9`` at any step of the migrations of a new site: begun again, they end as if nobody had killed them.

``python -m tests.soak.kill_migrate --kills 20 --seed 1`` on the embedded default;
``python -m tests.services -- python -m tests.soak.kill_migrate`` on PostgreSQL. A step is a statement or a commit. The
process kills itself at a step drawn at random: half of the time at any, half of the time right after a commit, where
what was done and what is written down about it might differ. Then ``manage.py migrate`` runs to its end. Columns,
indexes, constraints, triggers and the list of applied migrations must be those of a site that nobody killed. Prints
one line a kill and a summary; the exit status is 0 only if all are the same.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

_MIGRATE = """
import json, os, signal, sys
import django; django.setup()
from django.core.management import call_command
from django.db import connection

strike = int(sys.argv[1])
steps, last, after_commits, unnamed = 0, "", [], []

def step():
    global steps
    steps += 1
    if steps == strike:
        os.kill(os.getpid(), signal.SIGKILL)

def statement(execute, sql, *asked):
    global last
    step()
    last = sql
    return execute(sql, *asked)

commit = connection._commit
def committed():
    result = commit()
    after_commits.append(steps + 1)
    if last.startswith(("CREATE", "ALTER", "DROP")) and "django_migrations" not in last:
        unnamed.append(last)
    step()
    return result

connection._commit = committed
with connection.execute_wrapper(statement):
    call_command("migrate", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute(sys.argv[2])
    made = cursor.fetchall()
    cursor.execute("SELECT 'applied', app, name FROM django_migrations")
    made += cursor.fetchall()
told = {"steps": steps, "after_commits": after_commits, "unnamed": unnamed}
print(json.dumps(told | {"made": sorted(map(json.dumps, made))}))
"""
_SQLITE = "SELECT type, name, sql FROM sqlite_master"
_POSTGRES = """
SELECT 'column', table_name || '.' || column_name,
    concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, generation_expression)
    FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""


@dataclass(frozen=True, slots=True)
class Migrated:
    """Migrations that ran to their end.

    Attributes:
        steps: how many there were.
        after_commits: those right after a commit.
        unnamed: the last statements before commits that changed the schema and did not name the migration as applied.
        made: everything that is in the database then but rows, and the list of applied migrations.
    """

    steps: int
    after_commits: list[int]
    unnamed: list[str]
    made: list[str]


class NewSite:
    """A data folder and a database with nothing in them."""

    def __init__(self, folder: Path, server: str) -> None:
        folder.mkdir()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
        self.environment |= {"BONEAGE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}
        self.catalogue = _POSTGRES if server else _SQLITE
        if server:
            name = f"killed_{uuid4().hex}"
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            self.environment["BONEAGE_DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

    def migrate(self) -> Migrated:
        """All migrations that are not applied yet.

        Raises:
            RuntimeError: they did not run to their end.
        """
        done = self._run(0)
        if done.returncode:
            raise RuntimeError(done.stderr[-1500:])
        return Migrated(**json.loads(done.stdout))

    def die_at(self, step: int) -> None:
        """The same by a process that kills itself at this step."""
        done = self._run(step)
        assert done.returncode == -signal.SIGKILL, f"step {step}: {done.returncode} {done.stderr[-1500:]}"

    def _run(self, strike: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", _MIGRATE, str(strike), self.catalogue]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)


def faults_of(site: NewSite, strike: int, wanted: Migrated) -> str:
    """Kill the site's migrations at this step and begin them again: what is wrong then, or ""."""
    site.die_at(strike)
    try:
        differing = sorted({*site.migrate().made} ^ {*wanted.made})
    except RuntimeError as error:
        return str(error)
    return f"{len(differing)} differ: {differing[:3]}" if differing else ""


def main() -> int:
    """Kill and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    wrong = 0
    server = os.environ.get("BONEAGE_DATABASE_URL", "")
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="kill-migrate-") as folder:
        wanted = NewSite(Path(folder) / "untouched", server).migrate()
        for number in range(chosen.kills):
            strike = chance.choice(wanted.after_commits) if number % 2 else chance.randint(1, wanted.steps)
            what = faults_of(NewSite(Path(folder) / f"site{number}", server), strike, wanted)
            wrong += bool(what)
            print(f"killed at step {strike} of {wanted.steps}: {what or 'ends as if nobody had'}", flush=True)
    print(f"{chosen.kills} kills, {wrong} that did not end as if nobody had killed them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
