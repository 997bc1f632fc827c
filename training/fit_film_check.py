"""Trains the film check on the training hands of a snapshot, with made faults, and writes it with its manifest.

The truth comes from three sides: the faults are made, so they are known; where fingers and forearm end, the detector of
an artifact says; and so it does which hands of the snapshot are stored mirrored (1.4 % of the RSNA ones), which would
otherwise teach the network the wrong side. Hands on which the detector does not find both thumb and little finger
are left out. The test part is never touched.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.imaging.film_check import CHECKS, FORMAT, MANIFEST, NETWORK, read_network
from inference.imaging.hand_mask import find_hand
from inference.pipeline import Pipeline
from inference.progress import OnProgress, Progress, ignore_progress
from training.film_check_network import build_network, from_onnx, to_onnx
from training.film_check_samples import KnownHand, SampleMaker
from training.film_faults import Hand, spread
from training.not_hands import read_pictures
from training.phantom.phantom import render_phantom
from training.snapshot import Snapshot, SnapshotError, SnapshotRadiograph, read_snapshot

HASH_LETTERS = 16
DETECTOR_BATCH = 64
PHANTOM_SIZE = (200, 160)
VALIDATION_SAMPLES = 3000
START_SAMPLES = 256
_EVERY = 50

CHECK_WEIGHTS = {"fingers_cut": 3.0, "forearm_cut": 1.5}
"""Weight of a check in the loss; 1 where none is named. Cut fingers are the hardest fault to see."""

LICENCE = (
    "Research use only. Trained on pictures of the RSNA 2017 Pediatric Bone Age Challenge (research use), with faults "
    "made on them."
)


@dataclass(frozen=True)
class FilmCheckConfig:
    """Settings of the training; they stand in the manifest."""

    steps: int = 5000
    batch: int = 64
    learning_rate: float = 2e-3
    phantoms: int = 150
    seed: int = 2017


def fit_film_check(
    *,
    snapshot: Path,
    artifact: Path,
    not_hands: Sequence[Path],
    out: Path,
    config: FilmCheckConfig,
    start: Path | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Path:
    """Train and write.

    Args:
        snapshot: of hands that are stored upright, as left ones, but for the mirrored few.
        artifact: whose detector says where the regions are.
        not_hands: files and folders of pictures that are no hand.
        out: parent of the folder that is made, which is named by the manifest's hash.
        config: settings.
        start: film check to go on from; None begins anew.

    Returns:
        The folder made: ``manifest.json`` and ``film_check.onnx``.

    Raises:
        SnapshotError: no snapshot, or no usable hand in it.
        FilmCheckError: ``start`` is no film check.
    """
    opened = read_snapshot(snapshot)
    pipeline = Pipeline.load(artifact)
    hands = _known_hands(opened, opened.part("train"), pipeline, on_progress)
    held_back = _known_hands(opened, opened.part("validation"), pipeline, on_progress)
    if not hands or not held_back:
        raise SnapshotError("The snapshot needs hands in its training and in its validation part.")
    hands += _phantoms(config)
    strangers = read_pictures(not_hands)
    keras.utils.set_random_seed(config.seed)
    maker = SampleMaker(hands, list(strangers.values()), np.random.default_rng(config.seed))
    model = from_onnx(read_network(start), maker.batch(START_SAMPLES)[0]) if start else build_network()
    _train(model, maker, config, on_progress)
    checker = SampleMaker(held_back, list(strangers.values()), np.random.default_rng(config.seed + 1))
    manifest = {
        "format": FORMAT,
        "licence": LICENCE,
        "trained_on": {
            "name": opened.manifest["name"],
            "snapshot": opened.hash,
            "hands": len(hands) - config.phantoms,
            "phantoms": config.phantoms,
            "stored_mirrored": sum(known.lies >= 4 for known in hands),
            "not_hands": len(strangers),
            "synthetic": opened.synthetic,
        },
        "regions_from": pipeline.artifact.hash,
        "config": asdict(config),
        "check_weights": CHECK_WEIGHTS,
        "went_on_from": start.name if start else None,
        "history": _history(start) if start else [],
        "validation": _measured(model, checker, min(VALIDATION_SAMPLES, config.steps * config.batch)),
    }
    return _write(to_onnx(model), manifest, out)


def known_orientation(boxes: Mapping[str, Box]) -> int | None:
    """How a hand lies, from where its regions are: 0 upright as a left hand to 7; None where too few are known.

    The thumb's side comes from thumb against little finger, the turn from wrist to metacarpals.
    """
    centres = {region: np.array(box.centre) for region, box in boxes.items()}
    wrist = [centres[region] for region in ("radius", "ulna", "carpals") if region in centres]
    palm = [centres[region] for region in ("mc2", "mc3", "mc4", "mc5", "pp2", "pp3", "pp4", "pp5") if region in centres]
    thumb = [centres[region] for region in ("pp1", "dp1") if region in centres]
    little = [centres[region] for region in ("mc5", "pp5", "dp5") if region in centres]
    if not wrist or len(palm) < 3 or not thumb or not little:
        return None
    up = np.mean(palm, axis=0) - np.mean(wrist, axis=0)
    quarter_turns = round(float(np.arctan2(up[0], -up[1])) / (np.pi / 2)) % 4
    right = np.array([-up[1], up[0]])
    thumb_right = float((np.mean(thumb, axis=0) - np.mean(little, axis=0)) @ right) > 0
    return quarter_turns + (0 if thumb_right else 4)


def _known_hands(
    snapshot: Snapshot, radiographs: Sequence[SnapshotRadiograph], pipeline: Pipeline, on_progress: OnProgress
) -> list[KnownHand]:
    known: list[KnownHand] = []
    for start in range(0, len(radiographs), DETECTOR_BATCH):
        on_progress(Progress("regions", start, len(radiographs)))
        pictures = [snapshot.picture(one).astype(np.float32) for one in radiographs[start : start + DETECTOR_BATCH]]
        for picture, boxes in zip(pictures, pipeline.boxes_of(pictures), strict=True):
            lies = known_orientation(boxes)
            if lies is not None:
                known.append(KnownHand(Hand(spread(picture), boxes, find_hand(picture).mask), lies))
    on_progress(Progress("regions", len(radiographs), len(radiographs)))
    return known


def _phantoms(config: FilmCheckConfig) -> list[KnownHand]:
    """Drawn hands of all ages: they are shown as films in demonstrations and must pass for hands."""
    rng = np.random.default_rng(config.seed)
    drawn = []
    for number in range(config.phantoms):
        months = float(rng.uniform(12, 216))
        phantom = render_phantom(
            bone_age_months=months, sex="F" if number % 2 else "M", seed=number, size=PHANTOM_SIZE, mirrored=False
        )
        picture = phantom.pixels.astype(np.float32)
        drawn.append(KnownHand(Hand(spread(picture), phantom.boxes, find_hand(picture).mask)))
    return drawn


def _train(model: keras.Model, maker: SampleMaker, config: FilmCheckConfig, on_progress: OnProgress) -> None:
    rate = keras.optimizers.schedules.CosineDecay(config.learning_rate, config.steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-4, clipnorm=5.0)

    def step(images: Any, orientations: Any, truths: Any) -> Any:
        with tf.GradientTape() as tape:
            answers = model(images, training=True)
            loss = _loss(answers, orientations, truths)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    compiled = tf.function(step)
    recent: list[float] = []
    for number in range(1, config.steps + 1):
        recent.append(float(compiled(*(tf.constant(part) for part in maker.batch(config.batch)))))
        if number % _EVERY == 0 or number == config.steps:
            on_progress(Progress("train", number, config.steps, values={"loss": float(np.mean(recent))}))
            recent.clear()


def _loss(answers: Mapping[str, Any], orientations: Any, truths: Any) -> Any:
    """Cross entropies, each averaged over what is known."""
    known_way = tf.cast(orientations >= 0, tf.float32)
    of_way = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(orientations, 0), answers["orientation"])
    known = tf.cast(tf.logical_not(tf.math.is_nan(truths)), tf.float32)
    filled = tf.where(tf.math.is_nan(truths), tf.zeros_like(truths), truths)
    weights = tf.constant([CHECK_WEIGHTS.get(name, 1.0) for name in CHECKS])
    of_checks = weights * tf.nn.sigmoid_cross_entropy_with_logits(filled, answers["checks"])
    return tf.reduce_sum(of_way * known_way) / (tf.reduce_sum(known_way) + 1e-6) + len(CHECKS) * tf.reduce_sum(
        of_checks * known
    ) / (tf.reduce_sum(known) + 1e-6)


def _history(start: Path) -> list[dict[str, Any]]:
    """The trainings before this one, the first one first: it takes all of them to make the network again."""
    manifest = json.loads((start / MANIFEST).read_bytes())
    settings = {name: manifest[name] for name in ("config", "check_weights", "went_on_from") if name in manifest}
    return [*manifest.get("history", []), {"film_check": start.name, **settings}]


def _measured(model: keras.Model, maker: SampleMaker, count: int) -> dict[str, Any]:
    """On made samples of the validation hands, one way only and cut at even odds; the benchmark measures the rest."""
    images, orientations, truths = maker.batch(count)
    answers = {name: np.asarray(values) for name, values in model.predict(images, batch_size=256, verbose=0).items()}
    judged = orientations >= 0
    right = answers["orientation"].argmax(axis=1)[judged] == orientations[judged]
    measured: dict[str, Any] = {"samples": count, "orientation_right": round(float(right.mean()), 4)}
    for place, name in enumerate(CHECKS):
        yes, no = (answers["checks"][truths[:, place] == value, place] > 0 for value in (1, 0))
        measured[name] = {"found": _share(yes), "falsely_found": _share(no), "n": len(yes), "n_without": len(no)}
    return measured


def _share(flags: NDArray[np.bool_]) -> float | None:
    return round(float(flags.mean()), 4) if flags.size else None


def _write(network: bytes, manifest: Mapping[str, Any], out: Path) -> Path:
    """Aside first, then renamed."""
    whole = {**manifest, "files": {NETWORK: hashlib.sha256(network).hexdigest()}}
    raw = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False).encode()
    target = out / hashlib.sha256(raw).hexdigest()[:HASH_LETTERS]
    aside = out / f".{target.name}.writing"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    (aside / NETWORK).write_bytes(network)
    (aside / MANIFEST).write_bytes(raw)
    shutil.rmtree(target, ignore_errors=True)
    aside.rename(target)
    return target
