"""Accounts and roles."""

from collections.abc import Collection

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Person, Role
from annotations.permissions.people import can_manage_people
from annotations.services.events import record_event
from annotations.states import Language, RoleName


def _check_administrator(by: Person) -> None:
    if not can_manage_people(by):
        raise NotAllowed("forbidden", "Only administrators manage accounts.")


@transaction.atomic
def add_person(
    *,
    by: Person | None,
    username: str,
    display_name: str,
    password: str,
    roles: Collection[RoleName],
    language: Language = Language.ENGLISH,
    check_password: bool = True,
) -> Person:
    """A new account. ``by`` is None only for accounts made from the command line on the server itself."""
    if by is not None:
        _check_administrator(by)
    person = Person(username=username, display_name=display_name or username, language=language)
    _set_password(person, password, check=check_password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise Conflict("username_taken", "There is an account with this user name already.") from None
    _set_roles(person, roles)
    record_event(who=by, verb="add", row=person, study=None, new=", ".join(sorted(roles))[:64])
    return person


@transaction.atomic
def change_person(
    *,
    by: Person,
    person: Person,
    display_name: str | None = None,
    roles: Collection[RoleName] | None = None,
    is_active: bool | None = None,
    password: str | None = None,
) -> Person:
    """Change what is given and nothing else. An administrator cannot take away their own last way back in."""
    _check_administrator(by)
    old = ", ".join(sorted(person.role_names))
    loses_role = roles is not None and RoleName.ADMINISTRATOR not in roles
    if by.pk == person.pk and (loses_role or is_active is False):
        raise Conflict("own_account", "You cannot take the administrator role or the access from yourself.")
    if display_name is not None:
        person.display_name = display_name
    if is_active is not None:
        person.is_active = is_active
    if password is not None:
        _set_password(person, password, check=True)
    person.save()
    if roles is not None:
        _set_roles(person, roles)
    record_event(who=by, verb="change", row=person, study=None, old=old[:64], new=_summary(person, password)[:64])
    return person


def choose_language(*, person: Person, language: Language) -> None:
    """The language in which this person sees the application."""
    person.language = language
    person.save(update_fields=["language"])


def _summary(person: Person, password: str | None) -> str:
    words = [str(role) for role in sorted(person.role_names)]
    if not person.is_active:
        words.insert(0, "inactive")
    if password is not None:
        words.insert(0, "new password")
    return ", ".join(words)


def _set_password(person: Person, password: str, *, check: bool) -> None:
    if check:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Invalid("weak_password", " ".join(error.messages), fields={"password": error.messages}) from None
    person.set_password(password)


def _set_roles(person: Person, roles: Collection[RoleName]) -> None:
    wanted = {str(role) for role in roles}
    person.roles.exclude(name__in=wanted).delete()
    present = set(person.roles.values_list("name", flat=True))
    Role.objects.bulk_create(Role(person=person, name=name) for name in sorted(wanted - present))
    person.forget_roles()
