"""The chain on drawn hands, through the real code: detector, features, age head, artifact, evaluation, baselines."""

import csv
import dataclasses
import json
import shutil

import numpy as np
import pytest

from inference.artifact import ArtifactError, read_artifact
from inference.imaging.read import read_film
from inference.pipeline import Pipeline
from inference.progress import Cancelled
from training.add_evaluations import add_evaluations
from training.baselines.constant import predict_from_sex, predict_the_mean
from training.baselines.whole_picture import WholePictureConfig, WholePictureModel, fit_whole_picture
from training.evaluate import TEST_LOG, evaluate
from training.fit_age_head import fit_age_head
from training.fit_detector import fit_detector
from training.head_fit import AgeHeadTraining
from training.phantom.phantom import render_phantom
from training.region_features import region_features
from training.snapshot import RegionMark, SnapshotError, read_snapshot
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit

pytestmark = pytest.mark.timeout(240)

CONFIG = AgeHeadTraining(regions_needed=3, tune=False)
SMALL = WholePictureConfig(size_px=32, widths=(4, 8), epochs=3, batch=4)


def write_phantoms(path, count=16, *, seed=7):
    split = HashSplit(seed, test_share=0.3, validation_share=0.3, test_locked=True)
    writer = SnapshotWriter(path, name="phantoms", source="drawn", synthetic=True, split=split)
    for i in range(count):
        sex = "MF"[i % 2]
        hand = render_phantom(bone_age_months=48.0 + 8 * i, sex=sex, seed=i, size=(160, 120), mirrored=False)
        writer.add(
            id=f"h{i}",
            patient=f"p{i}",
            sex=sex,
            bone_age_months=48.0 + 8 * i,
            chronological_age_months=None,
            image=hand.pixels,
            marks={region: RegionMark("boxed", box, "drawn") for region, box in hand.boxes.items()},
            truth_origin="drawn",
            original_size=(120, 160),
        )
    return writer.close()


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chain")
    snapshot = write_phantoms(folder / "snapshot")
    detector = fit_detector(
        snapshot=snapshot,
        preset="tiny",
        out=folder / "detector",
        overrides={"steps": 150, "auxiliary_steps": 6},
    )
    artifact = fit_age_head(snapshot=snapshot, detector=detector, out=folder / "artifacts", config=CONFIG)
    return folder, snapshot, detector, artifact


def test_the_artifact_explains_itself_and_serves(chain):
    _, snapshot, _, folder = chain
    artifact = read_artifact(folder)
    assert artifact.synthetic
    assert artifact.manifest["inputs_used"] == ["region_features", "sex"]
    assert artifact.manifest["trained_on"]["snapshot"] == read_snapshot(snapshot).hash
    assert artifact.manifest["interval"]["coverage"] == 0.9
    data = read_snapshot(snapshot)
    tested = data.part("test")[0]
    film = read_film(data.dir / tested.image)
    found = Pipeline.load(folder).predict(film, sex=tested.sex)
    assert found.bone_age_months is not None
    assert found.interval_months[0] < found.bone_age_months < found.interval_months[1]


def test_features_are_found_once_and_a_stopped_search_goes_on(chain, monkeypatch):
    folder, snapshot, detector, _ = chain
    data = read_snapshot(snapshot)
    monkeypatch.setattr("training.region_features.CHUNK", 4)
    seen = []

    def stop(progress):
        seen.append(progress.done)
        if progress.done == 8:
            raise Cancelled

    with pytest.raises(Cancelled):
        region_features(snapshot=data, detector=detector, cache=folder / "again", on_progress=stop)
    stored = {p: p.stat().st_mtime_ns for p in (folder / "again").rglob("*.npz")}
    assert len(stored) == 2
    features = region_features(snapshot=data, detector=detector, cache=folder / "again")
    assert all(path.stat().st_mtime_ns == when for path, when in stored.items())
    assert features.features.shape[:2] == (16, 17)
    assert ((features.scores > 0) == (features.features != 0).any(axis=2)).all()
    assert features.rows(["h3"]).ids == ("h3",)


