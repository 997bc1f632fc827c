"""What people do in the film rooms, step by step in a real browser: label, review, read, settle, approve.

Each step takes a page on which the person is signed in, goes where a person would go (the next one of the queue),
works with mouse and keys, and says what it did. Coordinates are image pixels, as everywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from inference.anatomy.regions import REGION_IDS

PATIENCE_MS = 60_000
"""Whatever a page does comes within this time, even where other tests and programs share the two cores."""
WORK_MS = 300_000
"""So does the work of a gate, which gives way to everything else, and of a worker."""

Corners = tuple[float, float, float, float]


@dataclass(frozen=True)
class Film:
    """Where the film lies on the screen: a window of the picture (image pixels) in a frame (screen pixels)."""

    left: float
    top: float
    width: float
    height: float
    frame_x: float
    frame_y: float
    scale: float

    def on_screen(self, x: float, y: float) -> tuple[float, float]:
        """Screen position of a point of the picture."""
        return self.frame_x + (x - self.left) * self.scale, self.frame_y + (y - self.top) * self.scale


def sign_in(page: Page, url: str, username: str, password: str = "boneage-demo") -> None:
    """Signs in by the form, as anybody would; whoever was signed in before is signed out."""
    page.context.clear_cookies()
    page.goto(f"{url}/sign-in")
    page.locator("input[autocomplete=username]").fill(username)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address, timeout=PATIENCE_MS)


def _next(page: Page, path: str, room: str, key: str) -> bool:
    """Pulls the next piece of work from a queue and goes there; False when nothing is left."""
    answer = page.evaluate(
        """async (path) => {
            const token = document.cookie.split('; ').find(c => c.startsWith('csrftoken='))?.slice(10) ?? '';
            const headers = {'X-CSRFToken': token, 'Content-Type': 'application/json'};
            const response = await fetch('/api/v1' + path, {method: 'POST', headers, body: '{}'});
            return response.status === 204 ? null : await response.json();
        }""",
        path,
    )
    if answer is None:
        return False
    origin = re.match(r"https?://[^/]+", page.url)
    page.goto(f"{origin.group(0) if origin else ''}/{room}/{answer[key]}")
    return True


def open_next_to_label(page: Page) -> bool:
    """The next film to label; False when nothing is left."""
    return _next(page, "/label/next", "label", "box_set")


def open_next_to_review(page: Page) -> bool:
    """The next box set to review; False when nothing is left."""
    return _next(page, "/review/next", "review", "box_set")


def open_next_to_read(page: Page) -> bool:
    """The next film to read blind; False when nothing is left."""
    return _next(page, "/read/next", "read", "token")


def film_on_screen(page: Page) -> Film:
    """Where the film lies now. Waits until it is there."""
    page.locator("[data-testid=film-view][data-ready]").wait_for(timeout=PATIENCE_MS)
    overlay = page.get_by_test_id("film-overlay")
    left, top, width, height = (float(part) for part in (overlay.get_attribute("viewBox") or "").split())
    frame = page.get_by_test_id("film-surface").bounding_box()
    assert frame is not None
    return Film(left, top, width, height, frame["x"], frame["y"], frame["width"] / width)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """One drag with the main button, through the middle."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def state_of(page: Page, region: str) -> str:
    """missing, suggested, edited, verified or absent, as the list says."""
    return page.get_by_test_id(f"region-{region}").get_attribute("data-state") or ""


def draw_region(page: Page, region: str, box: Corners) -> None:
    """Calls a region up from the list and draws its box in draw mode."""
    page.get_by_test_id(f"region-{region}").click()
    film = film_on_screen(page)
    drag(page, film.on_screen(box[0], box[1]), film.on_screen(box[2], box[3]))
    expect(page.get_by_test_id(f"region-{region}")).to_have_attribute("data-state", "edited")


