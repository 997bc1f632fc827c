"""The comparison: same hands for every row, labels out of reach, resumed by row and seed, counted as evaluations."""

import dataclasses
import json

import numpy as np
import pytest

from inference.anatomy.regions import REGION_IDS, REGIONS
from training.comparison import run as comparison
from training.comparison.classical_rows import ALPHAS, _solutions, hog
from training.comparison.inputs import Answer, Material, inputs_of, usable
from training.comparison.region_rows import RegionInputs, corrected_by_sex, groups_of, region_trees, with_only
from training.comparison.report import measured, patient_interval
from training.comparison.rows import Context
from training.comparison.table import PAIRS, ROW_BY_NAME, ROWS
from training.evaluate import TEST_LOG
from training.feature_rows import RegionFeatures
from training.snapshot import SnapshotError, read_snapshot
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit

FAST = ["mean", "sex", "regions", "regions_sex", "hog_sex"]
FEATURE_SIZE = 6


def write_hands(path, *, count=120, synthetic=False, age_of=None, label=lambda i, months: months):
    """Hands with a bright square that grows with the bone age; `label` may change what is written down of it."""
    writer = SnapshotWriter(
        path, name="made", source="test", synthetic=synthetic, split=HashSplit(1, test_share=0.3, validation_share=0.3)
    )
    for i in range(count):
        months = 24.0 + (i * 37 % 180)
        image = np.random.default_rng(i).integers(0, 60, (40, 40)).astype(np.uint8)
        side = 4 + int(months / 8)
        image[:side, :side] += 120
        writer.add(
            id=f"h{i}",
            patient=f"p{i}",
            sex="MF"[i % 2],
            bone_age_months=label(i, months),
            chronological_age_months=age_of(i, months) if age_of else None,
            image=image,
            marks={},
            truth_origin="made",
            original_size=None,
        )
    return writer.close()


def features_of(snapshot, radiographs):
    """Features that follow from the picture alone, as a detector's do."""
    weights = np.random.default_rng(99).normal(size=(len(REGIONS), FEATURE_SIZE))
    bright = np.array([snapshot.picture(r).mean() for r in radiographs])
    noise = np.array([np.random.default_rng(int(b * 1e6)).normal(0, 0.1, weights.shape) for b in bright])
    features = (bright[:, None, None] / 50 * weights + noise).astype(np.float32)
    scores = np.full((len(bright), len(REGIONS)), 0.9, np.float32)
    scores[0, 3:] = 0  # one hand of which too little was found
    return RegionFeatures(
        tuple(r.id for r in radiographs), features, scores, np.zeros((len(bright), len(REGIONS), 4), np.float32)
    )


@pytest.fixture
def detector(tmp_path, monkeypatch):
    """A fitted detector's folder whose features are made up, and whose snapshot can be set."""
    folder = tmp_path / "detector"
    folder.mkdir()
    (folder / "detector.json").write_text(json.dumps({"maturity_channels": False}))
    (folder / "detector.weights.h5").write_bytes(b"none")
    (folder / "preprocessing.json").write_text("{}")
    monkeypatch.setattr(
        comparison,
        "region_features",
        lambda *, snapshot, detector, cache, radiographs, on_progress: features_of(snapshot, radiographs),
    )

    def of(snapshot, *, synthetic=False):
        facts = {"snapshot": read_snapshot(snapshot).hash, "synthetic": synthetic}
        (folder / "training.json").write_text(json.dumps(facts))
        return folder

    return of


def run(snapshot, folder, out, **changes):
    return comparison.compare(snapshot=snapshot, detector=folder, out=out, **{"rows": FAST, "seeds": [1, 2], **changes})


def answers(out, row, seed):
    return json.loads((out / "rows" / f"{row}-{seed}.json").read_text())["test_months"]


