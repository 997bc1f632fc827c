"""What a labeller's browser sees: weight of the cold page, and the time from Space to the next film on screen."""

import contextlib
import os
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.figures import Figure
from tests.benchmarks.web_labeller import Times
from tests.soak.web_site import WebSite

FILMS, ROWS, COLUMNS = 8, 1500, 1100
COLD_GOAL_MB, NEXT_GOAL_MS = 1.5, 300

_FILMS = """
import sys
import django; django.setup()
from annotations.services.boxes import propose_boxes
from tests.factories.studies import box_for, film_of, make_study
from inference.anatomy.regions import REGION_IDS
count, rows, columns = map(int, sys.argv[1:])
for _ in range(count):
    film = film_of(make_study(stored=True, rows=rows, columns=columns))
    boxes = {region: (box_for(region), 0.9) for region in REGION_IDS}
    propose_boxes(radiograph=film, boxes=boxes, model_version_label="bench")
"""
_WATCH = """() => {
    window.shownAfter = [];
    window.addEventListener('keydown', event => {
        if (event.key !== ' ') return;
        const room = () => document.querySelector('[data-testid=workbench]');
        const before = room()?.dataset.boxSet, began = performance.now();
        const look = () => {
            const ready = document.querySelector('[data-testid=film-view][data-ready]');
            if (room() && room().dataset.boxSet !== before && ready) {
                requestAnimationFrame(() => window.shownAfter.push(performance.now() - began));
            } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    }, {capture: true});
}"""


def in_a_browser(site: WebSite, session: str) -> Iterator[Figure]:
    """Films with pixels and suggestions, one browser, one labeller."""
    site.run(_FILMS, str(FILMS), str(ROWS), str(COLUMNS))
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield from _cold_page(browser, site, session)
        yield from _next_after_space(browser, site, session)
        browser.close()


def _page(browser: Browser, site: WebSite, session: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def _next(page: Page, site: WebSite) -> str:
    page.goto(f"{site.url}/api/v1/session")
    csrf = next(each["value"] for each in page.context.cookies() if each["name"] == "csrftoken")
    answer = page.request.post(
        f"{site.url}/api/v1/label/next", data={"skip": []}, headers={"X-CSRFToken": csrf, "Referer": site.url}
    )
    return str(answer.json()["box_set"])


def _film_is_there(page: Page) -> None:
    page.locator("[data-testid=film-view][data-ready]").wait_for()


def _cold_page(browser: Browser, site: WebSite, session: str) -> Iterator[Figure]:
    page = _page(browser, site, session)
    box_set = _next(page, site)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    addresses: dict[str, str] = {}
    weights: dict[str, float] = {}
    devtools.on("Network.responseReceived", lambda told: addresses.update({told["requestId"]: told["response"]["url"]}))
    devtools.on("Network.loadingFinished", lambda told: weights.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(f"{site.url}/label/{box_set}")
    _film_is_there(page)
    page.wait_for_timeout(500)
    counted = [weight for request, weight in weights.items() if not addresses.get(request, "").endswith("/pixels")]
    weight = sum(counted) / 1e6
    value = f"{weight:.2f} MB in {len(counted)} requests"
    yield Figure(
        "labelling page, cold, without the picture", value, "< 1.5; Label Studio: 9.55 MB in 60", weight < COLD_GOAL_MB
    )
    page.context.close()


def _next_after_space(browser: Browser, site: WebSite, session: str) -> Iterator[Figure]:
    page = _page(browser, site, session)
    box_set = _next(page, site)
    sent: list[str] = []
    page.goto(f"{site.url}/label/{box_set}")
    page.evaluate(_WATCH)
    page.on("request", lambda request: sent.append(request.url) if "/api/v1/" in request.url else None)
    moves = FILMS - 2
    for number in range(1, moves + 1):
        _film_is_there(page)
        page.get_by_test_id("film-surface").focus()
        page.keyboard.press("Shift+Enter")
        page.locator("[data-testid=saving-pill][data-state=saved]").wait_for()
        page.wait_for_timeout(700)  # a glance at the boxes; what is to be fetched ahead is fetched meanwhile
        page.keyboard.press("Space")
        page.wait_for_function("n => window.shownAfter.length >= n", arg=number)
    times = Times([milliseconds / 1000 for milliseconds in page.evaluate("() => window.shownAfter")])
    value = f"{times}, worst {times.milliseconds(1.0):.0f}"
    holds = times.milliseconds(0.95) < NEXT_GOAL_MS
    yield Figure(
        "next study on screen after Space, p50/p95 ms", value, "< 300; Label Studio: 5.4 s to its labels", holds
    )
    yield Figure("requests of the browser for a study", f"{len(sent) / moves:.1f}")
    with contextlib.suppress(Exception):
        page.context.close()
