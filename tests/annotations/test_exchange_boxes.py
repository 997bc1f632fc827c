"""Boxes in and out of the application: what becomes of a file, what goes out, and that nothing moves on the way."""

import contextlib
import io
import json
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from annotations.exchange.box_sources import FORMATS, SourceFault, box_items
from annotations.exchange.give_boxes import Exported, box_sets_to_export, entries
from annotations.exchange.take_boxes import TakenAs, take_boxes
from annotations.models import BoxOperation, BoxSet, Cohort, Lease, Person, Radiograph
from annotations.services import boxes, drafts, review
from annotations.states import BoxOrigin, BoxSetStatus, RoleName, StudyState
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.box_formats import csv_table, voc
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.picture_boxes import AbsentMark, NamedBox, PictureBoxes
from tests.factories.people import make_person
from tests.factories.studies import box_for, film_of, labelled, make_study, set_operation
from tests.training.made_hands import as_annotated, made_hand, voc_xml

pytestmark = pytest.mark.django_db

REGIONS = ClassMap.named("regions")
ROWS, COLUMNS = 300, 200


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "objects"},
        },
    }


@pytest.fixture
def labeller() -> Person:
    return make_person("lin", RoleName.LABELLER)


def picture(*named: NamedBox, absent: tuple[AbsentMark, ...] = (), size: tuple[int, int] = (COLUMNS, ROWS)) -> Any:
    return PictureBoxes("a.png", *size, named, absent)


def whole_hand(shift: float = 0.25) -> PictureBoxes:
    return picture(*(NamedBox(region, box_for(region, shift), n) for n, region in enumerate(REGION_IDS, start=1)))


def take(person: Person, film: Radiograph, boxes_of: PictureBoxes, **options: Any) -> Any:
    return take_boxes(author=person, radiograph=film, picture=boxes_of, class_map=REGIONS, **options)


def regions_of(box_set: UUID | None) -> dict[str, Any]:
    return {row.region: row for row in BoxSet.objects.get(pk=box_set).regions.all()}


def test_a_file_becomes_a_draft_of_its_author_and_nobody_is_kept_from_the_film(labeller: Person) -> None:
    film = film_of(make_study())
    box = NamedBox("ulna", Box(-3.5, 2.25, 30, 40), 1, frozenset({"occluded"}))
    taken = take(labeller, film, picture(box, absent=(AbsentMark("dp1", "amputated"),)))
    assert (taken.outcome, taken.regions, taken.radiograph) == (TakenAs.DRAFT, 2, film.pk)
    draft = BoxSet.objects.get(pk=taken.box_set)
    assert (draft.status, draft.author, draft.radiograph) == (BoxSetStatus.DRAFT, labeller, film)
    rows = regions_of(taken.box_set)
    assert rows["ulna"].box == box.box
    assert (rows["ulna"].origin, rows["ulna"].occluded, rows["ulna"].difficult) == (BoxOrigin.IMPORTED, True, False)
    assert (rows["dp1"].state, rows["dp1"].absent_reason) == ("absent", "amputated")
    assert rows["radius"].state == "missing"
    assert not Lease.objects.exists()


def test_a_complete_file_is_handed_in_when_that_is_wanted_and_never_accepted(labeller: Person) -> None:
    film = film_of(make_study())
    taken = take(labeller, film, whole_hand(), submit=True)
    assert taken.outcome == TakenAs.SUBMITTED
    assert BoxSet.objects.get(pk=taken.box_set).status == BoxSetStatus.SUBMITTED
    other = film_of(make_study())
    part = take(labeller, other, picture(NamedBox("ulna", Box(1, 2, 30, 40))), submit=True)
    assert (part.outcome, [f.code for f in part.findings]) == (TakenAs.DRAFT, ["not_submitted"])
    assert "16 regions" in part.findings[0].message


@pytest.mark.parametrize("submit", [False, True])
def test_the_same_file_again_changes_nothing(labeller: Person, submit: bool) -> None:
    film = film_of(make_study())
    first = take(labeller, film, whole_hand(), submit=submit)
    operations = BoxOperation.objects.count()
    again = take(labeller, film, whole_hand(), submit=submit)
    assert (again.outcome, again.box_set) == (TakenAs.UNCHANGED, first.box_set)
    assert (BoxOperation.objects.count(), BoxSet.objects.count()) == (operations, 1)
    assert take(labeller, film, whole_hand(), submit=True).outcome == (
        TakenAs.UNCHANGED if submit else TakenAs.SUBMITTED
    )


