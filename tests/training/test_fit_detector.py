"""The training of a detector: it learns, it is taken up again after a kill, it never sees the test part."""

import csv
import json
import shutil

import numpy as np
import pytest

from inference.anatomy.regions import REGION_IDS
from inference.detector.detect import Detector
from inference.imaging.preprocess import Preprocessing
from inference.progress import Cancelled
from training.fit_detector import FitError, fit_detector
from training.phantom.phantom import render_phantom
from training.snapshot import RegionMark, read_snapshot
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit

# Each takes under a minute on a free machine; compiling the graphs is most of it, and a busy machine doubles that.
pytestmark = pytest.mark.timeout(180)

STILL = {
    "augment.mirror_share": 0.0,
    "augment.rotation_degrees": 0.0,
    "augment.scale_share": 0.0,
    "augment.aspect_share": 0.0,
    "augment.shift_share": 0.02,
    "augment.gamma_share": 0.0,
    "augment.brightness": 0.0,
}


def drawn_hand(seed):
    """A small phantom and its boxes."""
    phantom = render_phantom(bone_age_months=96.0 + 12 * seed, sex="F", seed=seed, size=(160, 120), mirrored=False)
    return phantom.pixels, dict(phantom.boxes)


def write_snapshot(path, count, *, test_share=0.0, validation_share=0.0, seed=0):
    writer = SnapshotWriter(
        path,
        name="phantoms",
        source="test",
        synthetic=True,
        split=HashSplit(seed=seed, test_share=test_share, validation_share=validation_share),
    )
    for i in range(count):
        image, boxes = drawn_hand(i)
        writer.add(
            id=f"h{i}",
            patient=f"p{i}",
            sex="F" if i % 2 else "M",
            bone_age_months=60.0 + 10 * i,
            chronological_age_months=None,
            image=image,
            marks={region: RegionMark("boxed", box, "test") for region, box in boxes.items()},
            truth_origin="drawn",
            original_size=(120, 160),
        )
    return writer.close()


def prepared(snapshot, folder, radiograph):
    preprocessing = Preprocessing.from_json((folder / "preprocessing.json").read_text())
    return preprocessing.prepare(snapshot.picture(radiograph).astype(np.float32))


@pytest.mark.parametrize("classes", ["region", "type"])
def test_a_tiny_detector_learns_two_phantoms(tmp_path, classes):
    path = write_snapshot(tmp_path / "snapshot", 2)
    phases = []
    folder = fit_detector(
        snapshot=path,
        preset="tiny",
        out=tmp_path / "detector",
        overrides={**STILL, "steps": 220, "batch": 4, "auxiliary_steps": 12, "detector.classes": classes},
        on_progress=lambda p: phases.append((p.phase, dict(p.values))),
    )
    snapshot, detector = read_snapshot(path), Detector.load(folder)
    for radiograph in snapshot.radiographs:
        one = prepared(snapshot, folder, radiograph)
        detection = detector.detect(one.image)
        truth = snapshot.boxes(radiograph.id)
        near = [
            region
            for region, found in detection.boxes.items()
            if np.hypot(*np.subtract(found.box.centre, one.to_original.box_from_original(truth[region]).centre))
            <= 0.03 * 96
        ]
        assert len(near) >= 13
        assert detection.features.shape == (17, detector.feature_size)
        for i, region in enumerate(REGION_IDS):
            assert (detection.scores[i] > 0) == (region in detection.boxes)
            assert (
                np.abs(detection.features[i]).sum() > 0
                if region in detection.boxes
                else not detection.features[i].any()
            )
    assert [name for name, _ in dict.fromkeys((p, 0) for p, _ in phases)] == [
        "prepare",
        "fit_detector",
        "find_regions",
        "fit_maturity",
    ]
    losses = [values["loss"] for phase, values in phases if phase == "fit_detector"]
    assert losses[-1] < 0.5 * losses[0]
    record = json.loads((folder / "training.json").read_text())
    assert record["snapshot"] == snapshot.hash
    assert record["synthetic"] is True
    with (folder / "log.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 232


def test_batches_give_what_single_films_give(tmp_path):
    path = write_snapshot(tmp_path / "snapshot", 3)
    folder = fit_detector(
        snapshot=path,
        preset="tiny",
        out=tmp_path / "detector",
        overrides={**STILL, "steps": 30, "auxiliary_steps": 0, "detector.score_floor": 0.01},
    )
    snapshot, detector = read_snapshot(path), Detector.load(folder)
    images = [prepared(snapshot, folder, r).image for r in snapshot.radiographs]
    together = detector.detect_batch(images)
    for image, one in zip(images, together, strict=True):
        alone = detector.detect(image)
        assert set(alone.boxes) == set(one.boxes)
        np.testing.assert_allclose(alone.features, one.features, atol=1e-3)


def test_a_killed_run_goes_on_to_the_same_weights(tmp_path):
    path = write_snapshot(tmp_path / "snapshot", 4)
    overrides = {
        "steps": 8,
        "batch": 2,
        "checkpoint_every": 3,
        "auxiliary_steps": 5,
        "auxiliary_batch": 2,
        "auxiliary_boxed": 2,
    }
    whole = fit_detector(snapshot=path, preset="tiny", out=tmp_path / "whole", overrides=overrides)

    def kill(phase, step):
        def listen(progress):
            if progress.phase == phase and progress.done >= step:
                raise Cancelled

        return listen

    out = tmp_path / "parts"
    import training.fit_detector as module

    for phase, step in (("fit_detector", 5), ("fit_maturity", 4)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "SECONDS_BETWEEN_PROGRESS", 0.0)
            with pytest.raises(Cancelled):
                fit_detector(snapshot=path, preset="tiny", out=out, overrides=overrides, on_progress=kill(phase, step))
        assert not out.exists()
    parts = fit_detector(snapshot=path, preset="tiny", out=out, overrides=overrides)

    one, two = Detector.load(whole).network, Detector.load(parts).network
    for a, b in zip(one.variables, two.variables, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), atol=1e-5, err_msg=a.path)

    def rows(folder):
        with (folder / "log.csv").open() as file:
            return [(row["phase"], row["step"]) for row in csv.DictReader(file)]

    assert rows(whole) == rows(parts)


