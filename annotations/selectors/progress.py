"""How far a study's radiograph for reading is, worked out from its box sets and its consensus."""

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from annotations.models import BoxSet, Consensus
from annotations.states import BoxSetStatus, BoxSource, ConsensusStatus, Labelling, Reading


def labelling_now() -> Combinable:
    """For a study queryset: accepted, where some box set is; else the status of the newest version.

    A reviewer's draft of a fix does not count, and neither does the independent second labelling.
    """
    box_sets = BoxSet.objects.filter(
        radiograph__study=OuterRef("pk"), radiograph__for_reading=True, source=BoxSource.PERSON, is_second=False
    )
    accepted = box_sets.filter(status=BoxSetStatus.ACCEPTED).values("status")[:1]
    newest = (
        box_sets.exclude(status=BoxSetStatus.SUPERSEDED)
        .exclude(is_fix=True, status=BoxSetStatus.DRAFT)
        .order_by("-version")
        .values("status")[:1]
    )
    nothing = Value(Labelling.NONE.value, output_field=CharField())
    return Coalesce(Subquery(accepted), Subquery(newest), nothing)


def reading_now() -> Combinable:
    """For a study queryset: the status of the living consensus."""
    consensus = (
        Consensus.objects.filter(radiograph__study=OuterRef("pk"), radiograph__for_reading=True)
        .exclude(status=ConsensusStatus.REOPENED)
        .values("status")[:1]
    )
    return Coalesce(Subquery(consensus), Value(Reading.NONE.value, output_field=CharField()))
