"""What can go wrong at any moment. Each takes the hands in the middle of their work and brings them back to a film on
screen, everything reachable again; whether anything was lost is looked at afterwards, by somebody else."""

import contextlib
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, TimeoutError

from inference.anatomy.regions import REGION_IDS
from tests.factories.http import Caller
from tests.soak.chaos_hands import OPERATIONS, PATIENCE_MS, SUBMIT, Hands
from tests.soak.gesture_log import Gesture, GestureLog
from tests.soak.web_site import PASSWORD

LONGEST_MOMENT_MS = 900
"""Gestures are gathered for 400 ms, then travel: the blow falls before, during or after."""

OTHER = "other"
"""The account that draws on the same films."""
FINISHED_WITHIN_MS = 3000


def pause(hands: Hands) -> None:
    """Some moment."""
    hands.page.wait_for_timeout(hands.chance.uniform(0, LONGEST_MOMENT_MS))


def gestures(hands: Hands, fewest: int, most: int) -> None:
    for _ in range(hands.chance.randint(fewest, most)):
        hands.gesture()


def lose_the_tab(hands: Hands, how: str = "") -> None:
    """The tab is closed, or its process dies, or the whole browser; now and then in the middle of a drag."""
    if hands.chance.random() < 0.25:
        hands.half_a_gesture()
    {"close": hands.close_tab, "crash": hands.crash_tab, "kill": hands.kill_browser}[
        how or hands.chance.choice(("close", "crash"))
    ]()


def tab_closed(hands: Hands) -> None:
    pause(hands)
    lose_the_tab(hands, "close")


def tab_crashed(hands: Hands) -> None:
    pause(hands)
    lose_the_tab(hands, "crash")


def browser_killed(hands: Hands) -> None:
    pause(hands)
    lose_the_tab(hands, "kill")


def network_cut(hands: Hands) -> None:
    """Off for some gestures; in every third case the tab does not live to see it come back."""
    hands.context.set_offline(True)
    gestures(hands, 1, 3)
    pause(hands)
    if hands.chance.random() < 0.33:
        lose_the_tab(hands)
    hands.context.set_offline(False)


def request_lost(hands: Hands) -> None:
    with hands.disturbed(OPERATIONS, lose="request", times=hands.chance.randint(1, 2)):
        gestures(hands, 1, 2)
        pause(hands)
        if hands.chance.random() < 0.33:
            lose_the_tab(hands)


def answer_lost(hands: Hands) -> None:
    """The server has it, the browser does not know."""
    with hands.disturbed(OPERATIONS, lose="answer", times=hands.chance.randint(1, 2)):
        gestures(hands, 1, 3)
        pause(hands)
        if hands.chance.random() < 0.33:
            lose_the_tab(hands)


def session_ended(hands: Hands) -> None:
    """Signed out in the middle: asked again over the film, or, when the tab dies too, before it."""
    hands.wait_until_saved()
    hands.rows.end_all_sessions()
    signed_in = hands.signed_in
    hands.gesture()
    if hands.signed_in != signed_in:
        return  # the dialog came before the gesture, of something that the page asked by itself
    if hands.chance.random() < 0.25:
        pause(hands)
        lose_the_tab(hands)
        return
    hands.page.locator("input[type=password]").wait_for()
    hands.give_password(hands.page)


def server_killed(hands: Hands) -> None:
    """``kill -9`` while gestures are on their way; some more while it is down."""
    pause(hands)
    hands.site.kill()
    gestures(hands, 1, 2)
    pause(hands)
    if hands.chance.random() < 0.33:
        lose_the_tab(hands)
    hands.site.start()


def _two_tabs(hands: Hands, decide: Callable[[Page, str, Gesture], None]) -> None:
    """The same film in two tabs; the first cannot send while the second changes the same region."""
    hands.wait_until_saved()
    second = hands.open_again()
    hands.make_ready(second)
    region = hands.chance.choice(REGION_IDS)
    with hands.disturbed(OPERATIONS, lose="request", times=1000):
        mine = hands.gesture(region=region)
        hands.log.give_up(mine)  # until it is decided
        hands.gesture(second, region)
        hands.wait_until_saved(second)
    second.close()
    panel = hands.page.get_by_test_id(f"conflict-{region}")
    hands.try_again_until(panel.is_visible)
    decide(hands.page, region, mine)
    panel.wait_for(state="hidden")
    hands.forget_history()


