"""Sign-in and health: the only addresses that answer somebody who is not signed in."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.errors import error_body
from annotations.api.requests import checked, person_of
from annotations.models import Person
from annotations.services.people import change_own_password, choose_language
from annotations.states import Language
from boneage_web.site.health import health
from boneage_web.site.serializers import (
    HealthSerializer,
    OwnPasswordSerializer,
    SessionChangeSerializer,
    SessionSerializer,
    SignInSerializer,
)


def session_json(request: Request) -> dict[str, Any]:
    """Who is signed in, and where."""
    user = None
    if isinstance(request.user, Person):
        user = {
            "id": str(request.user.pk),
            "username": request.user.username,
            "display_name": request.user.display_name,
            "roles": sorted(str(name) for name in request.user.role_names),
            "language": request.user.language,
            "must_change_password": request.user.must_change_password,
        }
    site = {"mode": settings.MODE, "version": settings.VERSION, "demonstration": settings.DEMONSTRATION}
    return {"user": user, "site": site}


@method_decorator(csrf_protect, name="dispatch")
class SessionView(APIView):
    """Sign in, out, and who am I. Signing in needs the site's token too: nobody signs another browser in."""

    permission_classes = [AllowAny]

    @extend_schema(responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in; also hands out the token that changes need."""
        get_token(request)
        return Response(session_json(request))

    @extend_schema(request=SignInSerializer, responses=SessionSerializer)
    def post(self, request: Request) -> Response:
        """Sign in. After too many failures the account is locked for a while, from this address."""
        data = checked(SignInSerializer, request.data).validated_data
        plain: HttpRequest = request._request
        person = authenticate(plain, username=data["username"], password=data["password"])
        if person is None:  # also when locked out; the middleware then answers 429
            return Response(
                error_body("wrong_credentials", "User name and password do not fit. Check both and try again."),
                status=401,
            )
        login(plain, person)
        request.user = person
        return Response(session_json(request))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out."""
        person_of(request)
        logout(request._request)
        return Response(status=204)

    @extend_schema(request=SessionChangeSerializer, responses=SessionSerializer)
    def patch(self, request: Request) -> Response:
        """Choose a language."""
        person = person_of(request)
        data = checked(SessionChangeSerializer, request.data).validated_data
        choose_language(person=person, language=Language(data["language"]))
        return Response(session_json(request))


class PasswordView(APIView):
    """Choosing one's own password; the only thing that a one-time password opens."""

    @extend_schema(request=OwnPasswordSerializer, responses=SessionSerializer)
    def post(self, request: Request) -> Response:
        """Change my password; this session goes on, all others end."""
        person = person_of(request)
        data = checked(OwnPasswordSerializer, request.data).validated_data
        change_own_password(person=person, old=data["old"], new=data["new"])
        update_session_auth_hash(request._request, person)
        return Response(session_json(request))


class HealthView(APIView):
    """For machines that watch this one."""

    permission_classes = [AllowAny]
    authentication_classes: list[type] = []

    @extend_schema(responses=HealthSerializer)
    def get(self, request: Request) -> Response:
        """Whether database, workers and model are there."""
        answer, status = health()
        return Response(answer, status=status)
