"""How much of a region's feature comes from the region: its box blanked, and a box of the same size elsewhere.

    python -m tests.benchmarks.feature_locality --snapshot S --artifact A --hands 200

On hands of the validation part, at the boxes found on the whole pictures. Each region's own box is filled with the
hand's median and the features are taken again at the same boxes. A column says how far the region's feature moves, as a
share of its distance from the mean feature of that region over hands (1: as far as to the average hand's); another how
far the *other* regions' features move. A feature that is about its region moves far when the region is gone and little
when others are. With maturity channels, the region's own bone age before and after is compared too.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from inference.anatomy.regions import REGIONS
from training.films import film_aspect
from training.region_features import BATCH, load_detector
from training.snapshot import read_snapshot

BY_NAME_ONLY = True
CHANNEL_UNIT_MONTHS = 40.0


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--hands", type=int, default=200)
    args = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    data = read_snapshot(args.snapshot)
    detector, preprocessing = load_detector(args.artifact)
    hands = [r for r in data.part("validation") if r.sex]
    chosen = [hands[i] for i in np.random.default_rng(7).permutation(len(hands))[: args.hands]]
    images = [
        preprocessing.prepare(data.picture(r).astype(np.float32), film_aspect=film_aspect(r)).image for r in chosen
    ]
    assert len({image.shape for image in images}) == 1, "pictures of one shape are needed"
    plain, there, blanked = _features(detector, images)
    sexed = detector.config.maturity_channels
    body = slice(None, -2) if sexed else slice(None)
    channel = np.array([-1 if r.sex == "F" else -2 for r in chosen])
    means = np.array([plain[there[:, k], k, body].mean(axis=0) for k in range(len(REGIONS))])
    distance = np.linalg.norm(plain[..., body] - means, axis=2)
    print("| region blanked | n | its feature moves by | the others' by | its age moves by, months | correlation |")
    print("|---|---|---|---|---|---|")
    for k, region in enumerate(REGIONS):
        rows = np.flatnonzero(there[:, k])
        moved = np.linalg.norm(blanked[k][..., body] - plain[..., body], axis=2) / np.maximum(distance, 1e-6)
        other = there.copy()
        other[:, k] = False
        other &= there[:, [k]]
        own_age = np.array([[plain[i, k, channel[i]], blanked[k][i, k, channel[i]]] for i in rows]) if sexed else None
        ages = (
            f"{CHANNEL_UNIT_MONTHS * np.abs(own_age[:, 1] - own_age[:, 0]).mean():.1f} "
            f"| {np.corrcoef(own_age[:, 0], own_age[:, 1])[0, 1]:.2f}"
            if sexed
            else "|"
        )
        print(
            f"| {region.id} | {len(rows)} | {np.median(moved[rows, k]):.2f} | {np.median(moved[other]):.2f} | {ages} |"
        )


def _features(detector, images):
    """Features of the whole pictures [N, 17, F], found [N, 17], and features with each region blanked, by region."""
    plain, there, blanked = [], [], [[] for _ in REGIONS]
    for start in range(0, len(images), BATCH):
        batch = images[start : start + BATCH]
        feature_map, proposals = detector.find(batch)
        found = detector.select(*proposals)
        boxes = np.stack([one.boxes for one in found]).astype(np.float32)
        plain.append(detector.describe(feature_map, boxes))
        there.append(np.stack([one.scores > 0 for one in found]))
        for k in range(len(REGIONS)):
            feature_map, _ = detector.find([_without(image, box[k]) for image, box in zip(batch, boxes, strict=True)])
            blanked[k].append(detector.describe(feature_map, boxes))
    return np.concatenate(plain), np.concatenate(there), [np.concatenate(one) for one in blanked]


def _without(image, box):
    x0, y0, x1, y1 = (max(0, round(float(edge))) for edge in box)
    copy = image.copy()
    hand = image[image > 0]
    copy[y0:y1, x0:x1] = np.median(hand) if hand.size else 0
    return copy


if __name__ == "__main__":
    main()
