"""Consensus: what reads come to, settled and approved."""

from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.reading import consensus_json, consensus_rows
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.reading import (
    ApprovalOutcomeSerializer,
    ApprovalSerializer,
    ConsensusListQuerySerializer,
    ConsensusPageSerializer,
    ConsensusSerializer,
    SettlementSerializer,
)
from annotations.api.serializers.strict import NothingSerializer, ReasonSerializer
from annotations.models import Consensus, Person
from annotations.permissions.reads import can_see_consensus, consensus_visible_to
from annotations.selectors.keyset import keyset_page
from annotations.services import consensus as services
from annotations.services.openings import record_opening
from annotations.states import OpeningKind, RoleName


def _visible(person: Person) -> QuerySet[Consensus]:
    require(can_see_consensus(person), "Readers and labellers do not see what others read.")
    return consensus_visible_to(person).select_related("radiograph__study__patient", "protocol", "confirmed_by")


def _answer(person: Person, pk: UUID) -> Response:
    return Response(consensus_json(person, one(_visible(person), pk=pk)))


class ConsensusListView(APIView):
    @extend_schema(parameters=[ConsensusListQuerySerializer], responses=ConsensusPageSerializer)
    def get(self, request: Request) -> Response:
        """The more urgent first, then the largest difference, as they are handed out."""
        person = person_of(request)
        rows = _visible(person)
        query = checked(ConsensusListQuerySerializer, request.query_params.dict()).validated_data
        if query.get("status"):
            rows = rows.filter(status=query["status"])
        page = keyset_page(
            rows.annotate(rank=F("radiograph__study__priority"), sort_months=Coalesce("difference_months", -1.0)),
            keys=("rank", "-sort_months"),
            cursor=query.get("cursor"),
            limit=query["limit"],
        )
        return Response(
            {
                "results": consensus_rows(person, page.rows),
                "next": page.next_cursor,
                "total": None if query.get("cursor") else rows.count(),
            }
        )


class ConsensusView(APIView):
    @extend_schema(responses=ConsensusSerializer)
    def get(self, request: Request, consensus: UUID) -> Response:
        """One consensus with its picture."""
        person = person_of(request)
        row = one(_visible(person), pk=consensus)
        record_opening(person=person, radiograph=row.radiograph_id, kind=OpeningKind.FILM, place="consensus")
        return Response(consensus_json(person, row))


class ConsensusSettleView(APIView):
    @extend_schema(request=SettlementSerializer, responses=ConsensusSerializer)
    def post(self, request: Request, consensus: UUID) -> Response:
        """Decide a disagreement, with a reason."""
        person = person_of(request)
        require(person.has_role(RoleName.ADJUDICATOR), "Only adjudicators settle disagreements.")
        data = checked(SettlementSerializer, request.data).validated_data
        services.settle(person=person, consensus=one(_visible(person), pk=consensus), **data)
        return _answer(person, consensus)


class ConsensusApproveView(APIView):
    @extend_schema(request=NothingSerializer, responses=ConsensusSerializer)
    def post(self, request: Request, consensus: UUID) -> Response:
        """Make it truth."""
        person = person_of(request)
        require(person.has_role(RoleName.REVIEWER), "Only reviewers approve a consensus.")
        checked(NothingSerializer, request.data)
        services.approve(person=person, consensus=one(_visible(person), pk=consensus))
        return _answer(person, consensus)


class ConsensusConfirmUnreadableView(APIView):
    @extend_schema(request=NothingSerializer, responses=ConsensusSerializer)
    def post(self, request: Request, consensus: UUID) -> Response:
        """So many readers could not read it, and a reviewer says so too: the film has no bone age."""
        person = person_of(request)
        require(person.has_role(RoleName.REVIEWER), "Only reviewers confirm that a film cannot be read.")
        checked(NothingSerializer, request.data)
        services.confirm_unreadable(person=person, consensus=one(_visible(person), pk=consensus))
        return _answer(person, consensus)


class ConsensusReopenView(APIView):
    @extend_schema(request=ReasonSerializer, responses=ConsensusSerializer)
    def post(self, request: Request, consensus: UUID) -> Response:
        """Close it with a reason; the answer is the consensus that follows it. One that readers could not read goes to
        another reader, any other to an adjudicator."""
        person = person_of(request)
        require(person.has_role(RoleName.REVIEWER), "Only reviewers reopen a consensus.")
        reason = checked(ReasonSerializer, request.data).validated_data["reason"]
        successor = services.reopen(person=person, consensus=one(_visible(person), pk=consensus), reason=reason)
        return _answer(person, successor.pk)


class ConsensusApproveManyView(APIView):
    @extend_schema(request=ApprovalSerializer, responses=ApprovalOutcomeSerializer)
    def post(self, request: Request) -> Response:
        """Approve many; one refusal does not hold up the others."""
        person = person_of(request)
        require(person.has_role(RoleName.REVIEWER), "Only reviewers approve a consensus.")
        ids = checked(ApprovalSerializer, request.data).validated_data["ids"]
        rows = list(_visible(person).filter(pk__in=ids))
        outcome = services.approve_many(person=person, consensuses=rows)
        unknown = [pk for pk in dict.fromkeys(ids) if pk not in {row.pk for row in rows}]
        refused = [{"id": str(pk), "code": code, "message": message} for pk, code, message in outcome.refused]
        refused += [{"id": str(pk), "code": "not_found", "message": "There is no such consensus."} for pk in unknown]
        return Response({"approved": [str(pk) for pk in outcome.changed], "refused": refused})
