"""Restoring and moving need a site that stands still."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from boneage_web.runs.models import Worker
from boneage_web.site.data_folder import InUseError, hold_data_folder


class StillRunningError(Exception):
    """Something of this site runs; the message says what to stop."""


@contextmanager
def standing_still() -> Iterator[None]:
    """Nothing of the site runs, as far as can be seen, and `serve` cannot start. Raises StillRunningError."""
    try:
        lock = hold_data_folder()
    except InUseError as error:
        raise StillRunningError(str(error)) from None
    try:
        if worker := _living_worker():
            raise StillRunningError(f"The worker {worker} is at work. Stop every program of the site first.")
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
        lock.close()


def _living_worker() -> str | None:
    limit = timezone.now() - timedelta(seconds=settings.LEASE_SECONDS + settings.SWEEP_SECONDS)
    try:
        return Worker.objects.filter(seen_at__gte=limit).values_list("name", flat=True).first()
    except DatabaseError:  # no tables yet: an empty server that is restored to
        return None
