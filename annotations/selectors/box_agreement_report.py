"""Statistics of box agreement: per region, over films, and per labeller, with n and bootstrap intervals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from annotations.models import Person
from annotations.selectors.box_agreement import RegionPair
from inference.anatomy.regions import REGION_IDS
from inference.statistics.bootstrap import bootstrap_interval

MEASURES = ("distance_px", "distance_percent", "distance_mm", "iou")


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean with its interval, and median. ``interval`` is None with fewer than two films."""

    n: int
    mean: float
    median: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region over all films; a measure is None where no film has it."""

    region: str
    both_boxed: int
    one_boxed: int
    from_the_model: int
    measures: dict[str, Summary | None]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One labeller: the mean over their films of each film's mean."""

    person: Person | None
    films: int
    measures: dict[str, Summary | None]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """``overall`` has one value a film, the mean of its regions, so that its interval resamples films."""

    films: int
    overall: dict[str, Summary | None]
    regions: tuple[RegionRow, ...]
    people: tuple[PersonRow, ...]


def agreement_report(rows: Sequence[RegionPair]) -> AgreementReport:
    """Everything the page says."""
    by_region: dict[str, list[RegionPair]] = defaultdict(list)
    by_film: dict[UUID, list[RegionPair]] = defaultdict(list)
    for row in rows:
        by_region[row.region].append(row)
        by_film[row.pair.a.pk].append(row)
    people: dict[Person | None, list[list[RegionPair]]] = defaultdict(list)
    for film in by_film.values():
        people[film[0].pair.a.author].append(film)
    return AgreementReport(
        films=len(by_film),
        overall=_over_films(by_film.values()),
        regions=tuple(_region_row(region, by_region[region]) for region in REGION_IDS),
        people=tuple(
            PersonRow(person, len(films), _over_films(films))
            for person, films in sorted(people.items(), key=lambda each: -len(each[1]))
        ),
    )


def _region_row(region: str, rows: Sequence[RegionPair]) -> RegionRow:
    both = [row for row in rows if all(row.boxed)]
    return RegionRow(
        region,
        both_boxed=len(both),
        one_boxed=len(rows) - len(both),
        from_the_model=sum(row.from_the_model for row in both),
        measures={name: _summary(_values(both, name)) for name in MEASURES},
    )


def _over_films(films: Iterable[Sequence[RegionPair]]) -> dict[str, Summary | None]:
    kept = list(films)
    means = {name: [float(np.mean(values)) for film in kept if (values := _values(film, name))] for name in MEASURES}
    return {name: _summary(values) for name, values in means.items()}


def _values(rows: Iterable[RegionPair], name: str) -> list[float]:
    return [value for row in rows if (value := getattr(row, name)) is not None]


def _summary(values: Sequence[float]) -> Summary | None:
    if not values:
        return None
    return Summary(len(values), float(np.mean(values)), float(np.median(values)), bootstrap_interval(values))
