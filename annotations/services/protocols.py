"""How radiographs are read: the protocol, a new version for each change; everybody's, and a cohort's own."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Cohort, Person, Protocol
from annotations.permissions.people import can_manage_protocol
from annotations.selectors.protocols import general_protocol, protocol_in_force, protocol_of_cohort
from annotations.services.events import record_event

CHANGEABLE = (
    "readers_required",
    "tolerance_months",
    "show_chronological_age",
    "edition",
    "repeat_share",
    "repeat_after_days",
    "repeat_after_reads",
    "repeat_within_days",
    "label_twice_share",
)
DAYS_TO_REPEAT = 3
"""A window shorter than this after the gap would hand no repeat out."""


def present_protocol() -> Protocol:
    """The protocol for everybody; the first one is made with the defaults of its model."""
    protocol = general_protocol()
    if protocol is None:
        protocol, _ = Protocol.objects.get_or_create(cohort=None, is_active=True, defaults={"version": 1})
    return protocol


def protocol_for(cohort: UUID | None) -> Protocol:
    """By which films of this cohort, or of none, are labelled and read."""
    return protocol_in_force(cohort) or present_protocol()


def change_protocol(
    *, person: Person, changes: dict[str, int | float | bool | str], reason: str = "", cohort: Cohort | None = None
) -> Protocol:
    """A new version with the changes; reads and consensus made under the old one keep it.

    The first version of a cohort's own protocol starts from the one for everybody. Raises NotAllowed, Invalid, and
    Conflict where somebody else changed it at the same time.
    """
    try:
        with transaction.atomic():
            return _change(person, changes, reason, cohort)
    except IntegrityError:  # both began a cohort's first own version
        raise _meanwhile() from None


def _meanwhile() -> Conflict:
    return Conflict("protocol_meanwhile", "Somebody else changed this protocol meanwhile. Look at it again first.")


def _change(
    person: Person, changes: dict[str, int | float | bool | str], reason: str, cohort: Cohort | None
) -> Protocol:
    _check(person)
    if set(changes) - set(CHANGEABLE):
        raise Invalid("unknown_field", f"A protocol has {', '.join(CHANGEABLE)}.")
    basis = protocol_of_cohort(cohort) or present_protocol()
    old = Protocol.objects.select_for_update().get(pk=basis.pk)
    if not old.is_active:
        raise _meanwhile()
    if old.cohort_id == (cohort.pk if cohort else None):
        old.is_active = False
        old.save(update_fields=["is_active"])
    values = {name: getattr(old, name) for name in ("method", *CHANGEABLE)} | changes
    _check_repeats(values)
    new = Protocol.objects.create(cohort=cohort, version=_next_version(cohort), created_by=person, **values)
    told = ", ".join(f"{name}={value}" for name, value in sorted(changes.items()))
    _tell(person, "change_protocol", new, old=_name(old), new=_name(new), reason=f"{told}. {reason}".strip())
    return new


def _check_repeats(values: Mapping[str, int | float | bool | str]) -> None:
    if values["repeat_share"] and values["show_chronological_age"]:
        raise Invalid(
            "repeats_need_blind_readers",
            "Hidden repeats need readers who do not see the chronological age. Hide the age, or ask for no repeats.",
            field="repeat_share",
        )
    if int(values["repeat_within_days"]) < int(values["repeat_after_days"]) + DAYS_TO_REPEAT:
        raise Invalid(
            "repeat_window_too_short",
            f"Leave at least {DAYS_TO_REPEAT} days between the earliest and the latest day of a repeat.",
            field="repeat_within_days",
        )


@transaction.atomic
def end_own_protocol(*, person: Person, cohort: Cohort, reason: str = "") -> Protocol:
    """The cohort follows the protocol for everybody again; its own versions stay in the history."""
    _check(person)
    own = protocol_of_cohort(cohort)
    if own is None:
        raise Conflict("no_own_protocol", "This cohort has no protocol of its own.")
    if Protocol.objects.filter(pk=own.pk, is_active=True).update(is_active=False) != 1:
        raise _meanwhile()
    general = present_protocol()
    _tell(person, "end_protocol", own, old=_name(own), new=_name(general), reason=reason.strip())
    return general


def _check(person: Person) -> None:
    if not can_manage_protocol(person):
        raise NotAllowed("forbidden", "Only an administrator changes the protocol.")


def _next_version(cohort: Cohort | None) -> int:
    return (Protocol.objects.filter(cohort=cohort).aggregate(last=Max("version"))["last"] or 0) + 1


def _name(protocol: Protocol) -> str:
    version = f"version {protocol.version}"
    return f"{protocol.cohort.name[:40]}, {version}" if protocol.cohort else version


def _tell(person: Person, verb: str, row: Protocol, *, old: str, new: str, reason: str) -> None:
    record_event(who=person, verb=verb, row=row, study=None, old=old[:64], new=new[:64], reason=reason[:2000])
