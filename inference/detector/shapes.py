"""The detectors of the presets, and the pictures they look at; `training/presets/` adds how they are trained."""

from dataclasses import dataclass

from inference.detector.config import DetectorConfig
from inference.imaging.preprocess import Geometry


@dataclass(frozen=True, slots=True)
class Shape:
    """A detector and its preprocessing's geometry (:class:`inference.imaging.preprocess.Preprocessing`)."""

    detector: DetectorConfig
    geometry: Geometry
    size_px: int
    detail_px: int | None = None


PAPER = Shape(
    detector=DetectorConfig(
        backbone="resnet101",
        normalisation="group",
        anchor_sizes_px=(48.0, 80.0, 128.0, 224.0),
        anchor_ratios=(0.5, 1.0, 2.0),
        proposal_candidates=1000,
        proposals=64,
        input_multiple_px=80,
        roi_size=14,
        roi_sampling=1,
    ),
    geometry="aspect",
    size_px=800,
)

LIGHT = Shape(
    detector=DetectorConfig(
        backbone="light",
        normalisation="batch",
        anchor_sizes_px=(14.0, 20.0, 34.0),
        anchor_ratios=(0.5, 1.0, 2.0),
        anchor_step=2,
        proposal_candidates=300,
        proposals=48,
        roi_size=7,
        roi_sampling=2,
        maturity_channels=True,
    ),
    geometry="paper-literal",
    size_px=160,
    detail_px=100,
)

SHAPES = {"paper": PAPER, "light": LIGHT}
