"""The detector as the paper has it.

    python -m training fit-detector --snapshot S --preset paper --out DIR

Duration: not trained by us yet. A step of this size takes seconds on two CPU cores, so its 60 000 steps want a GPU.
Score: none measured.

From the paper: ResNet-101 (in the C4 design, so that a region's feature is the 2048 numbers after conv5), shortest side
800, batch of 2 per GPU, learning rate 1e-3 divided by 10 every 20 000 steps down to 1e-5, focal loss, L2 loss of the
boxes, anchor ratios 0.5, 1, 2, flips and rotations, overlapping candidates merged.

Ours, where the paper is silent:
- Group normalisation, as a batch of 2 is too small for batch statistics. With `--imagenet-weights FILE` the weights of
  Keras' ResNet-101 are begun with and its batch statistics kept.
- Flips go both ways, rotations up to 15 degrees; scale, aspect, shift and exposure are varied a little as well.
- Sizes of the anchors, from the sizes of the 17 regions at this scale. Steps: three stages of 20 000.
- Every 1000 steps the validation part is looked at; the best weights are kept, and the training stops when 20 looks, a
  whole stage, brought none better. `--set validate_every=0 --set patience=0` trains without looking.
- Sides are padded to multiples of 80, which 800 is, or every shape of film would be compiled anew.

More GPUs: `--set devices=2` (the paper had two). On GPUs that have it, `--set precision=bfloat16`.
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
    augment=AugmentSettings(upside_down_share=0.5),
    validate_every=1000,
    patience=20,
)
