"""Bones as the depth of mineral that a ray crosses: a cortical shell round a core of trabecular bone or marrow."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.phantom.placement import Placement
from training.phantom.skeleton import Bone

_CORTEX, _CORE = 3.0, 0.80
"""Attenuation of cortex and of trabecular bone beyond soft tissue's, per L."""
_SUBPIXEL_BITS = 4


def texture(size: tuple[int, int], *, unit_px: float, rng: np.random.Generator) -> tuple[NDArray[np.float32], ...]:
    """Two fields of unit SD: a fine isotropic net, and strands along the hand as in the shafts of long bones."""
    noise = rng.standard_normal(size, dtype=np.float32)
    fine = max(0.6, 0.0075 * unit_px)
    net = cv2.GaussianBlur(noise, (0, 0), fine) - cv2.GaussianBlur(noise, (0, 0), 2.5 * fine)
    strands = cv2.GaussianBlur(noise[::-1], (0, 0), sigmaX=0.8 * fine, sigmaY=5 * fine)
    strands = strands - cv2.GaussianBlur(strands, (0, 0), 4 * fine)
    return tuple(np.asarray(field / (field.std() + 1e-9), np.float32) for field in (net, strands))


def paint_bone(
    attenuation: NDArray[np.float32], bone: Bone, placement: Placement, textures: tuple[NDArray[np.float32], ...]
) -> None:
    """Adds one bone to the attenuation picture, in place; bones that overlap add up as on a film."""
    if not bone.outlines:
        return
    unit = placement.unit_px
    outlines = [placement.to_px(outline) for outline in bone.outlines]
    window = _window(outlines, attenuation.shape)
    if window is None:
        return
    x0, y0, x1, y1 = window
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    for outline in outlines:
        # cv2 puts integers at pixel centres; our origin is the outer corner.
        shifted = np.round((outline - (x0 + 0.5, y0 + 0.5)) * 2**_SUBPIXEL_BITS).astype(np.int32)
        cv2.fillPoly(mask, [shifted], 255, lineType=cv2.LINE_AA, shift=_SUBPIXEL_BITS)
    inside = mask > 127
    if not inside.any():
        return
    # The rows below the film's edge belong to the bone: without them its end would shine like a cortex.
    below = cv2.copyMakeBorder(np.where(inside, 255, 0).astype(np.uint8), 0, 8, 0, 0, cv2.BORDER_REPLICATE)
    depth_in = cv2.distanceTransform(below, cv2.DIST_L2, 5)[: mask.shape[0]] / unit
    along = _along(bone, placement, window)
    half_width = _profile(bone.half_width_at, along)
    cortex = np.maximum(_profile(bone.cortex_at, along), 0.9 / unit)
    mineral = _mineral(bone, depth_in, half_width, cortex, [field[y0:y1, x0:x1] for field in textures])
    if bone.scar is not None:
        at, strength = bone.scar
        mineral = mineral * (1 + 0.55 * strength * np.exp(-(((along - at) / 0.008) ** 2)))
    attenuation[y0:y1, x0:x1] += np.where(inside, mineral, 0.0).astype(np.float32)


def _mineral(
    bone: Bone,
    depth_in: NDArray[np.float32],
    half_width: NDArray[np.float64],
    cortex: NDArray[np.float64],
    textures: list[NDArray[np.float32]],
) -> NDArray[np.float64]:
    """Attenuation from the distance to the edge: chords through a rounded slab with a shell."""
    # A shaft is a tube, rounded all across; an end is a slab with rounded sides. The cortex tells them apart.
    rounding = half_width * np.clip(0.42 + 1.3 * cortex / half_width, 0.45, 0.95)
    off = rounding - np.minimum(depth_in, rounding)
    flat = half_width / rounding * 0.85
    outer = 2 * flat * np.sqrt(np.maximum(rounding**2 - off**2, 0.0))
    inner_radius = np.maximum(rounding - cortex, 0.0)
    inner = 2 * flat * np.sqrt(np.maximum(inner_radius**2 - off**2, 0.0))
    hollow = np.clip(1.0 - 1.5 * cortex / half_width, 0.45, 1.0)
    net, strands = textures
    grain = 0.24 * net if bone.axis is None else 0.14 * net + 0.16 * strands
    return np.asarray(_CORTEX * (outer - inner) * (1 + 0.25 * grain) + _CORE * inner * hollow * (1 + grain))


def _window(outlines: list[NDArray[np.float64]], shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    points = np.vstack(outlines)
    x0, y0 = np.maximum(np.floor(points.min(axis=0)) - 2, 0).astype(int)
    x1, y1 = np.minimum(np.ceil(points.max(axis=0)) + 3, (shape[1], shape[0])).astype(int)
    return None if x1 - x0 < 1 or y1 - y0 < 1 else (int(x0), int(y0), int(x1), int(y1))


def _along(bone: Bone, placement: Placement, window: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """Distance along the bone from its growth end, in L, for each pixel of the window."""
    x0, y0, x1, y1 = window
    if bone.axis is None:
        return np.zeros((1, 1))
    axis_px = bone.axis @ placement.matrix() / placement.unit_px
    end_px = placement.to_px(bone.growth_end)
    x = np.arange(x0, x1) + 0.5 - end_px[0]
    y = np.arange(y0, y1) + 0.5 - end_px[1]
    return np.asarray((x[None, :] * axis_px[0] + y[:, None] * axis_px[1]) / placement.unit_px)


def _profile(pairs: tuple[tuple[float, float], ...], along: NDArray[np.float64]) -> NDArray[np.float64]:
    at, values = zip(*pairs, strict=True)
    return np.asarray(np.interp(along, at, values))
