"""One labeller at a real browser, with hands that keep a log of their own."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright, Route
from playwright.sync_api import TimeoutError as TooLate

from inference.anatomy.regions import REGION_IDS
from tests.browser import workbench_steps as steps
from tests.soak.gesture_log import Gesture, GestureLog, Rows, gesture_of
from tests.soak.web_site import PASSWORD, WebSite

PATIENCE_MS = 30_000
CLICK_WITHIN_MS = 5_000
REASONS = ("cut_off", "amputated", "overlapped")
OPERATIONS, SUBMIT = "**/api/v1/box-sets/*/operations", "**/api/v1/box-sets/*/submit"
TRY_AGAIN_SECONDS = 0.5
ARGUMENTS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")

_KEPT = """async () => {
    const names = (await indexedDB.databases()).map(each => each.name);
    if (!names.includes('boneage-workbench')) return [];
    const open = indexedDB.open('boneage-workbench');
    await new Promise((done, fail) => { open.onsuccess = done; open.onerror = fail; });
    const request = open.result.transaction('operations').objectStore('operations').getAll();
    await new Promise((done, fail) => { request.onsuccess = done; request.onerror = fail; });
    open.result.close();
    return request.result;
}"""


class Hands:
    """A browser with a profile on disk, one tab in it on the film at hand, and what was done there."""

    def __init__(
        self, playwright: Playwright, site: WebSite, profile: Path, username: str, chance: random.Random
    ) -> None:
        self.playwright = playwright
        self.site = site
        self.rows = Rows(site.database)
        self.profile = profile
        self.username = username
        self.chance = chance
        self.logs: dict[str, GestureLog] = {}
        self.finished: list[str] = []
        self.signed_in = 0
        self.box_set = ""
        self.page: Page
        self._undoable: list[Gesture] = []
        self._start_browser()

    # --- browser and tabs

    def _start_browser(self) -> None:
        arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path="/usr/bin/chromium", args=arguments, locale="en-GB",
            viewport={"width": 1280, "height": 800},
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE_MS)
        self.neutral = self.context.pages[0]
        self.page = self.context.new_page()

    def sign_in(self) -> None:
        """By the form; the first thing a day."""
        steps.sign_in(self.page, self.site.url, self.username, PASSWORD)

    def next_film(self) -> bool:
        """On to the next film of the queue; False when none is left."""
        if not steps.open_next_to_label(self.page):
            return False
        self.arrived()
        return True

    def arrived(self) -> None:
        """A film is on screen: know which."""
        self.page.locator("[data-testid=film-view][data-ready]").wait_for()
        self.box_set = self.page.get_by_test_id("workbench").get_attribute("data-box-set") or ""
        self.logs.setdefault(self.box_set, GestureLog())
        self.make_ready()

    @property
    def log(self) -> GestureLog:
        return self.logs[self.box_set]

    def open_again(self, page: Page | None = None) -> Page:
        """The film at hand in a tab, after whatever happened; signs in where that is asked."""
        page = page or self.context.new_page()
        page.goto(f"{self.site.url}/label/{self.box_set}")
        room = page.get_by_test_id("workbench")
        room.or_(page.locator("input[autocomplete=username]")).first.wait_for()
        if not room.is_visible():
            self.give_password(page)
            room.wait_for()
        page.locator("[data-testid=film-view][data-ready]").wait_for()
        return page

    def come_back(self) -> None:
        """A new tab in the place of one that is gone."""
        self.page = self.open_again(self.page if not self.page.is_closed() else None)
        self.make_ready()

    def forget_history(self) -> None:
        """What was done before can no longer be undone here."""
        self._undoable = []

    def make_ready(self, page: Page | None = None) -> None:
        """In draw mode; a tab that was just opened has nothing to undo."""
        page = page or self.page
        if page is self.page:
            self.forget_history()
        if page.get_by_test_id("tool-draw").get_attribute("aria-pressed") != "true":
            page.get_by_test_id("tool-draw").click()

    def give_password(self, page: Page) -> None:
        """The sign-in form, wherever it stands."""
        if not page.locator("input[autocomplete=username]").input_value():
            page.locator("input[autocomplete=username]").fill(self.username)
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("input[type=password]").press("Enter")
        page.locator("input[type=password]").wait_for(state="hidden")
        self.signed_in += 1

    def close_tab(self) -> None:
        self.page.close(run_before_unload=False)

    def crash_tab(self) -> None:
        """The process that draws the tab dies, as when memory runs out."""
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash", timeout=3000)
        with contextlib.suppress(Error):
            self.page.close(run_before_unload=False)

    def kill_browser(self) -> None:
        """``kill -9`` of the whole browser; it starts again on the same profile."""
        for pid in self._browser_pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()
        self._start_browser()

    def _browser_pids(self) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and f"--user-data-dir={self.profile}" in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
        return sorted(found)

    def kept(self) -> list[tuple[str, Gesture]]:
        """Id and gesture of what the browser still keeps for the film at hand, seen from a page without any program."""
        self.neutral.goto(f"{self.site.url}/api/v1/health")
        rows = [row["operation"] for row in self.neutral.evaluate(_KEPT) if row["boxSet"] == self.box_set]
        told = []
        for row in sorted(rows, key=lambda row: row["seq"]):
            edges = [row["box"][edge] for edge in ("x0", "y0", "x1", "y1")] if row["box"] else [None] * 4
            gesture = gesture_of(row["region"], row["kind"], edges, row["absent_reason"])
            told.append((row["id"].replace("-", ""), gesture))
        return told

    # --- gestures

    def gesture(self, page: Page | None = None, region: str | None = None) -> Gesture:
        """One gesture of a random kind, written into the log at the moment it is finished."""
        may_undo = page is None and region is None
        page = page or self.page
        region = region or self.chance.choice(REGION_IDS)
        kind = self.chance.choices(("draw", "absent", "clear", "undo"), (70, 12, 10, 8))[0]
        if kind == "undo" and may_undo and self._undoable:
            return self._undo()
        if self._asked(page):
            self.give_password(page)
        before = self.log.now(region)
        self._press(page, f"region-{region}")
        if kind == "absent" and before.kind != "absent":
            done = self._absent(page, region)
        elif kind == "clear" and before.kind != "clear":
            page.keyboard.press("Delete")
            done = Gesture(region, "clear")
        else:
            done = self._draw(page, region)
        if self._asked(page) and not self._shows(page, done):
            return done  # the dialog came in between: not finished, and the person sees that it was not
        self.log.note(done)
        if page is self.page:
            self._undoable.append(before)
        return done

    def _press(self, page: Page, test_id: str) -> None:
        """A click; where the sign-in dialog came over the button just now, the person signs in and clicks then."""
        try:
            page.get_by_test_id(test_id).click(timeout=CLICK_WITHIN_MS)
        except TooLate:
            if not self._asked(page):
                raise
            self.give_password(page)
            page.get_by_test_id(test_id).click()

    def _asked(self, page: Page) -> bool:
        """Whether the sign-in dialog stands over the film."""
        return page.locator("input[type=password]").is_visible()

    def _shows(self, page: Page, done: Gesture) -> bool:
        state = steps.state_of(page, done.region)
        if done.kind != "set":
            return state == {"absent": "absent", "clear": "missing"}[done.kind]
        outline = page.get_by_test_id(f"box-{done.region}").locator("rect").first
        if outline.count() == 0:
            return False
        x, y, width, height = (float(outline.get_attribute(name) or 0) for name in ("x", "y", "width", "height"))
        return Gesture(done.region, "set", (x, y, x + width, y + height)).is_like(done)

    def _absent(self, page: Page, region: str) -> Gesture:
        reason = self.chance.choice(REASONS)
        page.keyboard.press("x")
        self._press(page, f"absent-{reason}")
        return Gesture(region, "absent", reason=reason)

    def _undo(self) -> Gesture:
        done = self._undoable.pop()
        self.page.keyboard.press("Control+z")
        self.log.note(done)
        return done

    def _draw(self, page: Page, region: str, *, let_go: bool = True) -> Gesture:
        film = steps.film_on_screen(page)
        width, height = film.width * film.scale, film.height * film.scale
        x = film.frame_x + width * self.chance.uniform(0.45, 0.55)
        y = film.frame_y + height * self.chance.uniform(0.3, 0.6)
        start = (round(x), round(y))
        end = (start[0] + self.chance.randrange(30, 120), start[1] + self.chance.randrange(30, 120))
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        page.mouse.move(*end)
        if let_go:
            page.mouse.up()
        corners = [
            (at[axis] - (film.frame_x, film.frame_y)[axis]) / film.scale + (film.left, film.top)[axis]
            for at in (start, end)
            for axis in (0, 1)
        ]
        return Gesture(region, "set", (corners[0], corners[1], corners[2], corners[3]))

    def half_a_gesture(self) -> None:
        """A drag that is never let go of: it is not finished and may not appear anywhere."""
        region = self.chance.choice(REGION_IDS)
        self.page.get_by_test_id(f"region-{region}").click()
        self._draw(self.page, region, let_go=False)

    def settle_all(self) -> None:
        """Whatever region is open gets a box."""
        for region in REGION_IDS:
            if self.log.now(region).kind == "clear":
                self.page.get_by_test_id(f"region-{region}").click()
                self.log.note(self._draw(self.page, region))

    # --- the network

    @contextlib.contextmanager
    def disturbed(self, address: str, *, lose: str, times: int) -> Iterator[list[int]]:
        """So many calls of this tab fail: the ``request`` never arrives, or it does and the ``answer`` is lost."""
        lost = [0]

        def meddle(route: Route) -> None:
            if lost[0] >= times:
                with contextlib.suppress(Error):
                    route.continue_()
                return
            lost[0] += 1
            with contextlib.suppress(Error):  # the tab may be gone by now
                if lose == "answer":
                    route.fetch(timeout=10_000)
                route.abort("connectionreset")

        page = self.page
        page.route(address, meddle)
        try:
            yield lost
        finally:
            with contextlib.suppress(Error):
                page.unroute(address)

    def wait_until_saved(self, page: Page | None = None) -> None:
        """Until the pill says that all has arrived."""
        page = page or self.page
        pill = page.get_by_test_id("saving-pill")
        self.try_again_until(lambda: pill.get_attribute("data-state") == "saved", page)

    def try_again_until(self, condition: Callable[[], bool], page: Page | None = None) -> None:
        """Asks the page to try again, as an impatient person does; it also does by itself, and its button is gone then.

        Raises TimeoutError.
        """
        page = page or self.page
        pill = page.get_by_test_id("saving-pill")
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {PATIENCE_MS / 1000:.0f} s the film still says: {pill.inner_text()}")
            if pill.get_attribute("data-state") == "offline" and pill.get_by_role("button").is_visible():
                with contextlib.suppress(Error):
                    pill.get_by_role("button").click(timeout=500)
            page.wait_for_timeout(TRY_AGAIN_SECONDS * 200)
