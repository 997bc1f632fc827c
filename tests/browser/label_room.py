"""One film that one person labels in the real labelling room, for tests that work it by hand."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser import workbench_steps as steps
from tests.browser.workbench_steps import Corners
from tests.factories.http import Caller

_IS_FREE = """([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return !there.closest('[data-handle], .film-box-solid [data-part=edge]');
}"""


@dataclass(frozen=True)
class LabelFilm:
    """A drawn film in the workplace, shown as it is stored; its true boxes in image pixels."""

    radiograph: str
    study: str
    boxes: dict[str, Corners]


class Room:
    """One film that one person labels; boxes in image pixels."""

    def __init__(self, page: Page, url: str, person: str, film: LabelFilm) -> None:
        self.page, self.caller = page, Caller(url, person)
        self.film, self.truth = film, film.boxes
        steps.sign_in(page, url, person)
        self.box_set = self.caller.post(f"/radiographs/{film.radiograph}/box-sets")["id"]
        page.goto(f"{url}/label/{self.box_set}")
        self.place = steps.film_on_screen(page)
        page.get_by_test_id("film-surface").focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return steps.film_on_screen(self.page).on_screen(x, y)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        steps.drag(self.page, self.at(*start), self.at(*end))

    def draw(self, region: str) -> None:
        """From a corner where a press draws: not on the edge or a handle of another box."""
        x0, y0, x1, y1 = self.truth[region]
        for start, end in (((x0, y0), (x1, y1)), ((x1, y0), (x0, y1)), ((x0, y1), (x1, y0)), ((x1, y1), (x0, y0))):
            if self.page.evaluate(_IS_FREE, list(self.at(*start))):
                return self.drag(start, end)
        raise AssertionError(f"no corner of {region} is free")

    def state(self, region: str) -> str:
        return steps.state_of(self.page, region)

    def expect_state(self, region: str, state: str) -> None:
        expect(self.page.get_by_test_id(f"region-{region}")).to_have_attribute("data-state", state)

    def expect_in_hand(self, region: str) -> None:
        expect(self.page.get_by_test_id(f"region-{region}")).to_have_attribute("aria-current", "true")

    def expect_settled(self, count: int) -> None:
        expect(self.page.get_by_test_id("regions-count")).to_contain_text(re.compile(rf"(^|\D){count}\D"))

    def box(self, region: str) -> Corners:
        """The box as the film shows it."""
        shape = self.page.get_by_test_id(f"box-{region}").locator(".film-outline")
        x, y, width, height = (float(shape.get_attribute(name) or "nan") for name in ("x", "y", "width", "height"))
        return x, y, x + width, y + height

    def message(self) -> str:
        return self.page.get_by_test_id("message").inner_text()

    def click_template(self) -> None:
        """Wrist, tip of the middle finger, tip of the thumb, from the true boxes."""
        for point in self.template_points():
            self.page.mouse.click(*self.at(*point))

    def template_points(self) -> list[tuple[float, float]]:
        carpals, middle, thumb = self.truth["carpals"], self.truth["dp3"], self.truth["dp1"]
        return [
            ((carpals[0] + carpals[2]) / 2, (carpals[1] + carpals[3]) / 2),
            ((middle[0] + middle[2]) / 2, middle[1] + 2),
            (thumb[2] - (thumb[2] - thumb[0]) / 4, thumb[1] + (thumb[3] - thumb[1]) / 4),
        ]
