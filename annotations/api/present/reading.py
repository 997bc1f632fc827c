"""The reading room and the consensus."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from annotations.agreement import shuffled
from annotations.api.present.studies import API, look_of, radiograph_json, thumbnail_url
from annotations.models import Consensus, Person, Read
from annotations.permissions import reads as may
from annotations.services.consensus import counted_reads
from annotations.services.exposures import record_exposure, record_exposures
from annotations.services.reads import plates_of
from annotations.states import ConsensusStatus, ExposureKind, ReadStatus

_LABELS = "ABCDEFGH"


def reading_json(person: Person, read: Read) -> dict[str, Any]:
    """One reading as its reader sees it; the chronological age only once it is locked (or the protocol shows it)."""
    radiograph, study = read.radiograph, read.radiograph.study
    locked = read.status == ReadStatus.SUBMITTED
    age_months = study.chronological_age_months
    revealed = None
    if age_months is not None and (locked or (read.protocol.show_chronological_age and study.sex)):
        record_exposure(person=person, radiograph=radiograph.pk, kind=ExposureKind.CHRONOLOGICAL_AGE, place="reading")
        revealed = {"chronological_age_months": age_months}
    return {
        "token": read.token,
        "status": read.status,
        "sex": study.sex,
        "synthetic": study.synthetic,
        "radiograph": {
            "rows": radiograph.rows,
            "columns": radiograph.columns,
            "pixels_url": f"{API}/reading/{read.token}/pixels",
            **look_of(radiograph),
        },
        "protocol": {"method": read.method, "edition": read.edition},
        "standards_months": list(plates_of(read)),
        "read": _locked_read(read) if locked else None,
        "revealed": revealed,
    }


def _locked_read(read: Read) -> dict[str, Any]:
    return {
        "bone_age_months": read.bone_age_months,
        "plate_months": read.plate_months,
        "version": read.version,
        "submitted_at": read.submitted_at.isoformat() if read.submitted_at else None,
        "after_age_seen": read.after_age_seen,
    }


def consensus_rows(person: Person, consensuses: Sequence[Consensus]) -> list[dict[str, Any]]:
    """Consensus rows without any reader's name; what was shown is remembered."""
    rows = [_consensus_row(person, consensus) for consensus in consensuses]
    shown = []
    for row in rows:
        if row["reads"]:
            shown.append((UUID(row["radiograph"]), ExposureKind.OTHER_READ))
        if row["bone_age_months"] is not None:
            shown.append((UUID(row["radiograph"]), ExposureKind.CONSENSUS))
    record_exposures(person=person, shown=shown, place="consensus")
    return rows


def consensus_json(person: Person, consensus: Consensus) -> dict[str, Any]:
    """One consensus with its picture."""
    return consensus_rows(person, [consensus])[0] | {"radiograph_detail": radiograph_json(consensus.radiograph)}


def _consensus_row(person: Person, consensus: Consensus) -> dict[str, Any]:
    radiograph = consensus.radiograph
    is_open = consensus.status == ConsensusStatus.OPEN  # a read that stands alone would guide whoever comes after
    reads = [] if is_open else shuffled(counted_reads(consensus), seed=consensus.order_seed)
    return {
        "id": str(consensus.pk),
        "study": str(radiograph.study_id),
        "pseudonym": radiograph.study.patient.pseudonym,
        "radiograph": str(radiograph.pk),
        "thumbnail_url": thumbnail_url(radiograph),
        "sex": radiograph.study.sex,
        "status": consensus.status,
        "reads": [
            {"label": label, "bone_age_months": read.bone_age_months, "plate_months": read.plate_months}
            for label, read in zip(_LABELS, reads, strict=False)
        ],
        "difference_months": consensus.difference_months,
        "bone_age_months": consensus.bone_age_months,
        "origin": consensus.origin,
        "reason": consensus.reason or None,
        "can": _can(person, consensus),
        "synthetic": radiograph.study.synthetic,
    }


def _can(person: Person, consensus: Consensus) -> list[str]:
    allowed = {
        "settle": may.can_settle(person, consensus),
        "approve": may.can_approve(person, consensus),
        "reopen": may.can_reopen(person, consensus),
    }
    return [verb for verb, yes in allowed.items() if yes]
