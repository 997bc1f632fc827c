"""The evaluation page on 100 000 predictions: how soon something useful is on the screen, and what it costs.

    make bench-evaluation            (python -m tests.benchmarks.evaluation_page [--cases 100000])

An application of its own is filled with one evaluation of made-up cases and served as `make run` serves it; a real
Chromium opens the page several times, each in a fresh context (nothing kept by the browser), and the time is taken
from the address to the headline and to table 3 on the screen. Then a filter that nobody has asked for yet, which is
counted while one waits, and the same once more. Beside the page the bare application is opened (the list of runs), so
that one sees what of the time is the evaluation's. Memory is that of all web
processes together, each at its highest.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import requests

from tests.benchmarks.figures import Figure, tell
from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
BY_NAME_ONLY = True
CASES = 100_000
OPENINGS = 5
GOAL_SECONDS = 1.0
GOAL_GROWTH_MB = 250
"""A table of 100 000 cases in memory, what counting needs, and nothing that grows with the number of looks."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-evaluation-") as folder:
        return tell(measure(Path(folder), chosen.cases))


def measure(folder: Path, cases: int) -> Iterator[Figure]:
    """All figures; the goals are those of the project: under a second, memory bounded."""
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    environment |= {"BONEAGE_DATA_DIR": str(folder), "BONEAGE_PORT": str(free_port())}
    filled = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.evaluation_page_fill", str(cases)],
        cwd=ROOT, env=environment | {"BONEAGE_DEMONSTRATION": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    evaluation, seconds, mebibytes = filled.stdout.split()[-3:]
    yield Figure("cases", f"{cases:,}")
    yield Figure("the run: frozen, opening figures counted, s", f"{float(seconds):.2f}")
    yield Figure("the table on disk, MiB", f"{float(mebibytes):.1f}")
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--accounts-only"], cwd=ROOT, env=environment, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        url = f"http://127.0.0.1:{environment['BONEAGE_PORT']}"
        try:
            _wait(url)
            before = _memory_mb(server.pid)
            yield from _looks(url, evaluation)
            growth = _memory_mb(server.pid) - before
            yield Figure(
                "memory of all web processes, growth, MiB", f"{growth:.0f}", f"<= {GOAL_GROWTH_MB}",
                growth <= GOAL_GROWTH_MB,
            )  # fmt: skip
        finally:
            server.send_signal(2)
            server.wait(timeout=60)


def _looks(url: str, evaluation: str) -> Iterator[Figure]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=sandbox)
        state = _signed_in(browser, url)
        headline, table, bare = [], [], []
        for _ in range(OPENINGS):
            bare.append(_open_bare(browser, state, url))
            first, second = _open(browser, state, f"{url}/evaluate/{evaluation}")
            headline.append(first)
            table.append(second)
        yield Figure("first opening: headline, s", f"{headline[0]:.2f}")
        yield Figure(f"the bare application on the screen, median of {OPENINGS}, s", f"{median(bare):.2f}")
        yield _goal(f"headline on the screen, median of {OPENINGS}, s", median(headline))
        yield _goal(f"table 3 on the screen, median of {OPENINGS}, s", median(table))
        cold, _ = _open(browser, state, f"{url}/evaluate/{evaluation}?sex=F&from_years=3")
        yield Figure("a filter that nobody asked for yet: headline, s", f"{cold:.2f}")
        warm, _ = _open(browser, state, f"{url}/evaluate/{evaluation}?sex=F&from_years=3")
        yield _goal("the same filter once more: headline, s", warm)
        browser.close()


def _goal(name: str, seconds: float) -> Figure:
    return Figure(name, f"{seconds:.2f}", f"< {GOAL_SECONDS:g}", seconds < GOAL_SECONDS)


def _signed_in(browser: Any, url: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.locator("input[autocomplete=username]").fill("researcher")
    page.locator("input[type=password]").fill("boneage-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    state = context.storage_state()
    context.close()
    return state


def _open(browser: Any, state: Any, address: str) -> tuple[float, float]:
    """Seconds from the address to the headline and to table 3, both on the screen."""
    context = browser.new_context(storage_state=state, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.get_by_test_id("headline").wait_for(timeout=60_000)
    first = time.perf_counter() - started
    page.get_by_test_id("table3").wait_for(timeout=60_000)
    second = time.perf_counter() - started
    context.close()
    return first, second


def _open_bare(browser: Any, state: Any, url: str) -> float:
    """Seconds from the address to the title of a page with nothing on it."""
    context = browser.new_context(storage_state=state, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"{url}/runs", wait_until="commit")
    page.locator("h1").first.wait_for(timeout=60_000)
    seconds = time.perf_counter() - started
    context.close()
    return seconds


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/api/v1/health", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.3)
    raise RuntimeError("the application did not start within a minute")


def _memory_mb(pid: int) -> float:
    """Highest resident memory so far of the web processes under this one, added up (Linux), MiB."""
    listing = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    family = {str(pid)}
    for _ in range(5):  # supervisor, web server, its workers
        family |= {process for process, parent, _ in rows if parent in family}
    web = [process for process, _, command in rows if process in family and "gunicorn" in command]
    assert web, "no web process under the supervisor"
    peaks = []
    for process in web:
        status = Path(f"/proc/{process}/status").read_text()
        peaks.append(int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024)
    return sum(peaks)


if __name__ == "__main__":
    sys.exit(main())
