"""People with roles."""

from annotations.models import Person, Role
from annotations.states import RoleName

PERSONAS: dict[str, tuple[RoleName, ...]] = {
    "nobody": (),
    "labeller": (RoleName.LABELLER,),
    "reader": (RoleName.READER,),
    "adjudicator": (RoleName.ADJUDICATOR,),
    "reviewer": (RoleName.REVIEWER,),
    "researcher": (RoleName.RESEARCHER,),
    "administrator": (RoleName.ADMINISTRATOR,),
}
"""One persona per role, and one account without any."""


def make_person(username: str, *roles: RoleName) -> Person:
    """A person with these roles and no usable password."""
    person = Person(username=username, display_name=username.capitalize())
    person.set_unusable_password()
    person.save()
    Role.objects.bulk_create(Role(person=person, name=role) for role in roles)
    return person


def make_personas() -> dict[str, Person]:
    """One person for each of :data:`PERSONAS`."""
    return {name: make_person(name, *roles) for name, roles in PERSONAS.items()}
