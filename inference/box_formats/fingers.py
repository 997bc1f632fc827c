"""Finger numbers for boxes that have none, from where they lie in the hand.

The hand's own axes make this work for turned and mirrored hands alike: `up` runs from the wrist (radius and ulna) to
the metacarpal heads, `across` at right angles to it towards the thumb, whose side the annotators' box of its
metacarpophalangeal joint gives. Of the five proximal and distal phalanges the thumb's is the one nearest to that
joint; the other four, like the four metacarpal heads, are numbered II to V from the thumb's side outwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box

Point = NDArray[np.float64]

NEIGHBOURS_APART = 0.04
"""Least distance across the hand between neighbouring fingers' boxes, as a share of the distance from wrist to
metacarpal heads. In 771 real hands the smallest was 0.06, the next 0.12."""


@dataclass(frozen=True, slots=True)
class HandAxes:
    """A frame on the hand, in picture pixels: two unit vectors, the thumb's joint, wrist to heads."""

    up: Point
    across: Point
    thumb: Point
    length: float


def centre(box: Box) -> Point:
    return np.array(box.centre)


def hand_axes(*, wrist: Sequence[Box], heads: Sequence[Box], thumb: Box) -> HandAxes | None:
    """Axes from wrist boxes, metacarpal heads (or whatever else lies distal of the wrist) and the thumb's joint.

    None where the boxes give no direction, which is where wrist and heads coincide or the thumb lies on the axis.
    """
    if not wrist or not heads:
        return None
    foot = np.mean([centre(box) for box in wrist], axis=0)
    head = np.mean([centre(box) for box in heads], axis=0)
    length = float(np.hypot(*(head - foot)))
    if length < 1:
        return None
    up = (head - foot) / length
    across = np.array([-up[1], up[0]])
    side = float((centre(thumb) - head) @ across)
    if abs(side) < 0.05 * length:
        return None
    return HandAxes(up, across if side > 0 else -across, centre(thumb), length)


def number_fingers(boxes: Sequence[Box], axes: HandAxes) -> dict[int, Box] | None:
    """Ray (1 = thumb) -> box for four (II to V) or five boxes of one kind.

    None for any other number of boxes, and where two neighbours lie too close across the hand to be told apart.
    """
    if len(boxes) not in (4, 5):
        return None
    left = list(boxes)
    numbered: dict[int, Box] = {}
    if len(left) == 5:
        nearest = min(left, key=lambda box: float(np.hypot(*(centre(box) - axes.thumb))))
        numbered[1] = nearest
        left.remove(nearest)
    left.sort(key=lambda box: -float(centre(box) @ axes.across))
    places = [float(centre(box) @ axes.across) for box in left]
    if min(nearer - farther for nearer, farther in pairwise(places)) < NEIGHBOURS_APART * axes.length:
        return None
    return numbered | dict(enumerate(left, start=2))


def radius_on_thumb_side(radius: Box, ulna: Box, axes: HandAxes) -> bool:
    """The radius lies on the thumb's side of the ulna, in every hand; if not, the two labels were swapped."""
    return float((centre(radius) - centre(ulna)) @ axes.across) > 0
