"""The reading room by keyboard, by mouse and by touch, in both languages: what is asked, what is kept, what stays
hidden until the lock, and what a correction says of itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from inference.standards.greulich_pyle import gp_standards_months
from tests.browser import workbench_steps as steps
from tests.factories.http import Caller
from tests.soak.web_site import WebSite

pytestmark = [pytest.mark.browser]

FILMS = 4
"""Of each sex."""
_FILMS = """
import sys
import django; django.setup()
from tests.factories.studies import make_study
[make_study(sex=sex, stored=True) for _ in range(int(sys.argv[1])) for sex in "MF"]
"""
_UNREADABLE = """
import django; django.setup()
from tests.factories.studies import make_unreadable_film
[make_unreadable_film("the wrist is cut off", "motion") for _ in range(2)]
"""
GP_TABLE = Path(__file__).parents[2] / "inference" / "standards" / "data" / "gp_standards.csv"


@pytest.fixture(scope="module")
def site(application: WebSite) -> WebSite:
    """The application with films of both sexes, written straight into its rows and store: the gate has tests of its
    own, and takes minutes on a busy machine."""
    application.run(_FILMS, str(FILMS))
    return application


def test_the_application_serves(application: WebSite) -> None:
    """By itself, so that starting the application on a busy machine is not counted with what follows."""
    assert Caller(application.url, "reader1").get("/home")["read"] == {"left": 0}


@pytest.fixture
def tablet(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, has_touch=True, locale="zh-CN")
    context.set_default_timeout(steps.PATIENCE_MS)
    yield context.new_page()
    context.close()


def open_room(page: Page, site: WebSite, username: str, *, language: str = "en") -> None:
    Caller(site.url, username).call("PATCH", "/session", json={"language": language})
    steps.sign_in(page, site.url, username)
    assert steps.open_next_to_read(page)
    steps.film_on_screen(page)


def asked_of_the_server(page: Page) -> dict:
    """The reading on screen, as the server sends it."""
    token = page.url.rsplit("/", 1)[1]
    return dict(json.loads(page.evaluate("token => fetch(`/api/v1/reading/${token}`).then(a => a.text())", token)))


def plates(page: Page) -> list[int]:
    names = page.get_by_test_id("plates").get_by_role("radio").evaluate_all("all => all.map(one => one.dataset.testid)")
    return [int(re.sub(r"\D", "", name)) for name in names]


def test_the_strip_offers_exactly_the_tables_ages_of_each_sex(page: Page, site: WebSite) -> None:
    seen = set()
    open_room(page, site, "reader1")
    while seen != {"M", "F"}:
        sex = asked_of_the_server(page)["sex"]
        expected = [
            int(line.split(",")[2])
            for line in GP_TABLE.read_text().splitlines()[1:]
            if line.split(",")[0] == {"M": "male", "F": "female"}[sex]
        ]
        assert plates(page) == expected == list(gp_standards_months(sex))
        seen.add(sex)
        if seen != {"M", "F"}:
            steps.read_study(page, 100)
            assert steps.read_next(page), "films of both sexes are there"
            steps.film_on_screen(page)


def test_by_keyboard_alone(page: Page, site: WebSite) -> None:
    open_room(page, site, "reader1")
    before = page.content() + str(asked_of_the_server(page))
    assert "chronological_age_months" not in before
    offered = plates(page)
    page.keyboard.type("0907")  # two figures of years go on to the months
    note = page.get_by_test_id("age-note")
    expect(note).to_contain_text(re.compile(r"9.y.7.m"))
    expect(note).to_contain_text("Between plates")
    above = next(plate for plate in offered if plate > 115)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_test_id(f"plate-{above}")).to_have_attribute("aria-checked", "true")
    expect(note).to_contain_text("On the plate")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("locked")).to_be_visible()
    locked = asked_of_the_server(page)
    assert (locked["read"]["bone_age_months"], locked["read"]["plate_months"]) == (above, above)
    assert locked["revealed"]["chronological_age_months"] > 0
    expect(page.get_by_test_id("revealed")).to_contain_text(re.compile(r"\d+.[ym]"))
    token = page.url
    expect(page.get_by_test_id("read-next")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function("url => location.href !== url", arg=token)


def test_a_plate_chosen_is_kept_beside_the_months(page: Page, site: WebSite) -> None:
    open_room(page, site, "reader1")
    page.get_by_test_id("plate-120").click()
    page.get_by_test_id("read-months").fill("3")
    expect(page.get_by_test_id("age-note")).to_contain_text("from plate 10")
    page.get_by_test_id("lock").click()
    expect(page.get_by_test_id("locked")).to_be_visible()
    kept = asked_of_the_server(page)["read"]
    assert (kept["bone_age_months"], kept["plate_months"]) == (123, 120)


def test_by_mouse_in_chinese_a_slip_is_corrected_and_says_so(page: Page, site: WebSite) -> None:
    open_room(page, site, "reader2", language="zh-Hans")
    expect(page.get_by_test_id("lock")).to_contain_text("锁定")
    page.get_by_test_id("plate-36").click()
    expect(page.get_by_test_id("age-note")).to_contain_text("正在标准图上")
    page.get_by_test_id("lock").click()
    expect(page.get_by_test_id("locked-age")).to_contain_text("3")
    page.get_by_test_id("amend").click()
    page.get_by_test_id("reason-dialog").get_by_test_id("read-years").fill("13")
    page.get_by_test_id("reason-dialog").get_by_test_id("read-months").fill("0")
    page.get_by_test_id("reason-confirm").click()
    expect(page.get_by_text("请写明原因")).to_be_visible()
    page.get_by_test_id("reason-text").fill("13 岁误为 3 岁")
    page.get_by_test_id("reason-confirm").click()
    expect(page.get_by_test_id("locked-age")).to_contain_text("13")
    expect(page.get_by_test_id("locked")).to_contain_text("见到实际年龄后更改")
    after = asked_of_the_server(page)["read"]
    assert (after["version"], after["after_age_seen"], after["bone_age_months"]) == (2, True, 156)


def test_cannot_be_read_with_a_reason(page: Page, site: WebSite) -> None:
    open_room(page, site, "reader2")
    page.get_by_test_id("unreadable").click()
    page.get_by_test_id("reason-text").fill("the wrist is cut off")
    page.get_by_test_id("reason-confirm").click()
    expect(page.get_by_test_id("locked")).to_contain_text("cannot be read")
    assert asked_of_the_server(page)["status"] == "unreadable"
    assert "revealed" in asked_of_the_server(page)


def test_what_readers_cannot_read_is_decided_by_a_reviewer(page: Page, site: WebSite) -> None:
    site.run(_UNREADABLE)
    Caller(site.url, "reviewer").call("PATCH", "/session", json={"language": "en"})
    steps.sign_in(page, site.url, "reviewer")
    page.get_by_role("button", name="Decide").click()
    rows = page.locator("tr[data-status=unreadable]").filter(has_text="motion")
    expect(rows).to_have_count(2)
    rows.first.get_by_role("button").click()
    answers = page.get_by_test_id("unreadable-answers")
    expect(answers).to_contain_text("the wrist is cut off")
    expect(answers).to_contain_text("motion")
    page.get_by_test_id("confirm-unreadable").click()
    expect(page.get_by_test_id("decided")).to_contain_text("no bone age")
    expect(rows).to_have_count(1)
    rows.first.get_by_role("button").click()
    page.get_by_test_id("reopen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("the bones can be told apart")
    dialog.get_by_role("button", name="Send to another reader").click()
    expect(page.get_by_test_id("consensus-history")).to_contain_text("the bones can be told apart")
    expect(page.locator("[data-testid=consensus-detail][data-status=open]")).to_be_visible()
    expect(rows).to_have_count(0)
    page.get_by_test_id("filter-no_bone_age").click()
    page.locator("tr[data-status=no_bone_age]").get_by_role("button").click()
    expect(page.get_by_test_id("confirmed-unreadable")).to_contain_text("no bone age")


def in_reach(button: Locator, page: Page) -> bool:
    box, size = button.bounding_box(), page.viewport_size
    return box is not None and size is not None and box["y"] + box["height"] <= size["height"] and box["height"] >= 40


def test_by_touch_on_a_tablet_in_chinese(tablet: Page, site: WebSite) -> None:
    open_room(tablet, site, "reader2", language="zh-Hans")
    assert in_reach(tablet.get_by_test_id("lock"), tablet), "the button stays in sight below all plates"
    plate = tablet.get_by_test_id("plate-96" if 96 in plates(tablet) else "plate-94")
    box = plate.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    plate.tap()
    tablet.get_by_test_id("lock").tap()
    expect(tablet.get_by_test_id("locked")).to_be_visible()
    assert asked_of_the_server(tablet)["read"]["plate_months"] in (94, 96)
    assert in_reach(tablet.get_by_test_id("read-next"), tablet)


def test_under_hidden_repeats_the_room_says_one_sentence_and_no_age(page: Page, site: WebSite) -> None:
    Caller(site.url, "admin").call("PATCH", "/protocol", json={"repeat_share": 0.5})
    open_room(page, site, "reader1")
    steps.read_study(page, 111)  # it may have been begun under the protocol before, and keeps that
    assert steps.read_next(page)
    steps.film_on_screen(page)
    steps.read_study(page, 111)
    expect(page.get_by_test_id("revealed")).to_contain_text("since any film may be read again")
    assert asked_of_the_server(page)["revealed"] is None
