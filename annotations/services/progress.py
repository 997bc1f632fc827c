"""Keeping ``Study.labelling`` and ``Study.reading`` true.

Every change of a box set, a read or a consensus is told as an event of its study; :func:`record_event` calls
:func:`note_progress` in the same transaction, so no service has to remember it.
"""

from uuid import UUID

from django.db.models import QuerySet

from annotations.models import Study
from annotations.selectors.progress import labelling_now, reading_now


def note_progress(study: UUID) -> None:
    """Work out again how far this study is. Call inside the transaction of the change."""
    note_progress_of(Study.objects.filter(pk=study))


def note_progress_of(studies: QuerySet[Study]) -> int:
    """The same for many, in one statement; returns how many rows there were."""
    return studies.update(labelling=labelling_now(), reading=reading_now())
