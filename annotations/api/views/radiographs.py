"""Pixels and thumbnails."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from annotations.api.requests import one, person_of
from annotations.base.errors import NotThere
from annotations.models import Radiograph
from annotations.permissions.queues import may_be_handed_to_label
from annotations.permissions.studies import radiographs_visible_to
from annotations.services.openings import record_opening
from annotations.states import OpeningKind

_A_YEAR_SECONDS = 365 * 24 * 3600
FETCHED_AHEAD = "X-Fetched-Ahead"
"""A header, not a part of the address: under another address a browser would fetch the pixels twice."""
BINARY = OpenApiResponse(OpenApiTypes.BINARY, description="uint16, little endian, row by row")


def pixels_response(radiograph: Radiograph) -> FileResponse:
    """The 16-bit values, gzipped as they lie in the store; they never change under one address."""
    response = _file(radiograph.pixels_name, "application/octet-stream")
    response["Content-Encoding"] = "gzip"
    return response


def _file(name: str, content_type: str) -> FileResponse:
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        raise NotThere("file_missing", "The copy of this film is gone from the store: restore the backup.") from None
    response = FileResponse(file, content_type=content_type)
    response["Cache-Control"] = f"private, max-age={_A_YEAR_SECONDS}, immutable"
    response["Content-Disposition"] = "inline"
    return response


class RadiographPixelsView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): BINARY})
    def get(self, request: Request, radiograph: UUID) -> FileResponse:
        """16-bit values of the film. ``X-Fetched-Ahead: 1`` says that nobody looks at them yet; the log believes it
        only of a film that the person may be handed to label."""
        person = person_of(request)
        row = one(radiographs_visible_to(person), pk=radiograph)
        ahead = request.headers.get(FETCHED_AHEAD) == "1" and may_be_handed_to_label(person, row)
        kind = OpeningKind.PREFETCHED if ahead else OpeningKind.FILM
        record_opening(person=person, radiograph=row.pk, kind=kind, place="pixels")
        return pixels_response(row)


class RadiographThumbnailView(APIView):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, radiograph: UUID) -> FileResponse:
        """A small JPEG."""
        row = one(radiographs_visible_to(person_of(request)), pk=radiograph)
        return _file(row.thumbnail_name, "image/jpeg")
