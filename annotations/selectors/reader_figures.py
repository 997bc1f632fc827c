"""How readers differ: from the others or the consensus, from each other, from themselves, and over time.

All numbers are months, differences are reading - reference; the arithmetic is that of ``inference/statistics``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal
from uuid import UUID

from annotations.selectors.reader_films import ReaderFilm, Reading
from annotations.states import Sex
from inference.standards.bone_age_sd import age_class, sds
from inference.statistics.age_bands import WIDE_BANDS, wide_band
from inference.statistics.pairs import Measure, kappa_measure, pair_measures, repeat_measures

Against = Literal["others", "consensus"]

FEWEST = 10
"""Fewer films give no figures: a mean over few says too much about each, and its interval says too little."""
BLOCK = 25
"""Readings in one step of the drift."""
SD_TABLE = "gp1959_brush"
"""Table of the clinical classes that kappa compares; stands on the page."""
_CLASSES = {"delayed": 0, "normal": 1, "advanced": 2}


@dataclass(frozen=True, slots=True)
class Compared:
    """One film with what a reading is compared with."""

    film: ReaderFilm
    reference: float
    reading: float
    given: Reading


def reader_figures(films: Sequence[ReaderFilm], *, against: Against) -> dict[str, Any]:
    """Everything the page of readers says, as plain JSON values without names; readers are ids."""
    readers = sorted({reading.reader for film in films for reading in film.readings}, key=str)
    return {
        "films": len(films),
        "fewest": FEWEST,
        "block": BLOCK,
        "sd_table": SD_TABLE,
        "against": against,
        "readers": [_one_reader(films, reader, against) for reader in readers],
        "pairs": [_pair(films, first, second) for first, second in combinations(readers, 2)],
    }


def _one_reader(films: Sequence[ReaderFilm], reader: UUID, against: Against) -> dict[str, Any]:
    compared = list(_compared(films, reader, against))
    repeated = [
        (first.months, again.months, film)
        for film in films
        if (first := film.of(reader)) is not None and (again := film.repeats.get(reader)) is not None
    ]
    return {
        "reader": str(reader),
        "overall": _measured(compared),
        "by_sex": {sex.value: _measured([one for one in compared if one.film.sex == sex]) for sex in Sex},
        "by_band": [
            {
                "band": band.label,
                "from_years": band.from_years,
                "to_years": band.to_years,
                **_measured([one for one in compared if wide_band(one.reference) == band]),
            }
            for band in WIDE_BANDS
        ],
        "points": _points(compared),
        "drift": _drift(compared),
        "repeats": _repeats(repeated),
    }


def _compared(films: Iterable[ReaderFilm], reader: UUID, against: Against) -> Iterable[Compared]:
    for film in films:
        reading = film.of(reader)
        reference = film.others_mean(reader) if against == "others" else film.consensus_months
        if reading is not None and reference is not None:
            yield Compared(film, reference, reading.months, reading)


def _measured(compared: Sequence[Compared]) -> dict[str, Any]:
    """n and, from ``FEWEST`` films on, every measure with its interval."""
    if len(compared) < FEWEST:
        return {"n": len(compared), "measures": None}
    measures = pair_measures([one.reference for one in compared], [one.reading for one in compared])
    kappa, n_kappa = _kappa([(one.film, one.reference, one.reading) for one in compared])
    return {"n": len(compared), "measures": _json(measures | {"kappa": kappa}) | {"kappa_n": n_kappa}}


def _pair(films: Sequence[ReaderFilm], first: UUID, second: UUID) -> dict[str, Any]:
    """The second reader against the first, on the films both read."""
    both = [
        (film, one.months, other.months)
        for film in films
        if (one := film.of(first)) is not None and (other := film.of(second)) is not None
    ]
    names = {"first": str(first), "second": str(second), "n": len(both)}
    if len(both) < FEWEST:
        return names | {"measures": None}
    measures = pair_measures([one for _, one, _ in both], [other for _, _, other in both])
    kappa, n_kappa = _kappa(both)
    return names | {"measures": _json(measures | {"kappa": kappa}) | {"kappa_n": n_kappa}}


def _repeats(repeated: Sequence[tuple[float, float, ReaderFilm]]) -> dict[str, Any]:
    """A person's second reading of a film against their first."""
    if len(repeated) < FEWEST:
        return {"n": len(repeated), "measures": None}
    measures = repeat_measures([first for first, _, _ in repeated], [again for _, again, _ in repeated])
    kappa, n_kappa = _kappa([(film, first, again) for first, again, film in repeated])
    return {"n": len(repeated), "measures": _json(measures | {"kappa": kappa}) | {"kappa_n": n_kappa}}


def _kappa(both: Sequence[tuple[ReaderFilm, float, float]]) -> tuple[Measure, int]:
    """Agreement on the clinical class, over films whose chronological age has a place in the table."""
    classes = [
        (one, other)
        for film, first, second in both
        if (one := _class_of(film, first)) is not None and (other := _class_of(film, second)) is not None
    ]
    if len(classes) < FEWEST:
        return Measure(None, None), len(classes)
    first, second = zip(*classes, strict=True)
    return kappa_measure(first, second, categories=len(_CLASSES)), len(classes)


def _class_of(film: ReaderFilm, months: float) -> int | None:
    if film.chronological_age_months is None:
        return None
    found = age_class(sds(SD_TABLE, "M" if film.sex == Sex.MALE else "F", film.chronological_age_months, months))
    return None if found is None else _CLASSES[found]


def _points(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """Of the Bland-Altman chart, in the order of the mean, so that the order of reading says nothing; no film's id."""
    if len(compared) < FEWEST:
        return []
    points = [
        {
            "mean_months": (one.reference + one.reading) / 2,
            "difference_months": one.reading - one.reference,
            "sex": one.film.sex.value,
        }
        for one in compared
    ]
    return sorted(points, key=lambda point: (point["mean_months"], point["difference_months"]))


def _drift(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """Blocks of consecutive readings: whether somebody slowly reads older or younger. A short last block counts from
    ``FEWEST`` on."""
    ordered = sorted(compared, key=lambda one: one.given.at)
    blocks = [ordered[start : start + BLOCK] for start in range(0, len(ordered), BLOCK)]
    return [
        {
            "block": number,
            "n": len(block),
            "from": block[0].given.at.date().isoformat(),
            "to": block[-1].given.at.date().isoformat(),
            **_json(_drift_measures(block)),
        }
        for number, block in enumerate(blocks, start=1)
        if len(block) >= FEWEST
    ]


def _drift_measures(block: Sequence[Compared]) -> Mapping[str, Measure]:
    measures = pair_measures([one.reference for one in block], [one.reading for one in block])
    return {name: measures[name] for name in ("bias", "mae")}


def _json(measures: Mapping[str, Measure]) -> dict[str, Any]:
    return {name: measure.to_json() for name, measure in measures.items()}
