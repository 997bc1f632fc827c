"""DICOMweb: the way in for systems that speak HTTP (PS3.18 section 10.5, Store Instances)."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from pydicom.uid import UID
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.errors import error_body
from annotations.api.requests import person_of, require
from annotations.gateway.capacity import Capacity, capacity_limits
from annotations.gateway.multipart_related import ContentType, MultipartError, parts
from annotations.gateway.stow import DICOM, Instance, answer, await_ends, hand_over, status_of
from annotations.permissions.studies import can_upload

WAIT_SECONDS = 10.0
MOST_PARTS = 1_000
RETRY_AFTER_SECONDS = 60


class DeviceAuthentication(BasicAuthentication):
    """HTTP Basic for systems that keep no session. Django's authenticate is asked, so failures lock an account out."""

    www_authenticate_realm = "DICOMweb"

    def authenticate_credentials(self, userid: str, password: str, request: Any = None) -> tuple[Any, None]:
        """The person, active and not locked out. Raises AuthenticationFailed."""
        plain: HttpRequest = request._request  # the middleware that answers 429 looks at this one
        person = authenticate(plain, username=userid, password=password)
        if person is None:
            raise AuthenticationFailed
        return person, None


class DicomJsonRenderer(JSONRenderer):
    """DICOM JSON is JSON under another name."""

    media_type = "application/dicom+json"


class StreamParser(BaseParser):
    """Stands for the body, which the view reads itself, part by part."""

    media_type = "multipart/related"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Never called: nothing asks for ``request.data``."""
        raise UnsupportedMediaType(media_type or "")


@cache
def _capacity() -> Capacity:
    return Capacity(capacity_limits())


class StowView(APIView):
    """Store Instances. A session does not count here: no page of ours sends this, and so no CSRF can."""

    authentication_classes = [DeviceAuthentication]
    renderer_classes = [DicomJsonRenderer, JSONRenderer]
    parser_classes = [StreamParser]

    @extend_schema(exclude=True)  # the standard describes it
    def post(self, request: Request, study_uid: str | None = None) -> Response:
        """Store instances (all of ``study_uid``, where the address names one). PS3.18 10.5 says how it is answered."""
        person = person_of(request)
        require(can_upload(person), "This account may not hand films in.")
        if study_uid is not None and not UID(study_uid).is_valid:
            return _refused(400, "invalid_study_uid", "The study in the address is not a UID.")
        content_type = ContentType.parse(request.META.get("CONTENT_TYPE", ""))
        related = content_type.parameters.get("type", DICOM).lower()
        if content_type.media_type != "multipart/related" or related != DICOM:
            return _refused(415, "unsupported_media_type", 'Send multipart/related; type="application/dicom".')
        read = _body(request._request)
        if read is None:
            return _refused(411, "length_required", "Send the length of the body.")
        capacity = _capacity()
        if not capacity.has_room():
            return _refused(503, "full", "No more films can be taken at present. Try again later.")
        instances: list[Instance] = []
        try:
            boundary = content_type.parameters.get("boundary", "")
            for part in parts(read, boundary, part_limit_bytes=settings.UPLOAD_LIMIT_BYTES):
                if len(instances) == MOST_PARTS:
                    return _refused(413, "too_many_parts", f"At most {MOST_PARTS} instances go into one request.")
                instances.append(hand_over(part, study_uid=study_uid, by=person, has_room=capacity.has_room()))
        except MultipartError as error:
            return _refused(400, "malformed_body", f"{error} What came before it was taken; send the request again.")
        if not instances:
            return _refused(400, "no_instances", "The request holds no instance.")
        await_ends(instances, timeout_seconds=WAIT_SECONDS)
        return Response(answer(instances), status=status_of(instances))

    def handle_exception(self, exc: Exception) -> Response:
        """Errors are in the shape of the whole API, which is not DICOM JSON."""
        response: Response = super().handle_exception(exc)
        response.content_type = "application/json"
        if response.status_code == 401:
            response["WWW-Authenticate"] = self.get_authenticate_header(self.request)
        return response


def _refused(status: int, code: str, message: str) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else None
    return Response(error_body(code, message), status=status, headers=headers, content_type="application/json")


def _body(request: HttpRequest) -> Callable[[int], bytes] | None:
    """How the body is read; None when nobody can tell where it ends.

    Django counts by Content-Length alone; a body in chunks, as Orthanc sends it, is read past it where the server says
    that it knows the end (gunicorn does).
    """
    if request.META.get("CONTENT_LENGTH"):
        return request.read
    if request.META.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked" and request.META.get(
        "wsgi.input_terminated"
    ):
        return request.META["wsgi.input"].read  # type: ignore[no-any-return]
    return None
