"""Studies: list, page, history, facts, exclusion."""

from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.studies import event_json, study_json, study_queryset, study_rows
from annotations.api.requests import checked, one, person_of
from annotations.api.serializers.strict import NothingSerializer
from annotations.api.serializers.studies import (
    EventSerializer,
    StudyExclusionSerializer,
    StudyFactsSerializer,
    StudyListQuerySerializer,
    StudyPageSerializer,
    StudySerializer,
)
from annotations.models import Person, Study
from annotations.permissions.assignments import can_assign
from annotations.permissions.studies import events_visible_to, open_studies_visible_to, studies_visible_to
from annotations.selectors.keyset import keyset_page
from annotations.selectors.study_list import StudyFilter, filtered
from annotations.services import studies as services
from annotations.services.openings import record_opening
from annotations.states import Labelling, OpeningKind, Priority, Reading, RoleName, Sex, StudyState

Known = TypeVar("Known", bound=StrEnum)
KEYS_OF_ORDER = {
    "-received_at": ("-received_at",),
    "received_at": ("received_at",),
    "priority": ("priority", "received_at"),
}
"""Name of an order -> keys of :func:`keyset_page`."""


class StudiesView(APIView):
    @extend_schema(parameters=[StudyListQuerySerializer], responses=StudyPageSerializer)
    def get(self, request: Request) -> Response:
        """A page of studies, newest first."""
        person = person_of(request)
        query = checked(StudyListQuerySerializer, request.query_params.dict()).validated_data
        wanted = _wanted(person, query)
        # Where a filter would give away what is hidden, blinded studies are not in the list at all.
        visible = open_studies_visible_to(person) if wanted.tells else studies_visible_to(person)
        found = filtered(visible, wanted)
        page = keyset_page(
            found.select_related("patient", "cohort"),
            keys=KEYS_OF_ORDER[query["order"]],
            cursor=query.get("cursor"),
            limit=query["limit"],
        )
        return Response(
            {
                "results": study_rows(person, page.rows, place="studies"),
                "next": page.next_cursor,
                "total": None if query.get("cursor") else found.count(),
            }
        )


def _wanted(person: Person, query: dict[str, Any]) -> StudyFilter:
    def known(name: str, enum: type[Known]) -> Known | None:
        return enum(query[name]) if query.get(name) else None

    return StudyFilter(
        state=known("state", StudyState),
        text=query["q"].strip(),
        sex=known("sex", Sex),
        cohort=query.get("cohort"),
        age_min_months=query.get("age_min_months"),
        age_max_months=query.get("age_max_months"),
        has=query["has"],
        labelling=known("labelling", Labelling),
        reading=known("reading", Reading),
        priority=known("priority", Priority),
        quality=query["quality"],
        labeller=query.get("labeller"),
        assigned_to=query.get("assigned_to"),
        # Who still reads must not find out who else was asked to.
        assigned_reading=can_assign(person) and not person.has_role(RoleName.READER),
    )


class StudyView(APIView):
    @extend_schema(responses=StudySerializer)
    def get(self, request: Request, study: UUID) -> Response:
        """One study with its pictures."""
        person = person_of(request)
        answer = _answer(person, study)
        if answer.data["radiograph"] is not None:
            radiograph = UUID(answer.data["radiograph"])
            record_opening(person=person, radiograph=radiograph, kind=OpeningKind.FILM, place="study")
        return answer


class StudyEventsView(APIView):
    @extend_schema(responses=EventSerializer(many=True))
    def get(self, request: Request, study: UUID) -> Response:
        """History of a study, oldest first."""
        person = person_of(request)
        row = one(studies_visible_to(person), pk=study)
        events = events_visible_to(person, row).select_related("who").order_by("number")
        return Response([event_json(event) for event in events])


class StudyFactsView(APIView):
    @extend_schema(request=StudyFactsSerializer, responses=StudySerializer)
    def post(self, request: Request, study: UUID) -> Response:
        """State what the header lacked."""
        person, row = _row(request, study)
        data = checked(StudyFactsSerializer, request.data).validated_data
        services.state_facts(
            person=person,
            study=row,
            sex=Sex(data["sex"]) if "sex" in data else None,
            chronological_age_months=data.get("chronological_age_months"),
        )
        return _answer(person, study)


class StudyExcludeView(APIView):
    @extend_schema(request=StudyExclusionSerializer, responses=StudySerializer)
    def post(self, request: Request, study: UUID) -> Response:
        """Leave a study out, with a reason."""
        person, row = _row(request, study)
        services.exclude(
            person=person, study=row, reason=checked(StudyExclusionSerializer, request.data).validated_data["reason"]
        )
        return _answer(person, study)


class StudyRestoreView(APIView):
    @extend_schema(request=NothingSerializer, responses=StudySerializer)
    def post(self, request: Request, study: UUID) -> Response:
        """Take an excluded study back."""
        person, row = _row(request, study)
        checked(NothingSerializer, request.data)
        services.restore(person=person, study=row)
        return _answer(person, study)


def _row(request: Request, study: UUID) -> tuple[Person, Study]:
    person = person_of(request)
    return person, one(studies_visible_to(person), pk=study)


def _answer(person: Person, study: UUID) -> Response:
    return Response(study_json(person, one(study_queryset(person), pk=study)))
