"""Fit a detector to the boxed hands of a snapshot. Source: CHBoneAI, section on the detector.

Phases: ``prepare`` (reference distribution and films), ``fit_detector`` (steps on hands with boxes) and, where the
preset has an auxiliary age, ``find_regions`` (boxes for all training hands from the detector so far) and
``fit_maturity`` (detection goes on while the features learn the bone age of each region).

Only the ``train`` part is ever fitted to, the reference distribution included. The ``validation`` part is scored and,
where the preset has ``validate_every``, says which step's weights are kept and when to stop.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np

from inference.detector.config import DetectorConfig
from inference.detector.detect import CONFIG_FILE, WEIGHTS_FILE, Detector
from inference.imaging.preprocess import Preprocessing, fit_reference
from inference.progress import OnProgress, Progress, ignore_progress
from training.checkpoint import Checkpoint, CheckpointError
from training.config import DETECTOR_RECORD, DetectorTraining, Schedule, load_preset
from training.detector_batches import DetectorBatches
from training.devices import DevicesError, devices
from training.early_stopping import BestSoFar
from training.films import Batch, Example, Films
from training.found_boxes import found_boxes
from training.imagenet import for_imagenet_weights, load_imagenet_weights, record_of
from training.score_detector import score_detector
from training.snapshot import Snapshot, read_snapshot
from training.step_log import StepLog
from training.train_step import LOSS_NAMES, TrainStep, learning_rate, make_optimizer

PREPROCESSING_FILE = "preprocessing.json"
LOG_FILE = "log.csv"
VALIDATION_LOG_FILE = "validation.csv"
REFERENCE_FILMS = 500
"""Films from which the reference distribution is taken, evenly over the training part."""
SECONDS_BETWEEN_PROGRESS = 1.0


class FitError(Exception):
    """A snapshot that a detector cannot be fitted to; the message says what is missing."""


def fit_detector(
    *,
    snapshot: Path,
    preset: str,
    out: Path,
    overrides: Mapping[str, object] | None = None,
    start: Path | None = None,
    imagenet_weights: Path | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Path:
    """Train a detector.

    Args:
        snapshot: folder of a snapshot with boxes in its training part.
        preset: ``paper``, ``light`` or ``tiny``.
        out: folder to make: ``detector.json``, ``detector.weights.h5``, ``preprocessing.json``, ``training.json``
            (settings, snapshot, seconds, scores on the validation part), ``log.csv`` (losses of every step) and
            ``validation.csv`` (losses on the validation part, where the preset has ``validate_every``).
        overrides: settings laid over the preset, such as ``{"steps": 100}``.
        start: a detector folder of the same snapshot and shape whose weights and preprocessing to go on from; its
            record is kept in ``training.json`` as ``started_from``.
        imagenet_weights: file of ``keras.applications`` weights for the preset's ResNet, in Keras' ``.h5`` or
            ``.weights.h5`` format, to begin with; lays ``detector.layout`` imagenet and ``detector.normalisation``
            frozen over the preset. Its sha256 stands in ``training.json``. Nothing is ever downloaded.
        on_progress: told of every phase, with the losses as values; may raise Cancelled.

    Returns:
        ``out``. A run that was killed is taken up again from its last checkpoint when called with the same arguments.

    Raises:
        FitError: no boxed hand in the training part, ``start`` does not fit, ``out`` exists, fewer devices than the
            preset wants, or a damaged checkpoint.
        PresetError: unknown preset or setting.
        ImagenetError: the file of weights does not fit the preset's network.
        SnapshotError: the snapshot cannot be trusted.
    """
    settings = load_preset(preset, overrides)
    if out.exists():
        raise FitError(f"{out} exists already; choose another folder or remove it.")
    if imagenet_weights is not None:
        if start is not None:
            raise FitError("A training begins with ImageNet weights or with another detector, not with both.")
        settings = for_imagenet_weights(settings)
    aside = out.parent / f".{out.name}.training"
    try:
        run = _Run(read_snapshot(snapshot), settings, aside, start, imagenet_weights, on_progress)
        run.fit()
    except CheckpointError as error:
        raise FitError(str(error)) from error
    os.replace(run.finish(), out)
    shutil.rmtree(run.dir)
    return out


class _Run:
    """One training, from the snapshot to a folder."""

    def __init__(
        self,
        snapshot: Snapshot,
        settings: DetectorTraining,
        dir: Path,
        start: Path | None,
        imagenet_weights: Path | None,
        on_progress: OnProgress,
    ) -> None:
        self.snapshot, self.settings, self.dir, self.on_progress = snapshot, settings, dir, on_progress
        self.start = start
        self.started_from = _record_to_start_from(start, snapshot, settings) if start else None
        train = snapshot.part("train")
        self.boxed = [r for r in train if snapshot.boxes(r.id)]
        self.aged = [r for r in train if r.bone_age_months is not None and r.sex is not None]
        if not self.boxed:
            raise FitError("The training part of the snapshot has no hand with boxes; label some first.")
        if settings.auxiliary_steps and not self.aged:
            raise FitError("The training part has no bone age with a sex, which auxiliary_age_weight needs.")
        self.imagenet_weights = record_of(imagenet_weights) if imagenet_weights else None
        key = json.dumps([snapshot.hash, settings.to_json(), self.started_from, self.imagenet_weights], sort_keys=True)
        self.checkpoint = Checkpoint(dir, key=hashlib.sha256(key.encode()).hexdigest())
        if self.checkpoint.note() is None:
            for left in dir.iterdir():  # of a run with other settings, or one that never reached a checkpoint
                left.unlink() if left.is_file() else shutil.rmtree(left)
        self.films = Films(snapshot, self._preprocessing())
        try:
            self.devices = devices(settings.devices)
            self.devices.make_deterministic()  # or a resumed run would drift from an unbroken one
        except DevicesError as error:
            raise FitError(str(error)) from error
        with self.devices.scope():
            self.detector = Detector.untrained(settings.detector, seed=settings.seed, precision=settings.precision)
        if start is not None:
            self.detector.network.load_weights(start / WEIGHTS_FILE)
        if imagenet_weights is not None:
            load_imagenet_weights(self.detector.network, imagenet_weights)
        self.batches = DetectorBatches(
            self.films, settings, multiple_px=self.detector.size_multiple_px, on_progress=on_progress
        )
        self.seconds: dict[str, float] = {}
        self.best: dict[str, dict[str, Any]] = {}

    def _preprocessing(self) -> Preprocessing:
        """As the preset says, with the reference distribution of the training part."""
        path = self.dir / PREPROCESSING_FILE
        if self.start is not None:
            path = self.start / PREPROCESSING_FILE
        if path.is_file():
            return Preprocessing.from_json(path.read_text(encoding="utf-8"))
        train = self.snapshot.part("train")
        chosen = train[:: max(1, len(train) // REFERENCE_FILMS)]
        self.on_progress(Progress("prepare", 0, len(chosen), "Grey values of the training films"))
        try:
            reference = fit_reference(self.snapshot.picture(r).astype(np.float32) for r in chosen)
        except ValueError as error:
            raise FitError(f"The training films cannot give a grey reference: {error}") from error
        settings = self.settings
        made = Preprocessing(
            geometry=settings.geometry,
            size_px=settings.size_px,
            detail_px=settings.detail_px,
            reference_cdf=reference,
        )
        path.write_text(made.to_json(), encoding="utf-8")
        return made

    def fit(self) -> None:
        """All phases; each leaves its result in the network and in the folder."""
        settings = self.settings
        note = self.checkpoint.note()
        if note is not None:
            self.seconds, self.best = note["state"]["seconds"], note["state"]["best_of_phases"]
        if note is None or note["phase"] == "fit_detector":
            boxed = self.batches.examples(self.boxed)
            self._steps(
                "fit_detector",
                settings.steps,
                settings.schedule,
                settings.batch,
                lambda step: self.batches.boxed(boxed, step, settings.batch),
            )
        if settings.auxiliary_steps:
            aged = self._with_found_boxes()
            boxed = self.batches.examples(self.boxed)
            self._steps(
                "fit_maturity",
                settings.auxiliary_steps,
                settings.auxiliary_schedule,
                settings.auxiliary_boxed,
                lambda step: self.batches.mixed(boxed, aged, step),
            )

    def _steps(
        self, phase: str, steps: int, schedule: Schedule, boxed_per_device: int, batch_of: Callable[[int], Batch]
    ) -> None:
        """The optimizer steps of one phase, from its checkpoint on where there is one."""
        settings, network = self.settings, self.detector.network
        with self.devices.scope():
            optimizer = make_optimizer(settings)
        train_step = TrainStep(network, optimizer, settings, self.devices)
        variables = [*network.variables, *optimizer.variables]
        first, state = self.checkpoint.restore(phase=phase, variables=variables) or (0, {"logs": self._logs_before()})
        before, best = self.seconds.get(phase, 0.0), BestSoFar.from_json(state.get("best", BestSoFar().to_json()))
        validation = self._validation_batches() if phase == "fit_detector" else []
        log = StepLog(self.dir / LOG_FILE, ("learning_rate", *LOSS_NAMES), keep_bytes=state["logs"][0])
        validation_log = StepLog(self.dir / VALIDATION_LOG_FILE, LOSS_NAMES, keep_bytes=state["logs"][1])
        began = told = time.monotonic()
        last = first if best.ends(settings.patience) else steps
        with ThreadPoolExecutor(1) as ahead:
            waiting = ahead.submit(batch_of, first)
            for step in range(first, last):
                batch = waiting.result()
                if step + 1 < steps:
                    waiting = ahead.submit(batch_of, step + 1)
                rate = learning_rate(schedule, step, steps)
                losses = train_step(batch, boxed_per_device * settings.devices, rate)
                if not np.isfinite(losses["loss"]):
                    raise FitError(f"The loss became {losses['loss']} at step {step} of {phase}; lower the rate.")
                log.add(phase, step, {"learning_rate": rate, **losses})
                done, validated = step + 1, False
                if validation and (done % settings.validate_every == 0 or done == steps):
                    seen, validated = self._validated(train_step, validation), True
                    validation_log.add(phase, done, seen)
                    if best.is_beaten_by(seen["loss"]):
                        best = BestSoFar(seen["loss"], done, 0, self.checkpoint.keep(done, network.variables))
                    else:
                        best = best.without_better()
                now = time.monotonic()
                self.seconds[phase] = before + now - began
                if validated or done % settings.checkpoint_every == 0 or done == steps:
                    state = {
                        "seconds": self.seconds,
                        "logs": [log.on_disk(), validation_log.on_disk()],
                        "best": best.to_json(),
                        "best_of_phases": self.best,
                        "kept": best.kept,
                    }
                    self.checkpoint.save(phase=phase, step=done, variables=variables, state=state)
                if now - told >= SECONDS_BETWEEN_PROGRESS or done == steps:
                    told = now
                    self.on_progress(Progress(phase, done, steps, f"loss {losses['loss']:.3f}", losses))
                if best.ends(settings.patience):
                    self.on_progress(Progress(phase, steps, steps, f"no better since step {best.step}"))
                    break
        log.close()
        validation_log.close()
        if best.kept is not None:
            self.checkpoint.restore_kept(best.kept, network.variables)
            self.best[phase] = {"step": best.step, "validation_loss": best.loss}

    def _logs_before(self) -> list[int]:
        """Bytes of the two logs at the end of the phase before, 0 where there was none."""
        note = self.checkpoint.note()
        return [0, 0] if note is None else list(note["state"]["logs"])

    def _validation_batches(self) -> list[Batch]:
        """The validation part's hands with boxes; none where the preset does not validate."""
        if not self.settings.validate_every:
            return []
        hands = [r for r in self.snapshot.part("validation") if self.snapshot.boxes(r.id)]
        if not hands:
            raise FitError("The validation part has no hand with boxes; label some, or set validate_every to 0.")
        return self.batches.unchanged(hands)

    @staticmethod
    def _validated(train_step: TrainStep, batches: Sequence[Batch]) -> dict[str, float]:
        """Mean losses over the batches, each counting by its films."""
        films = [len(batch.images) for batch in batches]
        seen = [train_step.validation_losses(batch) for batch in batches]
        return {name: float(np.average([one[name] for one in seen], weights=films)) for name in LOSS_NAMES}

    def _with_found_boxes(self) -> list[Example]:
        """Training hands with a bone age, each with its drawn boxes and, for the other regions, found ones."""
        found = found_boxes(
            self.detector, self.films, self.aged, store=self.dir / "found_boxes.json", on_progress=self.on_progress
        )
        examples = []
        for radiograph in self.aged:
            boxes = found[radiograph.id] | self.films.drawn_boxes(radiograph)
            if boxes:
                examples.append(self.films.example(radiograph, boxes))
        if not examples:
            raise FitError("No region was drawn or found on any hand with a bone age; train the detection for longer.")
        return examples

    def finish(self) -> Path:
        """Write the detector's folder aside, with its scores on the validation part."""
        folder = self.dir / "result"
        self.detector.save(folder)
        (folder / PREPROCESSING_FILE).write_text(self.films.preprocessing.to_json(), encoding="utf-8")
        for name in (LOG_FILE, VALIDATION_LOG_FILE):
            shutil.copyfile(self.dir / name, folder / name)
        validation = [r for r in self.snapshot.part("validation") if self.snapshot.boxes(r.id)]
        # Scored as it will serve: in float32, whatever it was trained in.
        served = self.detector if self.settings.precision == "float32" else Detector.load(folder)
        scores = score_detector(served, self.films, validation) if validation else None
        record = {
            "settings": self.settings.to_json(),
            "snapshot": self.snapshot.hash,
            "synthetic": self.snapshot.synthetic,
            "boxed_hands": len(self.boxed),
            "hands_with_bone_age": len(self.aged) if self.settings.auxiliary_steps else 0,
            "seconds": {phase: round(value, 1) for phase, value in self.seconds.items()},
            "engine": f"keras {keras.__version__}, {keras.backend.backend()}, float32",
            "trained_in": f"{self.settings.precision} on {self.settings.devices} device(s)",
            "feature_size": self.detector.feature_size,
            "best": self.best,
            "validation": scores,
            "started_from": self.started_from,
            "imagenet_weights": self.imagenet_weights,
        }
        (folder / DETECTOR_RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        return folder


def _record_to_start_from(start: Path, snapshot: Snapshot, settings: DetectorTraining) -> dict[str, Any]:
    """The record of the detector to go on from, if this run may.

    Raises:
        FitError: no detector folder, another shape, or fitted on another snapshot, whose split may differ.
    """
    try:
        record: dict[str, Any] = json.loads((start / DETECTOR_RECORD).read_text(encoding="utf-8"))
        config = DetectorConfig.from_json((start / CONFIG_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FitError(f"{start} is no detector to go on from: {error}") from error
    if record["snapshot"] != snapshot.hash:
        raise FitError(f"{start} was fitted on another snapshot, whose test hands may be training hands here.")
    if config != settings.detector:
        raise FitError(f"{start} has another shape than the preset with these overrides.")
    return record
