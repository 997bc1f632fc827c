"""`python -m training average-hand`: where the 17 boxes of an average hand lie, seen from the template's three clicks.

The labelling room asks for the wrist's centre, the tip of the middle finger and the tip of the thumb. The first two
make a frame: origin at the wrist, v to the middle finger's tip (distance 1), u towards the thumb, so that a turned, a
larger or a mirrored hand is the same hand. In it the centre of each region follows the thumb's tip (t_u, t_v) linearly:
``centre = at + along @ (t - thumb)``. Sizes are geometric means.

Only the training part of the snapshot is looked at. The tips are where the line from the bone before it leaves a distal
phalanx's box, which by the labellers' habit ends at the fingertip. Where nobody boxed the carpals, the wrist's centre
follows from radius, ulna and metacarpals, by the hands on which somebody did.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.progress import OnProgress
from training.snapshot import Snapshot, SnapshotError, SnapshotRadiograph, read_snapshot

Floats = NDArray[np.float64]
Hand = Mapping[str, Box]

FEWEST_HANDS = 20
_ROUND_WRIST = ("radius", "ulna", "mc2", "mc3", "mc4", "mc5")


@dataclass(frozen=True)
class AverageHand:
    """What was learnt, in the frame of the first two clicks.

    Attributes:
        thumb: mean of the thumb's tip, ``[2]`` (u, v), and its standard deviation.
        at: centre of each region with the thumb at its mean, ``[17, 2]``.
        along: change of the centre with the thumb's tip, ``[17, 2 (u, v), 2 (t_u, t_v)]``.
        size: width (along u) and height (along v) of each box, ``[17, 2]``.
        hands: how many it was learnt from, and on how many of them somebody boxed the carpals.
    """

    thumb: Floats
    thumb_spread: Floats
    at: Floats
    along: Floats
    size: Floats
    hands: int
    with_carpals: int


def learn(hands: list[Hand]) -> AverageHand:
    """Learn from hands whose 16 regions besides the carpals are all boxed, in pixels of true aspect.

    Raises:
        SnapshotError: too few hands, or too few with carpals.
    """
    whole = [hand for hand in hands if set(REGION_IDS) - set(hand) <= {"carpals"}]
    with_carpals = [hand for hand in whole if "carpals" in hand]
    if len(with_carpals) < FEWEST_HANDS:
        raise SnapshotError(f"{len(with_carpals)} hands have all 17 boxes; at least {FEWEST_HANDS} are needed.")
    weights = wrist_weights(with_carpals)
    centres, sizes, thumbs = (np.array(each) for each in zip(*(_seen(hand, weights) for hand in whole), strict=True))
    thumb = thumbs.mean(axis=0)
    design = np.column_stack([np.ones(len(whole)), thumbs - thumb])
    at, along, size = np.empty((17, 2)), np.empty((17, 2, 2)), np.empty((17, 2))
    for i in range(len(REGION_IDS)):
        known = np.isfinite(centres[:, i, 0])
        solution = np.linalg.lstsq(design[known], centres[known, i], rcond=None)[0]
        at[i], along[i] = solution[0], solution[1:].T
        size[i] = np.exp(np.log(sizes[known, i]).mean(axis=0))
    return AverageHand(thumb, thumbs.std(axis=0), at, along, size, len(whole), len(with_carpals))


def wrist_weights(hands: Sequence[Hand]) -> Floats:
    """The carpals' centre as a weighted mean of its neighbours' centres; weights add up to one."""
    left, right = [], []
    for hand in hands:
        near, wrist = _neighbours(hand), np.array(hand["carpals"].centre)
        unit = np.hypot(*(np.array(hand["mc3"].centre) - wrist))
        left += list((near[:-1] - near[-1]).T / unit)
        right += list((wrist - near[-1]) / unit)
    first = np.linalg.lstsq(np.array(left), np.array(right), rcond=None)[0]
    return np.append(first, 1 - first.sum())


def _neighbours(hand: Hand) -> Floats:
    return np.array([hand[region].centre for region in _ROUND_WRIST])


def clicks(hand: Hand, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Wrist's centre, tip of the middle finger and tip of the thumb, each ``[2]`` px."""
    wrist = np.array(hand["carpals"].centre) if "carpals" in hand else weights @ _neighbours(hand)
    return wrist, _tip(hand, "3"), _tip(hand, "1")


