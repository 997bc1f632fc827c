"""The film check's training: faults are what they say, the ONNX file is the network, the test part is not touched."""

import json

import cv2
import numpy as np
import onnxruntime
import pytest

from inference.imaging.film_check import CHECKS, NETWORK, SIDE_PX, FilmCheckError, network_input, read_network
from inference.imaging.hand_mask import find_hand
from training.film_check_network import build_network, from_onnx, to_onnx
from training.film_check_samples import KnownHand, SampleMaker
from training.film_faults import (
    Hand,
    blurred,
    closely_framed,
    fingers_cut,
    forearm_cut,
    inverted,
    overexposed,
    spread,
    turned,
    two_hands,
    underexposed,
)
from training.fit_film_check import FilmCheckConfig, _write, known_orientation
from training.not_hands import read_pictures, shuffled, texture
from training.phantom.phantom import render_phantom

PHANTOM = render_phantom(bone_age_months=120, sex="F", seed=1, size=(200, 160), mirrored=False)
PIXELS = PHANTOM.pixels.astype(np.float32)
HAND = Hand(spread(PIXELS), PHANTOM.boxes, find_hand(PIXELS).mask)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(6))
def test_a_cut_film_ends_where_the_regions_say(seed):
    """The forearm's cut leaves no growth plate of the radius; the fingers' cut takes away part of a finger."""
    cut = forearm_cut(HAND, rng(seed))
    y = int(HAND.boxes["radius"].centre[1])
    assert cut.shape[0] <= y or np.ptp(cut[y + 1 :]) == 0
    other = fingers_cut(HAND, rng(seed))
    assert other.shape != HAND.pixels.shape or (other != HAND.pixels).any()


@pytest.mark.parametrize("collimated", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_a_closely_framed_hand_keeps_its_fingers(seed, collimated):
    """As much of every bone is left as before, so it is right to call the film whole."""
    bones = np.zeros(HAND.pixels.shape, np.float32)
    for box in HAND.boxes.values():
        bones[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = 1
    framed = closely_framed(Hand(bones, HAND.boxes, HAND.mask), rng(seed), collimated=collimated)
    assert framed.sum() == bones.sum()
    assert framed.shape == bones.shape or (not collimated and framed.size < bones.size)


def test_faults_change_what_they_name():
    assert np.allclose(inverted(inverted(HAND.pixels)), HAND.pixels, atol=1e-6)
    assert np.abs(np.diff(blurred(HAND.pixels, rng()))).mean() < 0.8 * np.abs(np.diff(HAND.pixels)).mean()
    burnt = overexposed(HAND, rng())
    assert 0.2 < np.mean(burnt[HAND.mask] >= burnt.max()) < 0.72
    assert underexposed(HAND.pixels, rng()).std() > HAND.pixels.std() * 0.8
    assert two_hands(HAND, HAND, rng()).shape[1] > 1.8 * HAND.pixels.shape[1]


def test_strangers_are_pictures_in_range():
    for seed in range(12):
        for picture in (texture(rng(seed)), shuffled(HAND.pixels, rng(seed))):
            assert picture.min() >= 0
            assert picture.max() <= 1


@pytest.mark.parametrize("lies", range(8))
def test_orientation_is_read_from_regions(lies):
    """The boxes of a phantom, laid in all eight ways."""
    rows, columns = HAND.pixels.shape
    laid = {}
    for region, box in HAND.boxes.items():
        marked = np.zeros((rows, columns))
        marked[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1] = 1
        y, x = np.nonzero(turned(marked, lies))
        laid[region] = type(box)(float(x.min()), float(y.min()), float(x.max()) + 1, float(y.max()) + 1)
    assert known_orientation(laid) == lies
    assert known_orientation({"radius": laid["radius"]}) is None


def test_samples_are_repeatable_and_name_their_faults():
    def batch(seed):
        return SampleMaker([KnownHand(HAND)], [texture(rng(1))], rng(seed)).batch(40)

    images, orientations, truths = batch(5)
    again = batch(5)
    assert all(
        np.array_equal(one, other, equal_nan=True)
        for one, other in zip(again, (images, orientations, truths), strict=True)
    )
    assert images.shape == (40, SIDE_PX, SIDE_PX, 1)
    assert truths.shape == (40, len(CHECKS))
    strangers = truths[:, 0] == 0
    assert strangers.any()
    assert (orientations[strangers] == -1).all()
    assert np.isnan(truths[strangers, 1:]).all()


def test_the_onnx_file_is_the_network():
    model = build_network()
    rng_ = rng(3)
    for layer in model.layers:  # statistics as after some training, or folding would have nothing to fold
        if layer.name.endswith("_norm"):
            layer.set_weights([rng_.uniform(0.5, 1.5, weights.shape) for weights in layer.get_weights()])
    films = rng_.random((3, SIDE_PX, SIDE_PX, 1), dtype=np.float32)
    ours = model.predict(films, verbose=0)
    session = onnxruntime.InferenceSession(to_onnx(model), providers=["CPUExecutionProvider"])
    orientation, checks = session.run(None, {"film": films[:, None, :, :, 0]})
    assert np.allclose(orientation, ours["orientation"], atol=1e-3)
    assert np.allclose(checks, ours["checks"], atol=1e-3)


def test_a_network_is_taken_up_again_where_it_was():
    model = build_network()
    films = SampleMaker([KnownHand(HAND)], [], rng(2)).batch(32)[0]
    again = from_onnx(to_onnx(model), films)
    ours, theirs = (network.predict(films, verbose=0) for network in (model, again))
    assert np.allclose(ours["checks"], theirs["checks"], atol=1e-3)
    assert np.allclose(ours["orientation"], theirs["orientation"], atol=1e-3)


def test_what_is_written_is_verified_when_read(tmp_path):
    folder = _write(b"network", {"format": "chboneai-film-check/1", "config": FilmCheckConfig().__dict__}, tmp_path)
    assert read_network(folder) == b"network"
    assert json.loads((folder / "manifest.json").read_text())["config"]["seed"] == 2017
    (folder / NETWORK).write_bytes(b"another")
    with pytest.raises(FilmCheckError, match="restore"):
        read_network(folder)


def test_the_same_picture_in_two_files_is_kept_once(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), (texture(rng(2)) * 255).astype(np.uint8))
    cv2.imwrite(str(tmp_path / "b.png"), (texture(rng(2)) * 250).astype(np.uint8))
    (tmp_path / "c.txt").write_text("no picture")
    assert list(read_pictures([tmp_path])) == ["a.png"]
    assert network_input(read_pictures([tmp_path])["a.png"]).shape == (SIDE_PX, SIDE_PX)
