"""The review room in a real browser: what changed since the return, comments that are carried, the three verdicts by
keyboard, by mouse and by touch, and a study as it was."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from inference.anatomy.regions import REGION_IDS
from tests.browser import workbench_steps as steps
from tests.factories.http import Caller
from tests.factories.studies import box_for
from tests.soak.web_site import WebSite

pytestmark = [pytest.mark.browser]
FILMS = 5
_FILMS = """
import sys
import django; django.setup()
from tests.factories.studies import make_study
[make_study(stored=True) for _ in range(int(sys.argv[1]))]
"""


class Site:
    """The application's address, and the ids of its studies."""

    def __init__(self, url: str, studies: list[str]) -> None:
        self.url = url
        self.studies = studies


def test_the_application_serves(application: WebSite) -> None:
    """By itself, so that starting the application on a busy machine is not counted with what follows."""
    assert Caller(application.url, "labeller").get("/studies")["total"] == 0


@pytest.fixture(scope="module")
def site(application: WebSite) -> Site:
    """The application with films written straight into its rows and store: the gate has tests of its own."""
    application.run(_FILMS, str(FILMS))
    rows = Caller(application.url, "labeller").get("/studies", order="received_at")["results"]
    return Site(application.url, [row["id"] for row in rows])


def boxes_of(*, shift_of: str = "", shift: float = 0.0) -> list[dict[str, Any]]:
    """Seventeen gestures; one region may lie so many pixels to the right of its place."""
    return [
        {
            "id": str(uuid4()),
            "seq": number,
            "kind": "set",
            "region": region,
            "base_revision": 0,
            "box": box_for(region, shift if region == shift_of else 0.0)._asdict(),
            "made_at": "2026-01-01T10:00:00Z",
        }
        for number, region in enumerate(REGION_IDS, start=1)
    ]


def hand_in(caller: Caller, box_set: str, operations: list[dict[str, Any]]) -> None:
    caller.post(f"/box-sets/{box_set}/operations", {"operations": operations})
    caller.post(f"/box-sets/{box_set}/submit", {"effort": {"actions": len(operations), "seconds": 10}})


def label(url: str, study: str) -> str:
    """A box set of this study, handed in; the ulna lies 6 px beside its place."""
    caller = Caller(url, "labeller")
    radiograph = caller.get(f"/studies/{study}")["radiograph"]
    draft = caller.post(f"/radiographs/{radiograph}/box-sets")["id"]
    hand_in(caller, draft, boxes_of(shift_of="ulna", shift=6.0))
    return str(draft)


@pytest.fixture
def touch(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, has_touch=True, locale="en-GB")
    context.set_default_timeout(steps.PATIENCE_MS)
    yield context
    context.close()


def open_review(page: Page, url: str, box_set: str) -> None:
    steps.sign_in(page, url, "reviewer")
    page.goto(f"{url}/review/{box_set}")
    steps.film_on_screen(page)


def test_sent_back_redrawn_and_what_changed_is_shown(page: Page, site: Site) -> None:
    url = site.url
    study = site.studies[0]
    first = label(url, study)
    open_review(page, url, first)
    expect(page.get_by_test_id("changes")).to_have_count(0)
    steps.review_study(page, send_back="The ulna lies beside its place.", comments={"ulna": "Move it to the bone."})

    labeller = Caller(url, "labeller")
    again = labeller.post("/label/next")["box_set"]
    steps.sign_in(page, url, "labeller")
    page.goto(f"{url}/label/{again}")
    returned = page.get_by_test_id("returned")
    expect(returned).to_contain_text("The ulna lies beside its place.")
    carried = returned.locator("[data-testid^=comment-]")
    expect(carried).to_contain_text("Move it to the bone.")
    carried.get_by_role("button", name="Mark resolved").click()
    expect(carried).to_have_attribute("data-resolved", "true")
    moved = [row for row in boxes_of() if row["region"] == "ulna"]
    hand_in(labeller, again, moved)

    open_review(page, url, again)
    changes = page.get_by_test_id("changes")
    expect(changes).to_contain_text("1 region changed")
    expect(page.get_by_test_id("difference-ulna")).to_have_attribute("data-change", "moved")
    expect(page.get_by_test_id("difference-ulna")).to_contain_text("6.0 px (0.9 mm)")
    expect(page.locator("[data-testid=box-ulna]")).to_have_count(2)
    page.get_by_test_id("show-before").uncheck()
    expect(page.locator("[data-testid=box-ulna]")).to_have_count(1)
    expect(page.get_by_test_id("carried-comments").locator("[data-resolved=true]")).to_have_count(1)
    page.get_by_test_id("film-surface").focus()
    page.keyboard.press("Space")
    expect(page.locator(f"[data-testid=review][data-box-set='{again}']")).to_have_count(0)
    assert Caller(url, "reviewer").get(f"/box-sets/{again}")["status"] == "accepted"


