"""How many films are how far."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef

from annotations.models import IntakeRecord, Radiograph, Study
from annotations.states import IntakeResult, Labelling, Reading, StudyState


def funnel() -> dict[str, int]:
    """Counts of studies along the walk of the data; ``received`` includes the refused.

    What was refused at the door is not counted: nobody has seen whether it was a film.
    """
    by_state, by_labelling, by_reading = (_counts(field) for field in ("state", "labelling", "reading"))
    taken = sum(by_state.values())
    later_taken = Radiograph.objects.filter(content_hash=OuterRef("content_hash"))
    refused = (
        IntakeRecord.objects.filter(~Exists(later_taken), result=IntakeResult.REJECTED)
        .exclude(content_hash="")
        .values("content_hash")
        .distinct()
        .count()
    )
    weighed = by_reading[Reading.AGREED] + by_reading[Reading.SETTLED] + by_reading[Reading.APPROVED]
    return {
        "received": taken + refused,
        "deidentified": taken,
        "ready": by_state[StudyState.READY],
        "excluded": by_state[StudyState.EXCLUDED],
        "rejected": refused + by_state[StudyState.REJECTED],
        "labelled": by_labelling[Labelling.SUBMITTED] + by_labelling[Labelling.ACCEPTED],
        "reviewed": by_labelling[Labelling.ACCEPTED],
        "read": weighed + by_reading[Reading.ADJUDICATING],
        "settled": weighed,
        "approved": by_reading[Reading.APPROVED],
    }


def _counts(field: str) -> Counter[str]:
    """How many studies have each value of the field."""
    return Counter(dict(Study.objects.values_list(field).annotate(number=Count("pk")).order_by()))
