"""The way in for browsers."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.errors import error_body
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.studies import NewUploadSerializer, UploadSerializer
from annotations.models import Cohort
from annotations.permissions.studies import can_upload
from annotations.services.intake import IntakeOutcome, receive


def outcome_json(outcome: IntakeOutcome) -> dict[str, object]:
    """How one file ended, for the uploader and for the command line."""
    reason = outcome.reason
    return {
        "file": outcome.file,
        "outcome": str(outcome.outcome),
        "reason": {"code": reason.code, "message": reason.message, "message_zh": reason.message_zh} if reason else None,
        "study": str(outcome.study) if outcome.study else None,
    }


class UploadsView(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": NewUploadSerializer}, responses={201: UploadSerializer})
    def post(self, request: Request) -> Response:
        """Hand in one film. A refusal of the film is an outcome, not an error."""
        person = person_of(request)
        require(can_upload(person), "Readers and adjudicators do not hand films in.")
        data = checked(NewUploadSerializer, request.data).validated_data
        file = data["file"]
        limit = settings.UPLOAD_LIMIT_BYTES
        if file.size > limit:
            message = f"A film has at most {limit // (1024 * 1024)} megabytes. Send the single film."
            return Response(error_body("too_large", message), status=413)
        cohort = one(Cohort.objects.all(), pk=data["cohort"]) if "cohort" in data else None
        outcome = receive(data=file.read(), filename=file.name, by=person, cohort=cohort)
        return Response(outcome_json(outcome), status=201)
