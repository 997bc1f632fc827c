"""A small detector for two CPU cores and pictures of 100 px.

    python -m training fit-detector --snapshot S --preset light --out DIR

Duration and score: see the end of this page's training log in `docs/benchmarks.md`.
"""

from inference.detector.config import DetectorConfig
from training.augment import AugmentSettings
from training.config import DetectorTraining, Schedule

SETTINGS = DetectorTraining(
    preset="light",
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
    steps=700,
    batch=16,
    schedule=Schedule("cosine", highest=2e-3, lowest=2e-5, warm_up=40),
    optimizer="adamw",
    weight_decay=1e-3,
    box_loss="smooth_l1",
    box_loss_weight=1.0,
    augment=AugmentSettings(),
    auxiliary_age_weight=1.0,
    auxiliary_steps=1200,
    auxiliary_batch=24,
    auxiliary_schedule=Schedule("cosine", highest=1.5e-3, lowest=1e-5, warm_up=40),
    checkpoint_every=100,
)
