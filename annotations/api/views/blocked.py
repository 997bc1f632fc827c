"""Films that wait for a person because writing may be left in their pixels."""

import gzip
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.intake import blocked_json, blocked_row, outcome_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.intake import (
    BlockedFilmSerializer,
    BlockedPageSerializer,
    BlockedQuerySerializer,
    BlockedRefusalSerializer,
    BlockedReleaseSerializer,
    UploadSerializer,
)
from annotations.api.views.radiographs import BINARY
from annotations.models import BlockedFilm, Person
from annotations.permissions.blocked import blocked_visible_to, blocked_waiting_for, can_decide
from annotations.selectors.keyset import keyset_page
from annotations.services import blocking
from inference.anatomy.boxes import Box

_NOT_YOU = "Only reviewers and administrators see blocked films."


class BlockedListView(APIView):
    @extend_schema(parameters=[BlockedQuerySerializer], responses=BlockedPageSerializer)
    def get(self, request: Request) -> Response:
        """Films that wait, the oldest first."""
        person = person_of(request)
        require(can_decide(person), _NOT_YOU)
        query = checked(BlockedQuerySerializer, request.query_params.dict()).validated_data
        waiting = blocked_waiting_for(person)
        page = keyset_page(waiting, keys=("created_at",), cursor=query.get("cursor"), limit=query["limit"])
        return Response(
            {
                "results": [blocked_row(film) for film in page.rows],
                "next": page.next_cursor,
                "total": waiting.count(),
            }
        )


class BlockedFilmView(APIView):
    @extend_schema(responses=BlockedFilmSerializer)
    def get(self, request: Request, film: UUID) -> Response:
        """One film for the redaction screen."""
        _, row = _row(request, film)
        return Response(blocked_json(row))


class BlockedPixelsView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): BINARY})
    def get(self, request: Request, film: UUID) -> HttpResponse:
        """16-bit values of the film as it waits; never kept by a browser."""
        _, row = _row(request, film)
        values = blocking.display_of(row).values.astype("<u2").tobytes()
        response = HttpResponse(
            gzip.compress(values, compresslevel=1, mtime=0), content_type="application/octet-stream"
        )
        response["Content-Encoding"] = "gzip"
        response["Cache-Control"] = "no-store"
        return response


class BlockedReleaseView(APIView):
    @extend_schema(request=BlockedReleaseSerializer, responses=UploadSerializer)
    def post(self, request: Request, film: UUID) -> Response:
        """Blank the rectangles and let the film in; it stays `blocked` where the check still finds writing."""
        person, row = _row(request, film)
        data = checked(BlockedReleaseSerializer, request.data).validated_data
        outcome = blocking.release_film(
            person=person,
            film=row,
            rectangles=[Box(**rectangle) for rectangle in data["rectangles"]],
            no_writing=data["no_writing"],
        )
        return Response(outcome_json(outcome))


class BlockedRefuseView(APIView):
    @extend_schema(request=BlockedRefusalSerializer, responses=UploadSerializer)
    def post(self, request: Request, film: UUID) -> Response:
        """Throw the film away, with a reason."""
        person, row = _row(request, film)
        reason = checked(BlockedRefusalSerializer, request.data).validated_data["reason"]
        return Response(outcome_json(blocking.refuse_film(person=person, film=row, reason=reason)))


def _row(request: Request, film: UUID) -> tuple[Person, BlockedFilm]:
    person = person_of(request)
    require(can_decide(person), _NOT_YOU)
    return person, one(blocked_visible_to(person), pk=film)
