"""Contributions add up to the age, belong to the right region, and a covered patch matters where it matters."""

import dataclasses
import json

import numpy as np
import pytest

from inference.__main__ import main
from inference.age_head import AgeHead, AgeRefused, column_owners
from inference.anatomy.regions import REGION_BY_ID, REGION_IDS, REGION_TYPES
from inference.explain import explain, occlusion_map, part_age
from tests.training.made_hands import telling_hands
from training.head_fit import AgeHeadTraining, fit_head
from training.phantom.cohort import demo_cohort
from training.phantom.command import write_png

UNTUNED = AgeHeadTraining(tune=False)


def fitted(hands, config=UNTUNED, sexed=False):
    return fit_head(
        hands=hands, sexed_channels=sexed, features_know_ages=False, config=config, on_progress=lambda p: None
    ).head


@pytest.fixture(scope="module")
def hands():
    return telling_hands(160, chronological=True)


@pytest.fixture(scope="module")
def heads(hands):
    return {
        "plain": fitted(hands),
        "sexed": fitted(hands, sexed=True),
        "aged": fitted(hands, dataclasses.replace(UNTUNED, with_chronological_age=True)),
    }


def _found(scores, kind):
    return any(scores[region.index] > 0 for region in REGION_BY_ID.values() if region.type == kind)


@pytest.mark.parametrize("kind", ["plain", "sexed", "aged"])
def test_contributions_add_up_to_what_the_trees_said(hands, heads, kind):
    head = heads[kind]
    for i in range(8):
        features, scores, sex = hands.seen.features[i], hands.seen.scores[i].copy(), hands.sexes[i]
        scores[REGION_BY_ID["carpals"].index] = 0  # one is always missing
        found = explain(head, features, scores, sex, 100.0)
        raw = float(head.booster.inplace_predict(head.table(features[None], scores[None], [sex], [100.0]))[0])
        assert found.base_months + sum(one.months for one in found.contributions) == pytest.approx(raw, abs=1e-2)
        assert found.raw_bone_age_months == pytest.approx(raw, abs=1e-2)
        assert found.bone_age_months == pytest.approx(max(raw, 0), abs=1e-2)
        missing = {kind for kind in REGION_TYPES if not _found(scores, kind)}
        assert {one.owner for one in found.contributions if not one.found} == missing
        assert "carpals" in missing


@pytest.mark.parametrize("pooling", ["type", "region"])
@pytest.mark.parametrize("sexed", [True, False])
def test_every_column_has_the_owner_whose_number_it_is(hands, pooling, sexed):
    """A change of one region's features moves only columns of that region (or of its type, or of all of them)."""
    settings = dataclasses.replace(fitted(hands, sexed=sexed).settings, pooling=pooling)
    groups = len(settings.group_names)
    random = np.random.default_rng(1)
    depth = settings.feature_size - (2 if sexed else 0)
    from inference.age_head import Reduction

    reduction = Reduction(
        random.normal(size=(groups, depth)).astype(np.float32),
        random.normal(size=(groups, settings.components, depth)).astype(np.float32),
    )
    head = AgeHead(settings, reduction, None)
    scores = np.full((1, 17), 0.9, np.float32)
    before = head.table(hands.seen.features[:1], scores, ["F"], [None])[0]
    moved = hands.seen.features[:1].copy()
    moved[0, REGION_BY_ID["pp3"].index] += 5
    after = head.table(moved, scores, ["F"], [None])[0]
    owners = column_owners(settings)
    assert len(owners) == len(before)
    own = "pp3" if pooling == "region" else "proximal_phalanx"
    assert {owner for owner, a, b in zip(owners, before, after, strict=True) if a != b} == {own} | (
        {"all_regions"} if sexed else set()
    )
    assert set(owners) - {"all_regions", "sex"} == set(REGION_IDS if pooling == "region" else REGION_TYPES)


def test_what_gets_no_age_is_not_explained(hands, heads):
    with pytest.raises(AgeRefused) as refusal:
        explain(heads["plain"], hands.seen.features[0], hands.seen.scores[0], None)
    assert refusal.value.code == "sex_missing"


def test_the_age_of_a_part_is_refused_where_the_part_is_missing(hands):
    carpals = np.array([region == "carpals" for region in REGION_IDS])
    only = dataclasses.replace(
        hands.seen,
        features=np.where(carpals[None, :, None], hands.seen.features, 0).astype(np.float32),
        scores=np.where(carpals[None], 0.9, np.zeros_like(hands.seen.scores)).astype(np.float32),
    )
    head = fitted(dataclasses.replace(hands, seen=only), dataclasses.replace(UNTUNED, regions_needed=1))
    found = part_age("carpals", head, only.features[0], only.scores[0], "F")
    assert found.interval_months[0] <= found.bone_age_months <= found.interval_months[1]
    gone = part_age("carpals", head, np.zeros_like(only.features[0]), np.zeros(17, np.float32), "F")
    assert (gone.bone_age_months, gone.error_code) == (None, "too_few_regions")


def test_a_covered_patch_matters_where_the_model_looks():
    picture = np.full((40, 30), 0.2, np.float32)
    picture[20:30, 10:20] = 1.0

    def ages_of(pictures):
        return [100 * float(one[20:30, 10:20].mean()) for one in pictures]

    found = occlusion_map(ages_of, picture, patch_px=10, step_px=5, batch=7)
    assert found.months.shape == (7, 5)
    assert np.unravel_index(found.months.argmin(), found.months.shape) == (4, 2)
    assert found.months.min() == pytest.approx(-80, abs=0.1)
    assert found.months[0].max() == found.months[0].min() == 0
    assert found.bone_age_months == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize(("patch", "step"), [(0, 5), (31, 5), (10, 0)])
def test_a_patch_that_does_not_fit_is_refused(patch, step):
    with pytest.raises(ValueError, match="does not fit"):
        occlusion_map(
            lambda pictures: [0.0] * len(pictures), np.zeros((40, 30), np.float32), patch_px=patch, step_px=step
        )


@pytest.mark.timeout(180)
def test_the_command_explains_the_shipped_models_age_of_a_film(tmp_path, capsys):
    film = next(demo_cohort(1, 8, size=(500, 400)))
    path = tmp_path / film.filename
    path.write_bytes(film.data)
    assert main(["explain", str(path), "--sex", film.sex, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    total = found["base_months"] + sum(one["months"] for one in found["contributions"])
    assert total == pytest.approx(found["bone_age_months"], abs=0.05)
    assert main(["predict", str(path), "--sex", film.sex, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bone_age_months"] == pytest.approx(found["bone_age_months"], abs=0.05)
    assert main(["explain", str(path), "--sex", film.sex]) == 0
    assert "RESEARCH USE ONLY" in capsys.readouterr().out
    write_png(film.phantom, tmp_path / "nobody.png")
    assert main(["explain", str(tmp_path / "nobody.png")]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "sex_missing"
