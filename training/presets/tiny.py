"""A detector that trains in seconds, for tests and for the demonstration. It makes no claim of accuracy.

    python -m training fit-detector --snapshot S --preset tiny --out DIR

Duration: about half a minute on two CPU cores (29 s of processor time for 9 boxed films).
Score: none claimed. Looked at once: fitted to 9 phantoms with boxes, it found 91 % of the regions of 19 phantoms
(those 9 and 10 others) within 3 % of the height. The same code as `light`, with too little of everything.
"""

from inference.detector.config import DetectorConfig
from training.augment import AugmentSettings
from training.config import DetectorTraining, Schedule

SETTINGS = DetectorTraining(
    preset="tiny",
    detector=DetectorConfig(
        backbone="tiny",
        normalisation="batch",
        anchor_sizes_px=(8.0, 14.0, 24.0),
        proposal_candidates=200,
        proposals=48,
        roi_size=7,
        roi_sampling=1,
        score_floor=0.05,
        maturity_channels=True,
    ),
    geometry="paper-literal",
    size_px=96,
    detail_px=96,
    steps=180,
    batch=6,
    schedule=Schedule("cosine", highest=4e-3, lowest=4e-4, warm_up=5),
    optimizer="adamw",
    box_loss="smooth_l1",
    augment=AugmentSettings(mirror_share=0.0, rotation_degrees=5.0),
    auxiliary_age_weight=1.0,
    auxiliary_steps=30,
    auxiliary_batch=6,
    auxiliary_boxed=6,
    auxiliary_schedule=Schedule("cosine", highest=2e-3, lowest=2e-4),
    checkpoint_every=50,
)
