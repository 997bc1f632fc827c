"""Session sign-in for the API, and how the schema describes it."""

import copy
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.request import Request

from annotations.base.errors import NotAllowed
from annotations.models import Person
from annotations.services.people import note_seen

_WHERE_ONE_CHOOSES = "/api/v1/session"


class SessionAuthentication(DrfSessionAuthentication):
    """Sessions with CSRF; names a scheme, so that whoever is not signed in gets 401 and not 403.

    Whoever signed in with a password that an administrator made can do nothing but choose their own.
    """

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """The session's person, who is noted as seen."""
        found = super().authenticate(request)
        if found is not None and isinstance(found[0], Person):
            person = found[0]
            if person.must_change_password and not request.path.startswith(_WHERE_ONE_CHOOSES):
                raise NotAllowed("must_change_password", "Choose your own password first.")
            note_seen(person)
            return copy.copy(person), None  # itself, not what asks for it at first use and stands between ever after
        return found

    def authenticate_header(self, request: Request) -> str:
        """Value of WWW-Authenticate; browsers show no dialogue for a scheme they do not know."""
        return "Session"


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A cookie; changes also carry the header X-CSRFToken from the cookie csrftoken."""

    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """OpenAPI security scheme."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
