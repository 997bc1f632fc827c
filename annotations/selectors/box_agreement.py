"""How far apart the same regions are drawn: by two labellers, before and after review, by a model and by people.

Distances are between the centres of two boxes of one region, in pixels, in per cent of the film's height as it is
shown, and in mm where the film's spacing is known; overlap is intersection over union. A region counts where both
have a box; where one has a box and the other says that it is absent is counted by itself.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from annotations.models import BoxSet, Radiograph, RegionBox
from annotations.states import BoxOrigin, BoxSetStatus, BoxSource, Compared, RegionState
from inference.anatomy.boxes import Box, iou
from inference.anatomy.regions import REGION_IDS

MOST_FILMS = 2000
"""So many films, the newest first, go into one answer; a page says so when there are more."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """Two box sets of one film, ``a`` the one that is looked at, ``b`` the one it is held against."""

    film: Radiograph
    a: BoxSet
    b: BoxSet


@dataclass(frozen=True, slots=True)
class RegionPair:
    """One region of one film. The measures are None unless both have a box; ``distance_mm`` also without spacing."""

    pair: Pair
    region: str
    boxed: tuple[bool, bool]
    from_the_model: bool
    distance_px: float | None = None
    distance_percent: float | None = None
    distance_mm: float | None = None
    iou: float | None = None


@dataclass(frozen=True, slots=True)
class Compare:
    """What is asked for; None means all."""

    what: Compared
    cohort: UUID | None = None
    labeller: UUID | None = None


def pairs(visible: QuerySet[BoxSet], wanted: Compare) -> tuple[list[Pair], int]:
    """The newest pairs of what may be seen, at most :data:`MOST_FILMS`, and how many there are in all."""
    first = _first_of_each_film(visible, wanted)
    total = first.count()
    chosen = list(
        first.order_by("-submitted_at", "pk").select_related("radiograph__study__patient", "author")[:MOST_FILMS]
    )
    others = BoxSet.objects.select_related("author").in_bulk([row.other for row in chosen])  # type: ignore[attr-defined]
    return [Pair(row.radiograph, row, others[row.other]) for row in chosen], total  # type: ignore[attr-defined]


def _first_of_each_film(visible: QuerySet[BoxSet], wanted: Compare) -> QuerySet[BoxSet]:
    """Box sets ``a``, each with the id of ``b`` as ``other``."""
    same_film = BoxSet.objects.filter(radiograph=OuterRef("radiograph"))
    by_people = same_film.filter(source=BoxSource.PERSON, submitted_at__isnull=False)
    if wanted.what == Compared.LABELLERS:
        rows = visible.filter(is_second=True, submitted_at__isnull=False)
        other = by_people.filter(is_second=False, is_fix=False).exclude(author=OuterRef("author")).order_by("version")
    elif wanted.what == Compared.ACCEPTED:
        rows = visible.filter(is_second=False, is_fix=False, parent__isnull=True, submitted_at__isnull=False)
        other = by_people.filter(status=BoxSetStatus.ACCEPTED)
    else:
        rows = visible.filter(status=BoxSetStatus.ACCEPTED)
        other = same_film.filter(source=BoxSource.MODEL).order_by("-created_at", "-pk")
    rows = rows.filter(radiograph__for_reading=True).annotate(other=Subquery(other.values("pk")[:1]))
    if wanted.cohort:
        rows = rows.filter(radiograph__study__cohort=wanted.cohort)
    if wanted.labeller:
        rows = rows.filter(author=wanted.labeller)
    return rows.filter(other__isnull=False)


def region_pairs(found: Iterable[Pair]) -> Iterator[RegionPair]:
    """All regions of all pairs in which at least one of the two has a box."""
    left = iter(found)
    while some := list(islice(left, _AT_ONCE)):
        rows = _regions_of(some)
        for pair in some:
            for region in REGION_IDS:
                a, b = rows.get((pair.a.pk, region)), rows.get((pair.b.pk, region))
                if a is not None and b is not None and (a.box or b.box):
                    yield _measured(pair, a, b)


def _regions_of(some: Sequence[Pair]) -> dict[tuple[UUID, str], RegionBox]:
    ids = {box_set.pk for pair in some for box_set in (pair.a, pair.b)}
    return {(row.box_set_id, row.region): row for row in RegionBox.objects.filter(box_set__in=ids)}


def _measured(pair: Pair, a: RegionBox, b: RegionBox) -> RegionPair:
    from_the_model = a.origin == BoxOrigin.PROPOSAL and b.origin == BoxOrigin.PROPOSAL
    boxed = (a.state == RegionState.BOXED, b.state == RegionState.BOXED)
    if a.box is None or b.box is None:
        return RegionPair(pair, a.region, boxed, from_the_model)
    film, distance = pair.film, _distance(a.box, b.box)
    height = film.columns if film.view_quarter_turns % 2 else film.rows
    spacing = film.row_spacing_mm, film.column_spacing_mm
    return RegionPair(
        pair,
        a.region,
        boxed,
        from_the_model,
        distance_px=math.hypot(*distance),
        distance_percent=100 * math.hypot(*distance) / height,
        distance_mm=None
        if spacing[0] is None or spacing[1] is None
        else math.hypot(distance[0] * spacing[1], distance[1] * spacing[0]),
        iou=iou(a.box, b.box),
    )


def _distance(a: Box, b: Box) -> tuple[float, float]:
    return b.centre[0] - a.centre[0], b.centre[1] - a.centre[1]