def test_every_row_answers_for_the_same_hands_and_the_better_input_wins(tmp_path, detector):
    snapshot = write_hands(tmp_path / "s")
    report = run(snapshot, detector(snapshot), tmp_path / "out")
    assert {row["overall"]["all"]["n"] for row in report["rows"]} == {report["n"]}
    error = {row["row"]: row["overall"]["all"]["mae_months"] for row in report["rows"]}
    assert error["regions"] < error["mean"] / 2
    assert error["hog_sex"] < error["mean"]
    assert report["counts"]["test_refused"] == 1
    by = {row["row"]: row for row in report["rows"]}
    assert by["mean"]["seeds"] == [1]
    assert by["regions"]["seeds"] == [1, 2]
    assert by["regions"]["overall"]["all"]["mae_sd_over_seeds_months"] is not None
    difference = next(one for one in report["differences"] if one["first"] == "regions_sex")
    assert difference["interval_months"][0] <= difference["difference_months"] <= difference["interval_months"][1]
    for row in report["rows"]:
        assert 0 <= row["interval"]["overall"]["all"]["coverage"] <= 1
        assert set(row["interval"]["by_sex"]) == {"F", "M"}
    assert json.loads((tmp_path / "out" / "comparison.json").read_text()) == report
    assert "regions_sex" in (tmp_path / "out" / "comparison.md").read_text()


def test_finished_rows_are_not_fitted_again_and_each_answer_is_counted(tmp_path, detector, monkeypatch):
    snapshot = write_hands(tmp_path / "s")
    first = run(snapshot, detector(snapshot), tmp_path / "out", rows=["mean", "regions"])
    lines = (snapshot / TEST_LOG).read_text().splitlines()
    assert [json.loads(line)["model"].split()[1:3] for line in lines] == [
        ["mean", "1"],
        ["regions", "1"],
        ["regions", "2"],
    ]
    monkeypatch.setattr("training.comparison.region_rows.boosted", lambda *a, **k: pytest.fail("fitted again"))
    assert run(snapshot, detector(snapshot), tmp_path / "out", rows=["mean", "regions"]) == first
    assert len((snapshot / TEST_LOG).read_text().splitlines()) == 3


def test_rows_of_another_data_set_are_not_mixed_in(tmp_path, detector):
    one, other = write_hands(tmp_path / "s"), write_hands(tmp_path / "t", count=100)
    run(one, detector(one), tmp_path / "out", rows=["mean"])
    with pytest.raises(SnapshotError, match="another snapshot"):
        run(other, detector(other), tmp_path / "out", rows=["mean"])


def test_what_is_said_of_a_test_hand_does_not_change_with_its_label(tmp_path, detector):
    """Test labels only: the rows learn from the others. Every row that the snapshot can answer, so a new row too."""
    everything = [
        row.name
        for row in ROWS
        if not row.costly and not row.name.startswith("artifact") and "network" not in row.title_en
    ]
    everything.remove("regions_apart_sex_corrected")  # there are too few hands here for a correction
    everything = [name for name in everything if "chronological_age" not in ROW_BY_NAME[name].uses]
    plain = write_hands(tmp_path / "s")
    tested = {r.id for r in read_snapshot(plain).part("test")}
    changed = write_hands(tmp_path / "t", label=lambda i, months: 228.0 - months if f"h{i}" in tested else months)
    assert read_snapshot(plain).hash != read_snapshot(changed).hash
    run(plain, detector(plain), tmp_path / "a", rows=everything, seeds=[1])
    run(changed, detector(changed), tmp_path / "b", rows=everything, seeds=[1])
    for name in everything:
        assert answers(tmp_path / "a", name, 1) == answers(tmp_path / "b", name, 1), name


def test_the_features_of_a_real_hand_do_not_change_when_its_label_does(tmp_path):
    """All labels changed: what any row sees of any hand is the same, and no chronological age appears."""
    plain = read_snapshot(write_hands(tmp_path / "s"))
    changed = read_snapshot(write_hands(tmp_path / "t", label=lambda i, months: months / 2 + i % 7))
    seen = []
    for data in (plain, changed):
        radiographs = data.part("train")
        features = features_of(data, radiographs)
        hands, ages = inputs_of(data, features, usable(radiographs, features, 9))
        assert all(r.bone_age_months is None for r in hands.radiographs)
        with pytest.raises(SnapshotError, match="not derived"):
            _ = hands.chronological_ages
        seen.append((hands.seen.features, hands.female, hands.squares(32), ages))
    for one, other in zip(*(values[:3] for values in seen), strict=True):
        assert (one == other).all()
    assert (seen[0][3] != seen[1][3]).any()


