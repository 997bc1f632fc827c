"""The pose of a hand from boxes of which only the kind is known: which finger each belongs to is open.

A detector of 6 classes tells a metacarpal from a phalanx, not the ring finger from the middle finger. Every two boxes
that could be two given regions say where the whole hand would lie; the pose that finds most of the other boxes at their
places wins. It needs no box in particular, so that a hand without its wrist is found as well.
"""

import numpy as np
import numpy.typing as npt

from inference.anatomy.geometry import TEMPLATE_CENTRES, TEMPLATE_SIZES, TEMPLATE_SPREADS, Pose

Floats = npt.NDArray[np.float64]

PLACES_AT_MOST = 24
APART_UNITS = 1.2
"""Two boxes say little about a hand when they are nearer to each other than this."""
SIZE_FACTOR = 1.7
"""A pose that makes one of its two boxes larger or smaller than expected by more than this is none."""
STRETCHES = (1.0, 0.78, 1.28)
"""Width over height that a picture may have been squeezed by: not at all, or as the RSNA pictures are, either way."""
NEAR_UNITS = 0.15
"""How near a box has to be to count, at least; fingers bend."""
LEAST_PLACES = 3.0
CHUNK = 2000

_ROOT_AREAS = np.sqrt(TEMPLATE_SIZES.prod(axis=1))
_NEAR = np.maximum(2 * TEMPLATE_SPREADS, NEAR_UNITS)


def search_pose(scores: Floats, boxes: Floats, *, score_floor: float) -> Pose | None:
    """The pose that explains most boxes.

    Args:
        scores: ``[M, 17]`` how much each box speaks for each region, alike for the regions of one kind.
        boxes: ``[M, 17, 4]`` the box that it would be.
        score_floor: what is below speaks for nothing.

    Returns:
        The pose, or None where no pose finds at least three boxes (by score) at their places.
    """
    first = np.argsort(-scores.max(axis=1), kind="stable")[:PLACES_AT_MOST]
    scores, boxes = np.where(scores[first] >= score_floor, scores[first], 0.0), boxes[first]
    best, winner = LEAST_PLACES, None
    for stretch in STRETCHES:
        scale = np.array([1 / stretch, 1.0])
        corners = boxes * np.tile(scale, 2)
        centres = ((corners[..., :2] + corners[..., 2:]) / 2) @ np.array([1, 1j])
        root_areas = np.sqrt(np.prod(np.maximum(corners[..., 2:] - corners[..., :2], 0), axis=-1))
        for mirror in (1.0, -1.0):
            template = (TEMPLATE_CENTRES * [1, mirror]) @ np.array([1, 1j])
            turns, offsets = _hypotheses(scores, centres, root_areas, template)
            values = _values(turns, offsets, scores, centres, template)
            if len(values) and values.max() > best:
                best, i = float(values.max()), int(values.argmax())
                turn, offset = complex(turns[i]), complex(offsets[i])
                linear = np.array([[turn.real, -turn.imag * mirror], [turn.imag, turn.real * mirror]])
                winner = Pose(linear=linear / scale[:, None], offset=np.array([offset.real, offset.imag]) / scale)
    return winner


def _hypotheses(scores: Floats, centres: Floats, root_areas: Floats, template: Floats) -> tuple[Floats, Floats]:
    """Turn (with scale) and offset of each pose that two boxes would make, as complex numbers."""
    place, region = np.nonzero(scores)
    a, b = np.triu_indices(len(place), 1)
    apart = np.abs(template[region[a]] - template[region[b]]) >= APART_UNITS
    keep = (place[a] != place[b]) & apart
    a, b = a[keep], b[keep]
    ends = [(centres[place[i], region[i]], template[region[i]]) for i in (a, b)]
    turns = (ends[1][0] - ends[0][0]) / (ends[1][1] - ends[0][1])
    offsets = ends[0][0] - turns * ends[0][1]
    unit = np.maximum(np.abs(turns), 1e-9)
    likely = np.ones(len(turns), bool)
    for i in (a, b):
        factor = root_areas[place[i], region[i]] / (unit * _ROOT_AREAS[region[i]])
        likely &= (factor > 1 / SIZE_FACTOR) & (factor < SIZE_FACTOR)
    return turns[likely], offsets[likely]


def _values(turns: Floats, offsets: Floats, scores: Floats, centres: Floats, template: Floats) -> Floats:
    """How many boxes, by score, each pose finds where they should be."""
    values = []
    for start in range(0, len(turns), CHUNK):
        turn, offset = turns[start : start + CHUNK, None], offsets[start : start + CHUNK, None]
        expected = turn * template + offset
        away = np.abs(expected[:, None, :] - centres[None]) / np.abs(turn)[..., None] / _NEAR
        values.append((scores * np.exp(-0.5 * away**2)).max(axis=1).sum(axis=1))
    return np.concatenate(values) if values else np.zeros(0)
