"""Films that wait for a person: put aside, looked at, released with rectangles blanked, or refused.

The copy that waits has a clean header; what its pixels may still show is why it lies in quarantine and not in the
object store, and why only reviewers and administrators see it.
"""

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import BlockedFilm, Person
from annotations.permissions.blocked import can_decide
from annotations.services import quarantine
from annotations.services.admit import Arrival, NotTakenError, admit
from annotations.services.events import record_event
from annotations.services.film_store import MOST_LEFT_BY_CRASHES
from annotations.services.intake_outcome import IntakeOutcome, Reason
from annotations.services.moves import move
from annotations.states import BlockedState, Door, IntakeResult
from inference.anatomy.boxes import Box
from inference.imaging.deidentify import Deidentified
from inference.imaging.errors import FilmError
from inference.imaging.film import FilmFacts
from inference.imaging.read import read_film
from inference.imaging.release import release
from inference.imaging.render import DisplayImage, display_image

REASON_LENGTH = 500


def block(clean: Deidentified, arrival: Arrival) -> IntakeOutcome:
    """Put a film aside until a person has looked at it."""
    film = read_film(clean.data)
    image = display_image(film)
    path = _path(arrival.pk)
    _write(path, clean.data)
    try:
        with transaction.atomic():
            row = BlockedFilm.objects.create(
                id=arrival.pk,
                door=arrival.door,
                by=arrival.by,
                cohort=arrival.cohort,
                content_hash=arrival.content_hash,
                sop_instance_uid=clean.sop_instance_uid,
                study_uid=clean.study_uid,
                patient_pseudonym=clean.patient_pseudonym,
                facts=asdict(clean.facts),
                deidentification=clean.report,
                rows=film.rows,
                columns=film.columns,
                window_center=image.window_center,
                window_width=image.window_width,
                windows=[asdict(window) for window in image.windows],
                regions=clean.report["written_regions"],
                synthetic=clean.facts.synthetic,
            )
            arrival.record(IntakeResult.BLOCKED, reason_code="text_found")
            record_event(who=arrival.by, verb="block", row=row, study=None, new=BlockedState.WAITING)
    except IntegrityError:  # the same film was put aside from another door this very moment
        path.unlink(missing_ok=True)
        if not BlockedFilm.objects.filter(sop_instance_uid=clean.sop_instance_uid).exists():
            raise
        arrival.record(IntakeResult.BLOCKED, reason_code="text_found")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _blocked_outcome(arrival.pk)


def release_film(*, person: Person, film: BlockedFilm, rectangles: Sequence[Box], no_writing: bool) -> IntakeOutcome:
    """Blank the rectangles and let the film in.

    Args:
        rectangles: in pixels of the film as stored.
        no_writing: the person says that what is left is no writing; else the text check looks once more, and a film
            in which it still finds some stays ``blocked``, with the regions it found.
    """
    _may_decide(person, film)
    if not rectangles and not no_writing:
        raise Invalid("nothing_drawn", "Draw a rectangle over the writing, or say that there is none.")
    released = release(_path(film.pk).read_bytes(), rectangles, no_writing=no_writing)
    if released.report.get("blocking") is not None:
        found = released.report["written_regions"]
        BlockedFilm.objects.filter(pk=film.pk, state=BlockedState.WAITING).update(regions=found)
        return _blocked_outcome(film.pk)
    clean = Deidentified(
        data=released.data,
        patient_pseudonym=film.patient_pseudonym,
        study_uid=film.study_uid,
        sop_instance_uid=film.sop_instance_uid,
        facts=_facts(film.facts),
        report=film.deidentification | released.report,
    )
    drawn = [[box.x0, box.y0, box.x1, box.y1] for box in rectangles]
    try:
        with transaction.atomic():
            _decide(film, BlockedState.RELEASED, person, rectangles=drawn)
            return admit(clean, _arrival(film))
    except (FilmError, NotTakenError) as error:
        # the film itself cannot be taken, whatever was drawn: that is its end, and the person is told
        film.refresh_from_db()
        return _refused(person, film, Reason.of(error.code))


def refuse_film(*, person: Person, film: BlockedFilm, reason: str) -> IntakeOutcome:
    """Throw a blocked film away, with a reason."""
    _may_decide(person, film)
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the film is refused.")
    return _refused(person, film, Reason.of("refused_by_person"), said=reason.strip()[:REASON_LENGTH])


def display_of(film: BlockedFilm) -> DisplayImage:
    """The picture as it waits, for the eyes of whoever decides.

    Raises:
        Conflict: ``already_decided``.
    """
    try:
        data = _path(film.pk).read_bytes()
    except FileNotFoundError:
        raise _already_decided() from None
    return display_image(read_film(data))


def remove_orphans() -> int:
    """Delete copies that no waiting row speaks of and that nobody is just writing; returns how many went."""
    held = quarantine.arrivals_waiting()
    waiting = set(BlockedFilm.objects.filter(state=BlockedState.WAITING).values_list("pk", flat=True))
    if not BlockedFilm.objects.exists() and sum(1 for _ in _folder().iterdir()) > MOST_LEFT_BY_CRASHES:
        return 0  # the database is lost, or not restored yet
    removed = 0
    for path in _folder().iterdir():
        pk = UUID(path.name.split(".")[0])
        if pk not in held and pk not in waiting:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


@transaction.atomic
def _refused(person: Person, film: BlockedFilm, reason: Reason, *, said: str = "") -> IntakeOutcome:
    _decide(film, BlockedState.REFUSED, person, reason=said or reason.message)
    _arrival(film).record(IntakeResult.REJECTED, reason_code=reason.code)
    return IntakeOutcome(file="", outcome=IntakeResult.REJECTED, reason=reason, arrival=film.pk)


def _decide(film: BlockedFilm, state: BlockedState, person: Person, **changes: Any) -> None:
    old = move(film, state, field="state", decided_by=person, decided_at=timezone.now(), **changes)
    transaction.on_commit(lambda: _path(film.pk).unlink(missing_ok=True))
    verb = "release" if state is BlockedState.RELEASED else "refuse"
    record_event(who=person, verb=verb, row=film, study=None, old=old, new=state, reason=str(changes.get("reason", "")))


def _may_decide(person: Person, film: BlockedFilm) -> None:
    if not can_decide(person):
        raise NotAllowed("forbidden", "Only reviewers and administrators decide about blocked films.")
    if film.state != BlockedState.WAITING:
        raise _already_decided()


def _already_decided() -> Conflict:
    return Conflict("already_decided", "Somebody has decided about this film already. Go on to the next one.")


def _blocked_outcome(arrival: UUID) -> IntakeOutcome:
    return IntakeOutcome(file="", outcome=IntakeResult.BLOCKED, reason=Reason.of("text_found"), arrival=arrival)


def _arrival(film: BlockedFilm) -> Arrival:
    return Arrival(pk=film.pk, content_hash=film.content_hash, door=Door(film.door), by=film.by, cohort=film.cohort)


def _facts(stored: dict[str, Any]) -> FilmFacts:
    """From JSON, which knows lists where the facts have tuples."""
    spacing = stored["pixel_spacing_mm"]
    return FilmFacts(
        **stored | {"pixel_spacing_mm": tuple(spacing) if spacing else None, "warnings": tuple(stored["warnings"])}
    )


def _folder() -> Path:
    path = quarantine.folder() / "blocked"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _path(pk: UUID) -> Path:
    return _folder() / f"{pk}.dcm"


def _write(path: Path, data: bytes) -> None:
    partial = path.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
