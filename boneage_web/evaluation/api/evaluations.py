"""Evaluations: the list, one of them, its single cases."""

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
from annotations.base.errors import Conflict
from annotations.models import Person
from annotations.selectors.keyset import keyset_page
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.present import csv_text, evaluation_json, evaluation_row
from boneage_web.evaluation.selectors import case_detail, cases_page
from boneage_web.evaluation.serializers import (
    CaseDetailSerializer,
    CaseListQuerySerializer,
    CaseOrderQuerySerializer,
    CasePageSerializer,
    EvaluationPageSerializer,
    EvaluationSerializer,
)
from boneage_web.site.permissions import can_see_evaluations

REFUSED = "Evaluations show ages of single films: for reviewers, researchers and administrators who read none."
CASES_IN_A_FILE = 20_000
"""Each case that leaves in a file is an exposure of its own; more are a matter for the snapshot."""


class EvaluationQuerySerializer(StrictSerializer):
    """Filters of the list."""

    model = serializers.UUIDField(required=False)
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


def evaluations() -> QuerySet[Evaluation]:
    """Evaluations with all that their rows show."""
    return Evaluation.objects.select_related("model_version", "snapshot", "cohort").defer("region_marks")


def one_evaluation(request: Request, evaluation: UUID) -> tuple[Person, Evaluation]:
    """Who asks, and the evaluation; 403 for whoever may not see evaluations, 404 where there is none."""
    person = person_of(request)
    require(can_see_evaluations(person), REFUSED)
    return person, one(evaluations(), pk=evaluation)


class EvaluationsView(APIView):
    """All evaluations."""

    @extend_schema(parameters=[EvaluationQuerySerializer], responses=EvaluationPageSerializer)
    def get(self, request: Request) -> Response:
        """Evaluations, newest first, without their cases."""
        require(can_see_evaluations(person_of(request)), REFUSED)
        wanted = checked(EvaluationQuerySerializer, request.query_params.dict()).validated_data
        rows = evaluations().filter(**({"model_version": wanted["model"]} if "model" in wanted else {}))
        page = keyset_page(rows, keys=("-created_at",), cursor=wanted.get("cursor"), limit=wanted["limit"])
        results = [evaluation_row(evaluation) for evaluation in page.rows]
        return Response({"results": results, "next": page.next_cursor, "total": rows.count()})


class EvaluationView(APIView):
    """One evaluation."""

    @extend_schema(responses=EvaluationSerializer)
    def get(self, request: Request, evaluation: UUID) -> Response:
        """What its filters offer and what was counted once; its figures have addresses of their own."""
        _, row = one_evaluation(request, evaluation)
        return Response(evaluation_json(row))


class CasesView(APIView):
    """Single cases. Showing one is an exposure: whoever saw it does not read that film blind."""

    @extend_schema(parameters=[CaseListQuerySerializer], responses=CasePageSerializer)
    def get(self, request: Request, evaluation: UUID) -> Response:
        """Cases of a filter in the chosen order, furthest off first."""
        person, row = one_evaluation(request, evaluation)
        query = checked(CaseListQuerySerializer, request.query_params.dict())
        wanted = query.validated_data
        page = cases_page(
            person,
            row,
            query.filter_of(row),
            query.order_of(),
            cursor=wanted.get("cursor"),
            limit=wanted["limit"],
        )
        return Response({"results": page.rows, "next": page.next_cursor, "total": page.total})


class CaseView(APIView):
    """One case."""

    @extend_schema(parameters=[CaseOrderQuerySerializer], responses=CaseDetailSerializer)
    def get(self, request: Request, evaluation: UUID, case: int) -> Response:
        """Film, boxes, reads, consensus, the hash of the weights that its number rests on, and which cases come before
        and after it in the order that is named."""
        person, row = one_evaluation(request, evaluation)
        query = checked(CaseOrderQuerySerializer, request.query_params.dict())
        return Response(case_detail(person, row, query.filter_of(row), case, query.order_of()))


class CasesFileView(APIView):
    """Single cases as a file."""

    @extend_schema(parameters=[CaseListQuerySerializer], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, evaluation: UUID) -> HttpResponse:
        """All cases of a filter as CSV; each is an exposure."""
        person, row = one_evaluation(request, evaluation)
        query = checked(CaseListQuerySerializer, request.query_params.dict())
        wanted = query.filter_of(row)
        page = cases_page(person, row, wanted, query.order_of(), cursor=None, limit=CASES_IN_A_FILE)
        if page.total > CASES_IN_A_FILE:
            raise Conflict(
                "too_many_cases", f"A file holds {CASES_IN_A_FILE} cases and these are {page.total}: narrow the filter."
            )
        columns = [
            *("film", "study", "sex", "truth_months", "predicted_months", "difference_months"),
            *("chronological_age_months", "rejected", "quality"),
        ]
        text = csv_text(row, wanted, columns, ([case[name] for name in columns] for case in page.rows))
        return csv_response(text, f"cases-{row.pk}.csv")


def csv_response(text: str, filename: str) -> HttpResponse:
    """A file to save."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
