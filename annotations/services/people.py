"""Accounts and roles."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Person, Role
from annotations.permissions.people import can_manage_people
from annotations.services.events import record_event
from annotations.states import Language, RoleName

SEEN_EVERY = timedelta(minutes=5)
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""No l, i, o, 0, 1: a one-time password is read out or copied by hand."""


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
    person.must_change_password = by is not None
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
    """Change what is given and nothing else. Nobody takes the last administrator away, and nobody themselves.

    A password that somebody else sets opens nothing but the choice of an own one.
    """
    _check_administrator(by)
    old = ", ".join(sorted(person.role_names))
    loses_role = roles is not None and RoleName.ADMINISTRATOR not in roles
    if by.pk == person.pk and (loses_role or is_active is False):
        raise Conflict("own_account", "You cannot take the administrator role or the access from yourself.")
    if loses_role or is_active is False:
        _keep_an_administrator(without=person)
    if display_name is not None:
        person.display_name = display_name
    if is_active is not None:
        person.is_active = is_active
    if password is not None:
        _set_password(person, password, check=True)
        person.must_change_password = by.pk != person.pk
    person.save()
    if roles is not None:
        _set_roles(person, roles)
    record_event(who=by, verb="change", row=person, study=None, old=old[:64], new=_summary(person, password)[:64])
    return person


@transaction.atomic
def reset_password(*, by: Person, person: Person) -> str:
    """A one-time password, answered once and kept nowhere in the clear; with it the person can only choose their own.

    Sessions of the person end, since the hash that they carry is another's now.
    """
    _check_administrator(by)
    if by.pk == person.pk:
        raise Conflict("own_account", "Change your own password under your name, not by a reset.")
    password = "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    _set_password(person, password, check=False)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    record_event(who=by, verb="reset_password", row=person, study=None)
    return password


@transaction.atomic
def change_own_password(*, person: Person, old: str, new: str) -> None:
    """Choose an own password. Raises Invalid for a wrong present one (``wrong_password``) or a weak new one."""
    if not person.check_password(old):
        raise Invalid("wrong_password", "The present password is not right.", fields={"old": ["Not right."]})
    if old == new:
        raise Invalid("same_password", "Choose a password other than the present one.")
    _set_password(person, new, check=True)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    record_event(who=person, verb="change_password", row=person, study=None)


def note_seen(person: Person) -> None:
    """Remember that the person was here; written at most every few minutes."""
    now = timezone.now()
    if person.last_seen_at is None or now - person.last_seen_at > SEEN_EVERY:
        Person.objects.filter(pk=person.pk).update(last_seen_at=now)


def _keep_an_administrator(*, without: Person) -> None:
    """Refuse to go on without anybody who can enter and manage accounts. Locks the administrators' rows, so that two
    who demote each other do not both succeed."""
    administrators = Person.objects.filter(is_active=True, roles__name=RoleName.ADMINISTRATOR).order_by("pk")
    left = [
        pk for pk in administrators.select_for_update(of=("self",)).values_list("pk", flat=True) if pk != without.pk
    ]
    if not left:
        raise Conflict("last_administrator", "This is the last administrator. Make somebody else one first.")


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
