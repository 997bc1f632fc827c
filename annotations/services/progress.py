"""Keeping ``Study.labelling`` and ``Study.reading`` true.

Every change of a box set, a read or a consensus is told as an event of its study; :func:`record_event` calls
:func:`note_progress` in the same transaction, so no service has to remember it.
"""

from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from annotations.base.prepared import prepared_update
from annotations.models import BoxSet, Consensus, Read, Study
from annotations.selectors.progress import labelling_now, reading_now


def note_progress(study: UUID, *, changed: Model) -> bool:
    """Work out again how far this study is with what the changed row can change; whether the study's row was written.

    Call inside the transaction of the change.
    """
    if isinstance(changed, BoxSet):
        return _note_labelling(study) == 1
    if isinstance(changed, Read | Consensus):
        return _note_reading(study) == 1
    return False


@prepared_update
def _note_labelling(study: UUID) -> tuple[QuerySet[Study], dict[str, Any]]:
    return Study.objects.filter(pk=study), {"labelling": labelling_now()}


@prepared_update
def _note_reading(study: UUID) -> tuple[QuerySet[Study], dict[str, Any]]:
    return Study.objects.filter(pk=study), {"reading": reading_now()}


def note_progress_of(studies: QuerySet[Study]) -> int:
    """All of it for many, in one statement; returns how many rows there were."""
    return studies.update(labelling=labelling_now(), reading=reading_now())
