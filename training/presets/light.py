"""A small detector for two CPU cores and pictures of 100 px.

    python -m training fit-detector --snapshot S --preset light --out DIR

Duration: 580 s for detection and 5170 s for the ages (700 + 4000 steps) on one core of a two-core machine that other
work shared, on 736 boxed hands and 8134 bone ages of the RSNA 2017 snapshot of 100 px pictures.
Score, on the 88 boxed hands of its validation part: 99.5 % of labelled regions found with the centre within 3 % of the
height, 96.6 % of hands with every labelled region, median IoU 0.79. The ages have had 15.7 passes over the hands.

The auxiliary age is our addition (`docs/decisions/0030-maturity-channels.md`); `auxiliary_age_weight` 0 and
`detector.maturity_channels` false give the paper's features.
"""

from inference.detector.shapes import LIGHT
from training.augment import AugmentSettings
from training.config import DetectorTraining, Schedule

SETTINGS = DetectorTraining(
    preset="light",
    detector=LIGHT.detector,
    geometry=LIGHT.geometry,
    size_px=LIGHT.size_px,
    detail_px=LIGHT.detail_px,
    steps=700,
    batch=16,
    schedule=Schedule("cosine", highest=2e-3, lowest=2e-5, warm_up=40),
    optimizer="adamw",
    weight_decay=1e-3,
    box_loss="smooth_l1",
    box_loss_weight=1.0,
    augment=AugmentSettings(),
    auxiliary_age_weight=1.0,
    auxiliary_steps=4000,
    auxiliary_batch=32,
    auxiliary_boxed=8,
    auxiliary_schedule=Schedule("cosine", highest=1.5e-3, lowest=1e-5, warm_up=40),
    precision="bfloat16",
    checkpoint_every=100,
)
