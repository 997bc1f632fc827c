"""All bones of one hand at one bone age, as outlines in the frame of the hand, ready to be painted."""

from dataclasses import dataclass, replace

import numpy as np

from training.phantom.layout import HandLayout, Point, Ray
from training.phantom.outlines import (
    CARPAL_SHAPES,
    Outline,
    bridge,
    carpal_outline,
    forearm_shaft,
    grown_epiphysis,
    metacarpal_head,
    phalanx_epiphysis,
    plate_height,
    radius_epiphysis,
    shaft,
    ulna_epiphysis,
)
from training.phantom.schedule import CARPALS, SESAMOID, CentreGrowth

FOREARM_LENGTH = 2.2
"""How far the forearm bones are drawn, in L; they leave the film at its lower edge."""


@dataclass(frozen=True, slots=True)
class Bone:
    """One bone to be painted.

    Attributes:
        id: ``MC2``, ``PP1``, ``radius``, ``capitate``...
        outlines: disjoint or touching parts (shaft, epiphysis, bridge), each (n, 2) in (u, v); painted as one bone.
        growth_end: place of the joint at the growth end, (u, v).
        axis: unit vector from there along the bone; None for round bones.
        half_width_at: (t, half width) pairs along the axis, for the depth of the bone.
        cortex_at: (t, thickness) pairs along the axis.
        scar: (t, strength 0..1) of the line that a closed plate leaves, or None.
        centre: outline of the ossification centre alone in (u, v), None while it is not visible or once it has fused.
        nominal: outline with its cartilage, whatever has ossified: what a box goes round at every age.
    """

    id: str
    outlines: tuple[Outline, ...]
    growth_end: Point
    axis: Point | None
    half_width_at: tuple[tuple[float, float], ...]
    cortex_at: tuple[tuple[float, float], ...]
    scar: tuple[float, float] | None
    centre: Outline | None
    nominal: Outline


@dataclass(frozen=True, slots=True)
class _Tube:
    """Adult proportions of a tubular bone, in L: half widths, height of the epiphysis, kind of far end."""

    growth_width: float
    waist_width: float
    far_width: float
    cap_height: float
    far: str


_TUBES = {
    "MC": _Tube(0.080, 0.050, 0.078, 0.125, "base"),
    "MC1": _Tube(0.092, 0.060, 0.080, 0.062, "condyles"),
    "PP": _Tube(0.088, 0.057, 0.069, 0.062, "condyles"),
    "MP": _Tube(0.077, 0.048, 0.060, 0.054, "condyles"),
    "DP": _Tube(0.060, 0.031, 0.046, 0.046, "tuft"),
}
_RAY_SCALE = {1: 1.08, 2: 1.02, 3: 1.05, 4: 0.96, 5: 0.86}
_RADIUS_HALF_WIDTHS = (0.168, 0.170, 0.150, 0.122, 0.104, 0.100, 0.105)
_ULNA_HALF_WIDTHS = (0.102, 0.100, 0.084, 0.072, 0.073, 0.079, 0.088)


def sturdiness(age_years: float) -> float:
    """Width of the bones relative to L: a small child's are short and stout (boxes shrink relative to L with age)."""
    return float(np.interp(age_years, [0.0, 3.0, 7.0, 13.0, 17.0], [1.22, 1.12, 1.02, 0.98, 1.0]))


def skeleton(
    layout: HandLayout, growth: dict[str, CentreGrowth], *, age_years: float, rng: np.random.Generator
) -> list[Bone]:
    """Every bone of the hand; two calls with the same generator state differ only by what has grown."""
    stout = sturdiness(age_years) * float(np.clip(rng.normal(1.0, 0.03), 0.94, 1.06))
    cartilage = float(np.interp(age_years, [0.0, 2.0, 6.0, 14.0], [0.035, 0.026, 0.016, 0.009]))
    tilt = float(np.clip(rng.normal(0.0, 2.5), -5.0, 5.0))
    bones = [_forearm("radius", layout.radius_end, 2.0 + tilt, growth["radius_epiphysis"], stout)]
    bones.append(_forearm("ulna", layout.ulna_end, -1.5 + tilt, growth["ulna_epiphysis"], stout))
    for ray in layout.rays.values():
        bones += _ray_bones(ray, growth, stout=stout, cartilage=cartilage)
    bones += [_carpal(name, growth[name]) for name in CARPALS]
    bones.append(_sesamoid(layout.rays[1], growth[SESAMOID]))
    return bones


