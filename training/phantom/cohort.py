"""A small cohort of synthetic films for the demonstration: children of all ages, with what a real worklist holds.

The chronological age of a child is its bone age minus one offset, drawn with the Brush Foundation's SD of that age, so
that the films of the demonstration have advanced and delayed children in a usual proportion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from inference.anatomy.boxes import Box
from inference.standards.bone_age_sd import sd_months
from training.phantom.patient import DAYS_PER_MONTH, phantom_patient
from training.phantom.phantom import DEFAULT_SIZE, MIRRORED_SHARE, Phantom, render_phantom
from training.phantom.schedule import Sex
from training.phantom.wrap import phantom_dicom

_YOUNGEST_MONTHS, _OLDEST_MONTHS = 12.0, 222.0
_FIRST_DAY, _DAYS = date(2016, 1, 4), 720
_SEXES: tuple[Sex, Sex] = ("F", "M")


class DemoFilm(NamedTuple):
    """One file of the cohort and its truth.

    Attributes:
        filename: name of the DICOM file.
        data: the file.
        boxes: box of each region in the film's pixels.
        bone_age_months: what the film was drawn from.
        sex: what the film was drawn from, also where the header does not say it.
        chronological_age_months: on the day of the study, as the header's dates give it.
        child: number of the child; two films with one number are two visits.
        visit: 1 or 2.
        sex_in_header: whether the header says the sex.
        phantom: the film itself, without text in its pixels.
    """

    filename: str
    data: bytes
    boxes: dict[str, Box]
    bone_age_months: float
    sex: Sex
    chronological_age_months: float
    child: int
    visit: int
    sex_in_header: bool
    phantom: Phantom


@dataclass(frozen=True, slots=True)
class _Visit:
    child: int
    visit: int
    sex: Sex
    bone_age_months: float
    chronological_age_months: float
    day: date


def demo_cohort(seed: int, count: int = 24, *, size: tuple[int, int] = DEFAULT_SIZE) -> Iterator[DemoFilm]:
    """Draws the films one by one; the same arguments give the same files.

    One film in eight is a second visit, one in twelve lacks the sex in its header; with eight films or more at least
    one is mirrored and one is poorly exposed. Sexes and ages are balanced.

    Args:
        seed: not negative.
        count: number of films, at least 1.
        size: (rows, columns) of each film.

    Raises:
        ValueError: if count is less than 1, or an argument of :func:`render_phantom` is out of range.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    rng = np.random.default_rng([seed, 5])
    visits = _visits(count, rng)
    special = [int(k) for k in rng.permutation(count)]
    some = 1 if count >= 8 else 0
    poor = {special.pop() for _ in range(some)}
    mirrored = {special.pop() for _ in range(max(some, round(MIRRORED_SHARE * count)))}
    unsaid = {special.pop() for _ in range(count // 12)}
    for number, visit in enumerate(visits):
        yield _film(
            number,
            visit,
            seed=seed,
            size=size,
            poor_exposure=number in poor,
            mirrored=number in mirrored,
            sex_in_header=number not in unsaid,
        )


def _film(
    number: int,
    visit: _Visit,
    *,
    seed: int,
    size: tuple[int, int],
    poor_exposure: bool,
    mirrored: bool,
    sex_in_header: bool,
) -> DemoFilm:
    # A child keeps its hand and its name at the second visit.
    child_seed = seed * 10_000 + visit.child
    phantom = render_phantom(
        bone_age_months=visit.bone_age_months,
        sex=visit.sex,
        seed=child_seed,
        size=size,
        visit=visit.visit,
        mirrored=mirrored,
        poor_exposure=poor_exposure,
    )
    patient = phantom_patient(
        seed=child_seed,
        sex=visit.sex if sex_in_header else None,
        chronological_age_months=visit.chronological_age_months,
        study_date=visit.day,
        visit=visit.visit,
    )
    return DemoFilm(
        filename=f"synthetic-{seed}-{number + 1:04d}.dcm",
        data=phantom_dicom(phantom, patient=patient, kind="DX" if number % 2 else "CR"),
        boxes=phantom.boxes,
        bone_age_months=visit.bone_age_months,
        sex=visit.sex,
        chronological_age_months=patient.chronological_age_months,
        child=visit.child,
        visit=visit.visit,
        sex_in_header=sex_in_header,
        phantom=phantom,
    )


def _visits(count: int, rng: np.random.Generator) -> list[_Visit]:
    """First visits of balanced sex and age, and second visits about a year later, in the order of a worklist."""
    returning = count // 8
    children = count - returning
    first = [_first_visit(child, children, rng) for child in range(children)]
    growing = [visit for visit in first if visit.bone_age_months <= 180]
    again = [growing[int(k)] for k in rng.permutation(len(growing))[:returning]]
    visits = first + [_second_visit(visit, rng) for visit in again]
    visits += [_first_visit(child, children, rng) for child in range(children, children + count - len(visits))]
    return [visits[int(k)] for k in rng.permutation(len(visits))]


def _first_visit(child: int, children: int, rng: np.random.Generator) -> _Visit:
    sex = _SEXES[child % 2]
    step = (_OLDEST_MONTHS - _YOUNGEST_MONTHS) / max(1, (children + 1) // 2)
    bone_age = _YOUNGEST_MONTHS + (child // 2 + float(rng.uniform(0.05, 0.95))) * step
    bone_age = round(min(bone_age, _OLDEST_MONTHS), 1)
    offset = float(np.clip(rng.normal(), -2.2, 2.2)) * spread_months(sex=sex, bone_age_months=bone_age)
    day = _FIRST_DAY + timedelta(days=int(rng.integers(0, _DAYS)))
    age_days = round(max(1.0, bone_age - offset) * DAYS_PER_MONTH)
    return _Visit(child, 1, sex, bone_age, age_days / DAYS_PER_MONTH, day)


def _second_visit(first: _Visit, rng: np.random.Generator) -> _Visit:
    days = int(rng.integers(300, 460))
    months = days / DAYS_PER_MONTH
    pace = float(np.clip(rng.normal(1.0, 0.12), 0.7, 1.3))
    return _Visit(
        first.child,
        2,
        first.sex,
        round(first.bone_age_months + months * pace, 1),
        first.chronological_age_months + months,
        first.day + timedelta(days=days),
    )


def spread_months(*, sex: Sex, bone_age_months: float) -> float:
    """SD of bone age between healthy children, for drawing an offset.

    Brush Foundation table at the age. The table ends at 16 (girls) and 17 years (boys) and begins at 3 months; for
    *drawing* beyond its ends the SD of the nearest age in it serves, which is no reference for judging a child.
    """
    for months in np.concatenate([np.arange(0.0, 80.0), -np.arange(1.0, 5.0)]):
        sd = sd_months("gp1959_brush", sex, bone_age_months - float(months))
        if sd is not None:
            return sd
    raise ValueError(f"the Brush table has no SD near {bone_age_months:g} months")
