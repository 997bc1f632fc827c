"""Runs: the list, one run, its log, and taking it back. Starting one stands in `boneage_web/site/start_run.py`."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of, require
from annotations.selectors.keyset import keyset_page
from boneage_web.runs.kinds import LED_KINDS
from boneage_web.runs.models import Run
from boneage_web.runs.run_log import append_to_log, fetch_log, log_path, log_tail, publish_log
from boneage_web.runs.selectors import status_counts
from boneage_web.runs.serializers import CancelSerializer, RunPageSerializer, RunQuerySerializer, RunSerializer
from boneage_web.runs.services.ledger import cancel_batch, request_cancel, resume
from boneage_web.site.permissions import can_work_on_models

LOG_TAIL_BYTES = 64 * 1024
REFUSED = "Only researchers and administrators work with runs."


class RunListMixin:
    """The list of runs; the view that also starts them adds POST."""

    @extend_schema(parameters=[RunQuerySerializer], responses=RunPageSerializer)
    def get(self, request: Request) -> Response:
        """Runs, newest first; chunks of trainings only where their kind or their batch is asked for."""
        require(can_work_on_models(person_of(request)), REFUSED)
        wanted = checked(RunQuerySerializer, request.query_params.dict()).validated_data
        runs = Run.objects.select_related("requested_by").filter(
            **{name: wanted[name] for name in ("kind", "status", "batch") if name in wanted}
        )
        if not wanted.keys() & {"kind", "batch"}:
            runs = runs.exclude(kind__in=LED_KINDS)
        page = keyset_page(runs, keys=("-created_at",), cursor=wanted.get("cursor"), limit=wanted["limit"])
        rows = RunSerializer(page.rows, many=True).data
        by_status = status_counts(wanted["batch"]) if "batch" in wanted else None
        return Response({"results": rows, "next": page.next_cursor, "total": runs.count(), "by_status": by_status})


class RunView(APIView):
    """One run."""

    @extend_schema(responses=RunSerializer)
    def get(self, request: Request, run: UUID) -> Response:
        """One run, with its progress and its curve."""
        require(can_work_on_models(person_of(request)), REFUSED)
        return Response(RunSerializer(one(Run.objects.all(), pk=run)).data)


class RunLogView(APIView):
    """What a run wrote down."""

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, run: UUID) -> HttpResponse:
        """The end of the run's log, at most 64 kB."""
        require(can_work_on_models(person_of(request)), REFUSED)
        text = log_tail(one(Run.objects.all(), pk=run).pk, LOG_TAIL_BYTES)
        return HttpResponse(text, content_type="text/plain; charset=utf-8")


class RunCancelView(APIView):
    """Take a run back."""

    @extend_schema(request=CancelSerializer, responses=RunSerializer)
    def post(self, request: Request, run: UUID) -> Response:
        """Cancel a run (or all of its batch): at once while it waits, within about a second while it runs."""
        require(can_work_on_models(person_of(request)), REFUSED)
        cancel = (
            cancel_batch if checked(CancelSerializer, request.data).validated_data["whole_batch"] else request_cancel
        )
        return Response(RunSerializer(cancel(run=one(Run.objects.all(), pk=run))).data)


class RunResumeView(APIView):
    """Take a run up again."""

    @extend_schema(request=None, responses=RunSerializer)
    def post(self, request: Request, run: UUID) -> Response:
        """A failed or cancelled run goes on from where it stopped."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED)
        again = resume(run=one(Run.objects.all(), pk=run))
        log = log_path(again.pk)
        fetch_log(log)
        append_to_log(log, f"taken up again by {person.display_name}")
        publish_log(log)
        return Response(RunSerializer(again).data)
