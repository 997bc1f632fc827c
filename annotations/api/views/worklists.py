"""What waits for me, and the sign of life of an open film."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import person_json
from annotations.api.present.worklists import (
    decide_worklist_json,
    label_worklist_json,
    read_worklist_json,
    review_worklist_json,
)
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.strict import NothingSerializer
from annotations.api.serializers.worklists import HoldSerializer, WorklistsSerializer
from annotations.permissions.boxes import box_sets_visible_to, can_edit, can_review
from annotations.services.leases import heartbeat
from annotations.states import BoxSetStatus, LeasePurpose, RoleName

_LISTS = (
    ("label", (RoleName.LABELLER,), label_worklist_json),
    ("review", (RoleName.REVIEWER,), review_worklist_json),
    ("read", (RoleName.READER,), read_worklist_json),
    ("decide", (RoleName.ADJUDICATOR, RoleName.REVIEWER), decide_worklist_json),
)


class WorklistsView(APIView):
    @extend_schema(responses=WorklistsSerializer)
    def get(self, request: Request) -> Response:
        """What waits for me, by role."""
        person = person_of(request)
        return Response({name: present(person) for name, roles, present in _LISTS if person.has_role(*roles)})


class BoxSetHoldView(APIView):
    @extend_schema(request=NothingSerializer, responses=HoldSerializer)
    def post(self, request: Request, box_set: UUID) -> Response:
        """I have this open: holds the film for me if nobody else does, and says who does. It blocks nobody."""
        person = person_of(request)
        checked(NothingSerializer, request.data)
        row = one(box_sets_visible_to(person).select_related("radiograph"), pk=box_set)
        require(can_edit(person, row) or can_review(person, row), "Only who draws or judges these boxes holds them.")
        judged = row.is_fix or row.status != BoxSetStatus.DRAFT
        purpose = LeasePurpose.REVIEW if judged else LeasePurpose.LABEL
        lease = heartbeat(person=person, radiograph=row.radiograph_id, purpose=purpose)
        return Response(
            {
                "holder": person_json(lease.person) if lease else None,
                "mine": lease is not None and lease.person_id == person.pk,
                "expires_at": lease.expires_at.isoformat() if lease else None,
            }
        )
