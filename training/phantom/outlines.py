"""Closed smooth outlines of bones in their own coordinates.

A long bone's own coordinates: t runs from its growth end (0 = the joint at that end) along the bone, s across it, both
in L. Arrays have shape (n, 2), columns t and s.
"""

import numpy as np
from numpy.typing import NDArray

Outline = NDArray[np.float64]

PLATE_YOUNG, PLATE_OLD = 0.026, 0.008
"""Height of an open growth plate, in L, when its centre appears and just before it closes."""
_BRIDGING_FROM = 0.93
"""Share of a centre's life after which the plate begins to close, from the middle outwards."""


def smooth(points: Outline, steps: int = 6) -> Outline:
    """A closed Catmull-Rom spline through the points."""
    p0, p1, p2, p3 = (np.roll(points, shift, axis=0)[:, None, :] for shift in (1, 0, -1, -2))
    u = np.linspace(0.0, 1.0, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (2 * p1 + (p2 - p0) * u + (2 * p0 - 5 * p1 + 4 * p2 - p3) * u**2 + (3 * p1 - p0 - 3 * p2 + p3) * u**3)
    return np.asarray(curve.reshape(-1, 2))


def mirrored_about_axis(side: Outline) -> Outline:
    """Closes a half outline (s >= 0, from one end to the other) with its mirror image."""
    other = side[::-1] * (1.0, -1.0)
    return np.vstack([side, other[np.abs(other[:, 1]) > 1e-9]])


def plate_height(progress: float) -> float:
    """Height of the growth plate in L, 0 once fused."""
    if progress >= 1.0:
        return 0.0
    return PLATE_YOUNG + (PLATE_OLD - PLATE_YOUNG) * min(1.0, progress / 0.85)


def grown_epiphysis(full: Outline, progress: float) -> Outline:
    """An epiphysis between a round speck (0) and its full outline (from about 0.55 on).

    The centre widens first, until it is as wide as the metaphysis, and fills its height later, as in Greulich-Pyle.
    """
    width = 0.18 + 0.82 * min(1.0, (progress / 0.55) ** 0.6)
    height = 0.30 + 0.70 * min(1.0, (progress / 0.90) ** 0.6)
    centre = full.mean(axis=0)
    extent = np.ptp(full, axis=0) / 2
    # A speck is as high as it is wide: the height may not outgrow the width.
    half_width = extent[1] * width
    half_height = min(extent[0] * height, half_width)
    away = (full - centre) / extent
    angle = np.arctan2(away[:, 1], away[:, 0])
    ellipse = np.column_stack([np.cos(angle), np.sin(angle)])
    likeness = float(np.clip(progress / 0.55, 0.0, 1.0))
    shape = ellipse * 0.95 * (1 - likeness) + away * likeness
    # It begins in the half of its cartilage that lies towards the plate.
    lowered = np.array([0.35 * (extent[0] - half_height), 0.0])
    return np.asarray(centre + lowered + shape * (half_height, half_width))


def bridge(progress: float, *, top: float, bottom: float, half_width: float) -> Outline | None:
    """The part of the plate that has turned to bone, growing from the middle, or None while it is fully open."""
    if progress < _BRIDGING_FROM:
        return None
    share = min(1.0, (progress - _BRIDGING_FROM) / (1.0 - _BRIDGING_FROM))
    wide = half_width * (0.15 + 0.85 * share)
    return np.array([[top - 0.012, -wide], [top - 0.012, wide], [bottom + 0.012, wide], [bottom + 0.012, -wide]])


def phalanx_epiphysis(width: float, height: float) -> Outline:
    """A disc over the base of a phalanx, a little hollow towards the joint."""
    side = [(0.016, 0.0), (0.008, 0.55), (0.012, 0.9), (0.55 * height, 1.0), (height * 0.95, 0.88), (height, 0.0)]
    return smooth(mirrored_about_axis(np.array(side) * (1.0, width)))


def metacarpal_head(width: float, height: float) -> Outline:
    """The dome of a metacarpal II to V."""
    side = [(0.006, 0.0), (0.02, 0.58), (0.055, 0.93), (0.1, 1.0), (height, 0.86), (height + 0.004, 0.0)]
    return smooth(mirrored_about_axis(np.array(side) * (1.0, width)))


def shaft(*, start: float, end: float, growth_width: float, waist_width: float, far_width: float, far: str) -> Outline:
    """A tubular shaft from its metaphysis to its far end.

    Args:
        start, end: where bone begins and ends, in t.
        growth_width, waist_width, far_width: half widths at the metaphysis, the waist and the far end, in L.
        far: ``condyles`` (head of a phalanx), ``base`` (squared end of a metacarpal) or ``tuft`` (fingertip).
    """
    length = end - start
    corner = min(0.02, 0.08 * length)
    side = [
        (start, 0.0),
        (start + 0.002, 0.8 * growth_width),
        (start + corner, 0.98 * growth_width),
        (start + 0.20 * length, 0.45 * growth_width + 0.55 * waist_width),
        (start + 0.42 * length, 1.03 * waist_width),
        (start + 0.60 * length, waist_width),
    ]
    if far == "tuft":
        side += [(start + 0.78 * length, 0.75 * far_width), (start + 0.9 * length, far_width), (end, 0.45 * far_width)]
        side += [(end + 0.004, 0.0)]
    else:
        dip = 0.012 if far == "condyles" else -0.004
        side += [
            (start + 0.80 * length, 0.45 * waist_width + 0.55 * far_width),
            (end - 0.13 * length, far_width * (0.97 if far == "condyles" else 0.9)),
            (end - 0.05 * length, far_width),
            (end - 0.004, 0.72 * far_width),
            (end - dip, 0.0),
        ]
    return smooth(mirrored_about_axis(np.array(side)))


def radius_epiphysis() -> Outline:
    """A wedge that is highest at the styloid; s is positive towards the thumb."""
    points = [
        (0.020, -0.155), (0.006, -0.10), (0.0, 0.0), (-0.022, 0.075), (-0.062, 0.135), (-0.072, 0.165),
        (-0.03, 0.187), (0.03, 0.183), (0.078, 0.165), (0.092, 0.05), (0.094, -0.05), (0.092, -0.145), (0.06, -0.165),
    ]  # fmt: skip
    return smooth(np.array(points))


def ulna_epiphysis() -> Outline:
    """A small cap with the styloid on the side away from the thumb (s negative)."""
    points = [
        (0.0, 0.045), (0.004, -0.02), (-0.03, -0.055), (-0.055, -0.078), (-0.03, -0.094), (0.03, -0.095),
        (0.07, -0.085), (0.074, 0.0), (0.07, 0.08), (0.035, 0.088),
    ]  # fmt: skip
    return smooth(np.array(points))


def forearm_shaft(*, start: float, end: float, half_widths: tuple[float, ...], bow: float) -> Outline:
    """The end of a forearm bone, given its half widths at fixed distances below the metaphysis, with a slight bow."""
    at = np.array([0.0, 0.03, 0.12, 0.28, 0.55, 0.9, 1.4])
    t = np.append(start + at[at < end - start - 0.05], end)
    w = np.interp(t - start, at, half_widths)
    w[0] *= 0.86
    middle = bow * (t - start) ** 2
    left, right = np.column_stack([t, middle + w]), np.column_stack([t, middle - w])[::-1]
    return smooth(np.vstack([[start, 0.0], left, right]))


CARPAL_SHAPES: dict[str, tuple[tuple[float, float], tuple[float, float], float, list[tuple[float, float]]]] = {
    "capitate": ((0.015, 0.085), (0.090, 0.158), 0, [(0, -1), (0.55, -0.85), (0.78, -0.3), (0.82, 0.3), (1, 0.8),
        (0.6, 1), (-0.4, 1), (-0.95, 0.85), (-0.85, 0.2), (-0.8, -0.4), (-0.55, -0.85)]),
    "hamate": ((-0.160, 0.105), (0.108, 0.125), 0, [(-0.95, 0.6), (-0.5, 0.95), (0.3, 1), (0.85, 0.85), (0.9, 0.1),
        (0.75, -0.6), (0.35, -1), (-0.1, -0.65), (-0.65, 0)]),
    "triquetrum": ((-0.198, -0.075), (0.095, 0.082), -25, [(-0.9, 0.2), (-0.5, 0.9), (0.3, 0.8), (0.9, 0.2),
        (0.7, -0.6), (0, -0.95), (-0.7, -0.5)]),
    "lunate": ((-0.035, -0.118), (0.096, 0.080), -8, [(-0.85, 0.55), (-0.2, 0.6), (0.5, 0.75), (0.95, 0.2),
        (0.8, -0.6), (0.2, -1), (-0.5, -0.85), (-1, -0.2)]),
    "scaphoid": ((0.158, -0.045), (0.080, 0.138), 33, [(-0.7, -0.9), (0.1, -1), (0.7, -0.6), (0.8, 0), (1, 0.6),
        (0.5, 1), (-0.2, 0.85), (-0.5, 0.2), (-0.9, -0.3)]),
    "trapezium": ((0.262, 0.108), (0.090, 0.086), 10, [(-0.8, -0.5), (-0.1, -1), (0.7, -0.6), (1, 0.3), (0.4, 0.95),
        (-0.5, 0.9), (-0.95, 0.2)]),
    "trapezoid": ((0.160, 0.182), (0.068, 0.080), 0, [(-0.7, -0.8), (0.4, -0.9), (0.9, -0.2), (0.8, 0.8), (-0.3, 1),
        (-0.95, 0.5)]),
    "pisiform": ((-0.215, -0.03), (0.06, 0.068), -15, [(0, -1), (0.72, -0.7), (1, 0), (0.7, 0.75), (0, 1),
        (-0.75, 0.7), (-1, 0), (-0.7, -0.75)]),
}  # fmt: skip
"""Adult centre (u, v), half extents in L, turn towards the thumb in degrees, and outline in units of those extents."""


def carpal_outline(name: str, *, progress: float) -> Outline:
    """A carpal bone in the frame of the hand (u, v): a round kernel at first, its own shape towards the end."""
    (u, v), half_extents, degrees, points = CARPAL_SHAPES[name]
    own = smooth(np.array(points))
    angle = np.arctan2(own[:, 1], own[:, 0])
    likeness = float(np.clip((progress / 0.6) ** 0.7, 0.0, 1.0))
    shape = np.column_stack([np.cos(angle), np.sin(angle)]) * 0.92 * (1 - likeness) + own * likeness
    size = 0.22 + 0.78 * progress**0.4
    round_extent = np.full(2, min(half_extents))
    extent = round_extent * (1 - likeness) + np.array(half_extents) * likeness
    turn = np.deg2rad(-degrees)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.asarray((u, v) + (shape * extent * size) @ rotation.T)
