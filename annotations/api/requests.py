"""What every view needs to know of a request."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from annotations.base.errors import NotAllowed, NotThere
from annotations.models import Person

Row = TypeVar("Row", bound=Model)
Checked = TypeVar("Checked", bound=BaseSerializer)


def person_of(request: Request) -> Person:
    """The signed-in person."""
    if not isinstance(request.user, Person):
        raise NotAuthenticated
    return request.user


def checked(serializer: type[Checked], data: Any) -> Checked:
    """The serializer with valid data; otherwise 400 with the fields that are wrong."""
    instance = serializer(data=data)
    instance.is_valid(raise_exception=True)
    return instance


def one(queryset: QuerySet[Row], **lookup: Any) -> Row:
    """The row that this person may see; otherwise 404, whether it exists or not."""
    return there(queryset.filter(**lookup).first())


def there(row: Row | None) -> Row:
    """The row, if there is one that this person may see; otherwise 404, whether it exists or not."""
    if row is None:
        raise NotThere("not_found", "There is no such thing, or you may not know of it.")
    return row


def require(allowed: bool, message: str = "Your roles do not allow this.") -> None:
    """403 unless allowed."""
    if not allowed:
        raise NotAllowed("forbidden", message)
