"""How radiographs are read: the protocol, a new version for each change."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from annotations.base.errors import Invalid, NotAllowed
from annotations.models import Person, Protocol
from annotations.permissions.people import can_manage_protocol
from annotations.selectors.protocols import general_protocol
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
)
DAYS_TO_REPEAT = 3
"""A window shorter than this after the gap would hand no repeat out."""


def present_protocol() -> Protocol:
    """The protocol for everybody; the first one is made with the defaults of its model."""
    protocol = general_protocol()
    if protocol is None:
        protocol, _ = Protocol.objects.get_or_create(cohort=None, is_active=True, defaults={"version": 1})
    return protocol


@transaction.atomic
def change_protocol(*, person: Person, changes: dict[str, int | float | bool | str], reason: str = "") -> Protocol:
    """A new version with the changes; reads and consensus made under the old one keep it."""
    if not can_manage_protocol(person):
        raise NotAllowed("forbidden", "Only an administrator changes the protocol.")
    if set(changes) - set(CHANGEABLE):
        raise Invalid("unknown_field", f"A protocol has {', '.join(CHANGEABLE)}.")
    old = Protocol.objects.select_for_update().get(pk=present_protocol().pk)
    old.is_active = False
    old.save(update_fields=["is_active"])
    last = Protocol.objects.filter(cohort=None).aggregate(last=Max("version"))["last"] or 0
    values = {name: getattr(old, name) for name in ("method", *CHANGEABLE)} | changes
    _check_repeats(values)
    new = Protocol.objects.create(cohort=None, version=last + 1, created_by=person, **values)
    told = ", ".join(f"{name}={value}" for name, value in sorted(changes.items()))
    record_event(
        who=person,
        verb="change_protocol",
        row=new,
        study=None,
        old=f"version {old.version}",
        new=f"version {new.version}",
        reason=f"{told}. {reason}".strip(),
    )
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
