"""labelImg's folders: pictures take the gate, boxes follow them, and the same folder again changes nothing."""

import json
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from annotations.models import BoxSet, IntakeRecord, Person, Radiograph, Study
from annotations.services import intake
from annotations.services.intake import IntakeOutcome, Reason
from annotations.states import Door, IntakeResult, RoleName
from inference.anatomy.boxes import Box
from inference.box_formats.picture_boxes import NamedBox, PictureBoxes
from inference.box_formats.voc import voc_bytes
from inference.box_formats.yolo import yolo_bytes
from inference.imaging.deidentify import deidentify
from tests.factories.people import make_person
from tests.training.made_hands import voc_xml
from training.phantom.phantom import render_phantom

pytestmark = pytest.mark.django_db

ROWS, COLUMNS = 500, 400


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "data" / "objects"},
        },
    }


@pytest.fixture(autouse=True)
def _quick_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate without its look for writing, which takes a second a film. The test on real films has it."""
    unlooked = partial(deidentify, check_text=lambda pixels, where=None: ())
    monkeypatch.setattr("annotations.services.take_in.deidentify", unlooked)


@pytest.fixture(autouse=True)
def labeller() -> Person:
    return make_person("lin", RoleName.LABELLER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "labelimg"
    path.mkdir()
    return path


def write_picture(path: Path, *, moved: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    phantom = render_phantom(bone_age_months=120, sex="F", seed=1, size=(ROWS, COLUMNS), mirrored=False)
    assert cv2.imwrite(str(path), np.roll(phantom.pixels // 16, moved, axis=1).astype(np.uint8))


def hand(name: str, *boxes: Box) -> PictureBoxes:
    names = ("ulna", "radius", "mc2")
    return PictureBoxes(name, COLUMNS, ROWS, tuple(map(NamedBox, names, boxes)))


ULNA, RADIUS = Box(210, 390, 250, 450), Box(160, 390, 200, 450)


def imported(folder: Path, *arguments: object) -> dict[str, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("import_labelimg", str(folder), "--author", "lin", "--json", *map(str, arguments), stdout=out)
    except CommandError as error:
        assert "refused" in str(error)  # noqa: PT017
    return {Path(line["file"]).name: line for line in map(json.loads, out.getvalue().splitlines())}


def boxes_of(line: dict[str, Any]) -> dict[str, Box]:
    rows = BoxSet.objects.get(pk=line["box_set"]).regions.all()
    return {row.region: row.box for row in rows if row.box is not None}


def test_a_folder_opens_as_labelimg_left_it(folder: Path) -> None:
    write_picture(folder / "Zhengxing.png")
    (folder / "Zhengxing.xml").write_bytes(voc_bytes(hand("Zhengxing.png", ULNA, RADIUS)))
    write_picture(folder / "below" / "b.png", moved=2)
    (folder / "below" / "b.txt").write_bytes(yolo_bytes(hand("b.png", RADIUS), ["radius", "ulna"]))
    (folder / "below" / "classes.txt").write_text("radius\nulna\n")
    write_picture(folder / "no_boxes.png", moved=4)
    (folder / "predefined_classes.txt").write_text("ulna\nradius\n")
    (folder / "photo.tif").write_bytes(b"II")
    (folder / "text.png").write_bytes(b"no picture")
    (folder / ".hidden.png").write_bytes(b"")
    lines = imported(folder, "--cohort", "old films")
    assert set(lines) == {"Zhengxing.png", "b.png", "no_boxes.png", "photo.tif", "text.png"}
    assert boxes_of(lines["Zhengxing.png"]) == {"ulna": ULNA, "radius": RADIUS}
    # the number 0 is the class list's that lies beside the file: its writer called the ulna by it
    assert boxes_of(lines["b.png"])["ulna"] == pytest.approx(RADIUS, abs=1e-4)
    assert (lines["no_boxes.png"]["film"], lines["no_boxes.png"]["boxes"]) == ("received", None)
    assert lines["photo.tif"]["findings"][0]["code"] == "unsupported_kind"
    assert lines["text.png"]["reason"]["code"] == "unknown_format"
    assert set(IntakeRecord.objects.values_list("door", flat=True)) == {Door.COMMAND}
    assert Study.objects.filter(cohort__name="old films", sex=None, state="ready").count() == 3
    assert Radiograph.objects.filter(columns=COLUMNS, rows=ROWS).count() == 3
    kept = str(list(Study.objects.values())) + str(list(Radiograph.objects.values()))
    assert "Zhengxing" not in kept


def test_the_same_folder_again_changes_nothing_and_a_correction_arrives(folder: Path) -> None:
    write_picture(folder / "a.png")
    (folder / "a.xml").write_bytes(voc_bytes(hand("a.png", ULNA)))
    first = imported(folder)["a.png"]
    again = imported(folder)["a.png"]
    assert (first["film"], first["boxes"]) == ("received", "draft")
    assert (again["film"], again["boxes"], again["box_set"]) == ("duplicate", "unchanged", first["box_set"])
    (folder / "a.xml").write_bytes(voc_bytes(hand("a.png", ULNA, RADIUS)))
    assert boxes_of(imported(folder)["a.png"]) == {"ulna": ULNA, "radius": RADIUS}
    assert Radiograph.objects.count() == 1


def test_boxes_in_a_save_folder_and_xml_before_text(folder: Path, tmp_path: Path) -> None:
    write_picture(folder / "a.png")
    saved = tmp_path / "saved"
    saved.mkdir()
    (folder / "a.xml").write_bytes(voc_bytes(hand("a.png", RADIUS)))
    (saved / "a.xml").write_bytes(voc_bytes(hand("a.png", ULNA)))
    (saved / "a.txt").write_bytes(b"0 0.5 0.5 0.1 0.1\n")
    assert boxes_of(imported(folder, "--boxes", saved)["a.png"]) == {"ulna": ULNA}


def test_a_table_states_sex_and_age_under_the_authors_name(folder: Path, labeller: Person, tmp_path: Path) -> None:
    for number, name in enumerate(("a", "b", "c")):
        write_picture(folder / f"{name}.png", moved=number)
    table = tmp_path / "table.csv"
    table.write_text("file,sex,chronological_age_months\na.png,F,131.5\nb.png,X,\n")
    lines = imported(folder, "--table", table)
    study = Study.objects.get(sex="F")
    assert (study.chronological_age_months, study.sex_source, study.sex_stated_by) == (131.5, "stated", labeller)
    assert "M or F" in lines["b.png"]["facts_refused"]["message"]
    assert Study.objects.filter(sex=None).count() == 2
    assert "facts_refused" not in imported(folder, "--table", table)["a.png"]


def test_boxes_of_a_picture_of_another_size_are_refused_or_scaled(folder: Path) -> None:
    write_picture(folder / "a.png")
    twice = [("ulna", Box(420, 780, 500, 900))]
    (folder / "a.xml").write_bytes(voc_xml(twice, columns=2 * COLUMNS, rows=2 * ROWS, filename="a.png"))
    line = imported(folder)["a.png"]
    assert (line["film"], line["boxes"], line["findings"][0]["code"]) == ("received", "refused", "other_picture_size")
    assert boxes_of(imported(folder, "--scale")["a.png"]) == {"ulna": ULNA}


def test_yolo_without_a_list_of_classes_is_said(folder: Path) -> None:
    write_picture(folder / "a.png")
    (folder / "a.txt").write_bytes(b"0 0.5 0.5 0.1 0.1\n")
    assert imported(folder)["a.png"]["findings"][0]["code"] == "no_class_list"
    (folder.parent / "list.txt").write_text("ulna\n")
    assert set(boxes_of(imported(folder, "--classes", folder.parent / "list.txt")["a.png"])) == {"ulna"}


@pytest.mark.parametrize(("result", "code"), [("blocked", "film_blocked"), ("rejected", "film_refused")])
def test_boxes_of_a_film_that_did_not_pass_wait_for_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, result: str, code: str
) -> None:
    def stopped(*, filename: str, **_: Any) -> IntakeOutcome:
        return IntakeOutcome(filename, IntakeResult(result), Reason.of("text_found"))

    write_picture(folder / "a.png")
    (folder / "a.xml").write_bytes(voc_bytes(hand("a.png", ULNA)))
    monkeypatch.setattr("annotations.exchange.labelimg.receive", stopped)
    line = imported(folder)["a.png"]
    assert (line["film"], line["findings"][0]["code"]) == (result, code)
    monkeypatch.setattr("annotations.exchange.labelimg.receive", intake.receive)
    assert imported(folder)["a.png"]["boxes"] == "draft"


def test_in_words(folder: Path) -> None:
    write_picture(folder / "a.png")
    (folder / "a.xml").write_bytes(voc_xml([("hamate", ULNA)], columns=COLUMNS, rows=ROWS, filename="a.png"))
    out = StringIO()
    with pytest.raises(CommandError, match="1 of the pictures"):
        call_command("import_labelimg", str(folder), "--author", "lin", stdout=out)
    assert "film received" in out.getvalue()
    assert "    box 1: unknown_class: " in out.getvalue()
    with pytest.raises(CommandError, match="no such folder"):
        call_command("import_labelimg", str(folder / "none"), "--author", "lin")