def test_rows_with_chronological_age_need_one_for_every_hand(tmp_path, detector):
    snapshot = write_hands(tmp_path / "s", age_of=lambda i, months: None if i == 5 else months - 3)
    with pytest.raises(SnapshotError, match="no chronological ages"):
        run(snapshot, detector(snapshot), tmp_path / "out", rows=["age_sex"])
    left_out = run(snapshot, detector(snapshot), tmp_path / "out", rows=["mean"])["left_out"]
    assert left_out["regions_sex_age"] == "the snapshot has no chronological ages"
    assert "correction" in left_out["regions_apart_sex_corrected"]


def test_a_bone_age_that_was_copied_into_the_chronological_age_is_refused(tmp_path, detector):
    snapshot = write_hands(tmp_path / "s", age_of=lambda i, months: months)
    with pytest.raises(SnapshotError, match="the bone age itself"):
        run(snapshot, detector(snapshot), tmp_path / "out", rows=["age"])


def test_a_chronological_age_is_used_and_how_far_it_pulls_is_measured(tmp_path, detector):
    def age_of(i, months):
        return months + np.random.default_rng(i).normal(0, 10)

    snapshot = write_hands(tmp_path / "s", synthetic=True, age_of=age_of)
    folder = detector(snapshot, synthetic=True)
    report = run(snapshot, folder, tmp_path / "out", rows=["mean", "age", "age_sex", "regions_sex_age"], seeds=[1])
    by = {row["row"]: row for row in report["rows"]}
    assert by["age"]["overall"]["all"]["mae_months"] < by["mean"]["overall"]["all"]["mae_months"] / 2
    moved = by["age"]["per_seed"][0]["record"]["mean_change_when_age_is_moved"]
    assert moved["-12"] < 0 < moved["+12"]
    assert sum(found["n"] for found in by["age"]["by_class"].values()) == report["n"]
    assert "SYNTHETIC" in (tmp_path / "out" / "comparison.md").read_text()


def test_a_detector_that_may_know_the_test_hands_is_refused(tmp_path, detector):
    one, other = write_hands(tmp_path / "s"), write_hands(tmp_path / "t", count=100)
    with pytest.raises(SnapshotError, match="may have been learnt from"):
        run(one, detector(other), tmp_path / "out")
    assert run(one, detector(other, synthetic=True), tmp_path / "out", rows=["mean"])["n"] > 0


def test_an_unknown_row_is_named(tmp_path, detector):
    snapshot = write_hands(tmp_path / "s")
    with pytest.raises(SnapshotError, match="no row psychic"):
        run(snapshot, detector(snapshot), tmp_path / "out", rows=["psychic"])


def test_names_of_rows_and_pairs_are_sound():
    assert len(ROW_BY_NAME) == len(ROWS)
    assert {name for pair in PAIRS for name in pair} <= set(ROW_BY_NAME)
    for row in ROWS:
        assert ("sex" in row.uses) == (row.name == "sex" or "_sex" in row.name or row.name.startswith("artifact"))
        assert ("chronological_age" in row.uses) == ("age" in row.name.split("_"))


