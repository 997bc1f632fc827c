"""A trained detector at work: films in, boxes and 17 x F features out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from inference.anatomy.regions import REGIONS
from inference.detector.backend import BACKEND
from inference.detector.box_coding import decode
from inference.detector.config import SIZE_MULTIPLE_PX, DetectorConfig, TrainingPrecision
from inference.detector.found import Detection, Finds, ScoredBox
from inference.detector.network import Network

__all__ = ["CONFIG_FILE", "WEIGHTS_FILE", "Detection", "Detector", "ScoredBox"]

Floats = npt.NDArray[np.float32]

CONFIG_FILE = "detector.json"
WEIGHTS_FILE = "detector.weights.h5"


class Detector(Finds):
    """A network with the compiled graphs that serve it. One graph is traced per shape of film and size of batch."""

    def __init__(self, network: Network) -> None:
        self.network, self.config, self.feature_size = network, network.config, network.feature_size
        self._find = BACKEND.compiled(self._find_graph, network)
        self._describe = BACKEND.compiled(self._describe_graph, network)

    @classmethod
    def load(cls, folder: Path) -> "Detector":
        """The detector of a folder written by training (``detector.json`` and ``detector.weights.h5``)."""
        network = Network(DetectorConfig.from_json((Path(folder) / CONFIG_FILE).read_text(encoding="utf-8")))
        network.load_weights(Path(folder) / WEIGHTS_FILE)
        return cls(network)

    @classmethod
    def untrained(cls, config: DetectorConfig, *, seed: int, precision: TrainingPrecision = "float32") -> "Detector":
        """A detector with random weights: for measuring time, and as a start of training."""
        keras.utils.set_random_seed(seed)
        return cls(Network(config, precision=precision))

    def save(self, folder: Path) -> None:
        """Write ``detector.json`` and ``detector.weights.h5`` into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CONFIG_FILE).write_text(self.config.to_json(), encoding="utf-8")
        self.network.save_weights(folder / WEIGHTS_FILE)

    @property
    def size_multiple_px(self) -> int:
        """Sides of the network's input are padded to a multiple of this."""
        needed = SIZE_MULTIPLE_PX.get(self.config.backbone, self.network.stride)
        return max(needed, self.config.input_multiple_px)

    def find(self, images: Sequence[Floats]) -> tuple[Any, tuple[Floats, Floats]]:
        """First pass: the feature map (a tensor), and the proposals' class boxes and probabilities."""
        multiple = self.size_multiple_px
        rows, columns = images[0].shape
        stacked = np.zeros((len(images), -(-rows // multiple) * multiple, -(-columns // multiple) * multiple, 1), "f4")
        stacked[:, :rows, :columns, 0] = np.stack(images)
        feature_map, boxes, probabilities = self._find(stacked)
        return feature_map, (ops.convert_to_numpy(boxes), ops.convert_to_numpy(probabilities))

    def describe(self, feature_map: Any, boxes: Floats) -> Floats:
        """Second pass: features ``[B, 17, F]`` pooled again from the final boxes ``[B, 17, 4]``."""
        return ops.convert_to_numpy(self._describe(feature_map, boxes))

    def _find_graph(self, images: Any) -> tuple[Any, Any, Any]:
        network = self.network
        feature_map = network.trunk(images, training=False)
        _, _, proposals = network.propose(feature_map, (images.shape[1], images.shape[2]))
        output = network.look_at(feature_map, proposals)
        boxes = decode(output.deltas, proposals[:, :, None, :])
        real = ops.min(proposals[..., 2:] - proposals[..., :2], axis=-1, keepdims=True) > 0
        return feature_map, boxes, ops.where(real, ops.softmax(output.logits, axis=-1), 0.0)

    def _describe_graph(self, feature_map: Any, boxes: Any) -> Any:
        output = self.network.look_at(feature_map, boxes)
        if output.maturity is None:
            return output.features
        count = len(REGIONS)
        own = [ops.diagonal(output.maturity[:, :, i : i + count], 0, 1, 2) for i in (0, count)]
        # In units of 40 months, like the features themselves of the order of one.
        return ops.concatenate([output.features, ops.stack(own, axis=-1)], axis=-1)
