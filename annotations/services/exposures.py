"""Who was shown what. A person who knows cannot read blind any more."""

from collections.abc import Iterable
from uuid import UUID

from annotations.models import Exposure, Person
from annotations.states import ExposureKind


def record_exposures(*, person: Person, shown: Iterable[tuple[UUID, ExposureKind]], place: str) -> int:
    """Remember the first time that the person was shown each kind of thing of each radiograph; returns how many
    were new. Usually none is, and then nothing is written."""
    wanted = {(radiograph, str(kind)) for radiograph, kind in shown}
    if not wanted:
        return 0
    known = set(
        Exposure.objects.filter(person=person, radiograph__in={radiograph for radiograph, _ in wanted}).values_list(
            "radiograph_id", "kind"
        )
    )
    new = [
        Exposure(person=person, radiograph_id=radiograph, kind=kind, place=place)
        for radiograph, kind in sorted(wanted - known, key=str)
    ]
    Exposure.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def record_exposure(*, person: Person, radiograph: UUID, kind: ExposureKind, place: str) -> None:
    """One radiograph, one kind; see :func:`record_exposures`."""
    record_exposures(person=person, shown=[(radiograph, kind)], place=place)