def _tip(hand: Hand, ray: str) -> Floats:
    box = hand[f"dp{ray}"]
    centre = np.array(box.centre)
    out = centre - np.array(hand[f"pp{ray}"].centre)
    half = np.array([box.x1 - box.x0, box.y1 - box.y0]) / 2
    with np.errstate(divide="ignore"):
        return np.asarray(centre + out * np.min(half / np.abs(out)))


def _seen(hand: Hand, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Centres ``[17, 2]``, sizes ``[17, 2]`` and the thumb's tip ``[2]`` in the frame; NaN for a missing region."""
    wrist, middle, thumb = clicks(hand, weights)
    unit = float(np.hypot(*(middle - wrist)))
    v = (middle - wrist) / unit
    u = np.array([-v[1], v[0]])
    if (thumb - wrist) @ u < 0:
        u = -u
    axes = np.column_stack([u, v]) / unit
    centres, sizes = np.full((17, 2), np.nan), np.full((17, 2), np.nan)
    for i, region in enumerate(REGION_IDS):
        if region in hand:
            box = hand[region]
            centres[i] = (np.array(box.centre) - wrist) @ axes
            sizes[i] = np.array([box.x1 - box.x0, box.y1 - box.y0]) / unit
    return centres, sizes, (thumb - wrist) @ axes


def hands_of(snapshot: Snapshot, *parts: str) -> list[Hand]:
    """Boxes of each boxed hand in pixels of the film, whose aspect the stored picture may not have."""
    return [_unsqueezed(snapshot, r) for r in snapshot.radiographs if r.split in parts and snapshot.boxes(r.id)]


def _unsqueezed(snapshot: Snapshot, radiograph: SnapshotRadiograph) -> Hand:
    across = (radiograph.original_columns or radiograph.columns) / radiograph.columns
    down = (radiograph.original_rows or radiograph.rows) / radiograph.rows
    boxes = snapshot.boxes(radiograph.id)
    return {r: Box(b.x0 * across, b.y0 * down, b.x1 * across, b.y1 * down) for r, b in boxes.items()}


def as_typescript(hand: AverageHand, *, snapshot_hash: str) -> str:
    """The table as the labelling room reads it."""

    def numbers(values: Floats) -> str:
        return "[" + ", ".join(f"{value:.4f}" for value in values.ravel()) + "]"

    rows = "\n".join(
        f"  {region}: {{ at: {numbers(hand.at[i])}, along: {numbers(hand.along[i])}, size: {numbers(hand.size[i])} }},"
        for i, region in enumerate(REGION_IDS)
    )
    return f"""\
/**
 * Written by `python -m training average-hand` (what the numbers mean stands there). Learnt from the training part of
 * snapshot {snapshot_hash[:12]}: {hand.hands} hands, carpals on {hand.with_carpals} of them.
 */
export const THUMB_TIP = {{ mean: {numbers(hand.thumb)}, spread: {numbers(hand.thumb_spread)} }} as const;

/** `along`: change of u with the thumb's u and v, then of v with the thumb's u and v. */
export const AVERAGE_HAND = {{
{rows}
}} as const;
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("frontend/src/generated/averageHand.ts"))


def run(args: argparse.Namespace, _: OnProgress) -> int:
    snapshot = read_snapshot(args.snapshot)
    hand = learn(hands_of(snapshot, "train"))
    args.out.write_text(as_typescript(hand, snapshot_hash=snapshot.hash), encoding="utf-8")
    print(f"{args.out}: {hand.hands} hands, carpals on {hand.with_carpals}")
    return 0
