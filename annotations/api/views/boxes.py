"""Labelling and review."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.boxes import applied_json, box_set_json, upcoming_json
from annotations.api.requests import checked, one, person_of, require, there
from annotations.api.serializers.boxes import (
    BoxOperationsSerializer,
    BoxSetReturnSerializer,
    BoxSetSerializer,
    BoxSetSubmissionSerializer,
    HandedInSerializer,
    HandedOutBoxSetSerializer,
    LabelNextSerializer,
    LabelUpcomingSerializer,
    OperationsSavedSerializer,
    UpcomingFilmSerializer,
)
from annotations.api.serializers.strict import NothingSerializer
from annotations.base.prepared import prepared
from annotations.models import BoxSet, Person
from annotations.permissions.boxes import box_sets_visible_to
from annotations.permissions.studies import radiographs_visible_to
from annotations.services import boxes, drafts, review
from annotations.services.openings import record_opening, written_at_once
from annotations.states import BoxSetStatus, OpeningKind, RoleName

_WITH = ("radiograph__study__patient", "author", "parent")


def _handed_out(person: Person, box_set: BoxSet | None) -> Response:
    if box_set is None:
        return Response(status=204)
    with written_at_once():
        contents = _opened(person, box_set)
    return Response({"box_set": contents["id"], "study": contents["study"]["id"], "contents": contents})


def _opened(person: Person, box_set: BoxSet) -> dict[str, Any]:
    record_opening(person=person, radiograph=box_set.radiograph_id, kind=OpeningKind.FILM, place="workbench")
    return box_set_json(person, box_set)


def _box_set(person: Person, pk: UUID) -> BoxSet:
    return one(box_sets_visible_to(person).select_related(*_WITH), pk=pk)


@prepared
def _visible(person: Person, pk: UUID) -> QuerySet[BoxSet]:
    return box_sets_visible_to(person).filter(pk=pk)[:1]


def _answer(person: Person, pk: UUID, status: int = 200) -> Response:
    return Response(box_set_json(person, _box_set(person, pk)), status=status)


class LabelNextView(APIView):
    @extend_schema(request=LabelNextSerializer, responses={200: HandedOutBoxSetSerializer, 204: None})
    def post(self, request: Request) -> Response:
        """What to label next: begun, sent back, then the pool. 204 when nothing is left."""
        person = person_of(request)
        require(person.has_role(RoleName.LABELLER), "Only labellers are handed films to label.")
        skip = checked(LabelNextSerializer, request.data).validated_data["skip"]
        return _handed_out(person, drafts.label_next(person=person, skip=skip))


class LabelUpcomingView(APIView):
    @extend_schema(parameters=[LabelUpcomingSerializer], responses={200: UpcomingFilmSerializer, 204: None})
    def get(self, request: Request) -> Response:
        """The picture that ``label/next`` will most likely want; nothing is handed out or held. 204: none is left."""
        person = person_of(request)
        require(person.has_role(RoleName.LABELLER), "Only labellers are handed films to label.")
        skip = checked(LabelUpcomingSerializer, request.query_params).validated_data["skip"]
        film = drafts.label_upcoming(person=person, skip=skip)
        return Response(status=204) if film is None else Response(upcoming_json(film))


class ReviewNextView(APIView):
    @extend_schema(request=NothingSerializer, responses={200: HandedOutBoxSetSerializer, 204: None})
    def post(self, request: Request) -> Response:
        """What to review next, never one's own. 204 when nothing is left."""
        person = person_of(request)
        require(person.has_role(RoleName.REVIEWER), "Only reviewers are handed box sets to review.")
        checked(NothingSerializer, request.data)
        return _handed_out(person, review.review_next(person=person))


class RadiographBoxSetsView(APIView):
    @extend_schema(request=NothingSerializer, responses={200: BoxSetSerializer, 201: BoxSetSerializer})
    def post(self, request: Request, radiograph: UUID) -> Response:
        """Open my draft of this radiograph, or get the one that is open."""
        person = person_of(request)
        checked(NothingSerializer, request.data)
        film = one(radiographs_visible_to(person).select_related("study"), pk=radiograph)
        had = BoxSet.objects.filter(radiograph=film, author=person, status=BoxSetStatus.DRAFT).exists()
        draft = drafts.open_draft(person=person, radiograph=film)
        return _answer(person, draft.pk, status=200 if had else 201)


class BoxSetView(APIView):
    @extend_schema(responses=BoxSetSerializer)
    def get(self, request: Request, box_set: UUID) -> Response:
        """A box set with its 17 regions."""
        person = person_of(request)
        return Response(_opened(person, _box_set(person, box_set)))


class BoxSetOperationsView(APIView):
    @extend_schema(request=BoxOperationsSerializer, responses=OperationsSavedSerializer)
    def post(self, request: Request, box_set: UUID) -> Response:
        """Apply finished gestures; sending twice is applying once."""
        person = person_of(request)
        row = there(_visible.first(person, box_set))
        operations = checked(BoxOperationsSerializer, request.data).to_operations()
        return Response(applied_json(boxes.apply_operations(person=person, box_set=row, operations=operations)))


class BoxSetSubmitView(APIView):
    @extend_schema(request=BoxSetSubmissionSerializer, responses=HandedInSerializer)
    def post(self, request: Request, box_set: UUID) -> Response:
        """Hand the draft in; 409 ``regions_missing`` names what is neither boxed nor absent, ``changed_elsewhere`` what
        another window of the same person has changed since."""
        person = person_of(request)
        told = checked(BoxSetSubmissionSerializer, request.data).validated_data
        row = there(_visible.first(person, box_set))
        done = boxes.submit(person=person, box_set=row, seen=told.get("seen"), **told["effort"])
        return Response({"id": str(done.pk), "status": done.status})


class BoxSetAcceptView(APIView):
    @extend_schema(request=NothingSerializer, responses=BoxSetSerializer)
    def post(self, request: Request, box_set: UUID) -> Response:
        """Accept another's box set."""
        person = person_of(request)
        checked(NothingSerializer, request.data)
        review.accept(person=person, box_set=_box_set(person, box_set))
        return _answer(person, box_set)


class BoxSetFixView(APIView):
    @extend_schema(request=NothingSerializer, responses={201: BoxSetSerializer})
    def post(self, request: Request, box_set: UUID) -> Response:
        """A draft of one's own, copied from this box set; submitting it accepts it."""
        person = person_of(request)
        checked(NothingSerializer, request.data)
        draft = drafts.fix(person=person, box_set=_box_set(person, box_set))
        return _answer(person, draft.pk, status=201)


class BoxSetReturnView(APIView):
    @extend_schema(request=BoxSetReturnSerializer, responses=BoxSetSerializer)
    def post(self, request: Request, box_set: UUID) -> Response:
        """Send a box set back with a reason and comments."""
        person = person_of(request)
        data = checked(BoxSetReturnSerializer, request.data).validated_data
        comments = [review.NewComment(text=each["text"], region=each["region"]) for each in data["comments"]]
        review.send_back(person=person, box_set=_box_set(person, box_set), reason=data["reason"], comments=comments)
        return _answer(person, box_set)
