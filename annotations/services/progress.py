"""Keeping ``Study.labelling`` and ``Study.reading`` true.

Every change of a box set, a read or a consensus is told as an event of its study; :func:`record_event` calls
:func:`note_progress` in the same transaction, so no service has to remember it.
"""

from uuid import UUID

from django.db.models import Model, QuerySet

from annotations.models import BoxSet, Consensus, Read, Study
from annotations.selectors.progress import labelling_now, reading_now


def note_progress(study: UUID, *, changed: Model) -> bool:
    """Work out again how far this study is with what the changed row can change; whether the study's row was written.

    Call inside the transaction of the change.
    """
    if isinstance(changed, BoxSet):
        return Study.objects.filter(pk=study).update(labelling=labelling_now()) == 1
    if isinstance(changed, Read | Consensus):
        return Study.objects.filter(pk=study).update(reading=reading_now()) == 1
    return False


def note_progress_of(studies: QuerySet[Study]) -> int:
    """All of it for many, in one statement; returns how many rows there were."""
    return studies.update(labelling=labelling_now(), reading=reading_now())
