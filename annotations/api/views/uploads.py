"""The way in for browsers."""

from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.errors import error_body
from annotations.api.present.intake import outcome_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.intake import (
    KnownContentSerializer,
    KnownQuerySerializer,
    NewUploadSerializer,
    OutcomesQuerySerializer,
    UploadSerializer,
)
from annotations.models import Cohort
from annotations.permissions.studies import can_upload
from annotations.services.intake import Reason, hand_in, known_contents, outcomes_of, refuse_at_door
from annotations.services.take_in import GateUnavailableError
from annotations.states import Door

WAIT_SECONDS = 3.0
"""How long the answer to an upload waits for the film's end: long enough for one film, short enough for many."""

_NOT_YOU = "Readers and adjudicators do not hand films in."


class UploadsView(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": NewUploadSerializer}, responses={201: UploadSerializer})
    def post(self, request: Request) -> Response:
        """Hand in one film. A refusal of the film is an outcome, not an error; `waiting` means ask again."""
        person = person_of(request)
        require(can_upload(person), _NOT_YOU)
        data = checked(NewUploadSerializer, request.data).validated_data
        file = data["file"]
        cohort = one(Cohort.objects.all(), pk=data["cohort"]) if "cohort" in data else None
        try:
            if file.size > settings.UPLOAD_LIMIT_BYTES:
                reason = Reason.too_large(settings.UPLOAD_LIMIT_BYTES)
                refuse_at_door(reason, door=Door.UPLOAD, by=person, cohort=cohort)
                return Response(error_body("too_large", reason.message), status=413)
            outcome = hand_in(
                data=file.read(),
                filename=file.name,
                by=person,
                cohort=cohort,
                door=Door.UPLOAD,
                timeout_seconds=WAIT_SECONDS,
            )
        except (GateUnavailableError, OSError):  # an OSError of the spool: no room
            message = (
                "Films cannot be taken at present: the disk is full or the database is away. Tell the administrator."
            )
            return Response(error_body("gate_unavailable", message), status=503)
        return Response(outcome_json(outcome), status=201)


class UploadOutcomesView(APIView):
    @extend_schema(request=OutcomesQuerySerializer, responses=UploadSerializer(many=True))
    def post(self, request: Request) -> Response:
        """How films stand that were handed in; ids nobody knows are left out."""
        require(can_upload(person_of(request)), _NOT_YOU)
        ids: list[UUID] = checked(OutcomesQuerySerializer, request.data).validated_data["ids"]
        found = outcomes_of(ids)
        return Response([outcome_json(found[pk]) for pk in ids if pk in found])


class UploadKnownView(APIView):
    @extend_schema(request=KnownQuerySerializer, responses=KnownContentSerializer(many=True))
    def post(self, request: Request) -> Response:
        """Which files are here already, so that a batch that broke off is not sent twice."""
        require(can_upload(person_of(request)), _NOT_YOU)
        digests = checked(KnownQuerySerializer, request.data).validated_data["sha256"]
        return Response(
            [
                {"sha256": digest, "outcome": str(result), "study": str(study) if study else None}
                for digest, (result, study) in known_contents(digests).items()
            ]
        )
