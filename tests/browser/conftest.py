"""A served application and a Chromium to look at it with."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.prepared import put_databases
from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Application:
    """An application that ``manage.py serve`` runs: its address and the folder it writes to."""

    url: str
    data_dir: Path


def _healthy(url: str) -> bool:
    try:
        answer = requests.get(f"{url}/api/v1/health", timeout=10)
    except requests.RequestException:  # not there yet, or busy with its first request
        return False
    return answer.ok and answer.json()["worker"]["alive"]


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The whole application, web server and workers, as ``make run`` starts it, on data of its own."""
    data_dir = tmp_path_factory.mktemp("application")
    if "BONEAGE_DATABASE_URL" not in os.environ:
        put_databases(data_dir)
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    environment |= {"BONEAGE_DATA_DIR": str(data_dir), "BONEAGE_PORT": str(port)}
    log = data_dir / "serve.log"
    with log.open("wb") as sink:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--accounts-only"],
            cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 50
        while not _healthy(url):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the application did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.3)
        yield Application(url, data_dir)
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            raise


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; as root it cannot use its sandbox.

    It ends with its file: as long as Playwright's loop runs, Django refuses its database to other tests of the process.
    """
    with sync_playwright() as playwright:
        arguments = [
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
