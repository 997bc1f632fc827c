"""Everything that decides the shape of a detector; stored beside its weights as JSON."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Literal, get_args

from inference.anatomy.regions import REGION_TYPES, REGIONS, SCHEMA_VERSION

Backbone = Literal["resnet101", "resnet50", "resnet18", "light", "tiny"]
Normalisation = Literal["batch", "group", "frozen"]
Classes = Literal["region", "type"]
Layout = Literal["plain", "imagenet"]
TrainingPrecision = Literal["float32", "bfloat16"]
"""Of a network's arithmetic while it learns; weights, logits and losses are float32 in either."""

IMAGENET_BACKBONES = ("resnet50", "resnet101")
"""Backbones that ``keras.applications`` has, so that there can be weights for them."""

SIZE_MULTIPLE_PX = {"light": 32, "tiny": 16}
"""The pyramid doubles its maps on the way back, so sides must be multiples of its coarsest stride."""


LARGEST_LOG_SCALE = 4.135
"""Of a decoded box against its proposal: ln(1000 / 16), as in Fast R-CNN, keeps exp() finite while the network still
knows nothing."""
SMALLEST_SIDE_PX = 1e-3
"""A proposal counts as at least so long and high when boxes are coded relative to it."""


class ConfigError(ValueError):
    """A configuration that cannot be built; the message names the field."""


@dataclass(frozen=True, slots=True)
class DetectorConfig:
    """Shape of the network and of its proposals. All lengths are pixels of the prepared image.

    Attributes:
        backbone: which network makes the feature map.
        normalisation: ``batch`` needs batches of about 8 or more; ``group`` works with the paper's batch of 2;
            ``frozen`` keeps the batch statistics of pretrained weights.
        layout: of a ResNet: ``plain`` takes the grey film and has the stride in the 3 x 3 convolutions; ``imagenet`` is
            layer by layer that of ``keras.applications``, so that its weights fit, and turns grey into what those
            were trained on.
        classes: ``region`` (17 classes) or ``type`` (6 classes, told apart by anatomy afterwards); the paper's
            "12 classes" fits neither and is unexplained.
        anchor_sizes_px: square root of the anchors' areas.
        anchor_ratios: height / width of the anchors (paper: 0.5, 1, 2).
        input_multiple_px: sides of the network's input are padded with black to a multiple of this, so that films of
            many sizes share a few compiled graphs; 0 pads no further than the backbone needs.
        anchor_step: cells of the feature map from one anchor's centre to the next.
        proposal_candidates: best anchors that enter the non-maximum suppression.
        proposals: proposals kept after it (17 regions do not need 300).
        proposal_iou: overlap above which the weaker proposal goes.
        roi_size: side of the grid that RoIAlign cuts from the feature map.
        roi_sampling: samples per bin and direction in RoIAlign.
        score_floor: a region whose best score is below it stays missing.
        maturity_channels: whether each feature ends with two bone-age estimates of its region (as a boy's, as a
            girl's), an addition of ours that needs ``auxiliary_age_weight`` in training; False is the paper.
    """

    backbone: Backbone = "resnet101"
    normalisation: Normalisation = "group"
    layout: Layout = "plain"
    classes: Classes = "region"
    input_multiple_px: int = 0
    anchor_sizes_px: tuple[float, ...] = (32.0, 64.0, 128.0, 256.0)
    anchor_ratios: tuple[float, ...] = (0.5, 1.0, 2.0)
    anchor_step: int = 1
    proposal_candidates: int = 1000
    proposals: int = 64
    proposal_iou: float = 0.7
    roi_size: int = 14
    roi_sampling: int = 1
    score_floor: float = 0.2
    maturity_channels: bool = False
    regions_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        for field, kind in (
            ("backbone", Backbone),
            ("normalisation", Normalisation),
            ("layout", Layout),
            ("classes", Classes),
        ):
            if getattr(self, field) not in get_args(kind):
                raise ConfigError(f"{field} must be one of {', '.join(get_args(kind))}, not {getattr(self, field)!r}")
        if self.layout == "imagenet" and self.backbone not in IMAGENET_BACKBONES:
            raise ConfigError(f"layout imagenet is there for {' and '.join(IMAGENET_BACKBONES)}, not {self.backbone}")
        if self.input_multiple_px % SIZE_MULTIPLE_PX.get(self.backbone, 16):
            needed = SIZE_MULTIPLE_PX.get(self.backbone, 16)
            raise ConfigError(f"input_multiple_px must be a multiple of {needed}, not {self.input_multiple_px}")
        if self.regions_version != SCHEMA_VERSION:
            raise ConfigError(f"made for regions version {self.regions_version}; this program knows {SCHEMA_VERSION}")

    @property
    def class_count(self) -> int:
        """Classes without background."""
        return len(REGIONS) if self.classes == "region" else len(REGION_TYPES)

    @property
    def anchors_per_cell(self) -> int:
        return len(self.anchor_sizes_px) * len(self.anchor_ratios)

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "DetectorConfig":
        values: dict[str, Any] = json.loads(text)
        known = {field.name for field in dataclasses.fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ConfigError(f"unknown fields: {', '.join(unknown)}")
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**fields)


def class_of_region(classes: Classes) -> list[int]:
    """Class number (0 is background) of each of the 17 regions, in region order."""
    if classes == "region":
        return [region.index + 1 for region in REGIONS]
    return [REGION_TYPES.index(region.type) + 1 for region in REGIONS]
