"""What the boxes of a study cost."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.effort import efforts_json
from annotations.api.requests import one, person_of
from annotations.api.serializers.effort import BoxSetEffortSerializer
from annotations.permissions.studies import studies_visible_to


class StudyEffortView(APIView):
    @extend_schema(responses=BoxSetEffortSerializer(many=True))
    def get(self, request: Request, study: UUID) -> Response:
        """Submitted box sets with actions, seconds and overlap with the model's; of others only for those who plan."""
        person = person_of(request)
        return Response(efforts_json(person, one(studies_visible_to(person), pk=study)))
