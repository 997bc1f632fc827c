"""The gate in a real browser: a folder and a zip are dropped, a film with a name is blocked, blanked, released."""

import base64
import json
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from playwright.sync_api import Page, Request, expect
from pydicom.uid import generate_uid

from inference.imaging.render import window_to_8bit
from tests.browser import workbench_steps as steps
from tests.factories.http import Caller
from tests.factories.made_up_writing import write
from tests.soak.web_site import WebSite
from training.phantom.cohort import demo_cohort

pytestmark = [pytest.mark.browser]
BESIDE = ("gate 1",)

SIZE = (480, 360)
NAME = "CHEN MEI"
NAME_PX = 24
"""Height of its capitals, written across the palm: on bone the gate lets no writing be judged by a program alone."""

CENTER_AND_WIDTH = (1000, 1500)
WINDOW = {
    "WindowCenter": str(CENTER_AND_WIDTH[0]),
    "WindowWidth": str(CENTER_AND_WIDTH[1]),
    "VOILUTFunction": "SIGMOID",
}
"""Its lower end lies at the ground beside the hand, which a straight line would draw black."""


@dataclass(frozen=True)
class Batch:
    """What is dropped: a folder with a film, its copy and a note, and a zip with a film that carries a name."""

    folder: Path
    archive: Path
    name_box: tuple[float, float, float, float]


def _changed(data: bytes, **elements: str) -> pydicom.Dataset:
    dataset = pydicom.dcmread(BytesIO(data))
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def _saved(dataset: pydicom.Dataset) -> bytes:
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _named(data: bytes) -> tuple[bytes, tuple[float, float, float, float]]:
    """Another film of that child with a name across the hand, and where the name stands."""
    dataset = _changed(data)
    pixels = dataset.pixel_array.astype(np.float32)
    ink = write((NAME,), "latin", NAME_PX, np.random.default_rng(4)).ink
    rows, columns = ink.shape
    x, y = (pixels.shape[1] - columns) // 2, round(pixels.shape[0] * 0.6)
    tone = pixels.min() if dataset.PhotometricInterpretation == "MONOCHROME1" else pixels.max()
    palm = pixels[y : y + rows, x : x + columns]
    palm += ink * (tone - palm)
    dataset.PixelData = np.rint(pixels).astype(np.uint16).tobytes()
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(dataset, keyword, generate_uid())
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return _saved(dataset), (x, y, x + columns, y + rows)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    films = [film.data for film in demo_cohort(23, 8, size=SIZE) if film.sex_in_header]
    good = _saved(_changed(films[4], **WINDOW))  # shown as stored; on the first the check sees a letter
    named, box = _named(good)
    root = tmp_path_factory.mktemp("batch")
    folder = root / "from the ward"
    (folder / "monday").mkdir(parents=True)
    (folder / "monday" / "hand.dcm").write_bytes(good)
    (folder / "copy of hand.dcm").write_bytes(good)
    (folder / "note.txt").write_text("not a film")
    archive = root / "films.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner/named.dcm", named)
        packed.writestr("__MACOSX/inner/._named.dcm", b"litter")
    return Batch(folder, archive, box)


def _drop(page: Page, *paths: Path) -> None:
    """Files and folders let go over the page, as a file manager does it."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 600, "y": 500, "data": data})


def _uploads(page: Page) -> list[str]:
    """The bodies of the uploads from now on, as they leave the browser."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/uploads"):
            sent.append((request.post_data_buffer or b"").decode("latin-1"))

    page.on("request", note)
    return sent


def test_before_anything_has_come_in(page: Page, application: WebSite) -> None:
    steps.sign_in(page, application.url, "reviewer")
    page.goto(f"{application.url}/intake")
    expect(page.get_by_text("Nothing has come in yet")).to_be_visible()
    expect(page.get_by_text("Nothing leads back", exact=False)).to_be_visible()


def test_a_folder_and_a_zip_are_dropped(page: Page, application: WebSite, batch: Batch) -> None:
    steps.sign_in(page, application.url, "reviewer")
    page.goto(f"{application.url}/intake")
    expect(page.get_by_test_id("gate-blocked")).to_have_text("0")
    sent = _uploads(page)
    _drop(page, batch.folder, batch.archive)
    tray = page.get_by_test_id("upload-tray")
    for status in ("received", "duplicate", "rejected", "blocked"):
        expect(page.get_by_test_id(f"upload-count-{status}")).to_contain_text("1", timeout=steps.WORK_MS)
    expect(tray.get_by_text("named.dcm")).to_be_visible()
    expect(tray.get_by_text("films.zip/inner")).to_be_visible()
    expect(tray.get_by_text("._named.dcm")).to_have_count(0)
    assert sent, "nothing was sent"
    assert not any(name in body for body in sent for name in ("hand.dcm", "note.txt", "named.dcm", "ward"))
    tray.get_by_role("switch").check(force=True)
    expect(tray.locator("[data-status]")).to_have_count(2)
    with page.expect_download() as saving:
        tray.get_by_role("button", name="Save the list").click()
    table = Path(saving.value.path()).read_text("utf-8-sig")
    ends = dict(line.split(",")[:2] for line in table.splitlines()[1:])
    assert sorted(ends) == [
        "films.zip/inner/named.dcm",
        "from the ward/copy of hand.dcm",
        "from the ward/monday/hand.dcm",
        "from the ward/note.txt",
    ]
    assert sorted(ends.values()) == ["Already here", "Blocked", "Refused", "Taken in"]


