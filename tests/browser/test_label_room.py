"""The labelling room in a real browser: every key and every gesture, by mouse, by touch and by the keyboard alone."""

import itertools
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from inference.anatomy.regions import REGION_IDS
from tests.browser import workbench_steps as steps
from tests.browser.label_room import LabelFilm, Room
from tests.factories.http import DEMONSTRATION_PASSWORD, Caller
from tests.soak.web_site import WebSite
from training.phantom.cohort import demo_cohort

pytestmark = [pytest.mark.browser]

BESIDE = ("worker",)

SIZE = (480, 360)
ONE_TIME_PASSWORD = "opens-only-once"
REGION_KEYS = "1234567qertysghjk"
"""In the order of the regions."""
FILMS = 3
BLIND = ("guided", "template", "mouse", "touch", "keyboard", "windows")
OPEN = "open"
"""Who may still read the films is shown no suggestions of a model; who may not is. Each test has a labeller of its own,
since a film has one draft of each."""
_TAKE_IN = """
import sys
from pathlib import Path
import django; django.setup()
from tests.factories.studies import take_in
print(*(take_in(Path(path).read_bytes()).pk for path in sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def films(application: WebSite, tmp_path_factory: pytest.TempPathFactory) -> list[LabelFilm]:
    """Three films, shown as they are stored, and somebody for each test. The gate has tests of its own."""
    admin, labeller, found = Caller(application.url, "admin"), Caller(application.url, "labeller"), []
    for username in (*BLIND, OPEN):
        roles = ["labeller"] if username == OPEN else ["labeller", "reader"]
        account = {"username": username, "display_name": username, "roles": roles, "language": "en"}
        admin.post("/people", account | {"password": ONE_TIME_PASSWORD})
        own = {"old": ONE_TIME_PASSWORD, "new": DEMONSTRATION_PASSWORD}
        Caller(application.url, username, ONE_TIME_PASSWORD).post("/session/password", own)
    plain = (film for film in demo_cohort(41, 12, size=SIZE) if not film.phantom.mirrored)
    chosen = list(itertools.islice((film for film in plain if not film.phantom.poor_exposure), FILMS))
    paths = [tmp_path_factory.mktemp("films") / film.filename for film in chosen]
    for path, film in zip(paths, chosen, strict=True):
        path.write_bytes(film.data)
    studies = application.run(_TAKE_IN, *map(str, paths)).split()
    for study, film in zip(studies, chosen, strict=True):
        radiograph = labeller.get(f"/studies/{study}")["radiographs"][0]
        assert radiograph["view"] == {"quarter_turns": 0, "mirrored": False}
        found.append(LabelFilm(radiograph["id"], study, {region: tuple(box) for region, box in film.boxes.items()}))
    return found


def _with_suggestions(url: str, film: LabelFilm) -> None:
    """The shipped model's boxes, once its run has come round."""
    caller = Caller(url, "researcher")
    deadline = time.monotonic() + steps.WORK_MS / 1000
    while caller.get(f"/studies/{film.study}")["prediction"] is None:
        assert time.monotonic() < deadline, "the model has not looked at the film"
        time.sleep(0.3)


def test_the_next_picture_is_there_before_it_is_asked_for(
    page: Page, application: WebSite, films: list[LabelFilm]
) -> None:
    steps.sign_in(page, application.url, "labeller")
    pictures: list[str] = []
    page.on("request", lambda request: pictures.append(request.url) if request.url.endswith("/pixels") else None)
    with page.expect_response(re.compile("/label/upcoming")):
        assert steps.open_next_to_label(page)
        steps.film_on_screen(page)
    while len(set(pictures)) < 2:  # this film's and the next one's; the time-out of the test ends it
        page.wait_for_timeout(50)
    page.wait_for_timeout(500)
    assert len(set(pictures)) == 2, "and no more"
    room = page.get_by_test_id("workbench").get_attribute("data-box-set")
    seen = len(pictures)
    steps.settle_all_regions(page)
    page.get_by_test_id("film-surface").focus()
    page.keyboard.press("Space")
    page.wait_for_function("id => document.querySelector('[data-testid=workbench]')?.dataset.boxSet !== id", arg=room)
    steps.film_on_screen(page)
    assert pictures[seen:] in ([], pictures[seen : seen + 1]), "at most the one after is fetched, never this one again"
    assert len(set(pictures)) == len(pictures), "no picture was fetched twice"


