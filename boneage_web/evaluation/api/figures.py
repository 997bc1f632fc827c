"""Figures of an evaluation: as JSON for a page, as CSV for a file. Each is counted once and kept."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import checked, one
from annotations.base.errors import NotThere
from boneage_web.evaluation.api.evaluations import csv_response, evaluations, one_evaluation
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.present import csv_text
from boneage_web.evaluation.serializers import (
    ComparisonQuerySerializer,
    FigureQuerySerializer,
    FigureSerializer,
)
from boneage_web.evaluation.services.methods import table2
from boneage_web.evaluation.services.tables import figure_json, figure_key, load_table
from inference.statistics.case_filter import CaseFilter
from inference.statistics.figures.comparison import comparison
from inference.statistics.figures.population import table1
from inference.statistics.figures.registry import FIGURES, OPTIONS

POPULATION_FIGURES = ("table1", "table2", "detector")
"""Of the whole population, whatever the filter says."""


class FigureView(APIView):
    """One figure."""

    @extend_schema(parameters=[FigureQuerySerializer], responses=FigureSerializer)
    def get(self, request: Request, evaluation: UUID, figure: str) -> HttpResponse:
        """The figure of a filter. A browser that has it is told so."""
        _, row = one_evaluation(request, evaluation)
        query = checked(FigureQuerySerializer, request.query_params.dict())
        wanted = query.filter_of(row)
        if figure in POPULATION_FIGURES:
            return Response(_of_population(row, figure, wanted))
        options = query.options_of(_options_of(figure))
        tag = f'"{figure_key(row, figure, wanted, options)}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers={"ETag": tag})
        made = figure_json(row, figure, wanted, options)
        return HttpResponse(
            made, content_type="application/json", headers={"ETag": tag, "Cache-Control": "private, no-cache"}
        )


class FigureFileView(APIView):
    """The table behind a figure."""

    @extend_schema(parameters=[FigureQuerySerializer], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, evaluation: UUID, figure: str) -> HttpResponse:
        """As CSV; its first lines say model, population, truth and filter."""
        _, row = one_evaluation(request, evaluation)
        query = checked(FigureQuerySerializer, request.query_params.dict())
        wanted = query.filter_of(row)
        found = figure_of(row, figure, wanted, query.options_of(OPTIONS.get(figure, frozenset())))
        return csv_response(csv_text(row, wanted, found["columns"], found["rows"]), f"{figure}-{row.pk}.csv")


class ComparisonView(APIView):
    """Two models."""

    @extend_schema(parameters=[ComparisonQuerySerializer], responses=FigureSerializer)
    def get(self, request: Request, evaluation: UUID) -> Response:
        """The other evaluation's model against this one's, on the films that both gave an age: paired differences."""
        _, row = one_evaluation(request, evaluation)
        query = checked(ComparisonQuerySerializer, request.query_params.dict())
        other = one(evaluations(), pk=query.validated_data["other"])
        return Response({"figure": "comparison", **compared(row, other, query.filter_of(row))})


class ComparisonFileView(APIView):
    """Two models as a file."""

    @extend_schema(parameters=[ComparisonQuerySerializer], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, evaluation: UUID) -> HttpResponse:
        """The comparison's table as CSV."""
        _, row = one_evaluation(request, evaluation)
        query = checked(ComparisonQuerySerializer, request.query_params.dict())
        other = one(evaluations(), pk=query.validated_data["other"])
        wanted = query.filter_of(row)
        found = compared(row, other, wanted)
        return csv_response(
            csv_text(row, wanted, found["columns"], found["rows"]), f"comparison-{row.pk}-{other.pk}.csv"
        )


def compared(first: Evaluation, second: Evaluation, wanted: CaseFilter) -> dict[str, Any]:
    """The comparison of two evaluations on the films that both have."""
    return comparison(load_table(first.case_table), load_table(second.case_table), wanted).to_json()


def figure_of(evaluation: Evaluation, figure: str, wanted: CaseFilter, options: dict[str, Any]) -> dict[str, Any]:
    """Any figure by name. Raises NotThere."""
    if figure in POPULATION_FIGURES:
        return _of_population(evaluation, figure, wanted)
    _options_of(figure)
    return dict(json.loads(figure_json(evaluation, figure, wanted, options)))


def _options_of(figure: str) -> frozenset[str]:
    if figure not in FIGURES:
        raise NotThere("unknown_figure", f"There is no figure {figure!r}; there are {', '.join(FIGURES)}.")
    return OPTIONS.get(figure, frozenset())


def _of_population(evaluation: Evaluation, figure: str, wanted: CaseFilter) -> dict[str, Any]:
    if figure == "table1":
        return {"figure": figure, **table1(evaluation.report["table1"], wanted.band_by).to_json()}
    if figure == "table2":
        return {"figure": figure, **table2(evaluation).to_json()}
    found = evaluation.report.get("detector")
    if found is None:
        raise NotThere("no_boxes", "No film of this evaluation has labelled boxes, so the detector was not scored.")
    return {"figure": figure, **found}
