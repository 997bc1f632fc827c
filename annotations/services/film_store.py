"""The cleaned copies of a radiograph: DICOM, 16-bit pixels, thumbnail. Written aside, then renamed, never half."""

import gzip
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from annotations.base.store import PART, store_is_apart, write_whole
from annotations.models import BlockedFilm, Radiograph
from annotations.services import quarantine
from annotations.states import BlockedState

logger = logging.getLogger(__name__)
GZIP_LEVEL = 4
"""Of a hand film of 2000 x 1500 pixels, level 4 takes a fraction of a second and saves nearly as much as level 9."""

MOST_LEFT_BY_CRASHES = 20
"""More beside an empty database mean that the database is lost, or not restored yet."""
OLD_ENOUGH = timedelta(days=1)
"""A copy in a store that several machines share is nobody's only when it is older; no film takes that long."""


def store_copies(*, radiograph: Radiograph, dicom: bytes, values: bytes, thumbnail: bytes) -> None:
    """Write the three copies. ``values``: uint16, little endian, row by row."""
    _write(radiograph.film_name, dicom)
    _write(radiograph.pixels_name, gzip.compress(values, compresslevel=GZIP_LEVEL, mtime=0))
    _write(radiograph.thumbnail_name, thumbnail)


def remove_copies(radiograph: Radiograph) -> None:
    """Delete whatever of the three is there."""
    for name in (radiograph.film_name, radiograph.pixels_name, radiograph.thumbnail_name):
        default_storage.delete(name)


def remove_orphans() -> int:
    """Delete copies of which no row knows and on which nobody works; returns how many files went.

    The order makes it safe beside a gate at work: a file seen first was either still held in quarantine (or blocked)
    afterwards, or its row was committed before its original was let go.
    """
    found = list(_stored())
    held = _held()
    known = set(Radiograph.objects.filter(pk__in={pk for _, pk in found if pk}).values_list("pk", flat=True))
    orphans = [name for name, pk in found if pk is None or (pk not in held and pk not in known)]
    if len(orphans) > MOST_LEFT_BY_CRASHES and not Radiograph.objects.exists():
        logger.error("%s copies of films and an empty database: nothing is deleted. Is it the right one?", len(orphans))
        return 0
    if store_is_apart():  # another machine may be taking the film in: its quarantine cannot be seen from here
        limit = timezone.now() - OLD_ENOUGH
        orphans = [name for name in orphans if default_storage.get_modified_time(name) < limit]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def _stored() -> Iterator[tuple[str, UUID | None]]:
    """Every stored copy with the radiograph it belongs to; None for what was being written aside by a dead process."""
    held = _held()
    for folder in ("films", "pixels", "thumbnails"):
        try:
            names = default_storage.listdir(folder)[1]
        except FileNotFoundError:
            continue
        for name in names:
            try:
                pk = UUID(name.split(".")[0])
            except ValueError:
                continue  # not ours
            half = name.endswith(PART) and pk not in held
            yield f"{folder}/{name}", None if half else pk


def _held() -> set[UUID]:
    """Ids under which copies may just be written."""
    blocked = BlockedFilm.objects.filter(state=BlockedState.WAITING).values_list("pk", flat=True)
    return quarantine.arrivals_waiting() | set(blocked)


def _write(name: str, content: bytes) -> None:
    if not store_is_apart():
        path = Path(default_storage.path(name))
        for half in path.parent.glob(f"{path.name}.*{PART}"):  # of a process that died over this very film
            half.unlink(missing_ok=True)
    write_whole(name, content)
