"""Deaths, restarts and cancellings at random moments of a training, a freezing, an inference, an evaluation, an export.

    python -m tests.soak.deaths --moments 30 --seed 1
    python -m tests.services -- python -m tests.soak.deaths --moments 30 --seed 2

Most moments start a job by the API, wait until it has come to a stage drawn at random and a moment more, and strike.
Then the job has to end as it should, by itself, within :data:`STUCK_SECONDS`; what was cancelled is taken up again half
of the time. Another process looks whether anything is stuck, there twice or half written (`tests.soak.audit_runs`). The
person who asked goes on with the session and the address from before, as a browser does that is reloaded. With
``BONEAGE_DATABASE_URL`` and ``BONEAGE_REDIS_URL`` in the environment the site runs on those servers. Prints one line a
moment; the exit status is 0 only if nothing was wrong.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.factories.http import Caller
from tests.prepared import put_databases
from tests.soak.death_blows import BLOWS, Blow
from tests.soak.death_exports import EXPORTS, Export
from tests.soak.death_jobs import JOBS, Job, wait_for_stage
from tests.soak.served import Served

STUCK_SECONDS = 240.0
"""A job that has not ended so long after a blow is stuck; alone on the machine each takes less than half a minute."""
LEASE_SECONDS = 6


@dataclass(frozen=True)
class Ending:
    """What came of one moment."""

    job: str
    stage: str
    blow: str
    status: str
    attempt: int
    seconds: float
    faults: list[str]


class World:
    """A served site with a person who starts jobs, and a program that looks for what is wrong."""

    def __init__(self, folder: Path, *, films: int, chance: random.Random) -> None:
        named = {name: os.environ[name] for name in ("BONEAGE_DATABASE_URL", "BONEAGE_REDIS_URL") if name in os.environ}
        if "BONEAGE_DATABASE_URL" not in named:
            put_databases(folder)
        self.served = Served(
            folder,
            "--accounts-only",
            BONEAGE_LEASE_SECONDS=str(LEASE_SECONDS),
            BONEAGE_WORKER_THREADS="1",
            BONEAGE_GATE_PROCESSES="0",
            **named,
        )
        self.folder, self.chance = folder, chance
        self.served.wait_until_alive()
        self.program("tests.soak.worked_films", "--films", str(films))
        self.caller = Caller(self.served.url, "researcher")

    def program(self, module: str, *arguments: str) -> str:
        """A program inside the site; what it printed. Raises RuntimeError with its last words."""
        environment = self.served.environment | {"DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def close(self) -> None:
        """Nothing is left running."""
        if self.served.process.poll() is None:
            self.served.kill_all()


@contextmanager
def world(folder: Path, *, films: int, seed: int) -> Iterator[World]:
    """A site for one series."""
    one = None
    try:
        one = World(folder, films=films, chance=random.Random(seed))
        yield one
    finally:
        if one is not None:
            one.close()


def live_through(site: World, job: Job, blow: Blow, *, stage: str) -> Ending:
    """One moment, wholly."""
    began = time.monotonic()
    run = job.start(site)
    reached = wait_for_stage(site, run, stage, STUCK_SECONDS)
    time.sleep(site.chance.uniform(0, job.moment_seconds))
    blow.strike(site, run)
    faults, status, attempt = [], "", 0
    try:
        ended = site.caller.finished_run(run, timeout_seconds=STUCK_SECONDS)
        status, attempt = ended["status"], ended["attempt"]
        faults += blow.faults(ended)
        if status == "cancelled" and site.chance.random() < 0.5:
            site.caller.post(f"/runs/{run}/resume")
            again = site.caller.finished_run(run, timeout_seconds=STUCK_SECONDS)
            status += f", then {again['status']}"
            faults += (
                [] if again["status"] == "succeeded" else [f"taken up again it {again['status']}: {again['error']}"]
            )
    except TimeoutError as error:
        faults.append(f"stuck: {str(error)[:300]}")
    faults += site.program("tests.soak.audit_runs").splitlines()
    return Ending(job.name, reached, blow.name, status, attempt, time.monotonic() - began, faults)


def live_through_export(site: World, export: Export) -> Ending:
    """One moment of something that is no run: struck while it is made or sent."""
    began = time.monotonic()
    struck = export.live(site)
    faults = struck.faults + site.program("tests.soak.audit_runs").splitlines()
    return Ending(export.name, struck.at, struck.blow, struck.ended, 1, time.monotonic() - began, faults)


def draw(chance: random.Random, moments: int, only: Sequence[str] = ()) -> list[Callable[[World], Ending]]:
    """Jobs and exports in turn, so that each is met as often; blows and stages at random."""
    every = [one for one in (*JOBS, *EXPORTS) if not only or one.name in only]
    drawn = [every[number % len(every)] for number in range(moments)]
    chance.shuffle(drawn)
    return [
        partial(live_through_export, export=one)
        if isinstance(one, Export)
        else partial(live_through, job=one, blow=chance.choice(BLOWS), stage=chance.choice(one.stages))
        for one in drawn
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--films", type=int, default=40)
    parser.add_argument("--only", nargs="+", default=[], choices=sorted({one.name for one in (*JOBS, *EXPORTS)}))
    options = parser.parse_args()
    servers = "PostgreSQL and Redis" if "BONEAGE_REDIS_URL" in os.environ else "the embedded default"
    print(f"{options.moments} moments on {servers}, seed {options.seed}, {options.films} films", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="boneage-deaths-"))
    wrong, began, counted = 0, time.monotonic(), Counter[str]()
    try:
        with world(folder, films=options.films, seed=options.seed) as site:
            for number, moment in enumerate(draw(site.chance, options.moments, options.only), start=1):
                end = moment(site)
                counted[f"{end.status}, attempt {end.attempt}"] += 1
                wrong += len(end.faults)
                print(
                    f"  {number:2} {end.job:9} at {end.stage:16} {end.blow:18} -> {end.status}, attempt {end.attempt}, "
                    f"{end.seconds:.0f} s, {len(end.faults)} faults",
                    *end.faults[:6],
                    sep="\n     ",
                    flush=True,
                )
    finally:
        if wrong == 0:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"  the site stays in {folder}")
    print(f"{options.moments} moments in {time.monotonic() - began:.0f} s: {wrong} faults (goal 0); {dict(counted)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
