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
        "must_change_password": person.must_change_password,
        "created_at": person.created_at.isoformat(),
        "last_seen_at": person.last_seen_at.isoformat() if person.last_seen_at else None,
    }


def person_choice_json(person: Person) -> dict[str, Any]:
    """Somebody whom work can be given to."""
    return {**(person_json(person) or {}), "roles": sorted(str(name) for name in person.role_names)}


def cohort_json(cohort: Cohort, studies: int, *, own_protocol: bool) -> dict[str, Any]:
    """A cohort with the number of its studies."""
    return {"id": str(cohort.pk), "name": cohort.name, "studies": studies, "own_protocol": own_protocol}


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
        "label_twice_share": protocol.label_twice_share,
        "cohort": {"id": str(protocol.cohort.pk), "name": protocol.cohort.name} if protocol.cohort else None,
    }


def protocol_version_json(protocol: Protocol) -> dict[str, Any]:
    """A version with who made it and when."""
    return protocol_json(protocol) | {
        "id": str(protocol.pk),
        "is_active": protocol.is_active,
        "created_at": protocol.created_at.isoformat(),
        "created_by": person_json(protocol.created_by),
    }