def _ray_bones(ray: Ray, growth: dict[str, CentreGrowth], *, stout: float, cartilage: float) -> list[Bone]:
    n, scale = ray.number, _RAY_SCALE[ray.number] * stout
    if n == 1:
        segments = [("MC", ray.base, ray.mcp), ("PP", ray.mcp, ray.pip), ("DP", ray.pip, ray.tip)]
    else:
        segments = [("MC", ray.mcp, ray.base), ("PP", ray.mcp, ray.pip), ("MP", ray.pip, ray.dip)]
        segments.append(("DP", ray.dip, ray.tip))
    bones = []
    for kind, growth_end, far_end in segments:
        tube = _TUBES["MC1" if (kind, n) == ("MC", 1) else kind]
        tube = replace(
            tube,
            growth_width=tube.growth_width * scale,
            waist_width=tube.waist_width * scale,
            far_width=tube.far_width * scale,
        )
        bones.append(_tubular(f"{kind}{n}", tube, growth_end, far_end, growth[f"{kind}{n}"], cartilage))
    return bones


def _tubular(id_: str, tube: _Tube, growth_end: Point, far_end: Point, growth: CentreGrowth, cartilage: float) -> Bone:
    axis, length = _direction(growth_end, far_end)
    end = length - (0.004 if tube.far == "tuft" else cartilage + 0.006)
    dome = id_.startswith("MC") and id_ != "MC1"
    full = (metacarpal_head if dome else phalanx_epiphysis)(tube.growth_width, tube.cap_height)
    full = full + np.array([0.5 * cartilage + 0.004, 0.0])
    cap_end = float(full[:, 0].max())
    start = cap_end + plate_height(growth.progress) - (0.01 if growth.progress >= 1 else 0.0)
    body = shaft(
        start=start,
        end=end,
        growth_width=tube.growth_width,
        waist_width=tube.waist_width,
        far_width=tube.far_width,
        far=tube.far,
    )
    widths = (
        (0.0, tube.growth_width),
        (cap_end + 0.2 * length, 0.5 * (tube.growth_width + tube.waist_width)),
        (0.6 * length, tube.waist_width),
        (0.95 * length, tube.far_width),
    )
    thin = 0.16 * tube.waist_width
    cortex = (
        (0.0, thin),
        (cap_end + 0.10 * length, 1.3 * thin),
        (0.5 * length, 0.40 * tube.waist_width),
        (0.68 * length, 0.40 * tube.waist_width),
        (0.92 * length, thin),
    )
    return _grown(id_, growth_end, axis, full, body, growth, cap_end, start, tube.growth_width, widths, cortex)


def _forearm(id_: str, end: Point, tilt_degrees: float, growth: CentreGrowth, stout: float) -> Bone:
    angle = np.deg2rad(tilt_degrees)
    # Downwards; a positive tilt carries the elbow towards the thumb's side.
    axis = np.array([np.sin(angle), -np.cos(angle)])
    wide = 1 + (stout - 1) * 0.5
    full = (radius_epiphysis() if id_ == "radius" else ulna_epiphysis()) * (1.0, wide)
    half_widths = tuple(w * wide for w in (_RADIUS_HALF_WIDTHS if id_ == "radius" else _ULNA_HALF_WIDTHS))
    cap_end = float(full[:, 0].max())
    start = cap_end + 1.2 * plate_height(growth.progress) - (0.012 if growth.progress >= 1 else 0.0)
    body = forearm_shaft(
        start=start, end=FOREARM_LENGTH, half_widths=half_widths, bow=0.02 if id_ == "radius" else -0.01
    )
    widths = tuple(zip((0.0, 0.13, 0.22, 0.38, 0.65, 1.0, 1.5), half_widths, strict=True))
    waist = min(half_widths)
    cortex = ((0.0, 0.10 * waist), (0.25, 0.14 * waist), (0.6, 0.34 * waist), (1.0, 0.42 * waist))
    return _grown(id_, end, axis, full, body, growth, cap_end, start, half_widths[0], widths, cortex)


