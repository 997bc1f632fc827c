"""What became of the files that came in, through every door."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.intake import record_rows
from annotations.api.requests import checked, person_of, require
from annotations.api.serializers.intake import (
    IntakeRecordPageSerializer,
    IntakeRecordQuerySerializer,
    IntakeSerializer,
)
from annotations.models import BlockedFilm, IntakeRecord
from annotations.permissions.studies import can_upload
from annotations.selectors.keyset import keyset_page
from annotations.services import quarantine
from annotations.states import BlockedState

RECENT = timedelta(days=7)
_NOT_YOU = "Readers and adjudicators do not see what came in."


class IntakeView(APIView):
    @extend_schema(responses=IntakeSerializer)
    def get(self, request: Request) -> Response:
        """What waits, what is blocked, and what came of the files of the last seven days."""
        require(can_upload(person_of(request)), _NOT_YOU)
        recent = IntakeRecord.objects.filter(at__gte=timezone.now() - RECENT)
        counts = recent.order_by().values("door", "result").annotate(count=Count("pk")).order_by("door", "result")
        return Response(
            {
                "waiting": len(quarantine.arrivals_waiting()),
                "oldest_waiting_seconds": quarantine.oldest_waiting_seconds(),
                "blocked": BlockedFilm.objects.filter(state=BlockedState.WAITING).count(),
                "mode": settings.MODE,
                "counts": list(counts),
            }
        )


class IntakeRecordsView(APIView):
    @extend_schema(parameters=[IntakeRecordQuerySerializer], responses=IntakeRecordPageSerializer)
    def get(self, request: Request) -> Response:
        """A page of ends, newest first."""
        require(can_upload(person_of(request)), _NOT_YOU)
        query = checked(IntakeRecordQuerySerializer, request.query_params.dict()).validated_data
        records = IntakeRecord.objects.select_related("by", "cohort")
        for field in ("result", "door"):
            if query.get(field):
                records = records.filter(**{field: query[field]})
        page = keyset_page(records, keys=("-at",), cursor=query.get("cursor"), limit=query["limit"])
        return Response({"results": record_rows(page.rows), "next": page.next_cursor})
