"""The main job in a real browser: upload, label, review, read twice, consensus, snapshot, train, infer, evaluate.

One application serves all steps; each step is a test that builds on the one before, as a day in a hospital does. The
first films of each step go through the browser, the rest through the same API, so that the day stays short.
"""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from playwright.sync_api import Page, expect

from inference.anatomy.regions import REGION_IDS
from tests.browser import workbench_steps as steps
from tests.factories.http import ApiError, Caller
from tests.prepared import put_databases
from tests.soak.served import Served
from training.phantom.cohort import DemoFilm, demo_cohort

pytestmark = [pytest.mark.browser]

FILMS = 14
BY_BROWSER = 2
READER_GAP_MONTHS = 30
WORK_SECONDS = steps.WORK_MS / 1000


class Day:
    """What the steps hand on to each other."""

    def __init__(self, url: str, films: list[DemoFilm]) -> None:
        self.url = url
        self.films = films
        self.film_of_study: dict[str, DemoFilm] = {}

    def caller(self, username: str) -> Caller:
        return Caller(self.url, username)


@pytest.fixture(scope="module")
def whole_application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Web server, gate and workers, as ``make run`` starts them, on data of its own."""
    data_dir = tmp_path_factory.mktemp("application")
    put_databases(data_dir)
    served = Served(data_dir, "--accounts-only", BONEAGE_WEB_PROCESSES="2", BONEAGE_SWEEP_SECONDS="5")
    try:
        served.wait_until_alive()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="module")
def day(whole_application: Served) -> Day:
    films = [film for film in demo_cohort(11, FILMS + 2, size=(480, 360)) if film.sex_in_header][:FILMS]
    return Day(whole_application.url, films)


def _signed_in(page: Page, day: Day, username: str, path: str = "/") -> Page:
    steps.sign_in(page, day.url, username)
    page.goto(f"{day.url}{path}")
    return page


def _studies(caller: Caller) -> list[dict[str, Any]]:
    return list(caller.get("/studies", limit=100)["results"])


def _operations(film: DemoFilm) -> list[dict[str, Any]]:
    """A labeller's seventeen boxes, from the truth of a drawn film."""
    return [
        {
            "id": str(uuid5(NAMESPACE_URL, f"{film.filename}/{region}")),
            "seq": number,
            "kind": "set",
            "region": region,
            "base_revision": 0,
            "box": dict(zip(("x0", "y0", "x1", "y1"), map(float, film.boxes[region]), strict=True)),
            "attributes": {"centre_not_visible": False, "occluded": False, "difficult": False},
            "absent_reason": None,
            "origin": "drawn",
            "made_at": "2026-01-01T10:00:00Z",
        }
        for number, region in enumerate(REGION_IDS, start=1)
    ]  # fmt: skip


def test_upload(page: Page, day: Day, tmp_path: Path) -> None:
    _signed_in(page, day, "labeller", "/studies")
    files = []
    for film in day.films[:BY_BROWSER]:
        files.append(tmp_path / film.filename)
        files[-1].write_bytes(film.data)
    note = tmp_path / "note.txt"
    note.write_text("not a film")
    page.locator("input[type=file]").first.set_input_files([*map(str, files), str(note)])
    expect(page.locator("tbody tr")).to_have_count(BY_BROWSER, timeout=steps.WORK_MS)
    expect(page.get_by_text("note.txt")).to_be_visible()


def test_the_other_films_come_in(day: Day) -> None:
    labeller = day.caller("labeller")
    for film in day.films:  # what came by the browser answers duplicate, and tells which study it became
        outcome = labeller.upload(film.filename, film.data, timeout_seconds=WORK_SECONDS)
        assert outcome["outcome"] in {"received", "duplicate"}, outcome
        day.film_of_study[outcome["study"]] = film
    assert len(day.film_of_study) == FILMS


def test_the_shipped_model_looks_at_each_film(page: Page, day: Day) -> None:
    researcher = day.caller("researcher")
    deadline = time.monotonic() + WORK_SECONDS
    while waiting := [row for row in _studies(researcher) if row["prediction"] is None]:
        assert time.monotonic() < deadline, f"{len(waiting)} of {FILMS} films have no result"
        time.sleep(0.5)
    study = next(row["id"] for row in _studies(researcher) if row["prediction"]["bone_age_months"] is not None)
    _signed_in(page, day, "researcher", f"/studies/{study}")
    expect(page.get_by_test_id("bone-age")).to_be_visible()
    expect(page.get_by_text("Research use only", exact=False).first).to_be_visible()
    expect(page.get_by_text("Synthetic", exact=False).first).to_be_visible()