def test_evaluation_counts_itself_and_stands_beside_the_baselines(chain, tmp_path):
    folder, original, _, artifact = chain
    snapshot = shutil.copytree(original, tmp_path / "snapshot")
    cnn = fit_whole_picture(snapshot=snapshot, out=tmp_path / "cnn", config=SMALL)
    reports = [
        evaluate(
            snapshot=snapshot,
            split="test",
            artifact=artifact,
            out=tmp_path / f"out{i}",
            whole_picture=cnn,
            cache=folder / "cache",
            engine=engine,
        )
        for i, engine in enumerate(("keras", "openvino"))
    ]
    data = read_snapshot(snapshot)  # the count does not change what was frozen
    assert [r["population"]["evaluations_so_far"] for r in reports] == [1, 2]
    assert len((snapshot / TEST_LOG).read_text().splitlines()) == 2
    report = json.loads((tmp_path / "out1" / "report.json").read_text())
    assert (report["model"]["engine"], report["model"]["precision"]) == ("openvino", "f32")
    ages = [[case["predicted_months"] for case in one["cases"]] for one in reports]
    assert ages[0] == pytest.approx(ages[1], abs=0.1), "features of another engine are found anew, and agree"
    assert report["n"] + sum(report["refused"].values()) == len(data.part("test"))
    assert report["synthetic"]
    assert report["population"]["locked"]
    assert report["baselines"].keys() == {"mean", "sex_only", "whole_picture"}
    cases = {case["id"] for case in report["cases"]}
    assert cases <= {r.id for r in data.part("test")}
    truth = {r.id: r.bone_age_months for r in data.radiographs}
    mean = np.mean([r.bone_age_months for r in data.part("train")])
    expected = np.mean([abs(mean - truth[id_]) for id_ in cases])
    assert report["baselines"]["mean"]["overall"]["mae_months"] == pytest.approx(expected)
    rows = list(csv.DictReader((tmp_path / "out1" / "table3.csv").open()))
    assert sum(int(row["total_n"]) for row in rows) == report["n"]
    assert "SYNTHETIC" in (tmp_path / "out1" / "report.md").read_text()
    before, written = read_artifact(artifact), [tmp_path / f"out{i}" / "report.json" for i in range(2)]
    made = read_artifact(add_evaluations(artifact=artifact, reports=written, out=tmp_path / "models"))
    assert made.manifest["files"] == before.manifest["files"]
    assert made.manifest["made_from"] == before.hash
    kept = made.manifest["evaluations"]
    assert [one["model"]["engine"] for one in kept] == ["keras", "openvino"]
    assert kept[1]["overall"] == report["overall"]
    assert "cases" not in kept[1]
    with pytest.raises(SnapshotError, match="evaluation of the model"):
        add_evaluations(artifact=made.dir, reports=written, out=tmp_path / "models")
    assert report["detector"]["hands"] == len(data.part("test"))


def test_some_ids_of_a_part_can_be_evaluated(chain, tmp_path):
    folder, original, _, artifact = chain
    snapshot = shutil.copytree(original, tmp_path / "snapshot")
    chosen = [r.id for r in read_snapshot(snapshot).part("validation", "test")][:3]
    report = evaluate(
        snapshot=snapshot, split="test", artifact=artifact, out=tmp_path / "o", ids=chosen, cache=folder / "cache"
    )
    assert {case["id"] for case in report["cases"]} <= set(chosen)
    with pytest.raises(SnapshotError, match="no radiograph"):
        evaluate(snapshot=snapshot, split="test", artifact=artifact, out=tmp_path / "o", ids=["nobody"])


def test_a_report_on_hands_that_were_learnt_from_says_so(chain, tmp_path):
    folder, snapshot, _, artifact = chain
    report = evaluate(snapshot=snapshot, split="train", artifact=artifact, out=tmp_path, cache=folder / "cache")
    assert report["population"]["learnt_from"]
    assert report["population"]["evaluations_so_far"] == 0
    assert "learnt from these very hands" in (tmp_path / "report.md").read_text()


def test_a_part_that_is_not_there_is_named(chain, tmp_path):
    _, snapshot, _, artifact = chain
    with pytest.raises(SnapshotError, match="no part"):
        evaluate(snapshot=snapshot, split="all", artifact=artifact, out=tmp_path)


def test_a_changed_artifact_is_not_evaluated(chain, tmp_path):
    _, snapshot, _, artifact = chain
    copy = shutil.copytree(artifact, tmp_path / artifact.name)
    settings = copy / "age_head" / "age_head.json"
    settings.write_text(settings.read_text().replace("0.9", "0.5"))
    with pytest.raises(ArtifactError, match="not the file"):
        evaluate(snapshot=snapshot, split="test", artifact=copy, out=tmp_path / "o")


def test_a_detector_of_another_snapshot_is_refused(chain, tmp_path):
    _, _, detector, _ = chain
    other = write_phantoms(tmp_path / "other", 6, seed=8)
    with pytest.raises(SnapshotError, match="fitted on snapshot"):
        fit_age_head(snapshot=other, detector=detector, out=tmp_path / "a", config=CONFIG)


def test_the_network_baseline_is_taken_up_where_it_stopped(chain, tmp_path):
    _, snapshot, _, _ = chain

    def stop(progress):
        if progress.done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        fit_whole_picture(snapshot=snapshot, out=tmp_path / "cnn", config=SMALL, on_progress=stop)
    fit_whole_picture(snapshot=snapshot, out=tmp_path / "cnn", config=SMALL)
    lines = [json.loads(line) for line in (tmp_path / "cnn" / "history.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0, 1, 2]
    data = read_snapshot(snapshot)
    ages = WholePictureModel.load(tmp_path / "cnn").predict(data, data.part("test"))
    assert np.isfinite(ages).all()
    with pytest.raises(SnapshotError, match="other settings"):
        fit_whole_picture(snapshot=snapshot, out=tmp_path / "cnn", config=dataclasses.replace(SMALL, epochs=9))


def test_the_constant_baselines(chain):
    data = read_snapshot(chain[1])
    train = data.part("train")
    anyone = data.part("test")[0]
    assert predict_the_mean(train)(anyone) == pytest.approx(np.mean([r.bone_age_months for r in train]))
    girls = [r.bone_age_months for r in train if r.sex == "F"]
    assert predict_from_sex(train)(dataclasses.replace(anyone, sex="F")) == pytest.approx(np.median(girls))
    with pytest.raises(ValueError, match="no sex"):
        predict_from_sex(train)(dataclasses.replace(anyone, sex=None))
