"""Re-reading rounds. Nothing here says which films a round holds, nor why one is in it."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.rereads import round_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.rereads import (
    RereadChoiceSerializer,
    RereadPreviewSerializer,
    RereadRoundPageSerializer,
    RereadRoundSerializer,
)
from annotations.api.serializers.strict import ReasonSerializer
from annotations.models import Person
from annotations.permissions.rereads import can_steer_rereads, reread_rounds_visible_to
from annotations.selectors.reread_candidates import Choice
from annotations.services import rereads


def _steerer(request: Request) -> Person:
    person = person_of(request)
    require(can_steer_rereads(person), "Only researchers and reviewers steer re-reading rounds.")
    return person


class RereadRoundsView(APIView):
    @extend_schema(responses=RereadRoundPageSerializer)
    def get(self, request: Request) -> Response:
        """All rounds, newest first."""
        person = _steerer(request)
        rounds = [round_json(person, round_) for round_ in reread_rounds_visible_to(person)]
        return Response({"results": rounds, "next": None, "total": len(rounds)})

    @extend_schema(request=RereadChoiceSerializer, responses={201: RereadRoundSerializer})
    def post(self, request: Request) -> Response:
        """Start a round."""
        person = _steerer(request)
        choice = Choice(**checked(RereadChoiceSerializer, request.data).validated_data)
        return Response(round_json(person, rereads.start(person=person, choice=choice)), status=201)


class RereadPreviewView(APIView):
    @extend_schema(request=RereadChoiceSerializer, responses=RereadPreviewSerializer)
    def post(self, request: Request) -> Response:
        """Counts of a round that could be started."""
        person = _steerer(request)
        choice = Choice(**checked(RereadChoiceSerializer, request.data).validated_data)
        return Response(asdict(rereads.preview(person=person, choice=choice)))


class RereadRoundView(APIView):
    @extend_schema(responses=RereadRoundSerializer)
    def get(self, request: Request, round: UUID) -> Response:
        """One round with its progress and what it changed."""
        person = _steerer(request)
        return Response(round_json(person, one(reread_rounds_visible_to(person), pk=round)))


class RereadStopView(APIView):
    @extend_schema(request=ReasonSerializer, responses=RereadRoundSerializer)
    def post(self, request: Request, round: UUID) -> Response:
        """End a round early, with a reason."""
        person = _steerer(request)
        reason = checked(ReasonSerializer, request.data).validated_data["reason"]
        row = rereads.stop(person=person, round_=one(reread_rounds_visible_to(person), pk=round), reason=reason)
        return Response(round_json(person, row))
