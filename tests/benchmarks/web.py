"""``make bench-web``: the labelling web with 10 000 studies of 17 boxes, beside its goals and Label Studio's figures.

``python -m tests.benchmarks.web``. PostgreSQL with its durable defaults, the web server as ``manage.py serve`` starts
it, sessions, CSRF, permissions and history on. An annotation is one finished study: next with its box set, 17 boxes in
one batch of operations (the suggestions taken over), submit. Label Studio's figures were measured with version 1.23 on
PostgreSQL, 10 000 tasks of 17 boxes, on a machine of the same kind; they are cited, not measured here.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.web_browser import in_a_browser
from tests.benchmarks.web_labeller import Labeller, Times
from tests.services.postgres import postgres
from tests.soak.web_site import WebSite

BY_NAME_ONLY = True
STUDIES, LONG_LIST, LABELLERS = 10_000, 100_000, 8
POOL = 6_000
"""Studies that wait for a labeller beside the 10 000 that are labelled."""

_SEED = """
import sys
import django; django.setup()
from tests.benchmarks.seed_studies import Mixture, seed_studies
nothing = dict.fromkeys(("excluded", "draft", "submitted", "returned", "accepted"), 0.0)
count, labelled, seed, people = map(int, sys.argv[1:])
mixture = Mixture(**{**nothing, "accepted": float(labelled)})
seed_studies(count, with_boxes=count if labelled else 0, mixture=mixture, seed=seed, people=people)
"""
_SESSIONS = """
import json
import django; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from annotations.models import Person
from annotations.states import RoleName
from tests.factories.people import make_person
make_person("looks", RoleName.RESEARCHER)
told = {}
for person in Person.objects.all():
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "boneage_web.site.signed_in.PersonBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    told[person.username] = store.session_key
print(json.dumps(told))
"""


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of labelling by eight at once")
    parser.add_argument("--without-browser", action="store_true")
    parser.add_argument("--without-long-list", action="store_true")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="boneage-bench-web-"))
    try:
        with postgres(durable=True) as database_url:
            status = tell(_figures(folder, database_url, options))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


def _figures(folder: Path, database_url: str, options: argparse.Namespace) -> Iterator[Figure]:
    site = WebSite(folder, database_url=database_url)
    site.run(_SEED, str(STUDIES), "1", "1", str(LABELLERS))
    sessions = json.loads(site.run(_SESSIONS))
    site.start()
    try:
        if not options.without_browser:
            yield from in_a_browser(site, sessions["seeded_labeller1"])
        site.run(_SEED, str(POOL), "0", "2", str(LABELLERS))
        yield from _one_after_another(site, sessions)
        yield from _eight_at_once(site, sessions, options.seconds)
        if not options.without_long_list:
            site.run(_SEED, str(LONG_LIST - STUDIES - POOL), "0", "3", str(LABELLERS))
            yield from _long_list(site, sessions["looks"])
    finally:
        site.stop()


def _one_after_another(site: WebSite, sessions: dict[str, str]) -> Iterator[Figure]:
    """Alone on the machine: how long a person waits."""
    looking = Labeller(site.port, sessions["looks"])
    lists = Times()
    for _ in range(60):
        with lists.taken():
            assert len(looking.get("/studies?limit=30")["results"]) == 30
    yield Figure("list of 30, p50/p95 ms", str(lists), "Label Studio: 208/340")
    labeller = Labeller(site.port, sessions["seeded_labeller1"])
    for _ in range(5):
        labeller.annotate()
    labeller.forget_times()
    for _ in range(60):
        labeller.annotate()
    yield Figure(
        "next study (handed out, with its boxes), p50/p95 ms", str(labeller.next_times), "Label Studio: 124/160"
    )
    yield Figure("save 17 boxes and submit, p50/p95 ms", str(labeller.save_times), "Label Studio: 188/220")
    yield Figure("requests for one annotation", f"{labeller.requests / labeller.annotations:.0f}")
    drawn = Times()
    for _ in range(15):
        with drawn.taken():
            labeller.annotate(batches=17)
    yield Figure("all 17 boxes drawn one by one (18 requests more), p50/p95 ms", str(drawn))


def _eight_at_once(site: WebSite, sessions: dict[str, str], seconds: float) -> Iterator[Figure]:
    """Eight labellers without a pause for thought."""
    labellers = [Labeller(site.port, sessions[f"seeded_labeller{number}"]) for number in range(1, LABELLERS + 1)]
    for labeller in labellers:
        labeller.annotate()
        labeller.forget_times()
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=labeller.annotate_until, args=(until,)) for labeller in labellers]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    done = sum(labeller.annotations for labeller in labellers)
    saves = Times([each for labeller in labellers for each in labeller.save_times.seconds])
    handed = Counter(film for labeller in labellers for film in labeller.handed)
    twice = sum(count > 1 for count in handed.values())
    failed = [failure for labeller in labellers for failure in labeller.failures]
    rate = done / took
    yield Figure("8 labellers: annotations a second", f"{rate:.1f} ({done})", ">= 40; Label Studio: 7.7", rate >= 40)
    p95 = saves.milliseconds(0.95)
    yield Figure("8 labellers: save p50/p95 ms", str(saves), "p95 < 150; Label Studio: 889 (SQLite)", p95 < 150)
    yield Figure(
        "8 labellers: studies handed out twice", f"{twice} of {len(handed)}", "0; Label Studio: 0 of 335", twice == 0
    )
    yield Figure("8 labellers: failed requests", f"{len(failed)} {failed[:1] or ''}", "0", not failed)


def _long_list(site: WebSite, session: str) -> Iterator[Figure]:
    """The work list among a hundred thousand studies: first page, deep page, filters."""
    looking = Labeller(site.port, session)
    cursor = looking.get("/studies?limit=30&order=received_at")["next"]
    worst = 0.0
    for name, query in (
        ("first page", "limit=30"),
        ("next page", f"limit=30&order=received_at&cursor={cursor}"),
        ("labelled", "limit=30&has=labelled"),
        ("by sex and age", "limit=30&sex=F&age_min_months=60&age_max_months=72"),
        ("search", "limit=30&q=P0100009"),
    ):
        times = Times()
        for _ in range(12):
            with times.taken():
                looking.get(f"/studies?{query}")
        worst = max(worst, times.milliseconds(0.95))
        yield Figure(f"  list at {LONG_LIST}: {name}, p50/p95 ms", str(times))
    yield Figure(f"work list at {LONG_LIST} studies, worst p95 ms", f"{worst:.0f}", "< 500", worst < 500)


if __name__ == "__main__":
    main(sys.argv[1:])