def _grown(
    id_: str,
    growth_end: Point,
    axis: Point,
    full: Outline,
    body: Outline,
    growth: CentreGrowth,
    cap_end: float,
    start: float,
    width: float,
    widths: tuple[tuple[float, float], ...],
    cortex: tuple[tuple[float, float], ...],
) -> Bone:
    """Puts shaft, epiphysis and what has bridged the plate together, in the frame of the hand."""
    fused = growth.progress >= 1
    own = [body]
    centre = None
    if growth.visible:
        centre = grown_epiphysis(full, growth.progress)
        own.append(centre)
        closed = bridge(growth.progress, top=cap_end, bottom=start, half_width=0.95 * width)
        if closed is not None:
            own.append(closed)
    scar = None
    if fused and growth.fused_for_months is not None:
        # The line of a closed plate fades over about three years and stays faintly visible.
        scar = (cap_end, 0.15 + 0.85 * float(np.exp(-growth.fused_for_months / 14.0)))
    nominal = np.vstack([full, body])
    return Bone(
        id=id_,
        outlines=tuple(_placed(part, growth_end, axis) for part in own),
        growth_end=growth_end,
        axis=axis,
        half_width_at=widths,
        cortex_at=cortex,
        scar=scar,
        centre=None if centre is None else _placed(centre, growth_end, axis),
        nominal=_placed(nominal, growth_end, axis),
    )


def _carpal(name: str, growth: CentreGrowth) -> Bone:
    outline = carpal_outline(name, progress=growth.progress)
    (u, v), half_extents, _, _ = CARPAL_SHAPES[name]
    radius = float(np.sqrt(half_extents[0] * half_extents[1])) * (0.3 + 0.7 * growth.progress)
    return Bone(
        id=name,
        outlines=(outline,) if growth.visible else (),
        growth_end=np.array([u, v]),
        axis=None,
        half_width_at=((0.0, radius),),
        cortex_at=((0.0, 0.010),),
        scar=None,
        centre=outline if growth.visible else None,
        nominal=carpal_outline(name, progress=1.0),
    )


def _sesamoid(thumb: Ray, growth: CentreGrowth) -> Bone:
    axis, _ = _direction(thumb.mcp, thumb.base)
    across = np.array([axis[1], -axis[0]])
    if across[0] > 0:  # the adductor's sesamoid lies on the side of the other fingers
        across = -across
    place = thumb.mcp + 0.055 * axis + 0.075 * across
    radius = 0.030 * (0.35 + 0.65 * growth.progress)
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    outline = place + radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return Bone(
        id=SESAMOID,
        outlines=(outline,) if growth.visible else (),
        growth_end=place,
        axis=None,
        half_width_at=((0.0, radius),),
        cortex_at=((0.0, 0.008),),
        scar=None,
        centre=outline if growth.visible else None,
        nominal=outline,
    )


def _direction(start: Point, end: Point) -> tuple[Point, float]:
    length = float(np.linalg.norm(end - start))
    return (end - start) / length, length


def _placed(own: Outline, origin: Point, axis: Point) -> Outline:
    """From a bone's own (t, s) to the frame of the hand; s is positive towards the thumb for an upright bone."""
    across = np.array([axis[1], -axis[0]])
    if across[0] < 0:
        across = -across
    return np.asarray(origin + own[:, :1] * axis + own[:, 1:] * across)