def two_tabs_mine(hands: Hands) -> None:
    def keep_mine(page: Page, region: str, mine: Gesture) -> None:
        page.get_by_test_id(f"conflict-{region}").get_by_role("button").first.click()
        hands.log.note(mine)

    _two_tabs(hands, keep_mine)


def two_tabs_theirs(hands: Hands) -> None:
    def take_theirs(page: Page, region: str, mine: Gesture) -> None:
        page.get_by_test_id(f"conflict-{region}").get_by_role("button").last.click()

    _two_tabs(hands, take_theirs)


def two_tabs_one_dies(hands: Hands) -> None:
    """The tab that could not send dies, after the other has saved its own."""
    hands.wait_until_saved()
    second = hands.open_again()
    hands.make_ready(second)
    mine, theirs = hands.chance.sample(REGION_IDS, 2)
    with hands.disturbed(OPERATIONS, lose="request", times=1000):
        hands.gesture(region=mine)
        hands.gesture(second, theirs)
        hands.wait_until_saved(second)
        lose_the_tab(hands)
    second.close()


def two_people(hands: Hands) -> None:
    """Somebody else draws on the same film at the same time, in a draft of their own."""
    other = Caller(hands.site.url, OTHER, PASSWORD)
    mine = Caller(hands.site.url, hands.username, PASSWORD)
    film = mine.get(f"/box-sets/{hands.box_set}")["radiograph"]["id"]
    draft = other.post(f"/radiographs/{film}/box-sets")
    revisions = {row["region"]: row["revision"] for row in draft["regions"]}
    log = hands.logs.setdefault(draft["id"], GestureLog())
    for number, region in enumerate(hands.chance.sample(REGION_IDS, 4), start=1):
        x, y = hands.chance.uniform(0, 100), hands.chance.uniform(0, 100)
        box = (x, y, x + 20, y + 30)
        operation = {
            "id": str(uuid4()), "seq": number, "kind": "set", "region": region, "base_revision": revisions[region],
            "box": dict(zip(("x0", "y0", "x1", "y1"), box, strict=True)), "made_at": "2026-01-01T10:00:00Z",
        }  # fmt: skip
        other.post(f"/box-sets/{draft['id']}/operations", {"operations": [operation]})
        log.note(Gesture(region, "set", box))
        hands.gesture()


def finish_request_lost(hands: Hands) -> None:
    _finish(hands, "request")


def finish_answer_lost(hands: Hands) -> None:
    _finish(hands, "answer")


def finish_server_killed(hands: Hands) -> None:
    _finish(hands, "server")


def _finish(hands: Hands, lose: str) -> None:
    """All regions get a box, Space; what fails on the way is tried again until the next film has come."""
    finished = hands.box_set
    hands.settle_all()
    hands.page.get_by_test_id("film-surface").focus()
    if lose == "server":
        hands.page.keyboard.press("Space")
        hands.page.wait_for_timeout(hands.chance.uniform(0, 300))
        hands.site.kill()
        hands.site.start()
        _press_on(hands, finished)
    else:
        with hands.disturbed(SUBMIT, lose=lose, times=1):
            _press_on(hands, finished)
    hands.finished.append(finished)
    hands.arrived()


def _press_on(hands: Hands, finished: str) -> None:
    room = hands.page.get_by_test_id("workbench")
    for _ in range(PATIENCE_MS // FINISHED_WITHIN_MS):
        if room.get_attribute("data-box-set") == finished and not hands.page.get_by_test_id("finish").is_disabled():
            hands.page.get_by_test_id("film-surface").focus()
            hands.page.keyboard.press("Space")
        with contextlib.suppress(TimeoutError):
            hands.page.wait_for_function(
                "id => document.querySelector('[data-testid=workbench]')?.dataset.boxSet !== id",
                arg=finished, timeout=FINISHED_WITHIN_MS,
            )  # fmt: skip
            return
    raise TimeoutError(f"the film was not finished: {hands.page.get_by_test_id('message').inner_text()}")


MOMENTS: dict[str, Callable[[Hands], None]] = {
    "tab closed": tab_closed,
    "tab crashed": tab_crashed,
    "browser killed": browser_killed,
    "network cut": network_cut,
    "request lost": request_lost,
    "answer lost": answer_lost,
    "session ended": session_ended,
    "server killed": server_killed,
    "two tabs, keep mine": two_tabs_mine,
    "two tabs, take theirs": two_tabs_theirs,
    "two tabs, one dies": two_tabs_one_dies,
    "two people": two_people,
    "finishing, request lost": finish_request_lost,
    "finishing, answer lost": finish_answer_lost,
    "finishing, server killed": finish_server_killed,
}
