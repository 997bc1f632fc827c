"""How many films are how far."""

from django.db.models import Exists, OuterRef

from annotations.models import BoxSet, Consensus, IntakeRecord, Radiograph, Study
from annotations.states import BoxSetStatus, ConsensusStatus, IntakeResult, StudyState


def funnel() -> dict[str, int]:
    """Counts of studies along the walk of the data; ``received`` includes the refused.

    What was refused at the door is not counted: nobody has seen whether it was a film.
    """
    by_state = {state: Study.objects.filter(state=state).count() for state in StudyState}
    taken = sum(by_state.values())
    later_taken = Radiograph.objects.filter(content_hash=OuterRef("content_hash"))
    refused = (
        IntakeRecord.objects.filter(~Exists(later_taken), result=IntakeResult.REJECTED)
        .exclude(content_hash="")
        .values("content_hash")
        .distinct()
        .count()
    )
    handed_in = [BoxSetStatus.SUBMITTED.value, BoxSetStatus.ACCEPTED.value]
    return {
        "received": taken + refused,
        "deidentified": taken,
        "ready": by_state[StudyState.READY],
        "excluded": by_state[StudyState.EXCLUDED],
        "rejected": refused + by_state[StudyState.REJECTED],
        "labelled": BoxSet.objects.filter(status__in=handed_in).values("radiograph").distinct().count(),
        "reviewed": BoxSet.objects.filter(status=BoxSetStatus.ACCEPTED).count(),
        "read": _consensus_count(
            ConsensusStatus.AGREED, ConsensusStatus.ADJUDICATING, ConsensusStatus.SETTLED, ConsensusStatus.APPROVED
        ),
        "settled": _consensus_count(ConsensusStatus.AGREED, ConsensusStatus.SETTLED, ConsensusStatus.APPROVED),
        "approved": _consensus_count(ConsensusStatus.APPROVED),
    }


def _consensus_count(*statuses: ConsensusStatus) -> int:
    return Consensus.objects.filter(status__in=[status.value for status in statuses]).count()
