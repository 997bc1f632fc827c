"""How many films are how far."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef, QuerySet

from annotations.models import IntakeRecord, Radiograph, Study
from annotations.states import IntakeResult, Labelling, Reading, StudyState


def funnel(open_studies: QuerySet[Study]) -> dict[str, int]:
    """Counts of studies along the walk of the data; ``received`` includes the refused.

    What readers said is counted on ``open_studies`` alone, those that are not blinded for whoever looks: that one more
    film is read and none more settled would tell a blind reader that the others disagree.

    What was refused at the door is not counted: nobody has seen whether it was a film.
    """
    by_state, by_labelling = (_counts(Study.objects.all(), field) for field in ("state", "labelling"))
    by_reading = _counts(open_studies, "reading")
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
        "no_bone_age": by_reading[Reading.NO_BONE_AGE],
    }


def _counts(studies: QuerySet[Study], field: str) -> Counter[str]:
    """How many of the studies have each value of the field."""
    return Counter(dict(studies.values_list(field).annotate(number=Count("pk")).order_by()))