def test_every_key(page: Page, application: WebSite, films: list[LabelFilm]) -> None:
    _with_suggestions(application.url, films[0])
    room = Room(page, application.url, OPEN, films[0])
    suggested = {region for region in REGION_IDS if room.state(region) == "suggested"}
    assert len(suggested) > 8
    for key, region in zip(REGION_KEYS, REGION_IDS, strict=True):
        room.press(key)
        room.expect_in_hand(region)
    region = sorted(suggested)[0]
    room.press(REGION_KEYS[REGION_IDS.index(region)], "Enter")
    room.expect_state(region, "verified")
    room.press("Control+z")
    room.expect_state(region, "suggested")
    room.press("Control+y")
    room.expect_state(region, "verified")
    room.press("Control+z", "Control+Shift+z")
    room.expect_state(region, "verified")
    room.press("Shift+Enter")
    room.expect_settled(len(suggested))

    room.press(REGION_KEYS[REGION_IDS.index(region)])
    before = room.box(region)
    for keys, moved in (
        (("ArrowRight",), (1, 0, 1, 0)),
        (("Shift+ArrowDown",), (0, 10, 0, 10)),
        (("Alt+ArrowLeft",), (-1, 0, 0, 0)),
        (("Alt+Shift+ArrowLeft", "Alt+Shift+ArrowLeft"), (2, 0, 0, 0)),
    ):
        room.press(*keys)
        wanted = tuple(a + b for a, b in zip(before, moved, strict=True))
        expect.soft(page.get_by_test_id(f"region-{region}")).to_be_visible()
        assert room.box(region) == pytest.approx(wanted), keys
        before = wanted
    for key, attribute in (("n", "centre_not_visible"), ("o", "occluded"), ("f", "difficult")):
        room.press(key)
        expect(page.get_by_test_id(f"attribute-{attribute}")).to_have_attribute("aria-pressed", "true")
    room.press("Delete")
    room.expect_state(region, "missing" if region not in suggested else "suggested")
    room.press("p")
    room.expect_state(region, "edited")
    room.press("Backspace")
    room.press("x")
    page.get_by_test_id("absent-dialog").wait_for()
    room.press("2")
    room.expect_state(region, "absent")
    expect(page.get_by_test_id(f"region-{region}")).to_contain_text("amputated")
    page.get_by_test_id("absent-dialog").wait_for(state="hidden")  # while it goes, Tab is still its own

    here = page.locator("[aria-current=true][data-testid^=region-]").get_attribute("data-testid")
    room.press("Tab")
    expect(page.locator("[aria-current=true][data-testid^=region-]")).not_to_have_attribute("data-testid", str(here))
    room.press("Shift+Tab")
    for key, test_id in (("i", "film-invert"), ("\\", "film-mirror"), ("w", "tool-draw"), ("c", "tool-template")):
        tool = page.get_by_test_id(test_id)
        now = tool.get_attribute("aria-pressed") == "true"
        room.press(key)
        expect(tool).to_have_attribute("aria-pressed", str(not now).lower())
        room.press(key)
        expect(tool).to_have_attribute("aria-pressed", str(now).lower())
    overlay, reading = page.get_by_test_id("film-overlay"), page.locator(".film-reading")
    fitted = overlay.get_attribute("viewBox") or ""
    for key in ("+", "z", "-", "]"):
        shown = overlay.get_attribute("viewBox") or ""
        room.press(key)
        expect(overlay).not_to_have_attribute("viewBox", shown)
    room.press("[", "0")
    expect(overlay).to_have_attribute("viewBox", fitted)
    window = reading.inner_text()
    room.press("v")
    expect(reading).not_to_have_text(window)
    room.press("u")
    expect(reading).to_have_text(window)
    page.keyboard.down("b")
    expect(overlay).to_have_attribute("data-hidden", "true")
    page.keyboard.up("b")
    expect(overlay).not_to_have_attribute("data-hidden", "true")
    page.keyboard.down("l")
    steps.drag(page, room.at(100, 100), room.at(160, 130))
    page.keyboard.up("l")
    expect(reading).not_to_have_text(window)
    room.press("?")
    page.get_by_test_id("keymap").wait_for()
    room.press("Escape")
    expect(page.get_by_test_id("keymap")).to_have_count(0)

    room.press("1", "Delete", "Space")
    expect(page.get_by_test_id("message")).to_contain_text("Not finished yet: distal radius")
    room.press("d")
    page.wait_for_function(
        "id => document.querySelector('[data-testid=workbench]')?.dataset.boxSet !== id", arg=room.box_set
    )
    page.get_by_test_id("film-surface").focus()
    room.press("a")
    page.wait_for_function(
        "id => document.querySelector('[data-testid=workbench]')?.dataset.boxSet === id", arg=room.box_set
    )
    room.expect_state(region, "absent")


