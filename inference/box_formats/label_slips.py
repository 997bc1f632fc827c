"""Names that an annotator mixed up, found and put right by where boxes lie in a hand.

Of 771 complete hands of the voc881 set, 767 satisfy every rule below as they stand; in the other four, swapping
one pair of names satisfies all of them, and no other single swap does: those are put right and reported. A hand in
which none, or more than one, swap would do loses its finger and wrist boxes instead.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from inference.anatomy.boxes import Box
from inference.box_formats.fingers import HandAxes, centre, hand_axes, number_fingers, radius_on_thumb_side

THUMB_JOINT_ABOVE_WRIST = 0.2
"""Least distance of the thumb's joint from the wrist boxes, along the hand, as a share of wrist to metacarpal heads."""


@dataclass(frozen=True, slots=True)
class HandLabels:
    """The named boxes of one complete hand: one radius, ulna and thumb joint, four heads, five and five phalanges."""

    radius: Box
    ulna: Box
    thumb: Box
    heads: tuple[Box, ...]
    proximal: tuple[Box, ...]
    distal: tuple[Box, ...]

    def axes(self) -> HandAxes | None:
        return hand_axes(wrist=(self.radius, self.ulna), heads=self.heads, thumb=self.thumb)


def is_plausible(hand: HandLabels) -> bool:
    """Whether the names fit a hand, whatever its side and turn."""
    axes = hand.axes()
    if axes is None:
        return False

    def height(box: Box) -> float:
        return float(centre(box) @ axes.up)

    def side(box: Box) -> float:
        return float(centre(box) @ axes.across)

    for five in (hand.proximal, hand.distal):
        rays = number_fingers(five, axes)
        if rays is None or side(rays[1]) <= max(side(box) for ray, box in rays.items() if ray > 1):
            return False  # the thumb is the outermost of its row
    wrist = (height(hand.radius) + height(hand.ulna)) / 2
    return (
        radius_on_thumb_side(hand.radius, hand.ulna, axes)
        and height(hand.thumb) < min(height(box) for box in hand.heads)
        and height(hand.thumb) > wrist + THUMB_JOINT_ABOVE_WRIST * axes.length
    )


def _swaps(hand: HandLabels) -> Iterator[tuple[str, HandLabels]]:
    yield "radius_and_ulna", dataclasses.replace(hand, radius=hand.ulna, ulna=hand.radius)
    yield "ulna_and_thumb", dataclasses.replace(hand, ulna=hand.thumb, thumb=hand.ulna)
    yield "radius_and_thumb", dataclasses.replace(hand, radius=hand.thumb, thumb=hand.radius)
    for index, head in enumerate(hand.heads):
        heads = (*hand.heads[:index], hand.thumb, *hand.heads[index + 1 :])
        yield "metacarpal_and_thumb", dataclasses.replace(hand, thumb=head, heads=heads)


def put_right(hand: HandLabels) -> tuple[HandLabels | None, str | None]:
    """The hand as it stands, or with one pair of names swapped (and which), or None where that does not help."""
    if is_plausible(hand):
        return hand, None
    candidates = [(name, swapped) for name, swapped in _swaps(hand) if is_plausible(swapped)]
    if len(candidates) != 1:
        return None, None
    name, swapped = candidates[0]
    return swapped, name
