"""STOW-RS, the transaction Store Instances of PS3.18 section 10.5: what comes of each instance, and how it is told.

The answer names instances by the UIDs that the sender sent, since they are the sender's own; they are read here for
that answer alone and stored nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from pydicom.uid import UID

from annotations.gateway.multipart_related import Part
from annotations.models import Person
from annotations.services.intake import IntakeOutcome, Reason, arrive, receive, refuse_at_door, wait_for
from annotations.services.take_in import GateUnavailableError
from annotations.states import Door, IntakeResult
from inference.imaging.errors import FilmError
from inference.imaging.parse import parsed

DICOM = "application/dicom"
PROCESSING_FAILURE, CLASS_NOT_SUPPORTED, SYNTAX_NOT_SUPPORTED = 0x0110, 0x0122, 0xC122
OUT_OF_RESOURCES, OTHER_STUDY, CANNOT_UNDERSTAND = 0xA700, 0xA901, 0xC000
"""Failure Reason (0008,1197), PS3.18 table I.2-2; A901 is from its range A9xx, data set does not match."""

_REASON_OF_REFUSAL = {
    "internal_error": PROCESSING_FAILURE,
    "identity_remains": PROCESSING_FAILURE,
    "for_processing": CLASS_NOT_SUPPORTED,
    "not_an_image": CLASS_NOT_SUPPORTED,
    "unsupported_modality": CLASS_NOT_SUPPORTED,
    "dicomdir": CLASS_NOT_SUPPORTED,
    "undecodable": SYNTAX_NOT_SUPPORTED,
}
"""All other refusals: the film cannot be understood as a film of a hand."""

_TAKEN = (IntakeResult.RECEIVED, IntakeResult.DUPLICATE)
_UIDS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID")


@dataclass(slots=True)
class Instance:
    """One part of a request: how its sender names it, and how it ended.

    Attributes:
        sop_class, sop_instance: empty when the part could not be read so far.
        failure: Failure Reason, or None.
        arrival: while its end is awaited.
        outcome: once it is known.
    """

    sop_class: str = ""
    sop_instance: str = ""
    failure: int | None = None
    is_too_large: bool = False
    arrival: UUID | None = None
    outcome: IntakeOutcome | None = None


def hand_over(part: Part, *, study_uid: str | None, by: Person, has_room: bool) -> Instance:
    """Put one part into quarantine, or say why not. ``study_uid``: the study that the address names, if it does."""
    if part.data is None:
        too_large = Instance(is_too_large=True)
        return _refused(too_large, OUT_OF_RESOURCES, Reason.too_large(settings.UPLOAD_LIMIT_BYTES), by)
    if part.media_type not in ("", DICOM):
        return _refused(Instance(), CANNOT_UNDERSTAND, Reason.of("not_dicom"), by)
    try:
        header = parsed(part.data)  # bounded, and silent about what it reads
    except FilmError as error:
        return _refused(Instance(), CANNOT_UNDERSTAND, Reason.of(error.code, **error.words), by)
    sop_class, sop_instance, study = (str(header.get(keyword) or "") for keyword in _UIDS)
    if not UID(sop_class).is_valid or not UID(sop_instance).is_valid:
        return _refused(Instance(), CANNOT_UNDERSTAND, Reason.at_door("no_instance_uid"), by)
    instance = Instance(sop_class, sop_instance)
    if study_uid is not None and study != study_uid:
        return _refused(instance, OTHER_STUDY, Reason.at_door("other_study"), by)
    if has_room:
        _hand_in(instance, part.data, by)
    else:
        instance.failure = OUT_OF_RESOURCES
    return instance


def _refused(instance: Instance, failure: int, reason: Reason, by: Person) -> Instance:
    """A part that does not become an arrival; the intake page says so too."""
    instance.failure = failure
    try:
        refuse_at_door(reason, door=Door.STOW, by=by)
    except GateUnavailableError:
        instance.failure = OUT_OF_RESOURCES
    return instance


def _hand_in(instance: Instance, data: bytes, by: Person) -> None:
    try:
        if settings.GATE_PROCESSES == 0:
            instance.outcome = receive(data=data, filename="", by=by, door=Door.STOW)
        else:
            instance.arrival = arrive(data=data, by=by, door=Door.STOW)
    except (GateUnavailableError, OSError):
        instance.failure = OUT_OF_RESOURCES


def await_ends(instances: Iterable[Instance], *, timeout_seconds: float) -> None:
    """Fill in how the instances ended that are in quarantine; some may still wait when the time is over."""
    waiting = {one.arrival: one for one in instances if one.arrival is not None}
    for arrival, outcome in wait_for(list(waiting), timeout_seconds=timeout_seconds).items():
        waiting[arrival].outcome = outcome


def status_of(instances: Sequence[Instance]) -> int:
    """HTTP status (PS3.18 table 10.5.3-1): 200 all stored, 202 some not or not yet, 409 none, 413 none as too large."""
    failed = [one for one in instances if _failure(one) is not None]
    if len(failed) == len(instances):
        return 413 if all(one.is_too_large for one in instances) else 409
    return 200 if not failed and all(one.outcome and one.outcome.outcome in _TAKEN for one in instances) else 202


def answer(instances: Sequence[Instance]) -> dict[str, Any]:
    """The Store Instances Response in the DICOM JSON model (PS3.18 annex F; attributes: table I.2-1).

    An instance that waits, or waits for a person because of writing in its pixels, is among those referenced: it is
    durable here. What could not be read far enough to be named stands under Other Failures.
    """
    stored, failed, unnamed = [], [], []
    for one in instances:
        failure = _failure(one)
        if failure is None:
            stored.append(_reference(one))
        elif one.sop_instance:
            failed.append({**_reference(one), **_element("00081197", "US", failure)})
        else:
            unnamed.append(_element("00081197", "US", failure))
    found = {"00081199": stored, "00081198": failed, "0008119A": unnamed}
    return {tag: {"vr": "SQ", "Value": items} for tag, items in sorted(found.items()) if items}


def _failure(one: Instance) -> int | None:
    if one.failure is not None:
        return one.failure
    if one.outcome is not None and one.outcome.outcome is IntakeResult.REJECTED:
        code = one.outcome.reason.code if one.outcome.reason else ""
        return _REASON_OF_REFUSAL.get(code, CANNOT_UNDERSTAND)
    return None


def _reference(one: Instance) -> dict[str, Any]:
    return {**_element("00081150", "UI", one.sop_class), **_element("00081155", "UI", one.sop_instance)}


def _element(tag: str, representation: str, value: object) -> dict[str, Any]:
    return {tag: {"vr": representation, "Value": [value]}}
