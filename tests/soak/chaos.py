"""``make chaos``: nothing is lost, whatever happens to the browser, the network, the session or the server.

``python -m tests.soak.chaos --moments 200 --seed 1``. A labeller works in a real Chromium against a real server, and at
random moments tabs are closed or crash, the browser or the server is killed with ``kill -9``, the network goes, calls
or their answers are lost, sessions end, another tab or another person works on the same film. After each moment every
finished gesture must be on the server or in the browser's queue, and when all has been sent, on the server exactly once
and in order; what was done is known from a log that the hands keep themselves. Status 0 only if nothing was lost,
doubled or stuck.
"""

import argparse
import contextlib
import itertools
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.benchmarks.figures import Figure, tell
from tests.soak.chaos_hands import Hands
from tests.soak.chaos_moments import MOMENTS, OTHER, gestures
from tests.soak.gesture_log import adopt, faults, final_faults
from tests.soak.web_site import LOG, PASSWORD, WebSite

LABELLER = "labeller"
QUEUE_EMPTY_WITHIN_SECONDS = 3.0

_FILL = f"""
import sys
import django; django.setup()
from annotations.services.people import add_person
from annotations.states import RoleName
from tests.factories.studies import make_study
for name in ({LABELLER!r}, {OTHER!r}):
    add_person(by=None, username=name, display_name=name, password={PASSWORD!r}, roles=(RoleName.LABELLER,))
for _ in range(int(sys.argv[1])):
    make_study(stored=True)
"""


@dataclass(slots=True)
class Tally:
    """What happened, and what was found afterwards."""

    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    gestures: int = 0
    operations: int = 0
    films: int = 0
    seconds: float = 0.0


@contextlib.contextmanager
def labelling(folder: Path, *, films: int, seed: int) -> Iterator[Hands]:
    """A site with so many films, and hands that have the first of them on screen."""
    site = WebSite(folder / "data")
    site.run(_FILL, str(films))
    site.start()
    try:
        with sync_playwright() as playwright:
            hands = Hands(playwright, site, folder / "profile", LABELLER, random.Random(seed))
            hands.sign_in()
            assert hands.next_film()
            yield hands
            with contextlib.suppress(Error):
                hands.context.close()
    finally:
        site.stop()


def live_through(hands: Hands, kinds: Sequence[str], tally: Tally) -> Iterator[list[str]]:
    """One moment after another; yields the faults of each."""
    began = time.monotonic()
    for kind in kinds:
        tally.kinds[kind] += 1
        try:
            gestures(hands, 1, 2)
            MOMENTS[kind](hands)
            found = look_at_once(hands)
            if hands.page.is_closed() or hands.page.url == "about:blank":
                hands.come_back()
            hands.wait_until_saved()
            found += look_in_the_end(hands)
        except Exception as error:  # a page that does not come back, a server that fails: all of it is told
            tally.stuck.append(f"{kind}: {type(error).__name__} {str(error).splitlines()[0]}")
            found = [tally.stuck[-1], *_on_screen(hands), *hands.site.last_words(), *_recover(hands)]
        for box_set in {hands.box_set, *hands.finished} if found else ():
            adopt(hands.logs[box_set], [gesture for _, gesture in hands.rows.operations(box_set)])
        tally.faults += [f"{kind}: {each}" for each in found if not each.startswith((kind, LOG))]
        yield found
    tally.gestures = sum(len(log.done) for log in hands.logs.values())
    tally.operations = sum(len(hands.rows.operations(box_set)) for box_set in hands.logs)
    tally.films = len(hands.finished)
    tally.seconds = time.monotonic() - began


def look_at_once(hands: Hands) -> list[str]:
    """Gestures that are neither on the server nor kept by the browser, or there twice, at this very moment."""
    kept = hands.kept()  # first: what leaves it meanwhile is on the server by then
    there = hands.rows.operations(hands.box_set)
    known = {identifier for identifier, _ in there}
    return faults(
        hands.log,
        [gesture for _, gesture in there] + [gesture for identifier, gesture in kept if identifier not in known],
        place="server and queue",
    )


def look_in_the_end(hands: Hands) -> list[str]:
    """Once all is said to be saved: the server has each gesture once, in order, the queue nothing."""
    deadline = time.monotonic() + QUEUE_EMPTY_WITHIN_SECONDS
    while hands.kept() and time.monotonic() < deadline:
        time.sleep(0.1)
    found = [f"still kept though saved: {gesture}" for _, gesture in hands.kept()]
    for box_set, log in hands.logs.items():
        there = [gesture for _, gesture in hands.rows.operations(box_set)]
        found += faults(log, there, place="server") + final_faults(log, hands.rows.final(box_set))
    for box_set in hands.finished:
        status, times = hands.rows.status(box_set), hands.rows.times_submitted(box_set)
        if status != "submitted" or times != (1, 1):
            found.append(f"finished film is {status}, submitted {times[0]} times with {times[1]} lines of effort")
    return found


def _on_screen(hands: Hands) -> list[str]:
    """What a person would have before them: address, what is asked for, the beginning of the text."""
    seen = []
    for page in hands.context.pages:
        with contextlib.suppress(Error):
            text = page.locator("body").inner_text(timeout=2000).replace("\n", " ")
            seen.append(f"{LOG}on screen {page.url}: {text[:300]!r}")
    return seen


def _recover(hands: Hands) -> list[str]:
    """After something got stuck: server on, network on, a fresh tab; then look what is missing."""
    with contextlib.suppress(Exception):
        hands.site.kill()
    hands.site.start()
    hands.kill_browser()
    hands.come_back()
    hands.wait_until_saved()
    return look_in_the_end(hands)


def mixed(count: int, seed: int) -> list[str]:
    """So many kinds of moments, each as often as every other, in random order."""
    chance = random.Random(f"{seed} mixture")
    kinds: list[str] = []
    while len(kinds) < count:
        kinds += chance.sample(list(MOMENTS), len(MOMENTS))
    return kinds[:count]


def figures(tally: Tally) -> Iterator[Figure]:
    for kind, count in sorted(tally.kinds.items()):
        yield Figure(f"moments: {kind}", str(count))
    yield Figure("gestures made; operations on the server", f"{tally.gestures}; {tally.operations}")
    yield Figure("films finished; minutes", f"{tally.films}; {tally.seconds / 60:.1f}")
    lost = sum(" lacks " in each for each in tally.faults)
    yield Figure("gestures lost", str(lost), "0", lost == 0)
    doubled = sum(" times instead of " in each for each in tally.faults)
    yield Figure("gestures doubled or never made", str(doubled), "0", doubled == 0)
    other = len(tally.faults) - lost - doubled
    yield Figure("other faults (order, final state, submission)", str(other), "0", other == 0)
    yield Figure("moments after which the page was stuck", str(len(tally.stuck)), "0", not tally.stuck)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=list(MOMENTS), action="append", help="only these kinds")
    options = parser.parse_args()
    kinds = mixed(options.moments, options.seed)
    if options.kind:
        kinds = list(itertools.islice(itertools.cycle(options.kind), options.moments))
    folder = Path(tempfile.mkdtemp(prefix="boneage-chaos-"))
    tally = Tally()
    try:
        with labelling(folder, films=options.moments // 3 + 5, seed=options.seed) as hands:
            for number, found in enumerate(live_through(hands, kinds, tally), start=1):
                line = f"{number:4} {kinds[number - 1]:<26} {len(found)} faults"
                print(line, *found[:20], sep="\n       ", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print()
    return tell(figures(tally))


if __name__ == "__main__":
    sys.exit(main())
