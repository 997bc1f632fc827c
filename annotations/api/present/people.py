"""People, cohorts, protocol."""

from typing import Any

from annotations.models import Cohort, Person, Protocol


def person_json(person: Person | None) -> dict[str, Any] | None:
    """How a person is named everywhere."""
    if person is None:
        return None
    return {"id": str(person.pk), "username": person.username, "display_name": person.display_name}


def account_json(person: Person) -> dict[str, Any]:
    """An account as its administrator sees it."""
    return {
        "id": str(person.pk),
        "username": person.username,
        "display_name": person.display_name,
        "roles": sorted(str(name) for name in person.role_names),
        "is_active": person.is_active,
        "language": person.language,
    }


def cohort_json(cohort: Cohort, studies: int) -> dict[str, Any]:
    """A cohort with the number of its studies."""
    return {"id": str(cohort.pk), "name": cohort.name, "studies": studies}


def protocol_json(protocol: Protocol) -> dict[str, Any]:
    """How radiographs are read at present."""
    return {
        "version": protocol.version,
        "method": protocol.method,
        "edition": protocol.edition,
        "readers_required": protocol.readers_required,
        "tolerance_months": protocol.tolerance_months,
        "show_chronological_age": protocol.show_chronological_age,
        "repeat_share": protocol.repeat_share,
        "repeat_after_days": protocol.repeat_after_days,
        "repeat_after_reads": protocol.repeat_after_reads,
        "repeat_within_days": protocol.repeat_within_days,
    }
