import csv
from io import BytesIO

import cv2
import numpy as np
import pydicom
import pytest
from PIL import Image

from inference.anatomy.regions import REGION_IDS
from inference.standards.bone_age_sd import sd_months
from training.__main__ import main
from training.phantom.cohort import demo_cohort, spread_months
from training.phantom.command import write_cohort

SIZE = (250, 200)


@pytest.fixture(scope="module")
def cohort():
    return list(demo_cohort(3, 24, size=SIZE))


def test_it_is_as_large_as_asked_and_names_differ(cohort):
    assert len(cohort) == 24
    assert len({film.filename for film in cohort}) == 24
    uids = {pydicom.dcmread(BytesIO(film.data), stop_before_pixels=True).SOPInstanceUID for film in cohort}
    assert len(uids) == 24


def test_sexes_and_ages_are_balanced(cohort):
    assert 9 <= sum(film.sex == "F" for film in cohort) <= 15
    years = np.array([film.bone_age_months for film in cohort]) / 12
    for low in (1, 5, 9, 13):
        assert ((years >= low) & (years < low + 5)).sum() >= 3


def test_it_holds_what_a_worklist_holds(cohort):
    assert sum(film.phantom.mirrored for film in cohort) == 1
    assert sum(film.phantom.poor_exposure for film in cohort) == 1
    assert sum(not film.sex_in_header for film in cohort) == 2
    assert sum(film.visit == 2 for film in cohort) == 3
    for film in cohort:
        header = pydicom.dcmread(BytesIO(film.data), stop_before_pixels=True)
        assert header.PatientSex == (film.sex if film.sex_in_header else "")
        assert "SYNTHETIC" in header.ImageType
    assert {pydicom.dcmread(BytesIO(f.data), stop_before_pixels=True).Modality for f in cohort} == {"CR", "DX"}


def test_a_returning_child_is_the_same_patient_about_a_year_older(cohort):
    for second in (film for film in cohort if film.visit == 2):
        (first,) = [film for film in cohort if film.child == second.child and film.visit == 1]
        one, two = (pydicom.dcmread(BytesIO(film.data), stop_before_pixels=True) for film in (first, second))
        assert (one.PatientID, one.PatientName, one.PatientBirthDate) == (
            two.PatientID,
            two.PatientName,
            two.PatientBirthDate,
        )
        assert one.StudyInstanceUID != two.StudyInstanceUID
        assert one.StudyDate < two.StudyDate
        assert 6 < second.bone_age_months - first.bone_age_months < 22


def test_the_offset_has_the_spread_of_its_age():
    # Small films: what is tested is the drawing of ages. 200 offsets in units of their SD have an SD near 1.
    films = [film for film in demo_cohort(11, 200, size=(64, 64)) if film.visit == 1]
    scores = [
        (film.bone_age_months - film.chronological_age_months)
        / spread_months(sex=film.sex, bone_age_months=film.bone_age_months)
        for film in films
    ]
    assert 0.75 < np.std(scores) < 1.2
    assert abs(np.mean(scores)) < 0.25


def test_the_spread_is_brush_inside_the_table_and_its_nearest_beyond():
    assert spread_months(sex="F", bone_age_months=120) == sd_months("gp1959_brush", "F", 120)
    assert spread_months(sex="M", bone_age_months=222) == pytest.approx(sd_months("gp1959_brush", "M", 204), rel=0.02)


def test_same_seed_same_files_other_seed_other_files():
    assert [f.data for f in demo_cohort(5, 3, size=SIZE)] == [f.data for f in demo_cohort(5, 3, size=SIZE)]
    assert next(demo_cohort(5, 3, size=SIZE)).data != next(demo_cohort(6, 3, size=SIZE)).data


def test_the_command_writes_files_and_two_tables(tmp_path):
    out = tmp_path / "films"
    arguments = ["phantom", "--count", "3", "--seed", "9", "--rows", "250", "--columns", "200", "--png"]
    assert main([*arguments, "--out", str(out)]) == 0
    with (out / "truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    with (out / "boxes.csv").open(encoding="utf-8") as file:
        boxes = list(csv.DictReader(file))
    assert len(truth) == 3
    assert [row["region"] for row in boxes] == list(REGION_IDS) * 3
    films = {film.filename: film for film in demo_cohort(9, 3, size=SIZE)}
    for row in truth:
        film = films[row["file"]]
        assert (out / row["file"]).read_bytes() == film.data
        assert float(row["bone_age_months"]) == film.bone_age_months
        assert row["synthetic"] == "1"
        picture = out / f"{row['id']}.png"
        assert np.array_equal(cv2.imread(str(picture), cv2.IMREAD_UNCHANGED) >> 4, film.phantom.pixels)
        with Image.open(picture) as image:
            assert image.text == {"Synthetic": "yes"}
    for row in boxes:
        box = films[f"{row['id']}.dcm"].boxes[row["region"]]
        assert float(row["x0"]) == pytest.approx(box.x0, abs=0.01)
        assert float(row["y1"]) == pytest.approx(box.y1, abs=0.01)


def test_the_command_refuses_a_folder_in_use_and_a_silly_count(tmp_path, capsys):
    (tmp_path / "note.txt").write_text("mine")
    assert main(["phantom", "--count", "1", "--out", str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["phantom", "--count", "0", "--out", str(tmp_path / "new")]) == 2
    assert "at least 1" in capsys.readouterr().err


def test_progress_is_told(tmp_path):
    told = []
    write_cohort(out=tmp_path / "x", seed=1, count=2, size=(64, 64), on_progress=told.append)
    assert [(p.done, p.total) for p in told] == [(1, 2), (2, 2)]