def test_patients_and_not_films_are_drawn():
    values = np.array([0.0, 0.0, 0.0, 10.0, 10.0, 10.0] * 10)
    films = patient_interval(values, [str(i) for i in range(60)])
    patients = patient_interval(values, [str(i // 3) for i in range(60)])
    assert patients[1] - patients[0] > 1.3 * (films[1] - films[0])
    assert patient_interval(values, ["one"] * 60) is None


def test_errors_over_seeds():
    found = measured(np.array([[1.0, -3.0], [3.0, -5.0]]), ["a", "b"])
    assert found["mae_months"] == 3.0
    assert found["bias_months"] == -1.0
    assert found["mae_sd_over_seeds_months"] == pytest.approx(np.std([2, 4], ddof=1))
    assert measured(np.zeros((2, 0)), []) is None


def test_regions_left_out_are_missing_and_the_plain_mean_ignores_scores():
    seen = RegionFeatures(
        ("a",),
        np.arange(17, dtype=np.float32)[None, :, None] * np.ones((1, 17, 2), np.float32),
        np.linspace(0.1, 0.9, 17, dtype=np.float32)[None],
        np.zeros((1, 17, 4), np.float32),
    )
    only = groups_of(with_only(seen, {"carpals"}), RegionInputs(pooling="region"))[0, :, 0]
    assert np.isfinite(only).sum() == 1
    assert np.isfinite(only[REGION_IDS.index("carpals")])
    plain, weighted = (groups_of(seen, RegionInputs(weights=weights))[0, 3, 0] for weights in ("mean", "score"))
    metacarpals = [i for i, region in enumerate(REGIONS) if region.type == "metacarpal"]
    assert plain == pytest.approx(np.mean(metacarpals))
    assert weighted > plain


def test_gradients_tell_an_edge_from_none():
    flat, edge = np.zeros((96, 96), np.float32), np.zeros((96, 96), np.float32)
    edge[:, 48:] = 2
    described = hog(np.stack([flat, edge]))
    assert described.shape == (2, 7 * 7 * 4 * 9)
    assert described[0].max() == 0
    assert described[1].max() > 0.1


def made_material(tmp_path, label=lambda i, months: months):
    data = read_snapshot(write_hands(tmp_path, label=label))
    parts = []
    for part in ("train", "validation", "test"):
        features = features_of(data, data.part(part))
        parts.append(inputs_of(data, features, usable(data.part(part), features, 9)))
    return Material(*parts[0], *parts[1], parts[2][0], False), parts[2][1]


def test_a_row_with_sex_learns_what_the_sex_changes(tmp_path):
    """Four years between boys and girls of the same picture."""
    material, truth = made_material(tmp_path / "s", lambda i, months: months + 48 * (i % 2))
    context = Context(tmp_path, tmp_path, 9)
    error = {
        with_sex: np.abs(region_trees(with_sex=with_sex)(material, 1, context).test - truth).mean()
        for with_sex in (False, True)
    }
    assert error[True] < 0.7 * error[False]


@pytest.mark.parametrize("hands", [300, 20])
def test_ridge_regression_is_the_textbooks_with_many_hands_and_with_few(hands):
    random = np.random.default_rng(0)
    table = random.normal(size=(hands, 40))
    ages = table @ random.normal(size=40) + 100
    centred, alpha = table - table.mean(axis=0), ALPHAS[1]
    weights = np.linalg.inv(centred.T @ centred + alpha * np.eye(40)) @ centred.T @ (ages - ages.mean())
    found = dict(_solutions(table, ages))[alpha](table)
    assert np.allclose(found, centred @ weights + ages.mean(), atol=1e-6)


def test_a_correction_by_sex_takes_a_sexs_bias_away_and_needs_enough_hands(tmp_path):
    material, truth = made_material(tmp_path / "s")

    def biased(material, seed, context):
        def ages(hands, known):
            return known - 30 * hands.female + np.random.default_rng(len(hands)).normal(0, 2, len(hands))

        return Answer(ages(material.validation, material.validation_ages), ages(material.test, truth), {})

    context = Context(tmp_path, tmp_path, 9)
    with pytest.raises(SnapshotError, match="Leave it off"):
        corrected_by_sex(biased)(material, 1, context)
    many = dataclasses.replace(
        material,
        validation=dataclasses.replace(material.validation, radiographs=material.validation.radiographs * 8),
        validation_ages=np.tile(material.validation_ages, 8),
    )
    found = corrected_by_sex(biased)(many, 1, context)
    assert np.abs(found.test - truth).mean() < 4
    assert found.record["correction"]["F"]["intercept_months"] > 20


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["attention", "concatenation"])
def test_a_network_over_the_regions_learns_and_ignores_missing_ones(tmp_path, monkeypatch, kind):
    from training.comparison import network_rows

    monkeypatch.setattr(network_rows, "EPOCHS", 12)
    monkeypatch.setattr(network_rows, "BATCH", 8)
    material, truth = made_material(tmp_path / "s")
    seen = material.test.seen
    scores = seen.scores.copy()
    scores[:, 5] = 0
    rubbish = seen.features.copy()
    rubbish[:, 5] = 1e3
    material = dataclasses.replace(
        material,
        test=dataclasses.replace(material.test, seen=dataclasses.replace(seen, features=rubbish, scores=scores)),
    )
    answer = network_rows.region_network(kind)(material, 1, Context(tmp_path, tmp_path, 9))
    assert np.abs(answer.test - truth).mean() < 0.6 * np.abs(truth - np.median(truth)).mean()
