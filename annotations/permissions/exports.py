"""Taking data out: what an export holds is what the person may see; these may take it out at all."""

from annotations.models import Person
from annotations.states import RoleName


def can_export(person: Person) -> bool:
    return person.has_role(RoleName.RESEARCHER, RoleName.ADMINISTRATOR)
