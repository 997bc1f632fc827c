"""Soft holds: taken by whoever works on a radiograph, renewed by working, lost by leaving."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from annotations.base.prepared import prepared_update
from annotations.models import Lease, Person
from annotations.states import LeasePurpose

LEASE_DURATION = timedelta(minutes=15)

# One statement that both databases know: Django's upsert has no WHERE, and UPDATE, then INSERT are four round trips.
_TAKE = """
INSERT INTO annotations_lease (radiograph_id, purpose, person_id, expires_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (radiograph_id, purpose) DO UPDATE SET person_id = excluded.person_id, expires_at = excluded.expires_at
WHERE annotations_lease.person_id = excluded.person_id OR annotations_lease.expires_at <= %s
"""
_COLUMNS = Lease._meta.concrete_fields


def take_lease(*, person: Person, radiograph: UUID, purpose: LeasePurpose) -> bool:
    """Take or renew the hold; False when somebody else has it. Safe among any number of takers at once."""
    now = timezone.now()
    row = Lease(radiograph_id=radiograph, purpose=purpose, person=person, expires_at=now + LEASE_DURATION)
    ready = {each.attname: each.get_db_prep_save(getattr(row, each.attname), connection) for each in _COLUMNS}
    values = [ready[name] for name in ("radiograph_id", "purpose", "person_id", "expires_at")]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [*values, connection.ops.adapt_datetimefield_value(now)])
        return bool(cursor.rowcount == 1)


def renew_lease(*, person: Person, radiograph: UUID, purpose: LeasePurpose) -> None:
    """A sign of life of the holder; does nothing for anybody else."""
    _renew(radiograph, purpose, person.pk, timezone.now() + LEASE_DURATION)


@prepared_update
def _renew(
    radiograph: UUID, purpose: LeasePurpose, person: UUID, until: datetime
) -> tuple[QuerySet[Lease], dict[str, datetime]]:
    return Lease.objects.filter(radiograph=radiograph, purpose=purpose, person=person), {"expires_at": until}


def heartbeat(*, person: Person, radiograph: UUID, purpose: LeasePurpose) -> Lease | None:
    """A sign of life from an open page: takes the hold if it is free, and says who has it. It never refuses."""
    take_lease(person=person, radiograph=radiograph, purpose=purpose)
    return Lease.objects.select_related("person").filter(radiograph=radiograph, purpose=purpose).first()


def give_up_lease(*, person: Person, radiograph: UUID, purpose: LeasePurpose) -> None:
    """Done: the hold ends now."""
    Lease.objects.filter(radiograph=radiograph, purpose=purpose, person=person).delete()
