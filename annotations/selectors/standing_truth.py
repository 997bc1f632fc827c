"""The bone age that stands of a film, also while the film is read again."""

from typing import NamedTuple

from annotations.models import Consensus, Radiograph
from annotations.states import ConsensusStatus


class StandingTruth(NamedTuple):
    """An approved bone age; ``read_again`` while re-reads of the film were given and no value of theirs is approved."""

    consensus: Consensus
    read_again: bool


def standing_truth(radiograph: Radiograph) -> StandingTruth | None:
    """The approved consensus. While the value of a re-reading round is agreed, settled or approved, the approved one
    that it follows still stands; one that a reviewer reopened does not: it was distrusted.

    Who may see it is not asked here; see ``earlier_values_shown`` in :mod:`annotations.permissions.blinding`.
    """
    living = Consensus.objects.filter(radiograph=radiograph).exclude(status=ConsensusStatus.REOPENED).first()
    if living is None or living.status == ConsensusStatus.APPROVED:
        return None if living is None else StandingTruth(living, read_again=False)
    if living.reread_case_id is None:
        return None
    before = living.previous
    while before is not None and before.reread_case_id == living.reread_case_id and before.approved_at is None:
        before = before.previous
    if before is None or before.reread_case_id == living.reread_case_id or before.approved_at is None:
        return None
    return StandingTruth(before, read_again=True)
