"""Which protocol holds."""

from django.db.models import QuerySet

from annotations.models import Cohort, Protocol


def general_protocol() -> Protocol | None:
    """The active protocol for everybody, if one was made already."""
    return Protocol.objects.filter(cohort=None, is_active=True).first()


def protocol_of_cohort(cohort: Cohort | None) -> Protocol | None:
    """The cohort's own active protocol, if it has one."""
    return Protocol.objects.filter(cohort=cohort, is_active=True).first() if cohort else None


def protocol_versions() -> QuerySet[Protocol]:
    """All versions of all protocols, newest first."""
    return Protocol.objects.select_related("cohort", "created_by").order_by("-created_at", "-version")