def test_a_corrected_file_brings_its_draft_to_what_it_says(labeller: Person) -> None:
    film = film_of(make_study())
    first = take(labeller, film, picture(NamedBox("ulna", Box(1, 2, 30, 40)), NamedBox("radius", Box(1, 2, 30, 40))))
    moved = NamedBox("ulna", Box(1, 2, 31, 40))
    again = take(labeller, film, picture(moved, NamedBox("mc2", Box(5, 5, 9, 9))))
    assert (again.outcome, again.box_set) == (TakenAs.DRAFT, first.box_set)
    rows = regions_of(again.box_set)
    assert (rows["ulna"].box, rows["ulna"].revision) == (moved.box, 2)
    assert (rows["radius"].state, rows["mc2"].state) == ("missing", "boxed")


def test_what_was_drawn_by_hand_is_never_overwritten(labeller: Person) -> None:
    film = film_of(make_study())
    draft = drafts.open_draft(person=labeller, radiograph=film)
    boxes.apply_operations(person=labeller, box_set=draft, operations=[set_operation("ulna")])
    taken = take(labeller, film, whole_hand())
    assert (taken.outcome, [f.code for f in taken.findings]) == (TakenAs.REFUSED, ["draft_open"])
    assert regions_of(draft.pk)["ulna"].box == box_for("ulna")


def test_another_size_is_refused_or_scaled_on_purpose(labeller: Person) -> None:
    film = film_of(make_study())
    squeezed = picture(NamedBox("ulna", Box(10, 10, 50, 50)), size=(100, 100))
    taken = take(labeller, film, squeezed)
    assert (taken.outcome, [f.code for f in taken.findings]) == (TakenAs.REFUSED, ["other_picture_size"])
    assert "100 x 100" in taken.findings[0].message
    assert not BoxSet.objects.exists()
    scaled = take(labeller, film, squeezed, scale=True)
    assert [f.code for f in scaled.findings] == ["scaled"]
    assert regions_of(scaled.box_set)["ulna"].box == Box(20, 30, 100, 150)


def test_a_study_left_out_takes_no_boxes(labeller: Person) -> None:
    taken = take(labeller, film_of(make_study(state=StudyState.EXCLUDED)), whole_hand())
    assert [f.code for f in taken.findings] == ["study_not_ready"]


def test_absent_for_a_reason_that_is_none_stays_missing(labeller: Person) -> None:
    film = film_of(make_study())
    marks = (AbsentMark("dp1", "bored"),)
    taken = take(labeller, film, picture(NamedBox("ulna", Box(1, 2, 30, 40)), absent=marks))
    assert [f.code for f in taken.findings] == ["unknown_reason"]
    assert regions_of(taken.box_set)["dp1"].state == "missing"


def write_boxes(folder: Path, film: Radiograph, name: str, content: PictureBoxes) -> Path:
    path = folder / f"{name}.xml"
    path.write_bytes(voc.voc_bytes(content))
    return path


