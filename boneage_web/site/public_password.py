"""The password of the demonstration accounts opens nothing outside a demonstration, wherever its rows came to."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

PUBLIC_PASSWORD = "boneage-demo"  # noqa: S105  # public on purpose: it opens drawn films on one's own machine


class NoPublicPassword(BaseBackend):
    """Stands before the backend that knows passwords."""

    def authenticate(self, request: HttpRequest | None, password: str | None = None, **ignored: Any) -> None:
        """Refuses the public password, as if it were wrong. Knows nobody."""
        if password == PUBLIC_PASSWORD and not settings.DEMONSTRATION:
            raise PermissionDenied
