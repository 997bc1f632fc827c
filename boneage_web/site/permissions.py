"""Who may see and do what machines did: which roles, said once."""

from annotations.models import Person
from annotations.states import RoleName

_MODEL_WORKERS = (RoleName.RESEARCHER, RoleName.ADMINISTRATOR)
_EVALUATION_VIEWERS = (RoleName.REVIEWER, *_MODEL_WORKERS)


def can_work_on_models(person: Person) -> bool:
    """Freeze data sets; start, follow and cancel runs; register, activate and retire models."""
    return person.has_role(*_MODEL_WORKERS)


def can_see_models(person: Person) -> bool:
    """Which models there are, and what is known of them: whoever works here may see that."""
    return bool(person.role_names)


def can_see_evaluations(person: Person) -> bool:
    """Evaluations show ages and truths of single films: not to somebody who may still have to read such films."""
    return person.has_role(*_EVALUATION_VIEWERS) and not person.has_role(RoleName.READER)


def can_register_from_folder(person: Person) -> bool:
    """Name a folder on the server."""
    return person.has_role(RoleName.ADMINISTRATOR)
