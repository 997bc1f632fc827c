"""The outline of the hand and the thickness of its soft tissue."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from training.phantom.layout import HandLayout, Point, Ray
from training.phantom.placement import Placement

_FINGER_HALF_WIDTHS = {
    1: (0.165, 0.128, 0.128, 0.098),
    2: (0.150, 0.118, 0.105, 0.086),
    3: (0.150, 0.120, 0.108, 0.088),
    4: (0.145, 0.114, 0.102, 0.083),
    5: (0.135, 0.102, 0.091, 0.076),
}
"""At the knuckle, the middle joint, the end joint and the tip, in L."""
_PULP = 0.075
"""Soft tissue beyond the last bone, in L."""


def hand_silhouette(
    layout: HandLayout, placement: Placement, *, size: tuple[int, int], age_years: float, plumpness: float
) -> NDArray[np.uint8]:
    """Mask of the hand, 255 inside, shape (rows, columns); webs between the fingers are rounded."""
    rows, columns = size
    half = (max(1, rows // 2), max(1, columns // 2))
    scale = np.array([half[1] / columns, half[0] / rows])
    unit = placement.unit_px * float(scale[0])
    # A margin keeps the rounding from seeing the edge of the film, which the forearm crosses.
    pad = int(0.3 * unit) + 4
    canvas = np.zeros((half[0] + 2 * pad, half[1] + 2 * pad), np.uint8)
    fat = plumpness * float(np.interp(age_years, [0.0, 2.0, 6.0, 14.0], [1.28, 1.18, 1.06, 1.0]))

    def px(points: NDArray[np.float64]) -> NDArray[np.int32]:
        return np.round(placement.to_px(points) * scale + pad).astype(np.int32)

    cv2.fillPoly(canvas, [px(_palm(layout, fat))], 255)
    for ray in layout.rays.values():
        centres, radii = _finger(ray, fat)
        for centre, radius in zip(px(centres), radii, strict=True):
            cv2.circle(canvas, (int(centre[0]), int(centre[1])), max(1, round(radius * unit)), 255, -1)
    rounded = cv2.GaussianBlur(canvas, (0, 0), 0.032 * unit)[pad:-pad, pad:-pad]
    return np.where(cv2.resize(rounded, (columns, rows), interpolation=cv2.INTER_LINEAR) > 127, 255, 0).astype(np.uint8)


def thickness(mask: NDArray[np.uint8], *, unit_px: float) -> NDArray[np.float32]:
    """Depth of soft tissue in L: round fingers, a flatter and deeper palm."""
    padded = cv2.copyMakeBorder(mask, 0, int(unit_px), 0, 0, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[: mask.shape[0]] / unit_px
    near = np.clip(depth / 0.13, 0.0, 1.0)
    far = np.clip((depth - 0.05) / 0.45, 0.0, 1.0)
    # Where edges meet, a distance has a crease that no flesh has; a blur well below a finger's width takes it out.
    body = 0.21 * np.sqrt(near * (2 - near)) + 0.20 * far * (2 - far)
    return np.asarray(cv2.GaussianBlur(body, (0, 0), 0.018 * unit_px) * (mask > 0), np.float32)


def _finger(ray: Ray, fat: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    beyond = ray.tip + (ray.tip - ray.dip) / np.linalg.norm(ray.tip - ray.dip) * (_PULP * fat - 0.088 * fat)
    joints: list[Point] = [ray.mcp, ray.pip, ray.dip, beyond]
    widths = list(_FINGER_HALF_WIDTHS[ray.number])
    if ray.number == 1:
        joints, widths = [ray.base, *joints], [0.20, *widths]
    at = np.cumsum([0.0, *(float(np.linalg.norm(b - a)) for a, b in pairwise(joints))])
    t = np.arange(0.0, at[-1] + 0.01, 0.02)
    coordinates = np.array(joints)
    centres = np.column_stack([np.interp(t, at, coordinates[:, i]) for i in (0, 1)])
    return centres, np.interp(t, at, widths) * fat


def _palm(layout: HandLayout, fat: float) -> NDArray[np.float64]:
    rays = layout.rays
    wide = 0.5 + 0.5 * fat
    web = float(np.interp(fat, [1.0, 1.3], [1.06, 1.10]))
    points = [
        (0.36 * wide, -2.3),
        (0.36 * wide, -0.75),
        (0.335 * wide, -0.22),
        (0.40 * wide, 0.02),
        (0.56, 0.30),
        tuple(rays[1].mcp * 0.94),
        (0.58, 0.64),
        (0.47, 0.80),
        (rays[2].mcp[0] + 0.13, rays[2].mcp[1]),
        (0.16, web + 0.05),
        (-0.13, web + 0.03),
        (-0.36, web - 0.10),
        (rays[5].mcp[0] - 0.13, rays[5].mcp[1]),
        (-0.555 * wide, 0.45),
        (-0.46 * wide, 0.05),
        (-0.40 * wide, -0.22),
        (-0.46 * wide, -0.75),
        (-0.50 * wide, -2.3),
    ]
    return np.array(points, dtype=np.float64)