_IS_ON_TOP = """pill => {
    const { x, y, width, height } = pill.getBoundingClientRect();
    return pill.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


def test_what_is_kept_on_the_device_stays_in_sight_without_a_server(
    page: Page, application: WebSite, films: list[LabelFilm]
) -> None:
    """The line that says that the server is away lay over the header, and so over what is kept."""
    room = Room(page, application.url, BLIND[0], films[2])
    page.context.set_offline(True)
    room.draw("radius")
    pill = page.get_by_test_id("saving-pill")
    expect(pill).to_have_attribute("data-state", "offline")
    expect(page.get_by_role("alert")).to_be_visible()
    assert pill.evaluate(_IS_ON_TOP)
    page.context.set_offline(False)
    expect(pill).to_have_attribute("data-state", "saved")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_guided_drawing_is_17_drags_and_one_key(page: Page, application: WebSite, films: list[LabelFilm]) -> None:
    room = Room(page, application.url, BLIND[0], films[0])
    for number, region in enumerate(REGION_IDS):
        room.expect_settled(number)
        expect(page.get_by_test_id(f"region-{region}")).to_have_attribute("data-armed", "true") if number else None
        room.draw(region)
        room.expect_state(region, "edited")
    expect(page.get_by_test_id("prompt")).to_have_text("All 17 are settled.")
    with page.expect_response(re.compile("/submit$")) as submitted:
        room.press("Space")
    assert submitted.value.ok
    (cost,) = room.caller.get(f"/studies/{films[0].study}/effort")
    assert cost["actions"] == 18, "as `make bench-effort` counts it"
    assert cost["origins"]["drawn"] == 17
    saved = room.caller.get(f"/box-sets/{room.box_set}")
    for row in saved["regions"]:
        assert (row["x0"], row["y0"]) == pytest.approx(films[0].boxes[row["region"]][:2], abs=1.5), row["region"]


def test_the_template_by_mouse(page: Page, application: WebSite, films: list[LabelFilm]) -> None:
    room = Room(page, application.url, BLIND[1], films[1])
    page.get_by_test_id("hint-template").click()
    prompt = page.get_by_test_id("prompt")
    expect(prompt).to_contain_text("click the middle of the wrist")
    page.mouse.click(*room.at(*room.template_points()[0]))
    expect(prompt).to_contain_text("tip of the middle finger")
    room.press("Control+z")
    expect(prompt).to_contain_text("click the middle of the wrist")
    room.press("Escape")
    expect(prompt).to_have_text("Next: distal radius")
    room.draw("radius")
    drawn = room.box("radius")
    room.press("c")
    room.click_template()
    expect(page.get_by_test_id("message")).to_contain_text("16 suggested")
    assert room.box("radius") == drawn, "a person's box is never written over"
    expect(page.locator(".film-box-proposed")).to_have_count(16)
    room.press("Control+z")
    expect(page.locator(".film-box-proposed")).to_have_count(0)
    room.press("Control+Shift+z")
    expect(page.locator(".film-box-proposed")).to_have_count(16)
    room.draw("dp4")  # over the suggestion, though the ulna is next
    room.expect_state("dp4", "edited")
    room.expect_state("ulna", "suggested")
    expect(page.get_by_test_id("saving-pill")).to_have_attribute("data-state", "saved")
    page.reload()
    steps.film_on_screen(page)
    expect(page.get_by_test_id("message")).to_contain_text("15 suggested boxes of the template are still here")
    room.expect_state("dp4", "edited")
    with page.expect_response(re.compile("/submit$")):
        room.press("Shift+Space")
    saved = room.caller.get(f"/box-sets/{room.box_set}")
    assert saved["status"] == "submitted"
    assert [row["origin"] for row in saved["regions"]].count("template") == 15


def test_every_gesture_of_the_mouse(page: Page, application: WebSite, films: list[LabelFilm]) -> None:
    room = Room(page, application.url, BLIND[2], films[1])
    room.draw("radius")
    room.draw("ulna")
    x0, y0, x1, y1 = room.box("ulna")
    page.mouse.click(*room.at((x0 + x1) / 2, (y0 + y1) / 2))
    room.expect_in_hand("ulna")
    room.drag(((x0 + x1) / 2, (y0 + y1) / 2), ((x0 + x1) / 2 + 12, (y0 + y1) / 2 - 9))
    assert room.box("ulna") == pytest.approx((x0 + 12, y0 - 9, x1 + 12, y1 - 9), abs=1)
    x0, y0, x1, y1 = room.box("ulna")
    room.drag((x1, y1), (x1 + 8, y1 + 6))  # the corner's handle
    assert room.box("ulna") == pytest.approx((x0, y0, x1 + 8, y1 + 6), abs=1)
    radius, ulna = room.box("radius"), room.box("ulna")
    room.drag(
        (radius[0] + 0.8 * (radius[2] - radius[0]), radius[1]),
        (radius[0] + 0.8 * (radius[2] - radius[0]) + 5, radius[1]),
    )
    assert room.box("radius") == pytest.approx((radius[0] + 5, radius[1], radius[2] + 5, radius[3]), abs=1)
    radius = room.box("radius")
    page.keyboard.down("Control")
    room.drag((20, 20), (27, 31))
    page.keyboard.up("Control")
    for region, old in (("radius", radius), ("ulna", ulna)):
        assert room.box(region) == pytest.approx((old[0] + 7, old[1] + 11, old[2] + 7, old[3] + 11), abs=1)

    overlay, reading = page.get_by_test_id("film-overlay"), page.locator(".film-reading")
    window, shown = reading.inner_text(), overlay.get_attribute("viewBox") or ""
    page.mouse.move(*room.at(150, 150))
    page.mouse.wheel(0, -300)
    expect(overlay).not_to_have_attribute("viewBox", shown)
    for key, button in (("Shift", "left"), ("", "middle")):
        shown = overlay.get_attribute("viewBox") or ""
        if key:
            page.keyboard.down(key)
        page.mouse.down(button=button)
        page.mouse.move(*[value + 40 for value in room.at(150, 150)])
        page.mouse.up(button=button)
        if key:
            page.keyboard.up(key)
        expect(overlay).not_to_have_attribute("viewBox", shown)
    page.mouse.down(button="right")
    page.mouse.move(*[value + 60 for value in room.at(150, 150)], steps=3)
    page.mouse.up(button="right")
    expect(reading).not_to_have_text(window)
    room.expect_settled(2)


def _touch(devtools: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


@pytest.fixture
def tablet(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, has_touch=True, locale="en-GB")
    context.set_default_timeout(steps.PATIENCE_MS)
    yield context
    context.close()


def test_by_touch_alone(tablet: BrowserContext, application: WebSite, films: list[LabelFilm]) -> None:
    page = tablet.new_page()
    room = Room(page, application.url, BLIND[3], films[1])
    devtools = tablet.new_cdp_session(page)

    def swipe(start: tuple[float, float], end: tuple[float, float]) -> None:
        a, b = room.at(*start), room.at(*end)
        _touch(devtools, "touchStart", a)
        for share in (0.3, 0.7, 1.0):
            _touch(devtools, "touchMove", (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
        _touch(devtools, "touchEnd")

    x0, y0, x1, y1 = room.truth["radius"]
    swipe((x0, y0), (x1, y1))
    room.expect_state("radius", "edited")
    overlay = page.get_by_test_id("film-overlay")
    shown = overlay.get_attribute("viewBox") or ""
    middle = room.at(180, 240)
    _touch(devtools, "touchStart", (middle[0] - 40, middle[1]), (middle[0] + 40, middle[1]))
    _touch(devtools, "touchMove", (middle[0] - 90, middle[1]), (middle[0] + 90, middle[1]))
    _touch(devtools, "touchEnd")
    expect(overlay).not_to_have_attribute("viewBox", shown)
    page.get_by_test_id("film-fit").tap()
    expect(overlay).to_have_attribute("viewBox", shown)

    page.get_by_test_id("tool-template").tap()
    for point in room.template_points():
        page.touchscreen.tap(*room.at(*point))
    expect(page.locator(".film-box-proposed")).to_have_count(16)
    page.get_by_test_id("region-ulna").tap()
    page.get_by_test_id("hint-absent").tap()
    page.get_by_test_id("absent-overlapped").tap()
    room.expect_state("ulna", "absent")
    page.get_by_test_id("tool-undo").tap()
    room.expect_state("ulna", "suggested")
    page.get_by_test_id("tool-redo").tap()
    for test_id in ("finish", "hint-absent", "tool-template", "accept-all"):
        size = page.get_by_test_id(test_id).bounding_box()
        assert size is not None, test_id
        assert size["height"] >= 44, test_id
    page.get_by_test_id("accept-all").tap()
    room.expect_settled(17)
    with page.expect_response(re.compile("/submit$")):
        page.get_by_test_id("finish").tap()


def test_by_the_keyboard_alone(page: Page, application: WebSite, films: list[LabelFilm]) -> None:
    room = Room(page, application.url, BLIND[4], films[1])
    box = page.get_by_role("button", name="distal radius, edited")
    for region in REGION_IDS:
        room.press("p")
        room.expect_state(region, "edited")
        if region == "radius":
            expect(page.get_by_role("status").filter(has_text="distal radius: box placed")).to_be_visible()
            expect(box).to_have_attribute(
                "aria-description", re.compile(r"left \d+, top \d+, width \d+, height \d+ pixels")
            )
            left = room.box(region)[0]
            room.press("Shift+ArrowRight", "Alt+ArrowUp")
            assert room.box(region)[0] == pytest.approx(left + 10)
        room.press("Tab")
    room.expect_settled(17)
    room.press("Escape")  # leaves the film: Tab walks through the page as everywhere
    reached = set()
    for _ in range(60):
        room.press("Tab")
        reached.add(page.evaluate("document.activeElement?.dataset.testid ?? ''"))
    wanted = {"region-dp5", "finish"}
    assert wanted <= reached, wanted - reached
    page.get_by_test_id("finish").focus()
    with page.expect_response(re.compile("/submit$")):
        room.press("Enter")


def test_what_another_window_has_changed_is_looked_at_before_it_is_handed_in(
    page: Page, application: WebSite, films: list[LabelFilm]
) -> None:
    room = Room(page, application.url, "windows", films[2])
    steps.settle_all_regions(page, room.truth)
    expect(page.get_by_test_id("saving-pill")).to_have_attribute("data-state", "saved")
    other_window = page.context.new_page()
    other_window.goto(f"{application.url}/label/{room.box_set}")
    steps.film_on_screen(other_window)
    other_window.get_by_test_id("film-surface").focus()
    for key in (REGION_KEYS[REGION_IDS.index("radius")], "Shift+ArrowDown"):
        other_window.keyboard.press(key)
    expect(other_window.get_by_test_id("saving-pill")).to_have_attribute("data-state", "saved")
    other_window.close()

    page.get_by_test_id("film-surface").focus()
    before = room.box("radius")
    room.press("Space")
    expect(page.get_by_test_id("message")).to_contain_text("another window")
    assert room.box("radius") == pytest.approx((before[0], before[1] + 10, before[2], before[3] + 10))
    with page.expect_response(re.compile("/submit$")) as handed_in:
        room.press("Space")
    assert handed_in.value.status == 200


def test_keys_are_changed_checked_and_kept_for_one_person(
    page: Page, application: WebSite, films: list[LabelFilm]
) -> None:
    room = Room(page, application.url, OPEN, films[1])
    invert = page.get_by_test_id("film-invert")
    room.press("?")
    page.get_by_test_id("change-keys").click()
    page.get_by_test_id("change-invert").click()
    said = page.get_by_test_id("keys-message")
    for key, sentence in (
        ("x", "already means: Absent"),
        ("q", "already means: proximal phalanx"),
        ("Control+w", "browser"),
    ):
        if key != "Control+w":  # Chromium would close the page for a real one
            room.press(key)
            expect(said).to_contain_text(sentence)
    room.press("ArrowLeft")
    expect(said).to_contain_text("moves the box")
    room.press("m")
    expect(said).to_contain_text("Invert: now M")
    page.get_by_test_id("change-region:radius").click()
    room.press("9")
    expect(page.get_by_test_id("reset-keys")).to_be_visible()
    room.press("Escape")
    page.get_by_test_id("film-surface").focus()
    expect(invert).to_have_attribute("aria-keyshortcuts", "M")
    room.press("i")
    expect(invert).to_have_attribute("aria-pressed", "false")
    room.press("m")
    expect(invert).to_have_attribute("aria-pressed", "true")
    room.press("m", "2", "9")
    room.expect_in_hand("radius")
    expect(page.get_by_test_id("region-radius")).to_contain_text("9")

    page.reload()
    expect(invert).to_have_attribute("aria-keyshortcuts", "M")
    page.locator("[lang=zh-Hans]").first.click()
    expect(page.get_by_test_id("prompt")).to_contain_text("桡骨远端")
    page.get_by_test_id("film-surface").focus()
    room.press("?")
    page.get_by_test_id("change-keys").click()
    expect(page.get_by_test_id("change-invert")).to_contain_text("M")
    page.get_by_test_id("reset-keys").click()
    expect(page.get_by_test_id("change-invert")).to_contain_text("I")
    room.press("Escape")
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.locator("[lang=en]").first.click()

    room = Room(page, application.url, BLIND[4], films[2])
    expect(page.get_by_test_id("film-invert")).to_have_attribute("aria-keyshortcuts", "I")