def test_a_fix_is_accepted_and_its_change_stands_on_the_study_s_page(page: Page, site: Site) -> None:
    url = site.url
    study = site.studies[1]
    first = label(url, study)
    open_review(page, url, first)
    page.get_by_test_id("film-surface").focus()
    page.keyboard.press("f")
    page.get_by_test_id("workbench").wait_for()
    fix = page.get_by_test_id("workbench").get_attribute("data-box-set") or ""
    steps.film_on_screen(page)
    page.get_by_test_id("region-ulna").click()
    page.get_by_test_id("film-surface").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator(f"[data-testid=workbench][data-box-set='{fix}']")).to_have_count(0)
    reviewer = Caller(url, "reviewer")
    assert reviewer.get(f"/box-sets/{fix}")["status"] == "accepted"
    told = reviewer.get(f"/box-sets/{fix}/differences")
    assert {row["region"] for row in told["regions"] if row["change"] != "same"} == {"ulna"}

    page.goto(f"{url}/studies/{study}/boxes")
    page.get_by_test_id("version-after").click()
    page.get_by_role("option", name="accepted").click()
    expect(page.get_by_test_id("differences")).to_contain_text("1 region changed")
    expect(page.get_by_test_id("difference-ulna")).to_contain_text("3.0 px")

    page.goto(f"{url}/studies/{study}/history")
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_test_id("chain")).to_contain_text("The chain holds")
    page.get_by_role("button", name="Show the study as it was then").last.click()
    expect(page.get_by_test_id("study-then")).to_contain_text("accepted")
    page.go_back()


def test_the_verdict_by_touch_alone(touch: BrowserContext, site: Site) -> None:
    url = site.url
    study = site.studies[2]
    box_set = label(url, study)
    page = touch.new_page()
    open_review(page, url, box_set)
    page.get_by_test_id("region-ulna").tap()
    page.get_by_test_id("comment").tap()
    page.get_by_test_id("comment-text").fill("Move it.")
    page.get_by_test_id("pin-comment").tap()
    expect(page.get_by_test_id("comments")).to_contain_text("Move it.")
    for name in ("send-back", "fix", "accept-set"):
        size = page.get_by_test_id(name).bounding_box()
        assert size is not None
        assert size["height"] >= 44, f"{name} is too small for a finger"
    page.get_by_test_id("send-back").tap()
    page.get_by_test_id("return-reason").fill("The ulna.")
    page.get_by_test_id("send-back-confirm").tap()
    expect(page.locator(f"[data-testid=review][data-box-set='{box_set}']")).to_have_count(0)
    told = Caller(url, "reviewer").get(f"/box-sets/{box_set}")
    assert (told["status"], [each["text"] for each in told["comments"]]) == ("returned", ["Move it."])


def test_pins_outlast_a_reload_and_a_verdict_whose_answer_was_lost_is_no_failure(page: Page, site: Site) -> None:
    url = site.url
    box_set = label(url, site.studies[4])
    open_review(page, url, box_set)
    page.get_by_test_id("region-ulna").click()
    page.get_by_test_id("comment").click()
    page.get_by_test_id("comment-text").fill("Six pixels off.")
    page.get_by_test_id("pin-comment").click()
    page.reload()
    steps.film_on_screen(page)
    expect(page.get_by_test_id("comments")).to_contain_text("Six pixels off.")
    expect(page.get_by_test_id("pins-kept")).to_contain_text("1 comment from before")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/accept", lose_the_answer)
    page.get_by_test_id("accept-set").click()
    expect(page.get_by_test_id("message")).to_contain_text("did not work")
    reviewer = Caller(url, "reviewer")
    assert reviewer.get(f"/box-sets/{box_set}")["status"] == "accepted", "it arrived"
    page.unroute("**/accept")
    page.get_by_test_id("accept-set").click()
    expect(page.locator(f"[data-testid=review][data-box-set='{box_set}']")).to_have_count(0)
    told = [event["verb"] for event in reviewer.get(f"/studies/{site.studies[4]}/events")]
    assert told.count("accept") == 1
    kept = page.evaluate("Object.keys(sessionStorage).filter(name => name.includes('pins'))")
    assert kept == [], "what is decided leaves nothing behind"


def test_many_studies_are_assigned_from_the_list(page: Page, site: Site) -> None:
    url = site.url
    study = site.studies[3]
    steps.sign_in(page, url, "reviewer")
    page.goto(f"{url}/studies?labelling=none")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    rows.first.locator("input[type=checkbox]").check()
    page.get_by_test_id("bulk-bar").get_by_role("button", name="Assign").click()
    page.get_by_test_id("assign-person").click()
    page.get_by_role("option").first.click()
    page.get_by_test_id("assign-confirm").click()
    expect(page.get_by_test_id("bulk-outcome")).to_contain_text("1 study changed.")
    expect(rows.first).to_contain_text("Label:")
    (given,) = Caller(url, "labeller").get(f"/studies/{study}")["assigned"]
    assert given["kind"] == "label"
