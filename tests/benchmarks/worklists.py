"""How long lists and queues take among 100 000 studies: the study list under each filter, home, and "next".

    python -m tests.benchmarks worklists                        # SQLite, 100 000 studies
    python -m tests.benchmarks.worklists --studies 10000
    python -m tests.services -- python -m tests.benchmarks.worklists          # the same on PostgreSQL

Answers are asked for in process (URL, session, permissions, queries, JSON), so without the network and the web server;
each is timed several times after one that is not counted. The database is a throw-away one.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boneage_web.settings.test")
if not apps.ready:
    django.setup()

from django.db import connection
from django.test import Client
from django.test.runner import DiscoverRunner
from django.test.utils import CaptureQueriesContext

from annotations.models import Person
from annotations.states import RoleName
from tests.benchmarks.seed_studies import Seeded, seed_studies
from tests.factories.people import make_person

BY_NAME_ONLY = True
GOAL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Timing:
    """One question: median and worst of the times, in seconds, and the slowest of its queries."""

    name: str
    median_seconds: float
    worst_seconds: float
    queries: int
    slowest_query_seconds: float


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="boneage_web.site.signed_in.PersonBackend")
    return client


def _timed(name: str, ask: Callable[[], object], times: int) -> Timing:
    ask()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
    with CaptureQueriesContext(connection) as queries:
        ask()
    slowest = max((float(query["time"]) for query in queries.captured_queries), default=0.0)
    return Timing(name, statistics.median(taken), max(taken), len(queries), slowest)


def lists(seeded: Seeded) -> dict[str, str]:
    """Questions to the study list, by name."""
    cohort, labeller = seeded.cohorts[0].pk, seeded.labellers[0].pk
    return {
        "first page": "",
        "oldest first": "order=received_at",
        "ready": "state=ready",
        "cohort": f"cohort={cohort}",
        "girls of an age band": "sex=F&age_min_months=96&age_max_months=132",
        "labelled": "has=labelled",
        "read": "has=read",
        "approved": "has=approved",
        "search": "q=P0100099",
        "boxes handed in": "labelling=submitted",
        "waiting for a labeller": "labelling=none",
        "being adjudicated": "reading=adjudicating",
        "blurred": "quality=blurred",
        "by a labeller": f"labeller={labeller}",
        "urgent": "priority=urgent",
        "most urgent first": "order=priority",
    }


def measure(studies: int, times: int) -> list[Timing]:
    """Seed a throw-away database and ask everything."""
    seeded = seed_studies(studies)
    steerer = _client(make_person("steerer", RoleName.RESEARCHER, RoleName.REVIEWER, RoleName.ADMINISTRATOR))
    everything = _client(make_person("everything", *RoleName))
    found = []
    for name, query in lists(seeded).items():
        for who, client in (("", steerer), (" (a reader too)", everything)):
            if client.get(f"/api/v1/studies?limit=50&{query}").status_code == 200:
                found.append(_timed(f"studies: {name}{who}", _get(client, f"/api/v1/studies?limit=50&{query}"), times))
    found.append(_timed("home", _get(everything, "/api/v1/home"), times))
    for queue, people in (
        ("label", seeded.labellers),
        ("review", seeded.reviewers),
        ("read", seeded.readers),
    ):
        address, role = f"/api/v1/{queue}/next", RoleName(people[0].roles.get().name)
        found.append(_timed(f"{queue}/next, begun already", _post(_client(people[0]), address), times))
        # Each is asked once, so that it is the pool that answers and not what they began.
        fresh = iter([_client(make_person(f"new_{queue}{number}", role)) for number in range(times + 2)])
        found.append(
            _timed(f"{queue}/next, from the pool", lambda fresh=fresh, address=address: _next(fresh, address), times)
        )
        found.append(_timed(f"worklists of a {role}", _get(_client(people[1]), "/api/v1/worklists"), times))
    return found


def _next(fresh: Iterator[Client], address: str) -> object:
    return next(fresh).post(address, data="{}", content_type="application/json")


def _get(client: Client, address: str) -> Callable[[], object]:
    return lambda: client.get(address)


def _post(client: Client, address: str) -> Callable[[], object]:
    return lambda: client.post(address, data="{}", content_type="application/json")


def main(arguments: list[str]) -> None:
    """Measure and print; exit status 1 where a median misses the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--studies", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", help="also write what was measured to this file")
    chosen = parser.parse_args(arguments)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        found = measure(chosen.studies, chosen.times)
    finally:
        runner.teardown_databases(databases)
    print(f"{chosen.studies} studies, {connection.vendor}, {chosen.times} times each; milliseconds")
    for timing in sorted(found, key=lambda each: -each.median_seconds):
        late = "  MISSED" if timing.median_seconds > GOAL_SECONDS else ""
        print(
            f"{timing.median_seconds * 1000:8.0f} {timing.worst_seconds * 1000:8.0f}  {timing.name}"
            f" ({timing.queries} queries, slowest {timing.slowest_query_seconds * 1000:.0f}){late}"
        )
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump([asdict(timing) for timing in found], file, indent=1)
    if any(timing.median_seconds > GOAL_SECONDS for timing in found):
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
