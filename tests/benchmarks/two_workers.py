"""Two workers against one on the same films: films a minute of an inference over a cohort, by the API.

``python -m tests.benchmarks.two_workers --films 200``. Drawn films, looked at by the shipped model; the site is
``manage.py serve`` with its one worker for such jobs, then the same site with a second one beside it. Before each
measurement every child becomes a little older, so that all films are asked about anew, and a short run warms the
workers up. On a machine of two cores one worker with two threads of arithmetic has them all already: what a second
worker adds is told beside both, one thread and two. With ``BONEAGE_DATABASE_URL`` and ``BONEAGE_REDIS_URL`` in the
environment the site runs on those servers.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.soak.deaths import World
from tests.soak.served import until

BY_NAME_ONLY = True
WAIT_SECONDS = 900.0


def main(arguments: list[str]) -> int:
    """Print one JSON object a line."""
    parser = argparse.ArgumentParser(prog="two_workers")
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--threads", type=int, action="append", help="of each worker; 1, then 2 when none is named")
    parser.add_argument("--folder", type=Path, help="a data folder that is kept: its films are drawn once")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="boneage-workers-", ignore_cleanup_errors=True) as folder:
        site = World(given.folder or Path(folder), films=given.films, chance=random.Random(1))
        try:
            for threads in given.threads or (1, 2):
                for told in measure(site, films=given.films, threads=threads):
                    print(json.dumps({"threads_of_a_worker": threads, **told}), flush=True)
        finally:
            site.close()
    return 0


def measure(site: World, *, films: int, threads: int) -> list[dict[str, Any]]:
    """The same films with one worker, then with two."""
    site.served.stop()
    site.served.environment["BONEAGE_WORKER_THREADS"] = str(threads)
    site.served.start()
    site.served.wait_until_alive(200)
    until(lambda: site.program("tests.soak.living_workers").strip() == "1", 100, site.served.log)
    one = _inferred(site, films, workers=1)
    second = _second_worker(site, threads)
    try:
        two = _inferred(site, films, workers=2)
    finally:
        second.send_signal(signal.SIGTERM)
        second.wait(timeout=60)
    return [one, two | {"times_one_worker": round(two["films_a_minute"] / one["films_a_minute"], 2)}]


def _second_worker(site: World, threads: int) -> subprocess.Popen[bytes]:
    """The command of the first, under a name of its own."""
    command = next(line for line in site.served.processes().values() if "--queues cpu" in line).split()
    command[command.index("--hostname") + 1] = "second-cpu-%n@%h"
    environment = site.served.environment | {
        "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev",
        "OMP_NUM_THREADS": str(threads),
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: site.program("tests.soak.living_workers").strip() == "2", 100, site.served.log)
    return process


def _inferred(site: World, films: int, *, workers: int) -> dict[str, Any]:
    """Wall seconds from the request to the end of the last part."""
    _ask(site)  # loads the models, which takes seconds, once
    began = time.monotonic()
    runs = _ask(site)
    seconds = time.monotonic() - began
    done = [run["outcome"]["predicted"] + run["outcome"]["refused"] for run in runs]
    assert sum(done) == films, runs
    return {
        "workers": workers,
        "films": films,
        "parts": done,
        "seconds": round(seconds, 1),
        "films_a_minute": round(60 * films / seconds, 1),
    }


def _ask(site: World) -> list[dict[str, Any]]:
    site.program("tests.soak.grow_older")
    model = next(one for one in site.caller.get("/models")["results"] if one["status"] == "active")
    first = site.caller.post("/runs", {"kind": "infer", "parameters": {"model": model["id"]}})
    of_batch = {"batch": first["batch"]} if first["batch"] else {}
    ids = [run["id"] for run in site.caller.get("/runs", **of_batch)["results"]] if of_batch else [first["id"]]
    return [site.caller.finished_run(run, timeout_seconds=WAIT_SECONDS) for run in ids]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
