"""The detector as the paper has it.

    python -m training fit-detector --snapshot S --preset paper --out DIR

Duration: not trained by us yet. A step of this size takes seconds on two CPU cores, so its 60 000 steps want a GPU.
Score: none measured.

ResNet-101 in the C4 design, shortest side 800, batch of 2, learning rate 1e-3 divided by 10 every 20 000 steps down to
1e-5, focal loss, L2 loss of the boxes, anchors 0.5, 1, 2. Group normalisation, as a batch of 2 is too small for batch
statistics and there are no pretrained weights here.
"""

from inference.detector.shapes import PAPER
from training.augment import AugmentSettings
from training.config import DetectorTraining, Schedule

SETTINGS = DetectorTraining(
    preset="paper",
    detector=PAPER.detector,
    geometry=PAPER.geometry,
    size_px=PAPER.size_px,
    steps=60_000,
    batch=2,
    schedule=Schedule("steps", highest=1e-3, lowest=1e-5, divide_every=20_000),
    optimizer="sgd",
    box_loss="l2",
    augment=AugmentSettings(),
)
