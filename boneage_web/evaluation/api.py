"""Evaluations."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.strict import StrictSerializer
from annotations.selectors.keyset import keyset_page
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.present import evaluation_json, evaluation_row, table_csv
from boneage_web.evaluation.serializers import EvaluationPageSerializer, EvaluationSerializer
from boneage_web.site.permissions import can_see_evaluations

REFUSED = "Evaluations show ages of single films: for reviewers, researchers and administrators who read none."


class EvaluationQuerySerializer(StrictSerializer):
    """Filters of the list."""

    model = serializers.UUIDField(required=False)
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


def _evaluations() -> QuerySet[Evaluation]:
    return Evaluation.objects.select_related("model_version", "snapshot", "cohort")


class EvaluationsView(APIView):
    """All evaluations."""

    @extend_schema(parameters=[EvaluationQuerySerializer], responses=EvaluationPageSerializer)
    def get(self, request: Request) -> Response:
        """Evaluations, newest first, without their cases."""
        require(can_see_evaluations(person_of(request)), REFUSED)
        wanted = checked(EvaluationQuerySerializer, request.query_params.dict()).validated_data
        rows = _evaluations().filter(**({"model_version": wanted["model"]} if "model" in wanted else {}))
        page = keyset_page(rows, key="created_at", descending=True, cursor=wanted.get("cursor"), limit=wanted["limit"])
        results = [evaluation_row(evaluation) for evaluation in page.rows]
        return Response({"results": results, "next": page.next_cursor, "total": rows.count()})


class EvaluationView(APIView):
    """One evaluation."""

    @extend_schema(responses=EvaluationSerializer)
    def get(self, request: Request, evaluation: UUID) -> Response:
        """One evaluation with all its figures and cases."""
        require(can_see_evaluations(person_of(request)), REFUSED)
        return Response(evaluation_json(one(_evaluations(), pk=evaluation)))


class EvaluationTableView(APIView):
    """Table 3."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, evaluation: UUID) -> HttpResponse:
        """Table 3 as CSV."""
        require(can_see_evaluations(person_of(request)), REFUSED)
        row = one(_evaluations(), pk=evaluation)
        response = HttpResponse("\ufeff" + table_csv(row), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="table3-{row.pk}.csv"'
        return response
