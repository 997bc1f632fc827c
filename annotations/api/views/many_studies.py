"""Bulk actions of the study list: give work away, take it back, say how urgent it is, move, leave out."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.studies import (
    AssignSerializer,
    ExcludeManySerializer,
    ManyChangedSerializer,
    ReleaseSerializer,
    SetCohortSerializer,
    SetPrioritySerializer,
)
from annotations.models import Cohort, Person, Study
from annotations.permissions.assignments import can_assign
from annotations.permissions.people import can_make_cohorts
from annotations.permissions.studies import can_curate, studies_visible_to
from annotations.services import assignments, cohorts, studies
from annotations.services.many import ManyChanged, change_each
from annotations.states import Priority, WorkKind


def _asked(request: Request, allowed: bool, serializer: type[BaseSerializer]) -> tuple[dict[str, Any], list[Study]]:
    """The checked body, and the studies of it that there are, in the order asked for."""
    require(allowed)
    data = checked(serializer, request.data).validated_data
    found = studies_visible_to(person_of(request)).select_related("cohort").in_bulk(data["studies"])
    return data, [found[pk] for pk in dict.fromkeys(data["studies"]) if pk in found]


def _answer(asked: dict[str, Any], found: list[Study], outcome: ManyChanged) -> Response:
    known = {study.pk for study in found}
    refused = [{"id": str(pk), "code": code, "message": message} for pk, code, message in outcome.refused]
    refused += [
        {"id": str(pk), "code": "not_found", "message": "There is no such study."}
        for pk in dict.fromkeys(asked["studies"])
        if pk not in known
    ]
    return Response({"changed": [str(pk) for pk in outcome.changed], "refused": refused})


def _person(pk: UUID) -> Person:
    return one(Person.objects.prefetch_related("roles"), pk=pk)


class AssignView(APIView):
    @extend_schema(request=AssignSerializer, responses=ManyChangedSerializer)
    def post(self, request: Request) -> Response:
        """Give this work on these studies to a person."""
        by = person_of(request)
        data, found = _asked(request, can_assign(by), AssignSerializer)
        outcome = assignments.assign(by=by, kind=WorkKind(data["kind"]), person=_person(data["person"]), studies=found)
        return _answer(data, found, outcome)


class ReleaseView(APIView):
    @extend_schema(request=ReleaseSerializer, responses=ManyChangedSerializer)
    def post(self, request: Request) -> Response:
        """Back to the pool."""
        by = person_of(request)
        data, found = _asked(request, can_assign(by), ReleaseSerializer)
        person = _person(data["person"]) if data["person"] else None
        outcome = assignments.release(by=by, kind=WorkKind(data["kind"]), person=person, studies=found)
        return _answer(data, found, outcome)


class PriorityView(APIView):
    @extend_schema(request=SetPrioritySerializer, responses=ManyChangedSerializer)
    def post(self, request: Request) -> Response:
        """How soon."""
        by = person_of(request)
        data, found = _asked(request, can_assign(by), SetPrioritySerializer)
        outcome = assignments.set_priority(by=by, priority=Priority(data["priority"]), studies=found)
        return _answer(data, found, outcome)


class StudyCohortView(APIView):
    @extend_schema(request=SetCohortSerializer, responses=ManyChangedSerializer)
    def post(self, request: Request) -> Response:
        """Into a cohort, or out of every one."""
        by = person_of(request)
        data, found = _asked(request, can_make_cohorts(by), SetCohortSerializer)
        cohort = one(Cohort.objects.all(), pk=data["cohort"]) if data["cohort"] else None
        return _answer(data, found, cohorts.put_into_cohort(person=by, studies=found, cohort=cohort))


class ExcludeManyView(APIView):
    @extend_schema(request=ExcludeManySerializer, responses=ManyChangedSerializer)
    def post(self, request: Request) -> Response:
        """Leave them out, with one reason."""
        by = person_of(request)
        data, found = _asked(request, can_curate(by), ExcludeManySerializer)
        outcome = change_each(found, lambda study: bool(studies.exclude(person=by, study=study, reason=data["reason"])))
        return _answer(data, found, outcome)
