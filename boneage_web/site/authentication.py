"""Session sign-in for the API."""

from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(DrfSessionAuthentication):
    """Sessions with CSRF; names a scheme, so that whoever is not signed in gets 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:
        """Value of WWW-Authenticate; browsers show no dialogue for a scheme they do not know."""
        return "Session"
