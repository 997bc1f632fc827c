"""Report and model card as PDF."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from annotations.api.requests import checked
from boneage_web.evaluation.api.evaluations import one_evaluation
from boneage_web.evaluation.api.figures import figure_of
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.printed.model_card import model_card_pdf
from boneage_web.evaluation.printed.report import evaluation_pdf
from boneage_web.evaluation.serializers import FigureQuerySerializer
from boneage_web.reports.page import Language
from inference.statistics.case_filter import CaseFilter
from inference.statistics.figures.registry import OPTIONS


class PrintedQuerySerializer(FigureQuerySerializer):
    """A filter, and a language."""

    language = serializers.ChoiceField(choices=["en", "zh-Hans"], required=False, default="en")


class ReportView(APIView):
    """The report."""

    @extend_schema(parameters=[PrintedQuerySerializer], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, evaluation: UUID) -> HttpResponse:
        """All figures of a filter on paper."""
        row, wanted, figure, language = _asked(request, evaluation)
        return _pdf(evaluation_pdf(row, wanted, figure, language), f"evaluation-{row.pk}.pdf")


class ModelCardView(APIView):
    """The model card."""

    @extend_schema(parameters=[PrintedQuerySerializer], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, evaluation: UUID) -> HttpResponse:
        """What is known of the model and what is missing, with this evaluation's figures."""
        row, _, figure, language = _asked(request, evaluation)
        return _pdf(model_card_pdf(row, figure, language), f"model-card-{row.model_version.hash[:16]}.pdf")


def _asked(
    request: Request, evaluation: UUID
) -> tuple[Evaluation, CaseFilter, Callable[[str], dict[str, Any]], Language]:
    _, row = one_evaluation(request, evaluation)
    query = checked(PrintedQuerySerializer, request.query_params.dict())
    wanted = query.filter_of(row)

    def figure(name: str) -> dict[str, Any]:
        return figure_of(row, name, wanted, query.options_of(OPTIONS.get(name, frozenset())))

    return row, wanted, figure, cast(Language, query.validated_data["language"])


def _pdf(data: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
