"""Soft holds: taken by whoever works on a radiograph, renewed by working, lost by leaving."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from annotations.models import Lease, Person, Radiograph
from annotations.states import LeasePurpose

LEASE_DURATION = timedelta(minutes=15)


def take_lease(*, person: Person, radiograph: Radiograph, purpose: LeasePurpose) -> bool:
    """Take or renew the hold; False when somebody else has it. Safe among any number of takers at once."""
    now = timezone.now()
    until = now + LEASE_DURATION
    free = Lease.objects.filter(radiograph=radiograph, purpose=purpose).filter(
        Q(person=person) | Q(expires_at__lte=now)
    )
    if free.update(person=person, expires_at=until):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(radiograph=radiograph, purpose=purpose, person=person, expires_at=until)
    except IntegrityError:
        return False
    return True


def renew_lease(*, person: Person, radiograph: Radiograph, purpose: LeasePurpose) -> None:
    """A sign of life of the holder; does nothing for anybody else."""
    Lease.objects.filter(radiograph=radiograph, purpose=purpose, person=person).update(
        expires_at=timezone.now() + LEASE_DURATION
    )


def heartbeat(*, person: Person, radiograph: Radiograph, purpose: LeasePurpose) -> Lease | None:
    """A sign of life from an open page: takes the hold if it is free, and says who has it. It never refuses."""
    take_lease(person=person, radiograph=radiograph, purpose=purpose)
    return Lease.objects.select_related("person").filter(radiograph=radiograph, purpose=purpose).first()


def give_up_lease(*, person: Person, radiograph: Radiograph, purpose: LeasePurpose) -> None:
    """Done: the hold ends now."""
    Lease.objects.filter(radiograph=radiograph, purpose=purpose, person=person).delete()
