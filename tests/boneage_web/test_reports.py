"""What leaves the page says what the facts say: text, PDF, CSV, FHIR, DICOM; valid by others' tools."""

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import highdicom as hd
import numpy as np
import pydicom
import pytest
from fhir.resources.bundle import Bundle as BundleR5
from fhir.resources.R4B.bundle import Bundle as BundleR4
from jsonschema import Draft6Validator, ValidationError

from boneage_web.results.reports.dicom_target import Target, clinical_target, research_target
from boneage_web.results.reports.fhir import report_fhir
from boneage_web.results.reports.pdf import report_pdf
from boneage_web.results.reports.picture import _COLOURS
from boneage_web.results.reports.secondary_capture import captured, secondary_capture
from boneage_web.results.reports.structured_report import structured_report
from boneage_web.results.reports.table import COLUMNS, report_csv
from boneage_web.results.reports.text import report_text
from boneage_web.results.reports.words import LANGUAGES, WORDS, years_and_months
from inference.imaging.original_identity import OriginalIdentity
from tests.boneage_web.report_facts import BOXES, FACTS, GROWTH, PRELIMINARY
from tests.boneage_web.test_report_page import pages_of

FHIR = Path(__file__).parents[1] / "data" / "fhir"
PICTURE = np.full((800, 600, 3), 60, np.uint8)
UNSEEN = {**PRELIMINARY, "bone_age_months": None, "interval_months": None, "difference_months": None, "sds": []}
BEYOND = {**FACTS, "sds": [{**FACTS["sds"][1], "table": "gp1959_brush"}]}
VALUES = {
    "specific_character_set": "GB18030",
    "patient_id": "MRN 001",
    "issuer_of_patient_id": "HOSP",
    "patient_name": "Wang^Xiaoming=王^小明",
    "patient_birth_date": "20160301",
    "accession_number": "A-1",
    "study_date": "20260101",
    "study_time": "101010",
    "study_instance_uid": "1.2.3.4",
    "series_instance_uid": "1.2.3.4.5",
    "sop_instance_uid": "1.2.3.4.5.6",
    "sop_class_uid": "1.2.840.10008.5.1.4.1.1.1.1",
}
CLINICAL = clinical_target(OriginalIdentity(**VALUES), FACTS)


def research() -> Target:
    film = pydicom.Dataset()
    film.PatientID = film.PatientName = FACTS["study"]["pseudonym"]
    film.StudyInstanceUID, film.SeriesInstanceUID, film.SOPInstanceUID = "2.25.1111", "2.25.3333", "2.25.2222"
    film.SOPClassUID, film.StudyDate, film.StudyTime = "1.2.840.10008.5.1.4.1.1.1.1", "20240505", ""
    return research_target(film, FACTS)


def test_every_word_is_there_in_both_languages() -> None:
    assert all(set(texts) == set(LANGUAGES) for texts in WORDS.values())
    assert all(text.strip() for texts in WORDS.values() for text in texts.values())


@pytest.mark.parametrize(
    ("months", "english", "chinese"),
    [(148.4, "12 y 4 m", "12岁4个月"), (0, "0 m", "0个月"), (11.6, "1 y", "1岁"), (-3.2, "−3 m", "−3个月")],
)
def test_ages_are_written_as_on_the_pages(months: float, english: str, chinese: str) -> None:
    assert (years_and_months(months, "en"), years_and_months(months, "zh-Hans")) == (english, chinese)


def test_the_text_carries_badges_numbers_and_limits() -> None:
    english, chinese = (report_text(PRELIMINARY, GROWTH, language) for language in LANGUAGES)
    for said in ("PRELIMINARY | MODEL ONLY | SYNTHETIC | RESEARCH USE ONLY", "12 y 4 m (148.4 months)", "SDS: +2.5"):
        assert said in english
    for said in ("初步结果 | 仅模型结果 | 合成数据 | 仅供研究使用", "12岁4个月 (148.4 个月)", "标准差评分 (SDS)：+2.5"):
        assert said in chinese
    assert "Greulich-Pyle 1959, Brush Foundation children" in english
    assert "at 9 y: 10 y (120.0 months)" in english
    assert "not signed by a person" in english
    assert "SIGNED | SYNTHETIC" in report_text(FACTS, (), "en")
    assert "no reference at this age" in report_text(BEYOND, (), "en")
    assert "not known" in report_text(UNSEEN, (), "en")


