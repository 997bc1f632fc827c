"""The reading room and the consensus."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from annotations.agreement import shuffled
from annotations.api.present.people import person_json
from annotations.api.present.studies import API, look_of, radiograph_json, thumbnail_url
from annotations.models import Consensus, Person, Read, Study
from annotations.permissions import reads as may
from annotations.permissions.blinding import earlier_values_are_hidden, earlier_values_shown, study_is_blinded_for
from annotations.services.consensus import counted_reads, unreadable_reads
from annotations.services.corrections import corrections_of
from annotations.services.exposures import record_exposure, record_exposures
from annotations.services.reads import plates_of
from annotations.states import INCOMPLETE, ConsensusStatus, ExposureKind, ReadStatus

_LABELS = "ABCDEFGH"


def reading_json(person: Person, read: Read) -> dict[str, Any]:
    """One reading as its reader sees it; the chronological age only once it is locked (or the protocol shows it)."""
    radiograph, study = read.radiograph, read.radiograph.study
    locked = read.status == ReadStatus.SUBMITTED
    revealed = _revealed(person, read)
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
        "withheld_until": read.withheld_until.isoformat() if locked and read.withheld_until else None,
    }


def _revealed(person: Person, read: Read) -> dict[str, Any] | None:
    """The chronological age and earlier examinations: after the lock, once hidden repeats allow it; what was shown is
    remembered. Before the lock the age alone, where the protocol says so."""
    study = read.radiograph.study
    if read.status == ReadStatus.SUBMITTED:
        if study_is_blinded_for(person, study):
            return None
        return {
            "chronological_age_months": _age_shown(person, read),
            "earlier": earlier_examinations(person, study),
        }
    if read.status == ReadStatus.ASSIGNED and read.protocol.show_chronological_age and study.sex:
        age_months = _age_shown(person, read)
        return None if age_months is None else {"chronological_age_months": age_months, "earlier": []}
    return None


def _age_shown(person: Person, read: Read) -> float | None:
    age_months = read.radiograph.study.chronological_age_months
    if age_months is not None:
        record_exposure(
            person=person, radiograph=read.radiograph_id, kind=ExposureKind.CHRONOLOGICAL_AGE, place="reading"
        )
    return age_months


def earlier_examinations(person: Person, study: Study) -> list[dict[str, Any]]:
    """The child's examinations at a younger age, with their approved bone ages; none that this person may still read
    blind or decide again. Only whoever may see the approved value of a film is told it."""
    if study.chronological_age_months is None:
        return []
    earlier = Study.objects.filter(
        earlier_values_shown(person, "pk"),
        patient=study.patient_id,
        chronological_age_months__lt=study.chronological_age_months,
    ).order_by("chronological_age_months")
    approved = {
        consensus.radiograph.study_id: consensus
        for consensus in Consensus.objects.filter(
            radiograph__study__in=earlier, radiograph__for_reading=True, status=ConsensusStatus.APPROVED
        ).select_related("radiograph")
    }
    rows, shown = [], []
    for each in earlier:
        consensus = approved.get(each.pk)
        shown += [(film, ExposureKind.CHRONOLOGICAL_AGE) for film in each.radiographs.values_list("pk", flat=True)]
        if consensus is not None:
            shown.append((consensus.radiograph_id, ExposureKind.CONSENSUS))
        rows.append(
            {
                "chronological_age_months": each.chronological_age_months,
                "bone_age_months": consensus.bone_age_months if consensus else None,
            }
        )
    record_exposures(person=person, shown=shown, place="reading")
    return rows


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
        if row["reads"] or row["unreadable"]:
            shown.append((UUID(row["radiograph"]), ExposureKind.OTHER_READ))
        if row["bone_age_months"] is not None:
            shown.append((UUID(row["radiograph"]), ExposureKind.CONSENSUS))
    record_exposures(person=person, shown=shown, place="consensus")
    return rows


def consensus_json(person: Person, consensus: Consensus) -> dict[str, Any]:
    """One consensus with its picture."""
    return consensus_rows(person, [consensus])[0] | {
        "radiograph_detail": radiograph_json(consensus.radiograph),
        "history": _history(person, consensus),
        "corrections": _corrections(consensus),
    }


def _history(person: Person, consensus: Consensus) -> list[dict[str, Any]]:
    """What stood before, newest first; without values while those are hidden."""
    hidden = earlier_values_are_hidden(person, consensus.radiograph.study)
    steps, after, before = [], consensus, consensus.previous
    while before is not None:
        steps.append(
            {
                "bone_age_months": None if hidden else before.bone_age_months,
                "origin": None if hidden else before.origin,
                "difference_months": None if hidden else before.difference_months,
                "reason": None if hidden else before.reason or None,
                "settled_by": person_json(before.settled_by),
                "settled_at": before.settled_at.isoformat() if before.settled_at else None,
                "approved_by": person_json(before.approved_by),
                "approved_at": before.approved_at.isoformat() if before.approved_at else None,
                "confirmed_by": person_json(before.confirmed_by),
                "confirmed_at": before.confirmed_at.isoformat() if before.confirmed_at else None,
                "unreadable": after.unreadable_ends > before.unreadable_ends,
                "reopen_reason": before.reopen_reason,
                "created_at": before.created_at.isoformat(),
                "hidden": hidden,
            }
        )
        after, before = before, before.previous
    if any(step["bone_age_months"] is not None for step in steps):
        shown = [(consensus.radiograph_id, ExposureKind.CONSENSUS)]
        record_exposures(person=person, shown=shown, place="consensus history")
    return steps


def _corrections(consensus: Consensus) -> list[dict[str, Any]]:
    """What people said in sight of the model; without names, and only once a value stands: before, it would guide
    readers and adjudicators to the model."""
    if consensus.status in (*INCOMPLETE, ConsensusStatus.ADJUDICATING):
        return []
    return [
        {"bone_age_months": read.bone_age_months, "reason": read.reason}
        for read in corrections_of(consensus.radiograph)
    ]


def _consensus_row(person: Person, consensus: Consensus) -> dict[str, Any]:
    radiograph = consensus.radiograph
    reads = [] if consensus.status in INCOMPLETE else shuffled(counted_reads(consensus), seed=consensus.order_seed)
    return {
        "id": str(consensus.pk),
        "study": str(radiograph.study_id),
        "pseudonym": radiograph.study.patient.pseudonym,
        "radiograph": str(radiograph.pk),
        "thumbnail_url": thumbnail_url(radiograph),
        "sex": radiograph.study.sex,
        "priority": radiograph.study.priority_name,
        "status": consensus.status,
        "reads": [
            {"label": label, "bone_age_months": read.bone_age_months, "plate_months": read.plate_months}
            for label, read in zip(_LABELS, reads, strict=False)
        ],
        "unreadable": _unreadable(consensus),
        "being_read": consensus.status == ConsensusStatus.UNREADABLE and may.is_being_read(radiograph),
        "confirmed_by": person_json(consensus.confirmed_by),
        "confirmed_at": consensus.confirmed_at.isoformat() if consensus.confirmed_at else None,
        "difference_months": consensus.difference_months,
        "bone_age_months": consensus.bone_age_months,
        "origin": consensus.origin,
        "reason": consensus.reason or None,
        "can": _can(person, consensus),
        "synthetic": radiograph.study.synthetic,
    }


def _unreadable(consensus: Consensus) -> list[dict[str, Any]]:
    """What readers answered on a film that so many could not read, in random order: the reason, or None for a bone age,
    which stays hidden since another reader may still be asked."""
    if consensus.status not in (ConsensusStatus.UNREADABLE, ConsensusStatus.NO_BONE_AGE):
        return []
    answers = sorted([*counted_reads(consensus), *unreadable_reads(consensus)], key=lambda read: read.pk)
    return [
        {"label": label, "reason": read.reason if read.status == ReadStatus.UNREADABLE else None}
        for label, read in zip(_LABELS, shuffled(answers, seed=consensus.order_seed), strict=False)
    ]


def _can(person: Person, consensus: Consensus) -> list[str]:
    allowed = {
        "settle": may.can_settle(person, consensus),
        "approve": may.can_approve(person, consensus),
        "confirm_unreadable": may.can_confirm_unreadable(person, consensus),
        "reopen": may.can_reopen(person, consensus),
    }
    return [verb for verb, yes in allowed.items() if yes]