def test_what_is_there_already_is_not_sent_again(page: Page, application: WebSite, batch: Batch) -> None:
    steps.sign_in(page, application.url, "reviewer")
    page.goto(f"{application.url}/studies")
    sent = _uploads(page)
    page.get_by_test_id("choose-folder").set_input_files(batch.folder)
    expect(page.get_by_test_id("upload-count-duplicate")).to_contain_text("2", timeout=steps.WORK_MS)
    expect(page.get_by_test_id("upload-tray").get_by_text("Already here, not sent")).to_have_count(2)
    expect(page.get_by_test_id("upload-count-rejected")).to_contain_text("1", timeout=steps.WORK_MS)
    assert len(sent) == 1, "only the note, which no store holds, is sent again"


def test_a_name_is_blanked_and_the_film_comes_in(page: Page, application: WebSite, batch: Batch) -> None:
    steps.sign_in(page, application.url, "reviewer")
    page.goto(f"{application.url}/intake")
    page.get_by_role("link", name="Look at them").click()
    page.get_by_role("link", name="Start with the oldest").click()
    expect(page.get_by_test_id("identity-warning")).to_be_visible()
    film = steps.film_on_screen(page)
    page.keyboard.press("Space")
    expect(page.get_by_test_id("message")).to_contain_text("Nothing is drawn yet")
    expect(page.get_by_test_id("place-found-1")).to_be_visible()
    x0, y0, x1, y1 = batch.name_box
    steps.drag(page, film.on_screen(x0 - 5, y0 - 5), film.on_screen(x1 + 5, y1 + 5))
    expect(page.get_by_test_id("place-blank-1")).to_be_visible()
    expect(page.locator("[data-testid^=place-found]")).to_have_count(0)
    with page.expect_response(re.compile("/release$"), timeout=steps.WORK_MS) as answered:
        page.keyboard.press("Space")
    answer = answered.value.json()
    assert answer["outcome"] == "received", json.dumps(answer)
    page.wait_for_url(re.compile(rf"/studies/{answer['study']}"))
    expect(page.get_by_test_id("identity-warning")).to_have_count(0)  # the address changes before the page does
    steps.film_on_screen(page)
    study = Caller(application.url, "reviewer").get(f"/studies/{answer['study']}")
    pixels = Caller(application.url, "reviewer").call("GET", study["radiographs"][0]["pixels_url"]).content
    shown = np.frombuffer(pixels, "<u2").reshape(SIZE)
    inside = shown[int(y0) + 2 : int(y1) - 2, int(x0) + 2 : int(x1) - 2]
    assert inside.std() < 0.05 * shown.std(), "the name is still to be seen"
    page.goto(f"{application.url}/blocked/{answer['id']}")  # whoever comes late is told so, and led on
    expect(page.get_by_text("Somebody else has decided")).to_be_visible()
    expect(page.get_by_test_id("nothing-left")).to_be_visible()


def test_a_film_is_drawn_along_the_curve_of_its_header(page: Page, application: WebSite, batch: Batch) -> None:
    steps.sign_in(page, application.url, "reviewer")
    caller = Caller(application.url, "reviewer")
    study = next(row["id"] for row in caller.get("/studies")["results"])
    radiograph = caller.get(f"/studies/{study}")["radiographs"][0]
    values = np.frombuffer(caller.call("GET", radiograph["pixels_url"]).content, "<u2").reshape(SIZE)
    assert radiograph["view"]["quarter_turns"] == 0
    if radiograph["view"]["mirrored"]:  # as it is shown
        values = values[:, ::-1]
    page.goto(f"{application.url}/studies/{study}")
    film = steps.film_on_screen(page)
    canvas = page.get_by_test_id("film-pixels")
    url = canvas.evaluate("canvas => canvas.toDataURL()")
    shown = cv2.imdecode(np.frombuffer(base64.b64decode(url.partition(",")[2]), np.uint8), cv2.IMREAD_GRAYSCALE)
    smooth = cv2.blur(values.astype(np.float32), (3, 3))
    wanted = {name: window_to_8bit(smooth, *CENTER_AND_WIDTH, name).astype(int) for name in ("linear", "sigmoid")}
    even = cv2.morphologyEx(values, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) < 60
    rows, columns = np.nonzero(even)
    x, y = film.on_screen(columns + 0.5, rows + 0.5)
    greys = shown[(y - film.frame_y).astype(int), (x - film.frame_x).astype(int)]
    off = {name: np.abs(greys - picture[even]) for name, picture in wanted.items()}
    assert off["sigmoid"].max() <= 8
    assert off["linear"].mean() > 20, "else nothing is told apart"
    assert canvas.get_attribute("data-renderer") == "webgl2"


def test_only_those_who_may_decide_see_blocked_films(page: Page, application: WebSite) -> None:
    steps.sign_in(page, application.url, "labeller")
    page.goto(f"{application.url}/blocked")
    expect(page.get_by_role("alert").first).to_contain_text("roles do not allow")
    steps.sign_in(page, application.url, "reviewer")
    page.goto(f"{application.url}/blocked")
    expect(page.get_by_text("No film is blocked")).to_be_visible()