def imported(*arguments: object) -> list[dict[str, Any]]:
    out = StringIO()
    with contextlib.suppress(CommandError):  # says that some were refused, after all lines
        call_command("import_boxes", *map(str, arguments), "--author", "lin", "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_films_are_found_by_id_by_uid_and_by_a_table(labeller: Person, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    films = [film_of(make_study()) for _ in range(3)]
    hand = whole_hand()
    write_boxes(folder, films[0], str(films[0].pk), hand)
    write_boxes(folder, films[1], films[1].sop_instance_uid, hand)
    write_boxes(folder, films[2], "Zhengxing_Mingzi", hand)
    write_boxes(folder, films[2], str(uuid4()), hand)
    (folder / "broken.xml").write_bytes(b"<annotation")
    (tmp_path / "films.csv").write_text(f"file,radiograph\nZhengxing_Mingzi.xml,{films[2].pk}\n")
    lines = imported(folder, "--format", "voc", "--films", tmp_path / "films.csv")
    by_outcome = [line["boxes"] for line in lines]
    assert by_outcome.count("draft") == 3
    refused = {line["file"]: line["findings"][0]["code"] for line in lines if line["boxes"] == "refused"}
    assert sorted(refused.values()) == ["no_film", "no_film"]
    assert {UUID(line["radiograph"]) for line in lines if line["radiograph"]} == {film.pk for film in films}
    one = next(line for line in lines if line["boxes"] == "draft")
    assert {finding["code"] for finding in one["findings"]} == {"names_another_picture"}
    assert all(finding["message_zh"] for finding in one["findings"])


def test_two_files_for_one_film_are_not_mixed(labeller: Person, tmp_path: Path) -> None:
    film = film_of(make_study())
    for kind in ("expert", "nonexpert"):
        (tmp_path / "in" / kind).mkdir(parents=True)
        write_boxes(tmp_path / "in" / kind, film, str(film.pk), whole_hand(shift=len(kind)))
    lines = imported(tmp_path / "in", "--format", "voc")
    assert [line["boxes"] for line in lines] == ["draft", "refused"]
    assert lines[1]["findings"][0]["code"] == "second_file_of_a_film"


def test_annotators_names_become_numbered_fingers(labeller: Person, tmp_path: Path) -> None:
    study = make_study(rows=1000, columns=800)
    regions, thumb = made_hand()
    path = tmp_path / f"{film_of(study).pk}.xml"
    path.write_bytes(voc_xml([*as_annotated(regions, thumb), ("Hamate", Box(1, 1, 5, 5))], filename=path.stem))
    (line,) = imported(path, "--map", "voc881")
    assert (line["boxes"], line["regions"]) == ("draft", 16)
    assert [finding["code"] for finding in line["findings"]] == ["unknown_class", "unusual_count"]
    rows = regions_of(UUID(line["box_set"]))
    for region, box in regions.items():
        assert rows[region].box == pytest.approx(box)


def test_the_command_says_each_fault_with_its_box(labeller: Person, tmp_path: Path) -> None:
    film = film_of(make_study())
    path = tmp_path / f"{film.pk}.xml"
    path.write_bytes(
        voc_xml([("ulna", Box(1, 2, 30, 40)), ("radius", Box(1, 2, 3, 2))], columns=COLUMNS, rows=ROWS, filename="")
    )
    out = StringIO()
    call_command("import_boxes", str(path), "--author", "lin", stdout=out)
    assert "    box 2: box_without_size: " in out.getvalue()
    assert "1 draft" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--author", "nobody"], "labeller or reviewer"),
        (["--author", "pure_reader"], "labeller or reviewer"),
        (["--author", "lin", "--map", "coco"], "No class map"),
        (["--author", "lin", "--films", "none.csv"], "cannot be read"),
        (["--author", "lin", "--classes", "none.txt"], "cannot be opened"),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_done(labeller: Person, arguments: list[str], why: str) -> None:
    make_person("pure_reader", RoleName.READER)
    with pytest.raises(CommandError, match=why):
        call_command("import_boxes", "a.xml", *arguments)


def test_a_folder_needs_a_format(labeller: Person, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--format"):
        call_command("import_boxes", str(tmp_path), "--author", "lin")


def test_a_source_that_is_none_is_a_refusal(tmp_path: Path) -> None:
    assert [
        item.finding.code for item in box_items(tmp_path / "no", format="voc") if isinstance(item, SourceFault)
    ] == ["no_source"]


def accepted(labeller: Person, *, cohort: Cohort | None = None, stored: bool = False) -> BoxSet:
    study = make_study(cohort=cohort, stored=stored)
    box_set = labelled(labeller, study)
    reviewer = Person.objects.filter(username="rev").first() or make_person("rev", RoleName.REVIEWER)
    return review.accept(person=reviewer, box_set=box_set)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("class_map", ["regions", "regions-zh"])
def test_out_and_in_again_under_another_name_moves_nothing(
    labeller: Person, tmp_path: Path, format: Any, class_map: str
) -> None:
    taken = take(labeller, film_of(make_study()), whole_hand(shift=0.37), submit=True)
    review.accept(person=make_person("rev", RoleName.REVIEWER), box_set=BoxSet.objects.get(pk=taken.box_set))
    make_person("second", RoleName.LABELLER)
    call_command(
        "export_boxes", "--out", str(tmp_path / "out.zip"), "--format", format, "--map", class_map, stdout=StringIO()
    )
    out = StringIO()
    call_command(
        "import_boxes", str(tmp_path / "out.zip"), "--format", format, "--map", class_map, "--author", "second",
        "--json", stdout=out,
    )  # fmt: skip
    (line,) = (json.loads(text) for text in out.getvalue().splitlines())
    assert (line["boxes"], line["findings"]) == ("draft", [])
    before, after = regions_of(taken.box_set), regions_of(UUID(line["box_set"]))
    moved = max(abs(a - b) for region in REGION_IDS for a, b in zip(before[region].box, after[region].box, strict=True))
    assert moved <= {"voc": 0.5, "yolo": 1e-5, "coco": 1e-9, "csv": 0.0}[format]


def test_only_accepted_box_sets_of_the_cohort_go_out(labeller: Person, tmp_path: Path) -> None:
    cohort = Cohort.objects.create(name="spring")
    inside, _outside = accepted(labeller, cohort=cohort), accepted(labeller)
    labelled(labeller, make_study(cohort=cohort))
    out = StringIO()
    call_command("export_boxes", "--out", str(tmp_path / "o"), "--cohort", "spring", stdout=out)
    assert "1 films, 17 boxes" in out.getvalue()
    files = sorted(
        path.relative_to(tmp_path / "o").as_posix() for path in (tmp_path / "o").rglob("*") if path.is_file()
    )
    assert files == ["README.txt", f"films/{inside.radiograph_id}.xml", "films/predefined_classes.txt"]
    call_command("export_boxes", "--out", str(tmp_path / "s.zip"), "--status", "submitted", stdout=out)
    assert len(zipfile.ZipFile(tmp_path / "s.zip").namelist()) == 3


def test_pictures_are_the_stored_values_as_16_bit_png(labeller: Person, tmp_path: Path) -> None:
    box_set = accepted(labeller, stored=True)
    call_command("export_boxes", "--out", str(tmp_path / "o"), "--format", "yolo", "--pictures", stdout=StringIO())
    values = cv2.imread(str(tmp_path / "o" / "images" / f"{box_set.radiograph_id}.png"), cv2.IMREAD_UNCHANGED)
    assert values.dtype == np.uint16
    assert np.array_equal(values.ravel(), np.arange(ROWS * COLUMNS, dtype=np.uint16))


def test_flags_and_absent_regions_go_out_where_the_format_can_hold_them(labeller: Person) -> None:
    film = film_of(make_study())
    marked = NamedBox("ulna", Box(1, 2, 30, 40), 1, frozenset({"centre_not_visible"}))
    take(labeller, film, picture(marked, absent=(AbsentMark("dp1", "cut_off"),)))
    exported = Exported()
    found = box_sets_to_export(BoxSet.objects.all(), status=BoxSetStatus.DRAFT)
    files = dict(entries(found, format="csv", class_map=REGIONS, exported=exported))
    (again,) = csv_table.parse_csv(files["boxes.csv"]).pictures
    assert again.boxes[0].flags == marked.flags
    assert again.absent == (AbsentMark("dp1", "cut_off"),)
    assert (exported.films, exported.boxes, exported.absent, exported.missing) == (1, 1, 1, 15)


def test_a_map_that_names_few_regions_says_what_it_left_out(labeller: Person, tmp_path: Path) -> None:
    accepted(labeller)
    out = StringIO()
    call_command("export_boxes", "--out", str(tmp_path / "o"), "--map", "koitka", stdout=out)
    assert "1 films, 3 boxes" in out.getvalue()
    assert "region_without_class: dp1 of 1 films" in out.getvalue()


def test_names_without_finger_numbers_cannot_go_out(labeller: Person, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="which finger"):
        call_command("export_boxes", "--out", str(tmp_path / "o.zip"), "--map", "voc881")
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_boxes", "--out", str(tmp_path))
    assert list(tmp_path.glob(".o*")) == []


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_in_an_export_says_who_when_or_of_whom(format: Any) -> None:
    drawer = make_person("Xqzlabeller", RoleName.LABELLER)
    box_set = accepted(drawer)
    files = entries(box_sets_to_export(BoxSet.objects.all()), format=format, class_map=REGIONS, exported=Exported())
    told = "".join(name + content.decode() for name, content in files)
    study = box_set.radiograph.study
    secrets = ["Xqz", drawer.pk, study.pk, study.study_uid, study.patient.pseudonym, "2026-", box_set.pk]
    assert [secret for secret in secrets if str(secret) in told] == []
    assert str(box_set.radiograph_id) in told


def test_over_http_a_researcher_gets_a_zip(api: Callable[..., Any], labeller: Person, transactional_db: None) -> None:
    cohort = Cohort.objects.create(name="spring")
    box_set = accepted(labeller, cohort=cohort)
    browser = api(make_person("res", RoleName.RESEARCHER))
    for format in FORMATS:
        answer = browser.call("GET", "/exports/boxes", params={"format": format, "cohort": str(cohort.pk)})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        assert "README.txt" in archive.namelist()
        told = "".join(archive.read(name).decode() + name for name in archive.namelist())
        assert str(box_set.radiograph_id) in told
    assert browser.call("GET", "/exports/boxes", params={"format": "pdf"}).status_code == 400
    assert browser.call("GET", "/exports/boxes", params={"cohort": str(uuid4())}).status_code == 404
    assert api(labeller).call("GET", "/exports/boxes").status_code == 403
