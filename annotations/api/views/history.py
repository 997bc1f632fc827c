"""History: lines and their chain, versions of boxes and what changed, and a study as it was at a moment."""

import io
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.history import differences_json, study_at_json, version_json
from annotations.api.present.studies import event_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.history import (
    BoxDifferencesSerializer,
    BoxSetVersionSerializer,
    ChainSerializer,
    CommentMarkSerializer,
    DifferencesQuerySerializer,
    EventExportQuerySerializer,
    StudyAtQuerySerializer,
    StudyThenSerializer,
)
from annotations.api.serializers.studies import EventSerializer
from annotations.api.views.exports import FormatIsAQuestion
from annotations.base.errors import Invalid, NotThere
from annotations.exchange.event_files import as_csv, as_json, event_rows
from annotations.models import BoxSet, Event, ReviewComment
from annotations.permissions.blinding import earlier_values_are_hidden, study_is_blinded_for
from annotations.permissions.boxes import box_sets_visible_to
from annotations.permissions.exports import can_export
from annotations.permissions.people import can_manage_people
from annotations.permissions.reads import can_see_consensus
from annotations.permissions.studies import (
    events_visible_to,
    history_is_whole,
    site_events_visible_to,
    studies_visible_to,
)
from annotations.selectors.study_at import study_at
from annotations.services.comments import mark_comment
from annotations.services.events import SITE_CHAIN, first_broken_link

