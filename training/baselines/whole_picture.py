"""The end-to-end baseline: a residual network that turns the whole picture and the sex into a bone age.

    python -m training fit-whole-picture --snapshot S --out DIR

About 0.7 million parameters at 100 x 100; batch normalisation, flips, turns, shifts, zoom and contrast as
augmentation, Adam with cosine decay, the weights of the best epoch on the validation part.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from inference.detector.pointwise import pointwise
from inference.progress import OnProgress, Progress, ignore_progress
from training.snapshot import Snapshot, SnapshotError, SnapshotRadiograph, read_snapshot
from training.squares import standardised

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class WholePictureConfig:
    """Settings of the baseline.

    Attributes:
        size_px: side of the square that every picture is squeezed into.
        with_sex: False keeps the sex from the network, for the comparison of the two.
    """

    size_px: int = 100
    widths: tuple[int, ...] = (16, 48, 96, 192)
    epochs: int = 24
    batch: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    dropout: float = 0.3
    turn_degrees: float = 15.0
    shift: float = 0.06
    zoom: float = 0.12
    flip: bool = True
    with_sex: bool = True
    seed: int = 2017


def build_network(config: WholePictureConfig) -> keras.Model:
    """Inputs: picture [batch, size, size, 1] standardised, sex [batch, 1] as -1 (F) or 1 (M), or 0 for everybody where
    the network is not to know it. Output: [batch, 1] bone age, standardised by the training part's mean and standard
    deviation."""
    picture = keras.Input((config.size_px, config.size_px, 1), name="picture")
    sex = keras.Input((1,), name="sex")
    x = keras.layers.Conv2D(config.widths[0], 5, strides=2, padding="same", use_bias=False)(picture)
    x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    for index, width in enumerate(config.widths):
        x = _residual(x, width, stride=1 if index == 0 else 2)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Concatenate()([x, keras.layers.Dense(16, activation="relu")(sex)])
    x = keras.layers.Dropout(config.dropout)(keras.layers.Dense(256, activation="relu")(x))
    return keras.Model([picture, sex], keras.layers.Dense(1)(x))


def _residual(x: Any, width: int, *, stride: int) -> Any:
    shortcut = x
    if stride != 1 or x.shape[-1] != width:
        shortcut = keras.layers.BatchNormalization()(pointwise(x, width, stride))
    y = keras.layers.Conv2D(width, 3, strides=stride, padding="same", use_bias=False)(x)
    y = keras.layers.ReLU()(keras.layers.BatchNormalization()(y))
    y = keras.layers.Conv2D(width, 3, padding="same", use_bias=False)(y)
    y = keras.layers.BatchNormalization()(y)
    return keras.layers.ReLU()(keras.layers.Add()([shortcut, y]))


def augmented(picture: Floats, config: WholePictureConfig, random: np.random.Generator) -> Floats:
    """One random view of a standardised picture [size, size]."""
    size = config.size_px
    turn = random.uniform(-config.turn_degrees, config.turn_degrees)
    scale = 1 + random.uniform(-config.zoom, config.zoom)
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), turn, scale)
    matrix[:, 2] += random.uniform(-config.shift, config.shift, 2) * size
    if config.flip and random.random() < 0.5:
        picture = picture[:, ::-1]
    view = cv2.warpAffine(np.ascontiguousarray(picture), matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
    return (view * random.uniform(0.8, 1.2) + random.uniform(-0.2, 0.2)).astype(np.float32)


class _Batches(keras.utils.PyDataset):
    """Shuffled, augmented batches of the training part; a batch is the same whenever its epoch is run again."""

    def __init__(
        self, pictures: Floats, sexes: Floats, targets: Floats, config: WholePictureConfig, epoch: int
    ) -> None:
        super().__init__()
        self.pictures, self.sexes, self.targets, self.config, self.epoch = pictures, sexes, targets, config, epoch
        self._order = np.random.default_rng((config.seed, epoch)).permutation(len(targets))

    def __len__(self) -> int:
        return max(1, len(self.targets) // self.config.batch)

    def __getitem__(self, index: int) -> tuple[tuple[Floats, Floats], Floats]:
        picks = self._order[index * self.config.batch : (index + 1) * self.config.batch]
        random = np.random.default_rng((self.config.seed, self.epoch, index))
        views = np.stack([augmented(self.pictures[i], self.config, random) for i in picks])
        return (views[..., None], self.sexes[picks]), self.targets[picks]


class WholePictureModel:
    """A fitted baseline: network, and the mean and standard deviation that its output is in units of."""

    def __init__(self, network: keras.Model, config: WholePictureConfig, mean: float, deviation: float) -> None:
        self.network, self.config, self.mean, self.deviation = network, config, mean, deviation

    @classmethod
    def load(cls, folder: Path) -> "WholePictureModel":
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        config = WholePictureConfig(**{**facts["config"], "widths": tuple(facts["config"]["widths"])})
        network = build_network(config)
        network.load_weights(folder / "best.weights.h5")
        return cls(network, config, facts["mean_months"], facts["deviation_months"])

    def predict(self, snapshot: Snapshot, radiographs: Sequence[SnapshotRadiograph]) -> NDArray[np.float64]:
        """Bone ages in months, [n]."""
        pictures, sexes = _inputs(snapshot, radiographs, self.config)
        raw = self.network.predict((pictures[..., None], sexes), batch_size=128, verbose=0)[:, 0]
        return np.asarray(raw, np.float64) * self.deviation + self.mean


def whole_picture_ages(snapshot: Snapshot, radiographs: Sequence[SnapshotRadiograph], folder: Path) -> list[float]:
    """Bone ages in months from a fitted baseline.

    Raises:
        SnapshotError: the baseline was fitted on another snapshot, whose training part may hold these hands.
    """
    fitted_on = json.loads((folder / "model.json").read_text(encoding="utf-8"))["snapshot"]
    if snapshot.part("train") and fitted_on != snapshot.hash:
        raise SnapshotError(f"The baseline in {folder} was fitted on another snapshot; fit it on this one.")
    return [float(age) for age in WholePictureModel.load(folder).predict(snapshot, radiographs)]


def _inputs(
    snapshot: Snapshot, radiographs: Sequence[SnapshotRadiograph], config: WholePictureConfig
) -> tuple[Floats, Floats]:
    pictures = np.stack([standardised(snapshot.picture(r), config.size_px) for r in radiographs])
    sexes = [[(1.0 if r.sex == "M" else -1.0) if config.with_sex else 0.0] for r in radiographs]
    return pictures, np.array(sexes, np.float32)


def fit_whole_picture(
    *,
    snapshot: Path,
    out: Path,
    config: WholePictureConfig | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Path:
    """Train the baseline on the training part; an interrupted run takes up after its last whole epoch (the weights do,
    the moments of the optimizer start anew).

    Writes model.json, best.weights.h5, last.weights.h5 and history.jsonl to `out`, and returns it.
    """
    config = config or WholePictureConfig()
    data = read_snapshot(snapshot)
    out.mkdir(parents=True, exist_ok=True)
    train, held_back = (
        [r for r in data.part(part) if r.bone_age_months is not None and r.sex] for part in ("train", "validation")
    )
    if not train or not held_back:
        raise SnapshotError("The baseline needs bone ages and sexes in the training and the validation part.")
    ages = np.array([r.bone_age_months for r in train], np.float32)
    model = WholePictureModel(build_network(config), config, float(ages.mean()), float(ages.std()) or 1.0)
    facts = {"config": asdict(config), "mean_months": model.mean, "deviation_months": model.deviation}
    facts["snapshot"] = data.hash
    _start_or_check(out, facts)
    keras.utils.set_random_seed(config.seed)
    pictures, sexes = _inputs(data, train, config)
    held_inputs = _inputs(data, held_back, config)
    held_inputs = (held_inputs[0][..., None], held_inputs[1])
    held_ages = np.array([r.bone_age_months for r in held_back])
    history = _history(out)
    if history:
        model.network.load_weights(out / "last.weights.h5")
    optimizer = keras.optimizers.AdamW(config.learning_rate, weight_decay=config.weight_decay)
    model.network.compile(optimizer, loss=keras.losses.Huber(0.5))
    targets = ((ages - model.mean) / model.deviation).astype(np.float32)[:, None]
    for epoch in range(len(history), config.epochs):
        optimizer.learning_rate.assign(0.5 * config.learning_rate * (1 + math.cos(math.pi * epoch / config.epochs)))
        fitted = model.network.fit(_Batches(pictures, sexes, targets, config, epoch), verbose=0)
        raw = model.network.predict(held_inputs, batch_size=128, verbose=0)[:, 0]
        mae = float(np.abs(raw * model.deviation + model.mean - held_ages).mean())
        if all(mae < line["validation_mae_months"] for line in history):
            model.network.save_weights(out / "best.weights.h5")
        model.network.save_weights(out / "last.weights.h5")
        line = {"epoch": epoch, "loss": float(fitted.history["loss"][0]), "validation_mae_months": mae}
        history.append(line)
        with (out / "history.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        on_progress(Progress("whole_picture", epoch + 1, config.epochs, values={k: line[k] for k in list(line)[1:]}))
    return out


def _start_or_check(out: Path, facts: dict[str, Any]) -> None:
    path = out / "model.json"
    text = json.dumps(facts, indent=1)
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise SnapshotError(f"{out} holds a run with other settings or another snapshot; choose another folder.")
    path.write_text(text, encoding="utf-8")


def _history(out: Path) -> list[dict[str, Any]]:
    path = out / "history.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
