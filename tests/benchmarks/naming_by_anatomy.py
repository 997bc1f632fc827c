"""How well boxes are named, with the classifier's 17 regions and with no more than their 6 kinds, on real hands.

    python -m tests.benchmarks.naming_by_anatomy SNAPSHOT

The proposals are those of the shipped detector on the boxed hands of the snapshot's validation part. For the kinds, the
chances of the regions of one kind are added up, which stands in for a detector trained on kinds.
"""

import sys
import time
from pathlib import Path

import numpy as np

from inference.anatomy.regions import REGION_TYPES, REGIONS
from inference.artifact import shipped_artifact
from inference.detector.found import detection
from inference.detector.select import select_regions
from training.films import Films
from training.region_features import load_detector
from training.score_detector import _one
from training.snapshot import read_snapshot

BY_NAME_ONLY = True
BATCH = 16


def main(arguments: list[str]) -> None:
    """Print the share of labelled regions found within 3 % of the height, for both kinds of classes."""
    detector, preprocessing = load_detector(shipped_artifact())
    snapshot = read_snapshot(Path(arguments[0]))
    films = Films(snapshot, preprocessing)
    examples = [films.example(r) for r in snapshot.part("validation") if snapshot.boxes(r.id)]
    seen = []
    for i in range(0, len(examples), BATCH):
        _, found = detector.find([e.image.astype(np.float32) / 255 for e in examples[i : i + BATCH]])
        seen += zip(*(part.astype(np.float64) for part in found), strict=True)
    for classes in ("region", "type"):
        hits, began = [], time.process_time()
        for example, (boxes, chances) in zip(examples, seen, strict=True):
            given = (boxes, chances) if classes == "region" else _kinds(boxes, chances)
            one = select_regions(*given, classes=classes, score_floor=detector.config.score_floor)
            hits += [hit for hit, _ in _one(example, detection(one, np.zeros((len(REGIONS), 1)))).values()]
        seconds = (time.process_time() - began) / len(examples)
        print(
            f"{classes}: {np.mean(hits):.1%} of {len(hits)} regions on {len(examples)} hands, {seconds:.3f} s of "
            "processor time a film"
        )


def _kinds(boxes, chances):
    """Class boxes and chances of the 6 kinds; the box of a kind is that of its likeliest region."""
    groups = [np.array([r.index for r in REGIONS if r.type == kind]) for kind in REGION_TYPES]
    best = [group[chances[:, 1 + group].argmax(axis=1)] for group in groups]
    added = [chances[:, :1], *(chances[:, 1 + group].sum(axis=1, keepdims=True) for group in groups)]
    return np.stack([boxes[np.arange(len(boxes)), one] for one in best], axis=1), np.concatenate(added, axis=1)


if __name__ == "__main__":
    main(sys.argv[1:])
