"""What people decide about a study: leave it out, take it back, say what the header lacked."""

import math

from django.db import transaction

from annotations.announce import StudyFactsStated, StudyReady, announce
from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Person, Read, Study
from annotations.models.study import OLDEST_MONTHS
from annotations.permissions import studies as may
from annotations.services.events import record_event
from annotations.services.moves import move
from annotations.states import AgeSource, ReadStatus, Sex, SexSource, StudyState

EXCLUDED_BY_A_PERSON = "excluded_by_person"


@transaction.atomic
def exclude(*, person: Person, study: Study, reason: str) -> Study:
    """Leave a ready study out of all queues and data sets, with a reason."""
    if not may.can_curate(person):
        raise NotAllowed("forbidden", "Only reviewers, researchers and administrators exclude studies.")
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the study is left out.")
    old = move(study, StudyState.EXCLUDED, field="state", reason_code=EXCLUDED_BY_A_PERSON, reason=reason.strip())
    record_event(who=person, verb="exclude", row=study, study=study, old=old, new=study.state, reason=reason.strip())
    return study


@transaction.atomic
def restore(*, person: Person, study: Study) -> Study:
    """Take an excluded study back, also one that the quality gate left out: a person looked at it."""
    if not may.can_curate(person):
        raise NotAllowed("forbidden", "Only reviewers, researchers and administrators restore studies.")
    left_out_for = study.reason_code
    old = move(study, StudyState.READY, field="state", reason_code="", reason="")
    record_event(
        who=person, verb="restore", row=study, study=study, old=old, new=study.state, reason=f"was {left_out_for}"
    )
    radiograph = study.radiographs.filter(for_reading=True).first()
    if radiograph is not None:
        announce(StudyReady(study=study.pk, radiograph=radiograph.pk))
    return study


@transaction.atomic
def state_facts(
    *, person: Person, study: Study, sex: Sex | None = None, chronological_age_months: float | None = None
) -> Study:
    """Say the sex or the chronological age that the header lacked, under one's own name.

    Raises Conflict (``contradictory_sex``, ``contradictory_age``) when the header says something else, and
    (``already_read``) when a read was given with the plates of the present sex.
    """
    if not may.can_state_facts(person, study):
        raise NotAllowed("forbidden", "You may not state facts of this study: you may still have to read it blind.")
    study = Study.objects.select_for_update().get(pk=study.pk)
    if sex is None and chronological_age_months is None:
        raise Invalid("nothing_stated", "State the sex, the chronological age, or both.")
    if sex is not None:
        _state_sex(person, study, sex)
    if chronological_age_months is not None:
        _state_age(person, study, chronological_age_months)
    study.save(
        update_fields=[
            "sex",
            "sex_source",
            "sex_stated_by",
            "chronological_age_months",
            "age_source",
            "age_stated_by",
        ]
    )
    told = [
        name for name, value in (("sex", sex), ("chronological_age", chronological_age_months)) if value is not None
    ]
    record_event(who=person, verb="state_facts", row=study, study=study, new=" and ".join(told))
    announce(StudyFactsStated(study=study.pk))
    return study


def _state_sex(person: Person, study: Study, sex: Sex) -> None:
    if study.sex_source == SexSource.HEADER and study.sex != sex:
        raise Conflict("contradictory_sex", "The film's header names the other sex. Ask whoever sent it.")
    answered = Read.objects.filter(
        radiograph__study=study, status__in=[ReadStatus.ASSIGNED.value, ReadStatus.SUBMITTED.value]
    )
    if study.sex is not None and study.sex != sex and answered.exists():
        raise Conflict("already_read", "The film was read with the plates of the sex stated before.")
    if study.sex_source != SexSource.HEADER:
        study.sex, study.sex_source, study.sex_stated_by = sex, SexSource.STATED, person


def _state_age(person: Person, study: Study, months: float) -> None:
    if not math.isfinite(months) or not 0 <= months <= OLDEST_MONTHS:
        raise Invalid("bad_age", f"A chronological age lies between 0 and {OLDEST_MONTHS:.0f} months.")
    from_header = study.age_source in (AgeSource.DATES, AgeSource.PATIENT_AGE)
    if from_header and study.chronological_age_months is not None:
        if abs(study.chronological_age_months - months) > 1:
            raise Conflict("contradictory_age", "The film's header gives another age. Ask whoever sent it.")
        return
    study.chronological_age_months, study.age_source, study.age_stated_by = months, AgeSource.STATED, person
