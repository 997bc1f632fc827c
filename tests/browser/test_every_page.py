"""Every page of the front end, taken from its router, in both languages, light and dark: axe finds nothing wrong.

A page that the router has and no visit here fails the test. With ``SCREENSHOTS`` set to a folder, each visit
leaves a picture there at 1440 x 900, and at 1024 x 768, for looking at.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ROOT
from tests.soak.web_site import WebSite

pytestmark = [pytest.mark.browser]

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ((1440, 900), (1024, 768))
SETTLES_MS = 1200
LOOKS = (("en", "light"), ("zh-Hans", "dark"))

VISITS: dict[str, str] = {
    "/": "/",
    "/sign-in": "/sign-in",
    "/work": "/work",
    "/agreement": "/agreement",
    "/studies": "/studies",
    "/studies/:id/:tab?": "/studies/{study}",
    "/intake": "/intake",
    "/blocked": "/blocked",
    "/consensus": "/consensus",
    "/readers": "/readers",
    "/rereads": "/rereads",
    "/runs": "/runs",
    "/runs/:id": "/runs/{run}",
    "/models": "/models",
    "/models/:id": "/models/{model}",
    "/snapshots": "/snapshots",
    "/evaluate": "/evaluate",
    "/evaluate/:id": "/evaluate/{evaluation}",
    "/evaluate/:id/cases/:row": "/evaluate/{evaluation}/cases/0",
    "/manual": "/manual",
    "/settings/people": "/settings/people",
    "/settings/protocol": "/settings/protocol",
    "/settings/history": "/settings/history",
    "/settings/cohorts": "/settings/cohorts",
    "/*": "/no/such/page",
    "/label/:boxSet": "/label/{mine}",
    "/review/:boxSet": "/review/{submitted}",
    "/blocked/:id": "/blocked/{blocked}",
    "/read/:token": "/read/{token}",
}
"""Path of the router -> address that is opened."""

_WORLD = """
import json
import django; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from annotations.models import Person
from annotations.services import drafts
from annotations.states import RoleName
from tests.annotations.route_table import world
from tests.boneage_web.route_table import world as roof_world
from tests.factories.people import make_person, make_personas
from tests.factories.studies import film_of, make_study
personas = make_personas()
films = world(personas)
values = {**roof_world(), **films}
all_but_reading = make_person("everything", *(role for role in RoleName if role != RoleName.READER))
study = make_study(stored=True)
values["mine"] = str(drafts.open_draft(person=all_but_reading, radiograph=film_of(study)).pk)
for name, person in (("everything", all_but_reading), ("reader", personas["reader"])):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    values["session of " + name] = store.session_key
print(json.dumps(values))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WebSite, dict[str, str]]]:
    site = WebSite(tmp_path_factory.mktemp("pages"))
    values = json.loads(site.run(_WORLD).splitlines()[-1])
    site.start()
    yield site, values
    site.stop()


def _router_paths() -> set[str]:
    """The paths as they stand in the router's source."""
    found = {"/"}
    for name in ("router.tsx", "workbenchRoutes.tsx"):
        source = (ROOT / "frontend" / "src" / "app" / name).read_text()
        found |= {"/" + path.lstrip("/") for path in re.findall(r'\bpath: "([^"]+)"', source)}
    return found


def test_every_page_of_the_router_is_visited() -> None:
    assert set(VISITS) == _router_paths()


@pytest.mark.parametrize("path", VISITS)
def test_axe_finds_nothing(path: str, site: tuple[WebSite, dict[str, str]], chromium: Browser) -> None:
    web, values = site
    address = VISITS[path]
    for name, value in values.items():
        address = address.replace("{" + name + "}", value)
    found = []
    for language, scheme in LOOKS:
        page = _page(chromium, web, values["session of " + ("reader" if path.startswith("/read/") else "everything")])
        if path == "/sign-in":
            page.context.clear_cookies()
        page.goto(web.url)
        page.evaluate("scheme => localStorage.setItem('boneage-color-scheme', scheme)", scheme)
        _choose(page, language)
        page.goto(f"{web.url}{address}")
        page.locator("h1, main, [role=main]").first.wait_for()
        page.wait_for_timeout(SETTLES_MS)  # pages that follow something live are never idle
        _picture(page, path, language, scheme)
        page.evaluate(AXE.read_text())
        violations = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        found += [
            f"{language} {scheme}: {each['id']} ({each['impact']}) at {each['nodes'][0]['target']}:"
            f" {each['nodes'][0]['failureSummary'][:200]}"
            for each in violations
        ]
        page.context.close()
    assert found == []


def _page(chromium: Browser, web: WebSite, session: str) -> Page:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", bypass_csp=True)
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "sessionid", "value": session, "url": web.url}])
    return context.new_page()


def _choose(page: Page, language: str) -> None:
    page.evaluate(
        """async language => {
            const token = document.cookie.split('; ').find(c => c.startsWith('csrftoken='))?.slice(10) ?? '';
            const headers = {'X-CSRFToken': token, 'Content-Type': 'application/json'};
            await fetch('/api/v1/session', {method: 'PATCH', headers, body: JSON.stringify({language})});
        }""",
        language,
    )


def _picture(page: Page, path: str, language: str, scheme: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    name = re.sub(r"\W+", "-", path).strip("-") or "home"
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / f"{name}-{language}-{scheme}-{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})
