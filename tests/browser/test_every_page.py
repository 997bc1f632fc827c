"""Every page of the front end, taken from its router, and every main dialog: axe finds nothing wrong.

Each is seen twice, in English and in Chinese, once light and once dark; pages with a layout for fingers once more on a
tablet. A page that the router has and no visit here fails the test. With ``SCREENSHOTS`` set to a folder, each visit
leaves a picture there at 1440 x 900 and at 1024 x 768, for looking at.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.workbench_steps import PATIENCE_MS
from tests.soak.web_site import WebSite

pytestmark = [pytest.mark.browser]

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
LOADING = "[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root"
SCREENS = ((1440, 900), (1024, 768))
LOOKS = ((("en", "light"), ("zh-Hans", "dark")), (("en", "dark"), ("zh-Hans", "light")))
"""What a visit sees; one visit the first pair, the next one the second."""

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
    "/runs/compare": "/runs/compare?first={training}&second={run}",
    "/runs/:id": "/runs/{run}",
    "/models": "/models",
    "/models/:id": "/models/{model}",
    "/snapshots": "/snapshots",
    "/snapshots/:id": "/snapshots/{snapshot}",
    "/evaluate": "/evaluate",
    "/evaluate/:id": "/evaluate/{evaluation}",
    "/evaluate/:id/cases/:row": "/evaluate/{evaluation}/cases/0",
    "/manual": "/manual",
    "/guides/:guide?": "/guides/administrators",
    "/settings/people": "/settings/people",
    "/settings/protocol": "/settings/protocol",
    "/settings/history": "/settings/history",
    "/settings/references": "/settings/references",
    "/settings/openings": "/settings/openings",
    "/settings/cohorts": "/settings/cohorts",
    "/*": "/no/such/page",
    "/label/:boxSet": "/label/{mine}",
    "/review/:boxSet": "/review/{submitted}",
    "/blocked/:id": "/blocked/{blocked}",
    "/read/:token": "/read/{token}",
}
"""Path of the router -> address that is opened."""


@dataclass(frozen=True)
class State:
    """A page in a state that its own visit does not have: the address, and what is there only then."""

    address: str
    shows: str


STATES: dict[str, State] = {
    "home of films that nobody can read": State("/", ".queues .tabler-icon-eye-off"),
    "home of blocked films": State("/", ".queues .tabler-icon-text-scan-2"),
    "films that cannot be read": State("/consensus?status=unreadable", "tr[data-status=unreadable]"),
    "a film that cannot be read": State("/consensus?film={unreadable}", "[data-testid=confirm-unreadable]"),
    "a film that a reader still has": State("/consensus?film={being_read}", "[data-testid=being-read]"),
    "films without a bone age": State("/consensus?status=no_bone_age", "tr[data-status=no_bone_age]"),
    "a film without a bone age": State("/consensus?film={no_bone_age}", "[data-testid=confirmed-unreadable]"),
    "a read that says so": State("/read/{cannot_read}", "[data-testid=locked]"),
    "a case of elsewhere": State("/evaluate/{imported}/cases/0", "[data-testid=film-view][data-ready]"),
    "cases of elsewhere": State("/evaluate/{imported}?view=cases&case=0", "tr[aria-current=true] img"),
    "cases of elsewhere without pictures": State("/evaluate/{bare}?view=cases", "[data-testid=no-pictures]"),
    "a case of elsewhere without a picture": State("/evaluate/{bare}/cases/0", ".film-room .tabler-icon-photo-off"),
}


TABLET = (1024, 768)
FOR_FINGERS = (
    "/label/:boxSet",
    "/review/:boxSet",
    "/blocked/:id",
    "/read/:token",
    "/",
    "/work",
    "/studies",
    "/studies/:id/:tab?",
    "/consensus",
    "/readers",
    "/manual",
    "/evaluate/:id/cases/:row",
)
"""Film rooms and pages that look different where the pointer is a finger."""


@dataclass(frozen=True)
class Dialog:
    """A dialog: the page it belongs to, and what opens it: a selector to click, or a key."""

    address: str
    click: str = ""
    key: str = ""


DIALOGS: dict[str, Dialog] = {
    "keys of labelling": Dialog("/label/{mine}", key="?"),
    "absent": Dialog("/label/{mine}", key="x"),
    "send back": Dialog("/review/{submitted}", click="[data-testid=send-back]"),
    "keys of redaction": Dialog("/blocked/{blocked}", key="?"),
    "unreadable": Dialog("/read/{token}", click="[data-testid=unreadable]"),
    "send what cannot be read to another reader": Dialog("/consensus?film={unreadable}", click="[data-testid=reopen]"),
    "open a film without a bone age again": Dialog("/consensus?film={no_bone_age}", click="[data-testid=reopen]"),
    "amend": Dialog("/read/{locked}", click="[data-testid=amend]"),
    "new round": Dialog("/rereads", click="[data-testid=new-round]"),
    "new person": Dialog("/settings/people", click="button:has(.tabler-icon-user-plus)"),
    "height": Dialog("/studies/{study}/result", click="[data-testid=type-height]"),
    "evaluate": Dialog("/evaluate", click="button:has(.tabler-icon-plus)"),
    "freeze": Dialog("/snapshots", click="button:has(.tabler-icon-plus)"),
    "films of the release gate": Dialog("/models/{model}", click="[data-testid=choose-yardstick]"),
    "train": Dialog("/runs", click="button:has(.tabler-icon-player-play)"),
}

_WORLD = """
import json
import django; django.setup()
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from annotations.models import Consensus
from annotations.services import drafts, reads
from annotations.services.consensus import confirm_unreadable
from annotations.states import RoleName
from boneage_web.evaluation.services.imported import import_report
from boneage_web.registry.models import ModelVersion
from tests.annotations.route_table import world
from tests.boneage_web.evaluations.imported_data import frozen, made_picture, write_report
from tests.boneage_web.route_table import world as roof_world
from tests.factories.people import make_person, make_personas
from tests.factories.studies import film_of, make_study, make_unreadable_film
personas = make_personas()
films = world(personas)
values = {**roof_world(), **films}
all_but_reading = make_person("everything", *(role for role in RoleName if role != RoleName.READER))
study = make_study(stored=True)
values["mine"] = str(drafts.open_draft(person=all_but_reading, radiograph=film_of(study)).pk)
reader = personas["reader"]
cut_off, open_film = (film_of(make_study(stored=True)).pk for _ in range(2))
values["locked"] = values["token"]  # locked below: one that can be amended, and after it one that is open
while (read := reads.read_next(person=reader)).radiograph_id != open_film:
    if read.radiograph_id == cut_off:
        reads.cannot_read(person=reader, read=read, reason="the wrist is cut off")
        values["cannot_read"] = str(read.token)
    else:
        reads.submit_read(person=reader, read=read, bone_age_months=100, plate_months=None)