@pytest.mark.parametrize("facts", [FACTS, PRELIMINARY, UNSEEN, BEYOND], ids=["signed", "preliminary", "none", "beyond"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_one_page_with_its_badges(facts: dict[str, Any], language: Any) -> None:
    quality = [{**FACTS["quality"][0], "message_en": "A long finding. " * 8, "message_zh": "很长的说明。" * 8}] * 9
    full = {**facts, "quality": quality, "reason": "Because. " * 40}
    pdf = report_pdf(full, GROWTH * 4, language, picture=PICTURE, made_at="2026-01-02T10:00:00+00:00")
    assert b"/Count 1 " in pdf
    if language == "en":
        (drawn,) = (page for page in pages_of(pdf) if b"BT" in page)
        assert (b"(PRELIMINARY)" in drawn) == (facts["status"] == "preliminary")
        assert b"(RESEARCH USE ONLY)" in drawn


def test_the_csv_is_one_line_of_plain_numbers() -> None:
    (row,) = csv.DictReader(io.StringIO(report_csv(FACTS)))
    assert tuple(row) == COLUMNS
    assert (float(row["bone_age_months"]), float(row["sds"]), row["class"]) == (148.4, 2.514, "advanced")
    assert (row["regions_found"], row["missing_regions"]) == ("15", "dp4 dp5")
    formula = {**FACTS, "signed_by": {"id": "x", "display_name": "=HYPERLINK(1)"}}
    (row,) = csv.DictReader(io.StringIO(report_csv(formula)))
    assert row["signed_by"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("facts", [FACTS, PRELIMINARY, UNSEEN, BEYOND], ids=["signed", "preliminary", "none", "beyond"])
def test_fhir_is_valid_as_r4_and_r5_and_says_the_same(facts: dict[str, Any]) -> None:
    bundle = report_fhir(facts, issued="2026-01-02T09:30:00+00:00")
    BundleR5.model_validate(bundle)
    BundleR4.model_validate(bundle)
    for release in ("r4", "r5"):
        _valid_by_hl7(bundle, release)
    resources = {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}
    observation, report = resources["Observation"], resources["DiagnosticReport"]
    assert observation["code"]["coding"][0]["code"] == "37362-1"
    assert observation["status"] == report["status"] == ("final" if facts["signed_by"] else "preliminary")
    assert resources["Patient"]["identifier"][0]["value"] == FACTS["study"]["pseudonym"]
    if facts["bone_age_months"] is None:
        assert "valueQuantity" not in observation
        assert observation["dataAbsentReason"]
    else:
        assert observation["valueQuantity"]["value"] == 148.4
        assert observation["valueQuantity"]["code"] == "mo"
    if facts is FACTS:
        (reference,) = observation["referenceRange"]
        assert (reference["low"]["value"], reference["high"]["value"]) == (101.0, 143.0)
        assert "Brush" in reference["text"]
        found = {one["code"]["coding"][-1]["code"]: one for one in observation["component"]}
        assert found["sds-gp1959_brush"]["valueQuantity"]["value"] == 2.514
        assert "sds-site_abc" not in found, "outside a table there is no score"
    if facts is BEYOND:
        assert "referenceRange" not in observation
        assert "interpretation" not in observation


def test_the_schemas_of_fhir_refuse_what_is_wrong() -> None:
    bundle = report_fhir(FACTS, issued="2026-01-02T09:30:00+00:00")
    (observation,) = (e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Observation")
    observation["valueQuantity"]["value"] = "148.4"
    for release in ("r4", "r5"):
        with pytest.raises(ValidationError):
            _valid_by_hl7(bundle, release)


def _valid_by_hl7(bundle: dict[str, Any], release: str) -> None:
    """Held against HL7's own JSON Schema; each resource by itself as well: the error then says what is wrong."""
    schema = json.loads((FHIR / f"{release}.schema.json").read_text(encoding="utf-8"))
    for resource in [*(entry["resource"] for entry in bundle["entry"]), bundle]:
        root = {"$ref": f"#/definitions/{resource['resourceType']}", "definitions": schema["definitions"]}
        Draft6Validator(root).validate(resource)


@pytest.mark.parametrize("target", [research(), CLINICAL], ids=["research", "clinical"])
@pytest.mark.parametrize("facts", [FACTS, PRELIMINARY, BEYOND], ids=["signed", "preliminary", "beyond"])
def test_the_structured_report_is_valid_and_reads_back_equal(
    facts: dict[str, Any], target: Target, tmp_path: Path
) -> None:
    path = tmp_path / "sr.dcm"
    structured_report(facts, target).save_as(path)
    _verified(path)
    read = hd.sr.srread(path)
    assert (read.PatientID, read.StudyInstanceUID) == (target.evidence.PatientID, target.evidence.StudyInstanceUID)
    assert read.VerificationFlag == ("VERIFIED" if facts["signed_by"] else "UNVERIFIED")
    (group,) = read.content.get_image_measurement_groups()
    found = {one.name.meaning: one for one in group.get_measurements()}
    assert found["XR Bones Bone age"].value == 148.4
    assert found["XR Bones Bone age"].unit.value == "mo"
    assert found["Bone age minus chronological age"].value == 26.4
    assert ("SDS of bone age" in found) == (facts is not BEYOND)
    regions = read.content.get_planar_roi_measurement_groups()
    assert len(regions) == len(BOXES)
    assert [one.tracking_identifier for one in regions][:2] == ["distal radius", "distal ulna"]
    corners = regions[0].roi.value
    assert corners.tolist() == [[10, 20], [30, 20], [30, 60.5], [10, 60.5], [10, 20]]
    (evidence,) = read.CurrentRequestedProcedureEvidenceSequence
    referred = evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert referred.ReferencedSOPInstanceUID == target.evidence.SOPInstanceUID


def test_the_same_version_is_the_same_object_and_another_version_another() -> None:
    target = research()
    first, again = structured_report(FACTS, target), structured_report(FACTS, target)
    assert first.SOPInstanceUID == again.SOPInstanceUID
    assert structured_report({**FACTS, "version": 2}, target).SOPInstanceUID != first.SOPInstanceUID


def test_a_box_that_runs_past_the_film_is_brought_back_onto_it(tmp_path: Path) -> None:
    over = {**FACTS["prediction"], "boxes": [{**BOXES[0], "x0": -5.0, "y1": 900.0}]}
    structured_report({**FACTS, "prediction": over}, research()).save_as(tmp_path / "sr.dcm")
    (region,) = hd.sr.srread(tmp_path / "sr.dcm").content.get_planar_roi_measurement_groups()
    assert region.roi.value.min() == 0
    assert region.roi.value[:, 1].max() == FACTS["radiograph"]["rows"]


def test_without_an_age_there_is_no_structured_report() -> None:
    with pytest.raises(ValueError, match="without a bone age"):
        structured_report(UNSEEN, research())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target", [research(), CLINICAL], ids=["research", "clinical"])
def test_the_picture_is_valid_and_belongs_to_the_same_examination(
    target: Target, language: Any, tmp_path: Path
) -> None:
    path = tmp_path / "sc.dcm"
    secondary_capture(FACTS, PICTURE, target, language).save_as(path)
    _verified(path)
    read = pydicom.dcmread(path)
    assert (read.PatientID, read.StudyInstanceUID) == (target.evidence.PatientID, target.evidence.StudyInstanceUID)
    assert np.array_equal(read.pixel_array, captured(FACTS, PICTURE, language))
    assert read.SourceImageSequence[0].ReferencedSOPInstanceUID == target.evidence.SOPInstanceUID


def test_a_name_goes_back_in_the_bytes_it_came_in(tmp_path: Path) -> None:
    path = tmp_path / "sr.dcm"
    structured_report(FACTS, CLINICAL).save_as(path)
    assert "王^小明".encode("gb18030") in path.read_bytes()
    assert pydicom.dcmread(path).PatientName.ideographic == "王^小明"
    western = OriginalIdentity(**{**VALUES, "specific_character_set": "ISO_IR 100", "patient_name": "Müller^Anna"})
    structured_report(FACTS, clinical_target(western, FACTS)).save_as(path)
    read = pydicom.dcmread(path)
    assert str(read.PatientName) == "Müller^Anna"
    signer = str(read.VerifyingObserverSequence[0].VerifyingObserverName)
    assert signer.startswith("signer 5"), "李 is not in Latin-1"


def test_the_colours_are_those_of_the_pages() -> None:
    page = (Path(__file__).parents[2] / "frontend/src/generated/regions.ts").read_text()
    for type_, (red, green, blue) in _COLOURS.items():
        assert f'{type_}: "#{red:02x}{green:02x}{blue:02x}"' in page


def _verified(path: Path) -> None:
    """dciodvfy finds no error."""
    tool = shutil.which("dciodvfy")
    if tool is None:
        pytest.skip("dciodvfy (dicom3tools) is not installed")
    said = subprocess.run([tool, path], capture_output=True, check=False)
    lines = (said.stdout + said.stderr).decode("latin-1").splitlines()
    assert [line for line in lines if line.startswith("Error")] == []
