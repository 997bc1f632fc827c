"""The reading room. A token belongs to one reader; anybody else gets 404."""

from django.http import FileResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.reading import reading_json
from annotations.api.requests import checked, one, person_of
from annotations.api.serializers.reading import (
    ReadAmendmentSerializer,
    ReadingSerializer,
    ReadSubmissionSerializer,
    ReadTokenSerializer,
)
from annotations.api.serializers.strict import NothingSerializer, ReasonSerializer
from annotations.api.views.radiographs import BINARY, pixels_response
from annotations.base.errors import NotThere
from annotations.models import Person, Read
from annotations.permissions.reads import is_closed_to_its_reader, own_readings
from annotations.services import reads
from annotations.services.openings import record_opening
from annotations.states import OpeningKind, ReadStatus


def _reading(person: Person, token: str) -> Read:
    queryset = own_readings(person).exclude(status=ReadStatus.WITHDRAWN)
    read = one(queryset.select_related("radiograph__study", "protocol", "reread_case"), token=token)
    if is_closed_to_its_reader(read):
        raise NotThere(
            "closed_for_now", "This reading is closed for some weeks, so that films can be read again blind."
        )
    return read


class ReadNextView(APIView):
    @extend_schema(request=NothingSerializer, responses={200: ReadTokenSerializer, 204: None})
    def post(self, request: Request) -> Response:
        """The next film to read blind, as an opaque token. 204 when nothing is left."""
        person = person_of(request)
        checked(NothingSerializer, request.data)
        read = reads.read_next(person=person)
        return Response(status=204) if read is None else Response({"token": read.token})


class ReadingView(APIView):
    @extend_schema(responses=ReadingSerializer)
    def get(self, request: Request, token: str) -> Response:
        """One reading."""
        person = person_of(request)
        read = _reading(person, token)
        record_opening(person=person, radiograph=read.radiograph_id, kind=OpeningKind.FILM, place="reading")
        return Response(reading_json(person, read))


class ReadingPixelsView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): BINARY})
    def get(self, request: Request, token: str) -> FileResponse:
        """16-bit values of the film."""
        return pixels_response(_reading(person_of(request), token).radiograph)


class ReadingSubmitView(APIView):
    @extend_schema(request=ReadSubmissionSerializer, responses=ReadingSerializer)
    def post(self, request: Request, token: str) -> Response:
        """Lock the bone age."""
        person = person_of(request)
        data = checked(ReadSubmissionSerializer, request.data).validated_data
        read = reads.submit_read(person=person, read=_reading(person, token), **data)
        return Response(reading_json(person, read))


class ReadingUnreadableView(APIView):
    @extend_schema(request=ReasonSerializer, responses=ReadingSerializer)
    def post(self, request: Request, token: str) -> Response:
        """Say that the film cannot be read."""
        person = person_of(request)
        reason = checked(ReasonSerializer, request.data).validated_data["reason"]
        read = reads.cannot_read(person=person, read=_reading(person, token), reason=reason)
        return Response(reading_json(person, read))


class ReadingAmendView(APIView):
    @extend_schema(request=ReadAmendmentSerializer, responses=ReadingSerializer)
    def post(self, request: Request, token: str) -> Response:
        """A new version of a locked reading, with a reason."""
        person = person_of(request)
        data = checked(ReadAmendmentSerializer, request.data).validated_data
        read = reads.amend_read(person=person, read=_reading(person, token), **data)
        return Response(reading_json(person, read))
