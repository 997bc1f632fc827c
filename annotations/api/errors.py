"""One shape for every error: ``{"error": {"code", "message", "details"}}``."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotations.base.errors import Conflict, Invalid, NotAllowed, NotThere, Refusal

_STATUS_OF_REFUSAL: Mapping[type[Refusal], int] = {
    Invalid: status.HTTP_400_BAD_REQUEST,
    NotAllowed: status.HTTP_403_FORBIDDEN,
    NotThere: status.HTTP_404_NOT_FOUND,
    Conflict: status.HTTP_409_CONFLICT,
}
_CODE_OF_STATUS = {
    400: "invalid",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "throttled",
}
_SENTENCE_OF_STATUS = {
    401: "Sign in first.",
    403: "Your roles do not allow this.",
    404: "There is no such thing, or you may not know of it.",
}


def error_body(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body of every error answer."""
    return {"error": {"code": code, "message": message, "details": dict(details or {})}}


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn a refusal of this application, or an exception of the framework, into an answer; None for a true fault."""
    if isinstance(exception, Refusal):
        set_rollback()
        return Response(
            error_body(exception.code, exception.message, exception.details), status=status_of_refusal(exception)
        )
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if not isinstance(exception, exceptions.APIException):
        return None
    set_rollback()
    return _framework_answer(exception)


def status_of_refusal(refusal: Refusal) -> int:
    """HTTP status of a refusal of the services."""
    return next(
        (code for kind, code in _STATUS_OF_REFUSAL.items() if isinstance(refusal, kind)), status.HTTP_400_BAD_REQUEST
    )


def _framework_answer(exception: exceptions.APIException) -> Response:
    code = exception.status_code
    if isinstance(exception, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        code = status.HTTP_401_UNAUTHORIZED
    headers = {}
    wait = getattr(exception, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait))
    if isinstance(exception, exceptions.ValidationError):
        message = "Some fields cannot be used: see details.fields."
        details: dict[str, Any] = {"fields": _fields(exception.detail)}
    else:
        message = _SENTENCE_OF_STATUS.get(code, str(exception.detail))
        details = {}
    given = exception.get_codes()
    name = "csrf_failed" if "CSRF" in str(exception.detail) else _CODE_OF_STATUS.get(code, str(given))
    return Response(error_body(name, message, details), status=code, headers=headers)


def _fields(detail: Any) -> dict[str, Any]:
    """Field -> messages, whatever form the framework gave them."""
    if isinstance(detail, Mapping):
        return {str(name): value for name, value in detail.items()}
    return {"non_field_errors": detail}
