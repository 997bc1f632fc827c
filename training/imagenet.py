"""ImageNet weights for the detector's ResNet, from a file that somebody put there. Nothing is downloaded.

The file is one of ``keras.applications`` (with or without the top), in Keras' old ``.h5`` format or its present one,
``.weights.h5``. Keras itself reads it into its own ResNet, from which the layers are copied by name. That ResNet's
convolutions have biases and ours do not: a bias before a normalisation is the same as a smaller mean in it.
"""

import dataclasses
import hashlib
import warnings
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from inference.detector.backbones import IMAGENET_VALUES
from inference.detector.config import IMAGENET_BACKBONES, ConfigError
from inference.detector.network import Network
from training.config import DetectorTraining

_MADE_BY = {"resnet50": keras.applications.ResNet50, "resnet101": keras.applications.ResNet101}


class ImagenetError(ValueError):
    """A file of weights that is none, or does not fit the network; the message says what was expected."""


def for_imagenet_weights(settings: DetectorTraining) -> DetectorTraining:
    """The settings with a network that ImageNet weights fit: their layout, and their batch statistics kept as they are.

    Raises:
        ImagenetError: the preset's backbone is none that ``keras.applications`` has.
    """
    try:
        detector = dataclasses.replace(settings.detector, layout="imagenet", normalisation="frozen")
    except ConfigError as error:
        raise ImagenetError(f"ImageNet weights do not fit preset {settings.preset}: {error}.") from error
    return dataclasses.replace(settings, detector=detector)


def record_of(path: Path) -> dict[str, Any]:
    """What a run's record says of the file: name, bytes, sha256.

    Raises:
        ImagenetError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImagenetError(f"The ImageNet weights {path} cannot be read: {error}.") from error
    return {"file": path.name, "bytes": path.stat().st_size, "sha256": digest}


def load_imagenet_weights(network: Network, path: Path) -> None:
    """Put the weights of ``path`` into trunk and neck of ``network``, whose layout is ``imagenet``.

    Raises:
        ImagenetError: no file of Keras weights, of another network, or with values that are not finite. The network is
            then as it was.
    """
    config = network.config
    if config.layout != "imagenet" or config.normalisation == "group":
        raise ImagenetError("ImageNet weights need detector.layout imagenet and normalisation frozen or batch.")
    source = _keras_resnet(config.backbone, path)
    for weight in source.weights:
        if not np.isfinite(weight.numpy()).all():
            raise ImagenetError(f"{path} lacks {weight.path}, or has values there that are not finite: get it again.")
    for part in (network.trunk, network.neck):
        for layer in part.layers:
            if isinstance(layer, keras.layers.Conv2D) and layer.name != IMAGENET_VALUES:
                kernel, bias = source.get_layer(f"{layer.name}_conv").get_weights()
                gamma, beta, mean, variance = source.get_layer(f"{layer.name}_bn").get_weights()
                layer.set_weights([kernel])
                part.get_layer(f"{layer.name}_norm").set_weights([gamma, beta, mean - bias, variance])


def _keras_resnet(backbone: str, path: Path) -> Any:
    """The ResNet of ``keras.applications`` with the weights of ``path``."""
    if backbone not in IMAGENET_BACKBONES or not path.name.endswith(".h5"):
        raise ImagenetError(f"{path.name}: expected Keras weights (.h5, .weights.h5) of {backbone}.")
    try:
        classes = _classes_of(path)
        if classes is None:
            model = _MADE_BY[backbone](include_top=False, weights=None)
        else:
            model = _MADE_BY[backbone](include_top=True, weights=None, classes=classes)
        for weight in model.weights:  # so that what the file lacks is seen: Keras only warns of some of it
            weight.assign(np.full(weight.shape, np.nan))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.load_weights(path)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ImagenetError(
            f"{path} does not hold the weights of keras.applications' {backbone}: {reason}. Expected is the file that "
            f"Keras offers for {backbone}, with or without the top, or one saved with save_weights."
        ) from error
    return model


def _classes_of(path: Path) -> int | None:
    """Classes of the file's top, None where it has none."""
    with h5py.File(path, "r") as file:
        if "layer_names" in file.attrs:
            for name, item in _datasets(file.get("predictions")):
                if "kernel" in name:
                    return int(item.shape[-1])
            return None
        if "layers" not in file:
            raise ValueError("the file has neither layer_names nor layers, so it is none of Keras' formats")
        top = file["layers"].get("dense")
        return None if top is None else int(top["vars"]["0"].shape[-1])


def _datasets(group: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if group is not None:
        group.visititems(lambda name, item: found.append((name, item)) if isinstance(item, h5py.Dataset) else None)
    return found
