"""A reader's own age under a result: a read, but one that was given in sight of the model's.

It never enters a consensus by itself (only independent reads do, `annotations/services/consensus.py`), and whoever gave
it has been exposed and is not asked to read the film blind. Those who settle and approve see it beside the reads.
"""

import math

from django.db import transaction
from django.utils import timezone

from annotations.agreement import LARGEST_BONE_AGE_MONTHS
from annotations.base.errors import Invalid
from annotations.models import Exposure, Person, Radiograph, Read
from annotations.services.events import record_event
from annotations.services.protocols import protocol_for
from annotations.states import ExposureKind, ReadRound, ReadStatus


def check_correction(*, bone_age_months: float, reason: str) -> None:
    """Raises Invalid for what is no bone age, and for one without a reason."""
    if not math.isfinite(bone_age_months) or not 0 <= bone_age_months <= LARGEST_BONE_AGE_MONTHS:
        raise Invalid(
            "bad_bone_age",
            f"A bone age lies between 0 and {LARGEST_BONE_AGE_MONTHS:.0f} months.",
            field="bone_age_months",
        )
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the model's age is not yours.", field="reason")


@transaction.atomic
def record_correction(*, person: Person, radiograph: Radiograph, bone_age_months: float, reason: str) -> Read:
    """The person's age as a read of the round ``correction``; a second one amends the first. Raises Invalid."""
    check_correction(bone_age_months=bone_age_months, reason=reason)
    before = (
        Read.objects.select_for_update()
        .filter(radiograph=radiograph, reader=person, round=ReadRound.CORRECTION, is_current=True)
        .first()
    )
    if before is not None:
        Read.objects.filter(pk=before.pk).update(is_current=False)
    protocol = protocol_for(radiograph.study.cohort_id)
    read = Read.objects.create(
        **({"token": before.token, "version": before.version + 1, "amends": before} if before else {}),
        radiograph=radiograph,
        reader=person,
        protocol=protocol,
        method=protocol.method,
        edition=protocol.edition,
        round=ReadRound.CORRECTION,
        status=ReadStatus.SUBMITTED,
        bone_age_months=bone_age_months,
        reason=reason.strip(),
        after_age_seen=Exposure.objects.filter(
            person=person, radiograph=radiograph, kind=ExposureKind.CHRONOLOGICAL_AGE
        ).exists(),
        submitted_at=timezone.now(),
    )
    record_event(who=person, verb="correct", row=read, study=radiograph.study, new=read.status, reason=reason.strip())
    return read


def corrections_of(radiograph: Radiograph) -> list[Read]:
    """What people said in sight of the model, oldest first."""
    rows = Read.objects.filter(radiograph=radiograph, round=ReadRound.CORRECTION, is_current=True)
    return list(rows.order_by("submitted_at", "pk"))