values["token"] = read.token
for name in ("unreadable", "being_read", "no_bone_age"):
    study = make_unreadable_film("the wrist is cut off", "motion", being_read=name == "being_read")
    consensus = Consensus.objects.get(radiograph__study=study)
    values[name] = str(consensus.pk)
confirm_unreadable(person=personas["reviewer"], consensus=consensus)
model = ModelVersion.objects.get(pk=values["model"]).hash
for name, pictures in (("imported", True), ("bare", False)):
    with TemporaryDirectory() as folder:
        data = frozen(Path(folder) / "snapshot", {f"{name}-{i}": made_picture(i) for i in range(9)})
        ids = [radiograph.id for radiograph in data.radiographs]
        report = write_report(Path(folder) / "report", model_hash=model, snapshot_hash=data.hash, ids=ids)
        values[name] = str(import_report(report=report, snapshot=data.dir, pictures=pictures).evaluation.pk)
for name, person in (("everything", all_but_reading), ("reader", reader)):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "boneage_web.site.signed_in.PersonBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    values["session of " + name] = store.session_key
print(json.dumps(values))
"""


class Site:
    """The served site with a little of everything in it; one tab for a reader, one for somebody with all else."""

    def __init__(self, web: WebSite, values: dict[str, str], chromium: Browser) -> None:
        self.web = web
        self.values = values
        self._chromium = chromium
        self._tabs: dict[tuple[str, bool], Page] = {}

    def open(self, address: str, language: str, scheme: str, *, tablet: bool = False) -> Page:
        """The page at an address (with names of `values` in braces), settled, in this language and colour scheme."""
        page = self._tab("reader" if address.startswith("/read/") else "everything", tablet)
        if address == "/sign-in":
            page = self._tab("", tablet)
        _choose(page, language)
        page.evaluate("scheme => localStorage.setItem('boneage-color-scheme', scheme)", scheme)
        page.goto(self.web.url + address.format_map(self.values))
        page.locator("h1, main").first.wait_for()
        _settle(page)
        return page

    def _tab(self, who: str, tablet: bool) -> Page:
        if (who, tablet) not in self._tabs:
            width, height = TABLET if tablet else SCREENS[0]
            context = self._chromium.new_context(
                viewport={"width": width, "height": height},
                locale="en-GB",
                reduced_motion="reduce",
                bypass_csp=True,
                has_touch=tablet,
                is_mobile=tablet,
            )
            context.set_default_timeout(PATIENCE_MS)
            if who:
                cookie = self.values[f"session of {who}"]
                context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.web.url}])
            self._tabs[who, tablet] = context.new_page()
            self._tabs[who, tablet].goto(self.web.url)
        return self._tabs[who, tablet]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Site]:
    web = WebSite(tmp_path_factory.mktemp("pages"))
    values = json.loads(web.run(_WORLD).splitlines()[-1])
    try:
        web.start()
        yield Site(web, values, chromium)
    finally:
        web.stop()


def _router_paths() -> set[str]:
    """The paths as they stand in the router's source."""
    found = {"/"}
    for name in ("pages.ts", "router.tsx"):
        source = (ROOT / "frontend" / "src" / "app" / name).read_text()
        found |= {"/" + path.lstrip("/") for path in re.findall(r'\bpath: "([^"]+)"', source)}
    return found


