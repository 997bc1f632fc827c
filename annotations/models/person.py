"""Who works here, and what they may do."""

import uuid
from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import QuerySet, UniqueConstraint

from annotations.base.constraints import choices, longest, one_of
from annotations.base.prepared import prepared
from annotations.base.prepared_values import StandIn
from annotations.states import Language, RoleName


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(StandIn, AbstractBaseUser):
    """Somebody with an account. Rights follow from :class:`Role` rows and from nothing else.

    ``must_change_password``: the password was made by an administrator and opens nothing but the change of itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=120)
    language = models.CharField(max_length=longest(Language), choices=choices(Language), default=Language.ENGLISH)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    last_seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        constraints = [one_of("language", Language, name="person_language_known")]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.display_name

    @property
    def role_names(self) -> frozenset[RoleName]:
        """The roles of this person, read once per instance (an instance lives as long as one request)."""
        if not hasattr(self, "_role_names"):
            fetched = self.__dict__.get("_prefetched_objects_cache", {}).get("roles")
            names = _names_of_roles(self.pk) if fetched is None else [role.name for role in fetched]
            self.take_roles(names)
        return self._role_names

    def take_roles(self, names: Iterable[str]) -> None:
        """Keep the names of all roles, wherever they were read."""
        self._role_names = frozenset(map(RoleName, names))

    def shape(self) -> frozenset[RoleName]:
        """What a prepared question may depend on beside the key: see :mod:`annotations.base.prepared`."""
        return self.role_names

    def stand_in(self, pk: uuid.UUID) -> "Person":
        """Somebody with the same roles, of whom nothing else is known."""
        other = Person.from_db(self._state.db, ["id"], [pk])
        other._role_names = self.role_names
        return other

    def has_role(self, *names: RoleName) -> bool:
        """Whether the person holds at least one of the roles."""
        return not self.role_names.isdisjoint(names)

    def forget_roles(self) -> None:
        """Read the roles again at the next question, after they were changed."""
        self.__dict__.pop("_role_names", None)
        self.__dict__.get("_prefetched_objects_cache", {}).pop("roles", None)


class Role(models.Model):
    """One role that one person holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=longest(RoleName), choices=choices(RoleName))
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            one_of("name", RoleName, name="role_name_known"),
            UniqueConstraint(fields=["person", "name"], name="role_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.name}"


@prepared
def _names_of_roles(person: uuid.UUID) -> QuerySet[Role, str]:
    return Role.objects.filter(person=person).values_list("name", flat=True)
