"""A person puts their name under a bone age: the model's, the approved one, or their own."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import Consensus, Person, Radiograph, Read, Study
from annotations.services.corrections import check_correction, record_correction
from annotations.services.events import record_event
from boneage_web.results.calibrated import calibrated
from boneage_web.results.facts import approved_consensus, film_facts
from boneage_web.results.models import Basis, Prediction, SignedResult
from boneage_web.results.permissions import can_sign
from boneage_web.results.references import present_references
from boneage_web.results.selectors import shown_prediction, standing_height
from boneage_web.results.services.predictions import inputs_key

SHOWN_MONTHS = 0.05
"""What is signed must be what was shown, to the last digit that a page shows."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the person saw and decided.

    Attributes:
        basis: whose age.
        bone_age_months: the age as it was shown, or one's own.
        reference: table that the report names first.
        based_on_version: the newest signed version that was shown; None where there was none.
        height: number of the height that was shown, which is frozen with the result; None where there was none.
        identity_checked: identity, sex and dates were looked at again; asked for when the age lies beyond 3 SD.
        reason: why it is changed, or why the model's age is not one's own.
    """

    basis: Basis
    bone_age_months: float
    reference: str
    based_on_version: int | None
    height: int | None = None
    identity_checked: bool = False
    reason: str = ""


@transaction.atomic
def sign(*, person: Person, study: Study, signature: Signature) -> SignedResult:
    """A new signed version. Raises NotAllowed, Invalid, Conflict (`check_identity`), StaleState."""
    # Of the study alone: PostgreSQL refuses to lock a cohort that may be none.
    study = Study.objects.select_for_update(of=("self",)).select_related("patient", "cohort").get(pk=study.pk)
    if not can_sign(person, study):
        raise NotAllowed("forbidden", "Readers, adjudicators and reviewers sign results of films that are in use.")
    radiograph = study.radiographs.filter(for_reading=True).first()
    if radiograph is None:
        raise Conflict("no_film", "This study has no film that a result could be about.")
    before = SignedResult.objects.filter(radiograph=radiograph).first()
    if (before.version if before else None) != signature.based_on_version:
        raise StaleState("result", "as it was shown")
    height = standing_height(study)
    if (height.number if height else None) != signature.height:
        raise StaleState("height", "as it was shown")
    reason = signature.reason.strip()
    if before is not None and not reason:
        raise Invalid("reason_missing", "Say why the signed result is changed.", field="reason")
    if signature.reference not in {reference.id for reference in present_references()}:
        raise Invalid("unknown_reference", "There is no such table in use. Choose one of the list.", field="reference")
    prediction = shown_prediction(radiograph)
    consensus = approved_consensus(radiograph)
    months = _checked_age(study, signature, prediction, consensus)
    content = film_facts(
        study,
        radiograph,
        prediction,
        basis=signature.basis,
        bone_age_months=months,
        reference=signature.reference,
    )
    if content["check_identity"] and not signature.identity_checked:
        raise Conflict(
            "check_identity",
            "The bone age lies more than 3 SD from the age. Check identity, sex and dates, then say so.",
        )
    read = _read(person, radiograph, signature, months)
    return _store(person, study, radiograph, signature, content, months, before, prediction, consensus, read)


def _checked_age(
    study: Study, signature: Signature, prediction: Prediction | None, consensus: Consensus | None
) -> float:
    """The age that is signed, which must still be the one that was shown."""
    match signature.basis:
        case Basis.CORRECTION:
            check_correction(bone_age_months=signature.bone_age_months, reason=signature.reason)
            return signature.bone_age_months
        case Basis.CONSENSUS:
            present = consensus.bone_age_months if consensus else None
        case Basis.CALIBRATED:
            local = calibrated(prediction) if prediction else None
            present = local["bone_age_months"] if local else None
        case _:
            present = prediction.bone_age_months if prediction else None
    if signature.basis is not Basis.CONSENSUS and prediction and prediction.inputs_key != inputs_key(study):
        raise Conflict("outdated", "Sex or age were stated after this result was made. Estimate again first.")
    if present is None:
        raise Conflict("nothing_to_sign", "There is no such bone age of this film. Give your own, with a reason.")
    if abs(present - signature.bone_age_months) > SHOWN_MONTHS:
        raise StaleState("result", "as it was shown")
    return present


def _read(person: Person, radiograph: Radiograph, signature: Signature, months: float) -> Read | None:
    if signature.basis is not Basis.CORRECTION:
        return None
    return record_correction(person=person, radiograph=radiograph, bone_age_months=months, reason=signature.reason)


def _store(
    person: Person,
    study: Study,
    radiograph: Radiograph,
    signature: Signature,
    content: dict[str, Any],
    months: float,
    before: SignedResult | None,
    prediction: Prediction | None,
    consensus: Consensus | None,
    read: Read | None,
) -> SignedResult:
    version, now = (before.version if before else 0) + 1, timezone.now()
    reason = signature.reason.strip()
    content = {
        **content,
        "status": "signed" if version == 1 else "amended",
        "version": version,
        "signed_by": {"id": str(person.pk), "display_name": person.display_name},
        "signed_at": now.isoformat(),
        "reason": reason or None,
    }
    try:
        with transaction.atomic():
            signed = SignedResult.objects.create(
                radiograph=radiograph,
                version=version,
                amends=before,
                basis=signature.basis,
                bone_age_months=months,
                reference=signature.reference,
                prediction=prediction,
                consensus=consensus if signature.basis is Basis.CONSENSUS else None,
                read=read,
                reason=reason,
                inputs_key=inputs_key(study),
                content=content,
                signed_by=person,
                signed_at=now,
            )
    except IntegrityError:
        raise StaleState("result", "as it was shown") from None
    record_event(
        who=person,
        verb="sign" if before is None else "sign_again",
        row=signed,
        study=study,
        old=f"version {before.version}" if before else "",
        new=f"version {version}",
        reason=reason,
    )
    return signed
