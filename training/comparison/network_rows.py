"""Rows that are networks: one over the 17 regions' features, and the end-to-end one over the whole picture.

Over the regions: the paper's second piece of future work, since averaging by type loses which finger a feature came
from. `attention` lets every region look at the others and weighs them; `concatenation` lays all 17 side by side.
"""

import dataclasses
from typing import Any, Literal

import keras
import numpy as np
from keras import ops

from inference.anatomy.regions import REGIONS
from training.baselines.whole_picture import WholePictureConfig, WholePictureModel, fit_whole_picture
from training.comparison.inputs import Answer, Floats, Inputs, Material, Months
from training.comparison.rows import Context, Fit

EPOCHS = 40
BATCH = 64
LEARNING_RATE = 1e-3
WIDTH = 64
HIDDEN_SHARE = 0.1
"""Share of regions hidden in training: few real hands lack any, and those that do must still be read."""


def region_network(kind: Literal["attention", "concatenation"], *, with_sex: bool = True) -> Fit:
    """A small network over 17 x F features, learnt by Adam; the weights of the best epoch on the validation part."""

    def fit(material: Material, seed: int, context: Context) -> Answer:
        keras.utils.set_random_seed(seed)
        scale = _Scale.of(material)
        network = _build(kind, material.train.seen.features.shape[2], with_sex)
        network.compile(
            keras.optimizers.AdamW(
                keras.optimizers.schedules.CosineDecay(
                    LEARNING_RATE, EPOCHS * max(1, len(material.train) // BATCH), alpha=0.01
                ),
                weight_decay=1e-3,
            ),
            loss=keras.losses.Huber(0.5),
        )
        known = scale.inputs(material.validation)
        targets = ((material.train_ages - scale.mean) / scale.deviation).astype(np.float32)
        history: list[float] = []
        best = network.get_weights()
        for epoch in range(EPOCHS):
            network.fit(
                _hidden(scale.inputs(material.train), np.random.default_rng((seed, epoch))),
                targets,
                batch_size=BATCH,
                verbose=0,
            )
            ages = scale.months(network.predict(known, batch_size=512, verbose=0))
            history.append(float(np.abs(ages - material.validation_ages).mean()))
            if history[-1] == min(history):
                best = network.get_weights()
        network.set_weights(best)
        validation, test = (
            scale.months(network.predict(scale.inputs(hands), batch_size=512, verbose=0))
            for hands in (material.validation, material.test)
        )
        record = {
            "learnt_from": len(material.train),
            "parameters": network.count_params(),
            "best_epoch": int(np.argmin(history)) + 1,
            "epochs": EPOCHS,
            "validation_mae_months": round(min(history), 3),
        }
        return Answer(validation, test, record)

    return fit


@dataclasses.dataclass(frozen=True)
class _Scale:
    """Means and deviations of the training part: features over found regions, and ages."""

    centre: Floats
    spread: Floats
    mean: float
    deviation: float

    @classmethod
    def of(cls, material: Material) -> "_Scale":
        seen = material.train.seen
        found = seen.features[seen.scores > 0]
        return cls(
            found.mean(axis=0),
            found.std(axis=0) + 1e-3,
            float(material.train_ages.mean()),
            float(material.train_ages.std()) or 1.0,
        )

    def inputs(self, hands: Inputs) -> tuple[Floats, Floats, Floats]:
        """Features [N, 17, F], which regions are there [N, 17], sex [N, 1] as -1 (boys) or 1."""
        there = (hands.seen.scores > 0).astype(np.float32)
        features = (hands.seen.features - self.centre) / self.spread * there[..., None]
        return features.astype(np.float32), there, (2 * hands.female - 1)[:, None]

    def months(self, raw: Any) -> Months:
        return np.maximum(0.0, np.asarray(raw, np.float64)[:, 0] * self.deviation + self.mean)


def _hidden(inputs: tuple[Floats, Floats, Floats], random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    features, there, sex = inputs
    kept = there * (random.random(there.shape) >= HIDDEN_SHARE)
    return (features * kept[..., None]).astype(np.float32), kept.astype(np.float32), sex


class _WhichRegion(keras.layers.Layer):
    """Adds a learnt vector of its own to each region, so that they can be told apart."""

    def build(self, input_shape: Any) -> None:
        self.own = self.add_weight(shape=(len(REGIONS), input_shape[-1]), initializer="random_normal", name="own")

    def call(self, x: Any) -> Any:
        return x + self.own


def _build(kind: str, feature_size: int, with_sex: bool) -> keras.Model:
    features = keras.Input((len(REGIONS), feature_size), name="features")
    there = keras.Input((len(REGIONS),), name="there")
    sex = keras.Input((1,), name="sex")
    layers = keras.layers
    known = sex if with_sex else ops.zeros_like(sex)
    x = _WhichRegion()(layers.Dense(WIDTH)(layers.Dropout(0.1)(features)))
    x = x + ops.expand_dims(layers.Dense(WIDTH)(known), 1)
    x = layers.Activation("gelu")(x) * ops.expand_dims(there, -1)
    if kind == "attention":
        seen = ops.expand_dims(there, 1) > 0
        looked = layers.MultiHeadAttention(4, WIDTH // 4, dropout=0.1)(x, x, attention_mask=seen)
        x = layers.LayerNormalization()(x + looked)
        weights = layers.Dense(1)(x)[..., 0] - 1e4 * (1 - there)
        x = ops.sum(x * ops.expand_dims(ops.softmax(weights, axis=-1), -1), axis=1)
    else:
        x = layers.Concatenate()([layers.Flatten()(x), there])
    x = layers.Concatenate()([x, known])
    x = layers.Dropout(0.2)(layers.Dense(128, activation="gelu")(x))
    return keras.Model([features, there, sex], layers.Dense(1)(x))


def whole_picture(*, with_sex: bool) -> Fit:
    """The end-to-end network of `training.baselines.whole_picture`; a fit that was stopped is taken up again."""

    def fit(material: Material, seed: int, context: Context) -> Answer:
        snapshot = material.test.snapshot
        config = dataclasses.replace(WholePictureConfig(), with_sex=with_sex, seed=seed)
        model = WholePictureModel.load(fit_whole_picture(snapshot=snapshot.dir, out=context.work, config=config))
        hands = (material.validation, material.test)
        validation, test = (np.maximum(0.0, model.predict(snapshot, one.radiographs)) for one in hands)
        return Answer(validation, test, {"learnt_from": len(snapshot.part("train")), "epochs": config.epochs})

    return fit
