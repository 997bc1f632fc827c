"""Where the joints of a hand lie, in the frame of the hand.

Frame (as in ``region_geometry.csv``): origin at the centre of the carpals, v towards the joint MCP III, u towards the
thumb, unit L = distance from the carpals to MCP III. On the film of a left hand, u points to the right and v up.
"""

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from training.phantom.schedule import DATA, Sex

Point = NDArray[np.float64]
"""A point or vector, shape (2,)."""

_BAND_CENTRES_YEARS = {"0-3y": 1.5, "3-6y": 4.5, "6-9y": 7.5, "9-12y": 10.5, "12-15y": 13.5, "15y+": 16.5}
_HAND_LENGTH_L = 2.55
"""Hand length in units of L: DIP III lies at 2.0, and fingertip and wrist add the rest."""
_TIP_LENGTHS = {1: 0.31, 2: 0.235, 3: 0.25, 4: 0.25, 5: 0.22}
"""Length of the distal phalanx in L, by ray; adult proportions (MC III about 64 mm, DP III about 18 mm)."""
_METACARPAL_BASES = {1: (0.345, 0.13), 2: (0.175, 0.30), 3: (0.02, 0.285), 4: (-0.125, 0.255), 5: (-0.25, 0.20)}
"""Carpometacarpal joints, measured by hand on radiographs."""
_FAN_DEGREES = {1: 6.0, 2: 4.0, 3: 0.5, 4: -3.0, 5: -6.0}
"""How far one SD of finger spread turns each ray (positive: towards the thumb)."""


@dataclass(frozen=True, slots=True)
class Ray:
    """One finger with its metacarpal: the joints from wrist to tip, each shape (2,), in L.

    The thumb has no middle phalanx: its ``pip`` is the interphalangeal joint, and ``dip`` the same point.
    """

    number: int
    base: Point
    mcp: Point
    pip: Point
    dip: Point
    tip: Point


@dataclass(frozen=True, slots=True)
class HandLayout:
    """All rays, and the forearm's two distal ends, in L."""

    rays: dict[int, Ray]
    radius_end: Point
    ulna_end: Point


@cache
def _geometry() -> dict[str, tuple[list[float], list[float], list[float]]]:
    table: dict[str, tuple[list[float], list[float], list[float]]] = {}
    with (DATA / "region_geometry.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["age_band"] in _BAND_CENTRES_YEARS:
                years, us, vs = table.setdefault(row["region"], ([], [], []))
                years.append(_BAND_CENTRES_YEARS[row["age_band"]])
                us.append(float(row["u_med"]))
                vs.append(float(row["v_med"]))
    return table


def joint(name: str, age_years: float) -> Point:
    """Median place of a joint at an age, interpolated between the middles of the age bands."""
    years, us, vs = _geometry()[name]
    return np.array([np.interp(age_years, years, us), np.interp(age_years, years, vs)])


def hand_length_mm(*, age_years: float, sex: Sex) -> float:
    """Length of the hand, interpolated in ``hand_size.csv`` (low confidence: scale only)."""
    wanted = {"M": "male", "F": "female"}[sex]
    with (DATA / "hand_size.csv").open(encoding="utf-8", newline="") as rows:
        of_sex = [row for row in csv.DictReader(rows) if row["sex"] == wanted]
    years = [float(row["age_years"]) for row in of_sex]
    return float(np.interp(age_years, years, [float(row["hand_length_cm"]) * 10 for row in of_sex]))


def unit_length_mm(*, age_years: float, sex: Sex) -> float:
    """The length of L in millimetres."""
    return hand_length_mm(age_years=age_years, sex=sex) / _HAND_LENGTH_L


def turned(point: Point, *, about: Point, degrees: float) -> Point:
    """A point turned about another; positive turns an upright finger towards the thumb (clockwise on the film)."""
    angle = np.deg2rad(-degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    return about + np.array([[cos, -sin], [sin, cos]]) @ (point - about)


def hand_layout(*, age_years: float, rng: np.random.Generator) -> HandLayout:
    """Median joints of the age, with the spread, bend and length of one particular hand."""
    spread = float(np.clip(rng.normal(), -1.4, 1.4))
    rays = {number: _ray(number, age_years, spread, rng) for number in range(1, 6)}
    wobble = rng.normal(0.0, 0.008, size=(2, 2))
    # The table's boxes are centred about 0.13 L below the articular surface of the forearm bones.
    radius = joint("Radius", age_years) * (0.6, 1.0) + (0.07, 0.145) + wobble[0]
    ulna = joint("Ulna", age_years) * (0.8, 1.0) + (0.005, 0.125) + wobble[1]
    return HandLayout(rays, radius, ulna)


def _ray(number: int, age_years: float, spread: float, rng: np.random.Generator) -> Ray:
    base = np.array(_METACARPAL_BASES[number]) + rng.normal(0.0, 0.006, 2)
    mcp = joint(f"MCP{number}", age_years) + rng.normal(0.0, 0.010, 2)
    pip = joint(f"PIP{number}", age_years)
    turn = float(np.clip(spread * _FAN_DEGREES[number] + rng.normal(0.0, 1.5), -9.0, 9.0))
    bend, tip_bend = rng.normal(0.0, 1.5, 2)
    stretch = float(rng.normal(1.0, 0.012))
    if number == 1:
        tip = pip + (pip - mcp) / np.linalg.norm(pip - mcp) * _TIP_LENGTHS[1]
        tip = turned(tip, about=pip, degrees=float(tip_bend) * 2)
        # The thumb swings about its saddle joint.
        mcp, pip, tip = (turned(p, about=base, degrees=turn) for p in (mcp, pip, tip))
        return Ray(1, base, mcp, pip, pip, tip)
    dip = joint(f"DIP{number}", age_years)
    tip = dip + (dip - pip) / np.linalg.norm(dip - pip) * _TIP_LENGTHS[number]
    pip, dip, tip = (mcp + (p - mcp) * stretch for p in (pip, dip, tip))
    pip, dip, tip = (turned(p, about=mcp, degrees=turn) for p in (pip, dip, tip))
    dip, tip = (turned(p, about=pip, degrees=float(bend)) for p in (dip, tip))
    return Ray(number, base, mcp, pip, dip, turned(tip, about=dip, degrees=float(tip_bend)))
