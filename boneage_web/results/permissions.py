"""Who signs, corrects, examines and loads; who may see a result at all is decided by blinding alone."""

from annotations.models import Person, Study
from annotations.permissions.blinding import study_is_blinded_for
from annotations.states import RoleName, StudyState

_SIGNERS = (RoleName.READER, RoleName.ADJUDICATOR, RoleName.REVIEWER)
"""People who judge films. A reader signs only what they cannot be asked to read blind any more."""
_MODEL_WORKERS = (RoleName.RESEARCHER, RoleName.ADMINISTRATOR)


def can_sign(person: Person, study: Study) -> bool:
    """Put one's name under a result, also with an age of one's own."""
    return person.has_role(*_SIGNERS) and study.state == StudyState.READY and not study_is_blinded_for(person, study)


def can_examine(person: Person, study: Study) -> bool:
    """Ask a worker for a closer look: whoever sees the result."""
    return bool(person.role_names) and not study_is_blinded_for(person, study)


def can_state_height(person: Person, study: Study) -> bool:
    """Type the child's height, or correct it: whoever sees the result of a film that is in use."""
    return can_examine(person, study) and study.state == StudyState.READY


def can_load_references(person: Person) -> bool:
    return person.has_role(RoleName.ADMINISTRATOR)


def can_see_references(person: Person) -> bool:
    return bool(person.role_names)


def can_calibrate(person: Person) -> bool:
    """A correction shows the errors of single films' ages: not for somebody who may still have to read them."""
    return person.has_role(*_MODEL_WORKERS) and not person.has_role(RoleName.READER)
