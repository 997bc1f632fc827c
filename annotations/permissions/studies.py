"""Studies, radiographs and their history."""

from typing import cast

from django.db.models import QuerySet

from annotations.models import Event, Person, Radiograph, Study
from annotations.permissions.blinding import (
    earlier_values_are_hidden,
    earlier_values_shown,
    is_blinded,
    not_blinded,
    study_is_blinded_for,
)
from annotations.states import RoleName, StudyState

_CURATORS = (RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)
_UPLOADERS = (RoleName.LABELLER, *_CURATORS)
_HISTORY_FOR_EVERYBODY = ("study", "radiograph", "box_set")


def studies_visible_to(person: Person) -> QuerySet[Study]:
    """All studies, each with ``blinded``: whether ages, reads and results of it are hidden from this person."""
    if not person.role_names:
        return Study.objects.none()
    return cast("QuerySet[Study]", Study.objects.annotate(blinded=is_blinded(person)))


def open_studies_visible_to(person: Person) -> QuerySet[Study]:
    """Only those that are not blinded: what may be filtered by age, read or result without giving it away."""
    return studies_visible_to(person).filter(not_blinded(person, "pk"))


def studies_whose_values_are_shown_to(person: Person) -> QuerySet[Study]:
    """The open ones without those that wait to be decided again by such as the person."""
    return studies_visible_to(person).filter(earlier_values_shown(person, "pk"))


def radiographs_visible_to(person: Person) -> QuerySet[Radiograph]:
    """Pixels show no identity and no age: whoever has a role may look at them."""
    if not person.role_names:
        return Radiograph.objects.none()
    return Radiograph.objects.all()


def events_visible_to(person: Person, study: Study) -> QuerySet[Event]:
    """A study's history; for whom it is not whole, without reads, consensus and stated ages."""
    events = Event.objects.filter(study=study)
    if not history_is_whole(person, study):
        events = events.filter(noun__in=_HISTORY_FOR_EVERYBODY).exclude(verb="state_facts")
    return events


def history_is_whole(person: Person, study: Study) -> bool:
    """Whether no line of the study's history is hidden from the person."""
    return not study_is_blinded_for(person, study) and not earlier_values_are_hidden(person, study)


def site_events_visible_to(person: Person) -> QuerySet[Event]:
    """What happened to people, cohorts and protocols: administration."""
    if not person.has_role(RoleName.ADMINISTRATOR):
        return Event.objects.none()
    return Event.objects.filter(study__isnull=True)


def can_upload(person: Person) -> bool:
    return person.has_role(*_UPLOADERS)


def can_exclude(person: Person, study: Study) -> bool:
    return person.has_role(*_CURATORS) and study.state == StudyState.READY


def can_restore(person: Person, study: Study) -> bool:
    return person.has_role(*_CURATORS) and study.state == StudyState.EXCLUDED


def can_curate(person: Person) -> bool:
    """Exclude and restore at all, whatever the state."""
    return person.has_role(*_CURATORS)


def can_state_facts(person: Person, study: Study) -> bool:
    """Whoever may upload may say what the header lacked; not who may still read it blind."""
    return person.has_role(*_UPLOADERS) and not study_is_blinded_for(person, study)


def can_predict(person: Person, study: Study) -> bool:
    """Ask for a model's result: only whom it may be shown to."""
    return (
        person.has_role(*_UPLOADERS)
        and study.state in (StudyState.READY, StudyState.EXCLUDED)
        and not study_is_blinded_for(person, study)
    )
