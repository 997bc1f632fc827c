"""A study's result."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import one, person_of
from annotations.base.errors import NotAllowed
from annotations.permissions.blinding import study_is_blinded_for
from annotations.permissions.studies import studies_visible_to
from annotations.services.exposures import record_exposures
from annotations.states import ExposureKind
from boneage_web.results.present import result_json
from boneage_web.results.serializers import ResultSerializer


class StudyResultView(APIView):
    """What is known of a child's bone age."""

    @extend_schema(responses=ResultSerializer)
    def get(self, request: Request, study: UUID) -> Response:
        """The result of a study. Who may still read its film blind is turned away; who sees it is remembered."""
        person = person_of(request)
        row = one(studies_visible_to(person), pk=study)
        if study_is_blinded_for(person, row):
            raise NotAllowed("blinded", "You may still be asked to read this film. Its result stays hidden until then.")
        result = result_json(person, row)
        if result["radiograph"] is not None:
            shown = {
                ExposureKind.MODEL_RESULT: result["prediction"],
                ExposureKind.CHRONOLOGICAL_AGE: result["chronological_age_months"],
                ExposureKind.CONSENSUS: result["truth"],
            }
            radiograph = UUID(result["radiograph"]["id"])
            kinds = [(radiograph, kind) for kind, value in shown.items() if value is not None]
            record_exposures(person=person, shown=kinds, place="result")
        return Response(result)
