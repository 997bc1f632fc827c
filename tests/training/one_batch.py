"""A batch of random films with random boxes, and what one step makes of it; run as a program by the tests that need
another backend or several devices: ``python -m tests.training.one_batch SETTINGS.json OUT.npz``.
"""

import json
import sys
from pathlib import Path

import numpy as np

from training.films import Batch


def random_batch(*, films, side=64, seed=0):
    rng = np.random.default_rng(seed)
    centre, half = rng.uniform(0.2, 0.8, (films, 17, 2)) * side, rng.uniform(0.06, 0.14, (films, 17, 2)) * side
    labelled = (rng.random((films, 17)) < 0.8).astype(np.float32)
    boxes = np.concatenate([centre - half, centre + half], -1).astype(np.float32)
    return Batch(
        images=rng.random((films, side, side, 1)).astype(np.float32),
        boxes=boxes * labelled[..., None],
        labelled=labelled,
        zones=boxes * (1 - labelled)[..., None],
        female=rng.integers(0, 2, films).astype(np.float32),
        bone_age_months=rng.uniform(24, 200, films).astype(np.float32),
    )


def main(settings_file, out):
    """Load weights, look at a batch, make steps on it; losses and weights into ``out``.

    SETTINGS: ``weights`` (file, loaded where it is there), ``overrides`` over the tiny preset, ``films``, ``boxed``,
    ``steps``, ``devices`` and ``virtual`` (processors that TensorFlow is to see).
    """
    asked = json.loads(Path(settings_file).read_text())
    if asked.get("virtual"):
        import tensorflow as tf

        parts = [tf.config.LogicalDeviceConfiguration()] * asked["virtual"]
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)
    from keras import ops

    from inference.detector.detect import Detector
    from training.config import load_preset
    from training.devices import devices
    from training.train_step import TrainStep, make_optimizer

    settings = load_preset("tiny", asked["overrides"])
    on = devices(asked.get("devices", 1))
    with on.scope():
        detector = Detector.untrained(settings.detector, seed=3, precision=settings.precision)
        optimizer = make_optimizer(settings)
    network = detector.network
    if Path(asked["weights"]).is_file():
        network.load_weights(asked["weights"])
    else:
        network.save_weights(asked["weights"])
    step = TrainStep(network, optimizer, settings, on)
    batch, boxed = random_batch(films=asked["films"]), asked["boxed"]
    result = {}
    if asked.get("look"):
        feature_map, (boxes, chances) = detector.find(list(batch.images[:2, ..., 0]))
        result |= {
            "map": ops.convert_to_numpy(feature_map),
            "found_boxes": boxes,
            "found_chances": chances,
            "features": detector.describe(feature_map, batch.boxes[:2]),
        }
        result["validation"] = np.array(list(step.validation_losses(batch).values()))
    result |= {f"start{i}": variable.numpy() for i, variable in enumerate(network.variables)}
    result["losses"] = np.array([list(step(batch, boxed, 1e-2).values()) for _ in range(asked["steps"])])
    result |= {f"end{i}": variable.numpy() for i, variable in enumerate(network.variables)}
    np.savez(out, **result)


if __name__ == "__main__":
    main(*sys.argv[1:])
