"""Taking data out: accepted boxes as files of other programs, and the table of studies."""

import tempfile
from collections.abc import Iterable
from typing import IO, Any
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.exports import BoxExportQuerySerializer, StudyExportQuerySerializer
from annotations.exchange.archives import write_zip
from annotations.exchange.cohort_files import write_csv, write_parquet
from annotations.exchange.cohort_table import cohort_rows
from annotations.exchange.give_boxes import Exported, box_sets_to_export, entries
from annotations.models import Cohort, Person
from annotations.permissions.boxes import box_sets_visible_to
from annotations.permissions.exports import can_export
from inference.box_formats.class_maps import ClassMap

_MEMORY_BYTES = 4 * 1024 * 1024
"""A file grows in memory up to here, then on disk."""

_TYPE_OF = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_FILE = OpenApiResponse(OpenApiTypes.BINARY, description="a file")


class FormatIsAQuestion(BaseContentNegotiation):
    """Here ``?format=`` names a file format; the framework would take it for one of its renderers."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, str(first.media_type)


class BoxExportView(APIView):
    content_negotiation_class = FormatIsAQuestion

    @extend_schema(parameters=[BoxExportQuerySerializer], responses={(200, "application/zip"): _FILE})
    def get(self, request: Request) -> FileResponse:
        """Accepted box sets, under the ids of the regions, with a README of conventions."""
        person = _exporter(request)
        query = checked(BoxExportQuerySerializer, request.query_params.dict()).validated_data
        box_sets = box_sets_to_export(box_sets_visible_to(person), cohort=_cohort(query))
        files = entries(box_sets, format=query["format"], class_map=ClassMap.named("regions"), exported=Exported())
        file = _new_file()
        write_zip(file, files)
        return _download(file, f"boxes-{query['format']}.zip", "application/zip")


class StudyExportView(APIView):
    content_negotiation_class = FormatIsAQuestion

    @extend_schema(
        parameters=[StudyExportQuerySerializer],
        responses={(200, "text/csv"): _FILE, (200, "application/vnd.apache.parquet"): _FILE},
    )
    def get(self, request: Request) -> FileResponse:
        """One row a film. Where a study is blinded for the person, ages, reads and predictions are empty."""
        person = _exporter(request)
        query = checked(StudyExportQuerySerializer, request.query_params.dict()).validated_data
        rows = cohort_rows(person=person, cohort=_cohort(query))
        file = _new_file()
        write = write_csv if query["format"] == "csv" else write_parquet
        write(file, rows)
        return _download(file, f"studies.{query['format']}", _TYPE_OF[query["format"]])


def _exporter(request: Request) -> Person:
    person = person_of(request)
    require(can_export(person), "Only researchers and administrators take data out.")
    return person


def _cohort(query: dict[str, Any]) -> UUID | None:
    return one(Cohort.objects.all(), pk=query["cohort"]).pk if query.get("cohort") else None


def _new_file() -> IO[bytes]:
    """Closed by the answer once it is sent."""
    return tempfile.SpooledTemporaryFile(_MEMORY_BYTES)


def _download(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "no-store"
    return response
