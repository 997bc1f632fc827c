"""A snapshot comes back as it was written, and notices every change."""

import json

import numpy as np
import pytest

from inference.anatomy.boxes import Box
from tests.training.made_hands import write_made_snapshot
from training.check_snapshot import check_snapshot
from training.snapshot import (
    RegionMark,
    SnapshotError,
    SnapshotRadiograph,
    decode_grey_png,
    manifest_hash,
    read_snapshot,
)
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit


def test_what_was_written_is_read(tmp_path):
    data = read_snapshot(write_made_snapshot(tmp_path / "s"), verify_pictures=True)
    assert len(data.radiographs) == 12
    assert len(data.boxes("h1")) == 16
    assert data.boxes("h0") == {}
    assert data.manifest["counts"]["boxes"] == 6 * 16
    assert data.picture(data.radiographs[3]).shape == (62, 50)
    assert data.radiographs[3].original_columns is None
    assert {r.patient for r in data.part("test")}.isdisjoint(r.patient for r in data.part("train", "validation"))


def test_the_same_rows_give_the_same_hash(tmp_path):
    first, second = (read_snapshot(write_made_snapshot(tmp_path / name)) for name in "ab")
    assert first.hash == second.hash
    assert first.hash != read_snapshot(write_made_snapshot(tmp_path / "c", seed=5)).hash


def test_what_was_counted_on_the_way_does_not_make_other_data(tmp_path):
    image = np.arange(100, dtype=np.uint8).reshape(10, 10)
    facts = {"bone_age_months": 1.0, "chronological_age_months": None, "truth_origin": "", "original_size": None}
    hashes = []
    for name, report in (("a", {"faults": 3}), ("b", {"faults": 4, "more": 1})):
        writer = SnapshotWriter(tmp_path / name, name="n", source="t", synthetic=True, split=HashSplit(1))
        writer.add(id="x", patient="p", sex="M", image=image, marks={}, **facts)
        hashes.append(read_snapshot(writer.close(report=report)).hash)
    assert hashes[0] == hashes[1]


def test_a_snapshot_whose_report_is_part_of_the_hash_is_still_read(tmp_path):
    """As they were made before 2026-11-26."""
    path = write_made_snapshot(tmp_path / "s")
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["files"]["report.json"] = manifest.pop("report_sha256")
    manifest["hash"] = manifest_hash(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest))
    assert read_snapshot(path).hash == manifest["hash"]
    (path / "report.json").write_text("{}  ")
    with pytest.raises(SnapshotError, match="changed"):
        read_snapshot(path)


def test_sixteen_bits_and_absence_survive(tmp_path):
    writer = SnapshotWriter(tmp_path / "s", name="n", source="t", synthetic=True, split=HashSplit(1))
    image = (np.arange(600, dtype=np.uint16) * 109).reshape(20, 30)
    marks = {"ulna": RegionMark("absent", None, "t"), "radius": RegionMark("boxed", Box(-3.25, 1, 7, 9), "t")}
    facts = {"bone_age_months": None, "chronological_age_months": 61.5, "truth_origin": "", "original_size": (60, 80)}
    writer.add(id="x", patient="p", sex=None, image=image, marks=marks, **facts)
    data = read_snapshot(writer.close())
    (row,) = data.radiographs
    assert (data.picture(row) == image).all()
    assert (row.sex, row.bone_age_months, row.chronological_age_months) == (None, None, 61.5)
    assert (row.original_columns, row.original_rows) == (60, 80)
    assert data.absent("x") == {"ulna"}
    assert data.boxes("x") == {"radius": Box(-3.25, 1, 7, 9)}


@pytest.mark.parametrize("name", ["radiographs.csv", "boxes.csv", "report.json"])
def test_a_changed_table_is_noticed(tmp_path, name):
    path = write_made_snapshot(tmp_path / "s")
    (path / name).write_text((path / name).read_text().replace("1", "2", 1))
    with pytest.raises(SnapshotError, match="changed"):
        read_snapshot(path)


def test_a_changed_manifest_is_noticed(tmp_path):
    path = write_made_snapshot(tmp_path / "s")
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["synthetic"] = False
    (path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="changed"):
        read_snapshot(path)


