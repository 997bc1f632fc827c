"""A served application and a Chromium to look at it with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.workbench_steps import PATIENCE_MS
from tests.soak.web_site import WebSite

ROOT = Path(__file__).resolve().parents[2]
HANGS_AFTER_SECONDS = 300
"""Each wait of a test ends with what it waits for: this ends only what hangs."""

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(HANGS_AFTER_SECONDS))


@pytest.fixture(scope="module")
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    """The web server with the accounts of a demonstration, on data of its own, and what else the file names in BESIDE.

    Each program costs seconds of processor to start; the whole application runs in ``test_whole_path.py``.
    """
    beside = getattr(request.module, "BESIDE", ())
    site = WebSite(tmp_path_factory.mktemp("application"), beside=beside, demonstration=True)
    try:
        site.start()
        yield site
    finally:
        site.stop()


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
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
