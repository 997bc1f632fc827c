"""Who opened which film: a page and a file, for administrators."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import person_json
from annotations.api.requests import checked, person_of, require
from annotations.api.serializers.openings import (
    OpeningFilterSerializer,
    OpeningPageSerializer,
    OpeningQuerySerializer,
)
from annotations.base.spreadsheet import plain_cell
from annotations.models import Opening, Person
from annotations.permissions.openings import can_see_openings, openings_visible_to
from annotations.selectors.keyset import keyset_page

_NOT_YOU = "The log of openings is for administrators who do not read films."
COLUMNS = ("at", "username", "display_name", "kind", "place", "study", "pseudonym")
_CONDITIONS = {
    "person": "person",
    "study": "radiograph__study",
    "kind": "kind",
    "since": "at__gte",
    "until": "at__lt",
}


def _openings(person: Person, query: Mapping[str, Any]) -> QuerySet[Opening]:
    require(can_see_openings(person), _NOT_YOU)
    wanted = {_CONDITIONS[name]: value for name, value in query.items() if name in _CONDITIONS and value}
    return openings_visible_to(person).filter(**wanted).select_related("person", "radiograph__study__patient")


class OpeningsView(APIView):
    @extend_schema(parameters=[OpeningQuerySerializer], responses=OpeningPageSerializer)
    def get(self, request: Request) -> Response:
        """A page of the log, newest first."""
        person = person_of(request)
        require(can_see_openings(person), _NOT_YOU)
        query = checked(OpeningQuerySerializer, request.query_params.dict()).validated_data
        page = keyset_page(_openings(person, query), keys=("-at",), cursor=query.get("cursor"), limit=query["limit"])
        rows = [
            {
                "at": row.at.isoformat(),
                "who": person_json(row.person),
                "kind": row.kind,
                "place": row.place,
                "study": str(row.radiograph.study_id),
                "pseudonym": row.radiograph.study.patient.pseudonym,
            }
            for row in page.rows
        ]
        return Response({"results": rows, "next": page.next_cursor})


class OpeningsFileView(APIView):
    @extend_schema(parameters=[OpeningFilterSerializer], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> StreamingHttpResponse:
        """All lines that the filter leaves, as CSV in UTF-8."""
        person = person_of(request)
        require(can_see_openings(person), _NOT_YOU)
        query = checked(OpeningFilterSerializer, request.query_params.dict()).validated_data
        response = StreamingHttpResponse(_lines(_openings(person, query)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="openings.csv"'
        return response


def _lines(rows: QuerySet[Opening]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def taken() -> str:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    writer.writerow(COLUMNS)
    yield "\ufeff" + taken()
    for row in rows.order_by("at", "pk").iterator(chunk_size=2000):
        study = row.radiograph.study
        writer.writerow(
            [
                row.at.isoformat(),
                plain_cell(row.person.username),
                plain_cell(row.person.display_name),
                row.kind,
                row.place,
                study.pk,
                study.patient.pseudonym,
            ]
        )
        yield taken()
