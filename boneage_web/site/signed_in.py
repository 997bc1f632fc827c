"""Who is signed in: each request begins with this question."""

from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from annotations.base.prepared import prepared
from annotations.models import Person, Role


class PersonBackend(ModelBackend):
    """Django's backend of passwords, which asks for a person together with their roles."""

    def get_user(self, user_id: UUID) -> Person | None:
        """The person, unless the account is closed."""
        roles = _roles_of(user_id)
        if not roles:
            return super().get_user(user_id)
        person = roles[0].person
        person.take_roles(role.name for role in roles)
        return person if self.user_can_authenticate(person) else None


@prepared
def _roles_of(person: UUID) -> QuerySet[Role]:
    return Role.objects.filter(person=person).select_related("person")
