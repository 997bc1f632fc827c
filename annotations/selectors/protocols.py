"""Which protocol holds."""

from uuid import UUID

from django.db.models import F, Q, QuerySet

from annotations.base.prepared import prepared
from annotations.models import Cohort, Protocol


def general_protocol() -> Protocol | None:
    """The active protocol for everybody, if one was made already."""
    return Protocol.objects.filter(cohort=None, is_active=True).first()


def protocol_of_cohort(cohort: Cohort | None) -> Protocol | None:
    """The cohort's own active protocol, if it has one."""
    return Protocol.objects.filter(cohort=cohort, is_active=True).first() if cohort else None


def protocol_in_force(cohort: UUID | None) -> Protocol | None:
    """The cohort's own active protocol, else the one for everybody; None before any was made."""
    return _in_force.first(cohort)


@prepared
def _in_force(cohort: UUID | None) -> QuerySet[Protocol]:
    active = Protocol.objects.filter(Q(cohort=None) | Q(cohort=cohort), is_active=True)
    return active.order_by(F("cohort").asc(nulls_last=True))[:1]


def protocol_versions() -> QuerySet[Protocol]:
    """All versions of all protocols, newest first."""
    return Protocol.objects.select_related("cohort", "created_by").order_by("-created_at", "-version")