def test_label(page: Page, day: Day) -> None:
    labeller = day.caller("labeller")
    _signed_in(page, day, "labeller")
    assert steps.open_next_to_label(page)
    for _ in range(BY_BROWSER):
        box_set = labeller.get(f"/box-sets/{re.search(r'[0-9a-f-]{36}', page.url).group()}")  # type: ignore[union-attr]
        film = day.film_of_study[box_set["study"]["id"]]
        steps.label_study(page, {region: tuple(box) for region, box in film.boxes.items()})
    while work := labeller.post("/label/next"):
        film = day.film_of_study[work["study"]]
        kept = {
            region["region"]: region["revision"] for region in labeller.get(f"/box-sets/{work['box_set']}")["regions"]
        }
        operations = [operation | {"base_revision": kept[operation["region"]]} for operation in _operations(film)]
        saved = labeller.post(f"/box-sets/{work['box_set']}/operations", {"operations": operations})
        assert not saved["conflicts"]
        labeller.post(f"/box-sets/{work['box_set']}/submit", {"effort": {"actions": 17, "seconds": 40.0}})
    assert {row["labelling"] for row in _studies(day.caller("researcher"))} == {"submitted"}


def test_review(page: Page, day: Day) -> None:
    reviewer = day.caller("reviewer")
    _signed_in(page, day, "reviewer")
    assert steps.open_next_to_review(page)
    returned = steps.review_study(page, send_back="The ulna is cut.", comments={"ulna": "Include the growth plate."})
    for _ in range(BY_BROWSER):
        steps.review_study(page)
    while work := reviewer.post("/review/next"):
        reviewer.post(f"/box-sets/{work['box_set']}/accept")
    labeller = day.caller("labeller")
    assert [row["reason"] for row in labeller.get("/home")["label"]["returned"]] == ["The ulna is cut."]
    _signed_in(page, day, "labeller")
    assert steps.open_next_to_label(page)
    expect(page.get_by_test_id("returned")).to_contain_text("The ulna is cut.")
    assert steps.label_study(page) != returned
    work = reviewer.post("/review/next")
    reviewer.post(f"/box-sets/{work['box_set']}/accept")
    assert {row["labelling"] for row in _studies(day.caller("researcher"))} == {"accepted"}


def _months_of_film(pixels: bytes) -> int:
    """What the readers of this test say to a film: fixed by its pixels, as they agree but for one."""
    return 36 + int(hashlib.sha256(pixels).hexdigest()[:4], 16) % 150


def _pixels(reader: Caller, token: str) -> bytes:
    return reader.call("GET", f"/reading/{token}/pixels").content


def test_read_twice_blind(page: Page, day: Day) -> None:
    for username, gap_months in (("reader1", 0), ("reader2", READER_GAP_MONTHS)):
        reader = day.caller(username)
        assert all(row["blinded"] and row["prediction"] is None for row in _studies(reader))
        _signed_in(page, day, username)
        assert steps.open_next_to_read(page)
        token = page.url.rsplit("/", 1)[-1]
        steps.read_study(page, _months_of_film(_pixels(reader, token)) + gap_months)
        while work := reader.post("/read/next"):
            months = _months_of_film(_pixels(reader, work["token"]))
            reader.post(f"/reading/{work['token']}/submit", {"bone_age_months": months, "plate_months": None})
    statuses = [row["reading"] for row in _studies(day.caller("researcher"))]
    assert sorted(set(statuses)) == ["adjudicating", "agreed"]
    assert statuses.count("adjudicating") == 1


def test_consensus(page: Page, day: Day) -> None:
    _signed_in(page, day, "adjudicator")
    assert steps.settle_first(page, day.url, 100, "Growth plates of the phalanges still open.")
    _signed_in(page, day, "reviewer")
    assert steps.approve_all(page, day.url, "agreed") == FILMS - 1
    assert steps.approve_all(page, day.url, "settled") == 1
    assert {row["reading"] for row in _studies(day.caller("researcher"))} == {"approved"}


def _finished(page: Page, day: Day) -> dict[str, Any]:
    """The run whose page is open, once it has ended well; the page follows it live."""
    page.wait_for_url(re.compile(r"/runs/[0-9a-f-]{36}"))
    run = day.caller("researcher").finished_run(page.url.rsplit("/", 1)[-1], timeout_seconds=WORK_SECONDS)
    assert run["status"] == "succeeded", run["error"]
    return run


def test_snapshot(page: Page, day: Day) -> None:
    _signed_in(page, day, "researcher", "/snapshots")
    page.get_by_role("button", name="Make a snapshot").first.click()
    page.get_by_label("Name", exact=False).first.fill("Spring films")
    page.get_by_role("dialog").get_by_role("button", name="Make a snapshot").click()
    _finished(page, day)
    page.goto(f"{day.url}/snapshots")
    expect(page.get_by_text("Spring films")).to_be_visible()