def test_a_manifest_of_another_region_schema_is_refused(tmp_path):
    path = write_made_snapshot(tmp_path / "s")
    manifest = json.loads((path / "manifest.json").read_text()) | {"schema_version": 99}
    manifest["hash"] = manifest_hash(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="region schema"):
        read_snapshot(path)


def test_a_changed_or_missing_picture_is_noticed_when_it_is_read(tmp_path):
    path = write_made_snapshot(tmp_path / "s")
    data = read_snapshot(path)
    first, second = data.radiographs[:2]
    (path / first.image).write_bytes((path / second.image).read_bytes())
    (path / second.image).unlink()
    with pytest.raises(SnapshotError, match="not the file"):
        data.picture(first)
    with pytest.raises(SnapshotError, match="cannot be read"):
        data.picture(second)
    assert {f.code for f in check_snapshot(snapshot=path) if f.severity == "error"} == {"picture_changed"}


def test_nothing_stands_there_before_it_is_whole_and_nothing_is_written_over(tmp_path):
    writer = SnapshotWriter(tmp_path / "s", name="n", source="t", synthetic=True, split=HashSplit(1))
    assert not (tmp_path / "s").exists()
    with pytest.raises(SnapshotError, match="at least one"):
        writer.close()
    write_made_snapshot(tmp_path / "s")
    with pytest.raises(SnapshotError, match="exists already"):
        write_made_snapshot(tmp_path / "s")


def test_an_interrupted_writer_is_taken_up_by_one_with_the_same_key_only(tmp_path):
    def open_writer(key):
        return SnapshotWriter(tmp_path / "s", name="n", source="t", synthetic=True, split=HashSplit(1), resume_key=key)

    image = np.arange(100, dtype=np.uint8).reshape(10, 10)
    facts = {"bone_age_months": 1.0, "chronological_age_months": None, "truth_origin": "", "original_size": None}
    open_writer("a").add(id="x", patient="p", sex="M", image=image, marks={}, **facts)
    assert (open_writer("a").stored_picture("x") == image).all()
    assert open_writer("b").stored_picture("x") is None


@pytest.mark.parametrize("bad", ["../x", "a/b", "", ".hidden", "x" * 99])
def test_an_id_that_could_leave_the_folder_is_refused(bad):
    with pytest.raises(SnapshotError, match="id"):
        SnapshotRadiograph(bad, "p", "M", 1.0, None, "train", 1, 1, None, None, "", True)


def test_real_colour_is_refused_and_three_equal_channels_are_grey():
    import cv2

    grey = np.random.default_rng(0).integers(0, 255, (9, 7)).astype(np.uint8)
    _, three = cv2.imencode(".png", np.stack([grey] * 3, axis=-1))
    assert (decode_grey_png(three.tobytes()) == grey).all()
    _, colour = cv2.imencode(".png", np.stack([grey, grey // 2, grey], axis=-1))
    with pytest.raises(SnapshotError, match="colour"):
        decode_grey_png(colour.tobytes())
    with pytest.raises(SnapshotError, match="no picture"):
        decode_grey_png(b"text")


def test_a_box_without_a_size_cannot_be_a_mark():
    with pytest.raises(SnapshotError, match="size"):
        RegionMark("boxed", Box(1, 1, 1, 5), "t")


def test_a_made_snapshot_passes_but_for_rarely_boxed_regions(tmp_path):
    path = write_made_snapshot(tmp_path / "s", 40)
    assert {f.code for f in check_snapshot(snapshot=path)} == {"region_rarely_boxed"}


def test_the_same_picture_in_two_parts_is_an_error(tmp_path):
    writer = SnapshotWriter(tmp_path / "s", name="n", source="t", synthetic=True, split=HashSplit(1, test_share=0.5))
    image = np.arange(100, dtype=np.uint8).reshape(10, 10)
    for i in range(20):
        facts = {"bone_age_months": 1.0, "chronological_age_months": None, "truth_origin": "", "original_size": None}
        writer.add(id=f"h{i}", patient=f"p{i}", sex="M", image=image, marks={}, **facts)
    errors = {f.code for f in check_snapshot(snapshot=writer.close()) if f.severity == "error"}
    assert errors == {"same_picture_in_two_parts"}