_FILE = OpenApiResponse(OpenApiTypes.BINARY, description="a file")
_NOT_YOU = "Only administrators look into the history of the site."
_TYPE_OF = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class SiteEventsView(APIView):
    @extend_schema(responses=EventSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What was done to people, cohorts and protocols: the newest thousand lines."""
        person = person_of(request)
        require(can_manage_people(person), _NOT_YOU)
        events = site_events_visible_to(person).select_related("who").order_by("-number")
        return Response([event_json(event) for event in events[:1000]])


class SiteChainView(APIView):
    @extend_schema(responses=ChainSerializer)
    def get(self, request: Request) -> Response:
        """Whether the site's chain holds."""
        person = person_of(request)
        require(can_manage_people(person), _NOT_YOU)
        lines = site_events_visible_to(person).count()
        return Response({"broken_at": first_broken_link(SITE_CHAIN), "lines": lines})


class StudyChainView(APIView):
    @extend_schema(responses=ChainSerializer)
    def get(self, request: Request, study: UUID) -> Response:
        """Whether the study's chain holds. Where lines are hidden from the person, without numbers."""
        person = person_of(request)
        row = one(studies_visible_to(person), pk=study)
        broken = first_broken_link(str(row.pk))
        if not history_is_whole(person, row):
            return Response({"broken_at": None if broken is None else 0, "lines": None})
        return Response({"broken_at": broken, "lines": Event.objects.filter(study=row).count()})


class StudyEventsExportView(APIView):
    content_negotiation_class = FormatIsAQuestion

    @extend_schema(
        parameters=[EventExportQuerySerializer],
        responses={(200, "text/csv"): _FILE, (200, "application/json"): _FILE},
    )
    def get(self, request: Request, study: UUID) -> FileResponse:
        """The study's history as a file. What is hidden from the person is left out, and with it what counts it."""
        person = person_of(request)
        require(can_export(person), "Only researchers and administrators take data out.")
        row = one(studies_visible_to(person).select_related("patient"), pk=study)
        file_format = checked(EventExportQuerySerializer, request.query_params.dict()).validated_data["format"]
        complete = history_is_whole(person, row)
        events = events_visible_to(person, row).select_related("who").order_by("number")
        rows = event_rows(events, with_chain=complete)
        return _file(rows, file_format, f"history-{row.patient.pseudonym}", chain=str(row.pk), complete=complete)


class SiteEventsExportView(APIView):
    content_negotiation_class = FormatIsAQuestion

    @extend_schema(
        parameters=[EventExportQuerySerializer],
        responses={(200, "text/csv"): _FILE, (200, "application/json"): _FILE},
    )
    def get(self, request: Request) -> FileResponse:
        """The history of people, cohorts and protocols as a file."""
        person = person_of(request)
        require(can_manage_people(person), _NOT_YOU)
        file_format = checked(EventExportQuerySerializer, request.query_params.dict()).validated_data["format"]
        events = site_events_visible_to(person).select_related("who").order_by("number")
        return _file(event_rows(events, with_chain=True), file_format, "history-site", chain=SITE_CHAIN, complete=True)


def _file(rows: list[dict[str, object]], file_format: str, name: str, *, chain: str, complete: bool) -> FileResponse:
    data = as_csv(rows) if file_format == "csv" else as_json(rows, chain=chain, complete=complete)
    response = FileResponse(
        io.BytesIO(data), as_attachment=True, filename=f"{name}.{file_format}", content_type=_TYPE_OF[file_format]
    )
    response["Cache-Control"] = "no-store"
    return response


class StudyAtView(APIView):
    @extend_schema(parameters=[StudyAtQuerySerializer], responses=StudyThenSerializer)
    def get(self, request: Request, study: UUID) -> Response:
        """The study as it was at a moment."""
        person = person_of(request)
        row = one(studies_visible_to(person), pk=study)
        moment = checked(StudyAtQuerySerializer, request.query_params.dict()).validated_data["moment"]
        if moment < row.received_at:
            raise Invalid("before_it_came", "The study was not here yet at that moment: choose a later one.")
        blinded = study_is_blinded_for(person, row)
        hidden = earlier_values_are_hidden(person, row)
        then = study_at(
            row,
            moment,
            box_sets=box_sets_visible_to(person),
            own_reads_of=None if blinded else person,
            consensus=not blinded and can_see_consensus(person) and not hidden,
        )
        return Response(study_at_json(person, then, blinded=blinded))


class StudyBoxSetsView(APIView):
    @extend_schema(responses=BoxSetVersionSerializer(many=True))
    def get(self, request: Request, study: UUID) -> Response:
        """All versions of people's boxes, oldest first."""
        person = person_of(request)
        row = one(studies_visible_to(person), pk=study)
        versions = box_sets_visible_to(person).filter(radiograph__study=row).select_related("author", "decided_by")
        return Response([version_json(each) for each in versions.order_by("version")])


class BoxDifferencesView(APIView):
    @extend_schema(parameters=[DifferencesQuerySerializer], responses=BoxDifferencesSerializer)
    def get(self, request: Request, box_set: UUID) -> Response:
        """What changed from another version (the one that this one continues, unless another is named)."""
        person = person_of(request)
        asked = checked(DifferencesQuerySerializer, request.query_params.dict()).validated_data.get("against")
        visible = box_sets_visible_to(person).select_related("author", "decided_by", "radiograph")
        after = one(visible, pk=box_set)
        against = asked or after.parent_id
        if against is None:
            raise NotThere("first_version", "This is the first version: there is none before it.")
        before: BoxSet = one(visible.filter(radiograph=after.radiograph_id), pk=against)
        return Response(differences_json(before, after))


class CommentMarkView(APIView):
    @extend_schema(request=CommentMarkSerializer, responses={204: None})
    def post(self, request: Request, comment: int) -> Response:
        """Call a comment resolved, or open again, looking at a version that continues the one it was written on."""
        person = person_of(request)
        data = checked(CommentMarkSerializer, request.data).validated_data
        box_set = one(box_sets_visible_to(person).select_related("radiograph"), pk=data["box_set"])
        row = one(ReviewComment.objects.filter(box_set__radiograph=box_set.radiograph_id), pk=comment)
        mark_comment(person=person, comment=row, box_set=box_set, resolved=data["resolved"])
        return Response(status=204)