def test_train(page: Page, day: Day) -> None:
    _signed_in(page, day, "researcher", "/snapshots")
    page.get_by_role("button", name="Train").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Tiny", exact=True).click()
    dialog.get_by_role("button", name="Start the training").click()
    page.wait_for_url(re.compile(r"/runs/[0-9a-f-]{36}"))
    expect(page.get_by_text("Learning curve")).to_be_visible(timeout=steps.WORK_MS)  # live, while it runs


def test_training_ends_in_a_candidate(page: Page, day: Day) -> None:
    """Some half a minute of training on two quiet cores; a busy machine gets its time here."""
    run = next(run for run in day.caller("researcher").get("/runs")["results"] if run["kind"] == "train")
    _signed_in(page, day, "researcher", f"/runs/{run['id']}")
    run = _finished(page, day)
    assert run["outcome"]["model"]
    assert run["curve"]
    expect(page.get_by_role("link", name="Open the model")).to_be_visible()


def test_activate_and_infer(page: Page, day: Day) -> None:
    researcher = day.caller("researcher")
    candidate = next(model for model in researcher.get("/models")["results"] if model["status"] == "candidate")
    _signed_in(page, day, "researcher", f"/models/{candidate['id']}")
    page.get_by_role("button", name="Activate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Trained on our own films.")
    dialog.get_by_role("button", name="Activate").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Look at all films").click()
    run = _finished(page, day)
    assert run["outcome"]["predicted"] + run["outcome"]["refused"] == FILMS


def test_evaluate(page: Page, day: Day) -> None:
    _signed_in(page, day, "researcher", "/evaluate")
    page.get_by_role("button", name="Evaluate a model").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Evaluate a model").click()
    run = _finished(page, day)
    evaluation = run["outcome"]["evaluation"]
    page.goto(f"{day.url}/evaluate/{evaluation}")
    shown = day.caller("researcher").get(f"/evaluations/{evaluation}")
    expect(page.get_by_test_id("headline")).to_contain_text(f"{shown['overall']['mae_months'] / 12:.2f}")
    expect(page.get_by_text("Synthetic films").first).to_be_visible()
    table = day.caller("researcher").get(f"/evaluations/{evaluation}/figures/table3")["values"]
    assert shown["overall"]["n"] == sum(row["total"]["n"] for row in table["rows"] if row["total"])


def test_a_number_leads_down_to_film_boxes_reads_and_weights_and_back(page: Page, day: Day) -> None:
    """From a cell of table 3 to its films, to one film with all that its number rests on, and back to the very cell."""
    caller = day.caller("researcher")
    evaluation = caller.get("/evaluations")["results"][0]
    table = caller.get(f"/evaluations/{evaluation['id']}/figures/table3")["values"]["rows"]
    row = next(row for row in table if row["female"])
    _signed_in(page, day, "researcher", f"/evaluate/{evaluation['id']}")
    cell = page.get_by_test_id("table3").get_by_role("row", name=f"{row['from_years']}–{row['to_years']}")
    mae = f"{row['female']['mae_months'] / 12:.2f}"
    cell.get_by_role("link", name=f"MAE {mae}").first.click()
    films = page.get_by_test_id("cases").locator("tbody tr")
    expect(films).to_have_count(row["female"]["n"])
    address = page.url
    films.first.get_by_role("link").click()
    expect(page.get_by_test_id("case-difference")).to_be_visible()
    number = page.url.split("/cases/")[1].split("?")[0]
    case = caller.get(f"/evaluations/{evaluation['id']}/cases/{number}")
    film = page.get_by_role("application").or_(page.locator(".film-room canvas")).first
    expect(film).to_be_visible()
    assert case["reads"], "two people read it"
    for read in case["reads"]:
        expect(page.get_by_text(f"Read {read['label']} ·", exact=False)).to_be_visible()
    expect(page.get_by_text(f"{len(case['boxes'])} by the model, {len(case['labelled'])} by people")).to_be_visible()
    expect(page.get_by_test_id("case-model")).to_contain_text(evaluation["model"]["hash"])
    weights = next(digest for name, digest in case["model"]["files"].items() if "weights" in name)
    expect(page.get_by_test_id("case-model")).to_contain_text(weights)
    page.get_by_test_id("case-back").click()
    expect(page.get_by_test_id("headline")).to_contain_text(mae)
    page.go_back()
    page.go_back()
    expect(page).to_have_url(address)


def test_who_may_read_sees_no_model_result(day: Day) -> None:
    """The day is over and all is approved; before that, and for a film that is not, the server says nothing."""
    labeller = day.caller("labeller")
    film = next(demo_cohort(99, 1, size=(480, 360)))
    study = labeller.upload(film.filename, film.data, timeout_seconds=WORK_SECONDS)["study"]
    with pytest.raises(ApiError) as refused:
        day.caller("reader1").get(f"/studies/{study}/result")
    assert refused.value.status == 403
    assert refused.value.body["error"]["code"] == "blinded"