def test_the_test_part_changes_nothing(tmp_path):
    """Two snapshots that differ in their test hands only give the same detector and the same grey reference."""
    path = write_snapshot(tmp_path / "one", 8, test_share=0.5, seed=3)
    snapshot = read_snapshot(path)
    kept = [r.id for r in snapshot.part("train")]
    assert kept
    assert snapshot.part("test")
    writer = SnapshotWriter(
        tmp_path / "two",
        name="phantoms",
        source="test",
        synthetic=True,
        split=HashSplit(seed=3, test_share=0.5, validation_share=0.0),
    )
    for radiograph in snapshot.radiographs:
        is_test = radiograph.split == "test"
        image = snapshot.picture(radiograph)
        writer.add(
            id=radiograph.id,
            patient=radiograph.patient,
            sex=radiograph.sex,
            bone_age_months=1.0 if is_test else radiograph.bone_age_months,
            chronological_age_months=None,
            image=(image // 3 + 90) if is_test else image,
            marks={} if is_test else snapshot.marks[radiograph.id],
            truth_origin="drawn",
            original_size=(120, 160),
        )
    other = writer.close()
    overrides = {"steps": 4, "batch": 2, "auxiliary_steps": 3, "auxiliary_batch": 2, "auxiliary_boxed": 2}
    a = fit_detector(snapshot=path, preset="tiny", out=tmp_path / "a", overrides=overrides)
    b = fit_detector(snapshot=other, preset="tiny", out=tmp_path / "b", overrides=overrides)
    assert (a / "preprocessing.json").read_text() == (b / "preprocessing.json").read_text()
    for x, y in zip(Detector.load(a).network.variables, Detector.load(b).network.variables, strict=True):
        np.testing.assert_allclose(x.numpy(), y.numpy(), atol=1e-6)


def test_a_snapshot_without_boxes_or_a_folder_in_the_way_is_refused(tmp_path):
    path = write_snapshot(tmp_path / "snapshot", 2)
    (tmp_path / "there").mkdir()
    with pytest.raises(FitError, match="exists already"):
        fit_detector(snapshot=path, preset="tiny", out=tmp_path / "there")
    writer = SnapshotWriter(
        tmp_path / "bare", name="n", source="s", synthetic=True, split=HashSplit(seed=0, test_share=0.0)
    )
    writer.add(
        id="a",
        patient="a",
        sex="M",
        bone_age_months=10.0,
        chronological_age_months=None,
        image=drawn_hand(0)[0],
        marks={},
        truth_origin="drawn",
        original_size=None,
    )
    with pytest.raises(FitError, match="no hand with boxes"):
        fit_detector(snapshot=writer.close(), preset="tiny", out=tmp_path / "out")
    shutil.rmtree(path)