def test_every_page_of_the_router_is_visited() -> None:
    assert set(VISITS) == _router_paths()


@pytest.mark.parametrize(("number", "path"), list(enumerate(VISITS)), ids=list(VISITS))
def test_axe_finds_nothing_on_the_page(number: int, path: str, site: Site) -> None:
    found = []
    for language, scheme in LOOKS[number % 2]:
        page = site.open(VISITS[path], language, scheme)
        _picture(page, path, language, scheme)
        found += [f"{language} {scheme}: {each}" for each in _violations(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("number", "name"), list(enumerate(STATES)), ids=list(STATES))
def test_axe_finds_nothing_in_the_state(number: int, name: str, site: Site) -> None:
    found = []
    for language, scheme in LOOKS[number % 2]:
        page = site.open(STATES[name].address, language, scheme)
        expect(page.locator(STATES[name].shows).first).to_be_visible()
        _picture(page, name, language, scheme)
        found += [f"{language} {scheme}: {each}" for each in _violations(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("number", "path"), list(enumerate(FOR_FINGERS)), ids=FOR_FINGERS)
def test_axe_finds_nothing_where_the_pointer_is_a_finger(number: int, path: str, site: Site) -> None:
    language, scheme = LOOKS[number % 2][number // 2 % 2]
    page = site.open(VISITS[path], language, scheme, tablet=True)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches"), "this would be the mouse's layout"
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"finger-{_file_name(path)}-{language}-{scheme}.png")
    assert not (found := _violations(page, "target-size")), "\n".join(found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"


@pytest.mark.parametrize(("number", "name"), list(enumerate(DIALOGS)), ids=list(DIALOGS))
def test_axe_finds_nothing_in_the_dialog(number: int, name: str, site: Site) -> None:
    found = []
    dialog = DIALOGS[name]
    for language, scheme in LOOKS[number % 2]:
        page = site.open(dialog.address, language, scheme)
        if dialog.click:
            page.locator(dialog.click).first.click()
        else:
            page.get_by_test_id("film-surface").focus()
            page.keyboard.press(dialog.key)
        page.get_by_role("dialog").first.wait_for()
        _settle(page)
        _picture(page, f"dialog {name}", language, scheme)
        found += [f"{language} {scheme}: {each}" for each in _violations(page)]
    assert not found, "\n".join(found)


def _settle(page: Page) -> None:
    """Until nothing says that it is loading and no element came or went for a moment; the network never rests on a page
    that follows something live."""
    page.wait_for_function("selector => !document.querySelector(selector)", arg=LOADING)
    page.evaluate(
        """() => new Promise(done => {
            const end = () => { watcher.disconnect(); done(); };
            let quiet = setTimeout(end, 400);
            const watcher = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(end, 400); });
            watcher.observe(document.body, {childList: true, subtree: true});
            setTimeout(end, 4000);
        })"""
    )
    page.wait_for_function("selector => !document.querySelector(selector)", arg=LOADING)


def _violations(page: Page, *more_rules: str) -> list[str]:
    """What axe finds, by its usual rules and these."""
    page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": True} for rule in more_rules}}
    violations = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [
        f"{each['id']} ({each['impact']}) at {node['target']}: {node['failureSummary'][:300]}"
        for each in violations
        for node in each["nodes"][:3]
    ]


def _choose(page: Page, language: str) -> None:
    page.evaluate(
        """async language => {
            const token = document.cookie.split('; ').find(c => c.startsWith('csrftoken='))?.slice(10) ?? '';
            const headers = {'X-CSRFToken': token, 'Content-Type': 'application/json'};
            await fetch('/api/v1/session', {method: 'PATCH', headers, body: JSON.stringify({language})});
        }""",
        language,
    )


def _file_name(path: str) -> str:
    return re.sub(r"\W+", "-", path).strip("-") or "home"


def _picture(page: Page, path: str, language: str, scheme: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    name = _file_name(path)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / f"{name}-{language}-{scheme}-{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})
