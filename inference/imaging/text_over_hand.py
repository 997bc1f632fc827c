"""Writing that was drawn over on the hand itself: there a person has to look.

Beside the hand the ground is even, and what is drawn over is gone. Over bone only the strokes can be taken, and half a
name that is left is read by people and not by the check. So such a film is blocked whatever the check says.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.hand_mask import DILATION, find_hand
from inference.imaging.text_check import WrittenRegion

WORKING_SIDE_PX = 512
GAP_SHARE = 0.02
"""Strokes that lie nearer to one another than this share of the longer side are one line."""

OVER_SHARE = 0.10
SMALLEST_PX = 12
"""A line lies over the hand if more than this share of it does, and at least so many pixels of the working copy."""


def writing_over_hand(drawn_over: NDArray[np.bool_], clean: NDArray[np.float32]) -> tuple[WrittenRegion, ...]:
    """Lines that were drawn over and lie, in part, over the hand as it is, without the margin of its mask.

    Args:
        drawn_over: bool [rows, columns], pixels that cleaning changed because they were writing.
        clean: float32, same shape, the film without them, bone bright: writing beside the hand would pass for hand.

    Returns:
        Their frames in pixels, with score 1.
    """
    if not drawn_over.any():
        return ()
    rows, columns = drawn_over.shape
    scale = min(1.0, WORKING_SIDE_PX / max(rows, columns))
    shape = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    ink = cv2.resize(drawn_over.astype(np.uint8) * 255, shape, interpolation=cv2.INTER_AREA) > 0
    mask = cv2.resize(find_hand(clean).mask.astype(np.uint8), shape, interpolation=cv2.INTER_NEAREST)
    core = cv2.erode(mask, _disc(DILATION * max(shape)), borderType=cv2.BORDER_REPLICATE) > 0
    joined = cv2.dilate(ink.astype(np.uint8), _disc(GAP_SHARE * max(shape) / 2))
    _, labels = cv2.connectedComponents(joined)
    regions = []
    for label in np.unique(labels[ink & core]):
        line = ink & (labels == label)
        over = int((line & core).sum())
        if over < SMALLEST_PX or over < OVER_SHARE * int(line.sum()):
            continue
        ys, xs = np.nonzero(line)
        x0, y0, x1, y1 = (float(edge) / scale for edge in (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1))
        regions.append(WrittenRegion(x0, y0, x1, y1, score=1.0))
    return tuple(regions)


def _disc(radius_px: float) -> NDArray[np.uint8]:
    size = 2 * max(1, round(radius_px)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
