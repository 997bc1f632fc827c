"""How readers differ, and how far they are. No film is named, and few films give no figure."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.readers import progress_json, readers_csv, readers_json
from annotations.api.requests import checked, person_of, require
from annotations.api.serializers.readers import (
    ReaderFiguresSerializer,
    ReadersQuerySerializer,
    ReadingProgressSerializer,
)
from annotations.models import Person
from annotations.permissions.readers import can_see_readers


def _viewer(request: Request) -> Person:
    person = person_of(request)
    require(can_see_readers(person), "Only reviewers, researchers and administrators see how readers differ.")
    return person


def _figures(request: Request) -> dict[str, Any]:
    person = _viewer(request)
    query = checked(ReadersQuerySerializer, request.query_params.dict()).validated_data
    return readers_json(person, cohort=query.get("cohort"), against=query["against"])


class ReadersView(APIView):
    @extend_schema(parameters=[ReadersQuerySerializer], responses=ReaderFiguresSerializer)
    def get(self, request: Request) -> Response:
        """Each reader against the others or the consensus, in pairs, against themselves, and over time."""
        return Response(_figures(request))


class ReadersCsvView(APIView):
    @extend_schema(parameters=[ReadersQuerySerializer], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """The same figures as CSV, one line for each measure."""
        response = HttpResponse("\ufeff" + readers_csv(_figures(request)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="readers.csv"'
        return response


class ReadingProgressView(APIView):
    @extend_schema(responses=ReadingProgressSerializer)
    def get(self, request: Request) -> Response:
        """How far reading is, per person and per cohort."""
        return Response(progress_json(_viewer(request)))
