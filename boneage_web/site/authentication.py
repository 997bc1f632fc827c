"""Session sign-in for the API, and how the schema describes it."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(DrfSessionAuthentication):
    """Sessions with CSRF; names a scheme, so that whoever is not signed in gets 401 and not 403."""

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