def layout(film: Film) -> dict[str, Corners]:
    """Boxes in a grid over the visible film, for tests that need seventeen boxes and no anatomy."""
    side = min(film.width, film.height) / 8
    boxes = {}
    for index, region in enumerate(REGION_IDS):
        x = film.left + film.width / 2 + (index % 5 - 2) * side * 1.1
        y = film.top + film.height * 0.15 + (index // 5) * side * 1.2
        boxes[region] = (x, y, x + side, y + side)
    return boxes


def settle_all_regions(page: Page, boxes: Mapping[str, Corners] | None = None) -> None:
    """Accepts what is suggested and draws the rest: from `boxes` where given, else somewhere on the film."""
    film = film_on_screen(page)
    accept_all = page.get_by_test_id("accept-all")
    if accept_all.is_visible():
        accept_all.click()
    places = layout(film) | dict(boxes or {})
    open_regions = [region for region in REGION_IDS if state_of(page, region) == "missing"]
    if not open_regions:
        return
    page.get_by_test_id("film-surface").focus()
    if page.get_by_test_id("tool-draw").get_attribute("aria-pressed") != "true":
        page.keyboard.press("w")
    for region in open_regions:
        draw_region(page, region, places[region])
    page.keyboard.press("w")


def _wait_for_another(page: Page, box_set: str) -> None:
    """Until another film has come, or the room says that nothing is left."""
    page.wait_for_function(
        """id => {
            const room = document.querySelector('[data-testid=workbench], [data-testid=review]');
            return document.querySelector('[data-testid=nothing-left]') || (room && room.dataset.boxSet !== id);
        }""",
        arg=box_set,
        timeout=PATIENCE_MS,
    )


def label_study(page: Page, boxes: Mapping[str, Corners] | None = None) -> str:
    """Labels the film on screen to the end and finishes it with Space. Returns the box set's id."""
    room = page.get_by_test_id("workbench")
    room.wait_for(timeout=PATIENCE_MS)
    box_set = room.get_attribute("data-box-set") or ""
    settle_all_regions(page, boxes)
    page.get_by_test_id("film-surface").focus()
    page.keyboard.press("Space")
    _wait_for_another(page, box_set)
    return box_set


def review_study(page: Page, *, send_back: str | None = None, comments: Mapping[str, str] | None = None) -> str:
    """Accepts the box set on screen, or sends it back with a reason and comments pinned to regions."""
    room = page.get_by_test_id("review")
    room.wait_for(timeout=PATIENCE_MS)
    box_set = room.get_attribute("data-box-set") or ""
    film_on_screen(page)
    for region, text in (comments or {}).items():
        page.get_by_test_id(f"region-{region}").click()
        page.get_by_test_id("comment").click()
        page.get_by_test_id("comment-text").fill(text)
        page.get_by_test_id("pin-comment").click()
    if send_back is None:
        page.get_by_test_id("film-surface").focus()
        page.keyboard.press("Space")
    else:
        page.get_by_test_id("send-back").click()
        page.get_by_test_id("return-reason").fill(send_back)
        page.get_by_test_id("send-back-confirm").click()
    _wait_for_another(page, box_set)
    return box_set


def read_study(page: Page, months: int) -> None:
    """Types an age into the reading room on screen, locks it with Enter and waits until it is locked."""
    page.get_by_test_id("reading").wait_for(timeout=PATIENCE_MS)
    film_on_screen(page)
    page.get_by_test_id("read-years").fill(str(months // 12))
    page.get_by_test_id("read-months").fill(str(months % 12))
    page.keyboard.press("Enter")
    page.get_by_test_id("locked").wait_for(timeout=PATIENCE_MS)


def read_next(page: Page) -> bool:
    """After locking: on to the next film. False when nothing is left."""
    before = page.url
    page.get_by_test_id("read-next").click()
    page.wait_for_function("url => location.href !== url", arg=before, timeout=PATIENCE_MS)
    return not page.url.endswith("/none")


def _rows(page: Page, url: str, status: str) -> Locator:
    page.goto(f"{url}/consensus?status={status}")
    page.get_by_test_id("consensus").wait_for(timeout=PATIENCE_MS)
    page.locator("[data-testid=consensus-empty], tr[data-testid^=consensus-]").first.wait_for(timeout=PATIENCE_MS)
    return page.locator("tr[data-testid^=consensus-]")


def settle_first(page: Page, url: str, months: int, reason: str) -> bool:
    """As adjudicator: settles the largest disagreement. False when there is none."""
    rows = _rows(page, url, "adjudicating")
    if rows.count() == 0:
        return False
    rows.first.get_by_role("button").click()
    page.get_by_test_id("settle-years").fill(str(months // 12))
    page.get_by_test_id("settle-months").fill(str(months % 12))
    page.get_by_test_id("settle-reason").fill(reason)
    page.get_by_test_id("settle").click()
    page.locator("[data-testid=decided][data-status=settled]").wait_for(timeout=PATIENCE_MS)
    return True


def approve_all(page: Page, url: str, status: str = "agreed") -> int:
    """As reviewer: approves everything of a state that may be approved, at once. Returns how many rows there were."""
    rows = _rows(page, url, status)
    count = rows.count()
    if count == 0:
        return 0
    page.get_by_test_id("choose-agreed").click()
    page.get_by_test_id("approve-many").click()
    expect(rows).to_have_count(0, timeout=PATIENCE_MS)
    return count
