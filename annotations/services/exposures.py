"""Who was shown what. A person who knows cannot read blind any more."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from annotations.base.prepared import prepared
from annotations.models import Exposure, Person
from annotations.states import ExposureKind


def record_exposures(*, person: Person, shown: Iterable[tuple[UUID, ExposureKind]], place: str) -> int:
    """Remember the first time that the person was shown each kind of thing of each radiograph; returns how many
    were new. Usually none is, and then nothing is written."""
    wanted = {(radiograph, str(kind)) for radiograph, kind in shown}
    if not wanted:
        return 0
    known = set(_known(person.pk, tuple({radiograph for radiograph, _ in wanted})))
    new = [
        Exposure(person=person, radiograph_id=radiograph, kind=kind, place=place)
        for radiograph, kind in sorted(wanted - known, key=str)
    ]
    Exposure.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@prepared
def _known(person: UUID, radiographs: tuple[UUID, ...]) -> QuerySet[Exposure, tuple[UUID, str]]:
    known = Exposure.objects.filter(person=person, radiograph__in=radiographs)
    return known.values_list("radiograph_id", "kind")


def record_exposure(*, person: Person, radiograph: UUID, kind: ExposureKind, place: str) -> None:
    """One radiograph, one kind; see :func:`record_exposures`."""
    record_exposures(person=person, shown=[(radiograph, kind)], place=place)
