"""Deliveries of a study's result."""

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import person_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.intake import MODE_CHOICES
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import NothingSerializer
from annotations.models import Person, Study
from boneage_web.outbound.deliveries import can_send, request_delivery, retry
from boneage_web.outbound.models import Delivery, DeliveryState, GatewaySign
from boneage_web.results.api.result import open_study

DELIVERY_STATE_CHOICES = [state.value for state in DeliveryState]


class DeliverySerializer(serializers.Serializer):
    """One signed version on its way to the PACS."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    destination = serializers.CharField()
    mode = serializers.ChoiceField(choices=MODE_CHOICES)
    state = serializers.ChoiceField(choices=DELIVERY_STATE_CHOICES)
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    reason_code = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    requested_by = PersonSerializer()
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class DeliveriesSerializer(serializers.Serializer):
    """Where results go, under whose name, and what became of those of this study."""

    destination = serializers.CharField(allow_null=True, help_text="AE title of the PACS; null where none is set up.")
    site_mode = serializers.ChoiceField(choices=MODE_CHOICES)
    gateway_seen_at = serializers.DateTimeField(allow_null=True)
    can_send = serializers.BooleanField()
    deliveries = DeliverySerializer(many=True)


def _json(person: Person, study: Study) -> dict[str, Any]:
    rows = Delivery.objects.filter(signed__radiograph__study=study).select_related("signed", "requested_by")
    seen = GatewaySign.objects.order_by("-seen_at").first()
    return {
        "destination": settings.PACS_AE_TITLE if settings.PACS_HOST else None,
        "site_mode": settings.MODE,
        "gateway_seen_at": seen.seen_at.isoformat() if seen else None,
        "can_send": can_send(person, study),
        "deliveries": [_row(row) for row in rows],
    }


def _row(row: Delivery) -> dict[str, Any]:
    waits = row.state == DeliveryState.QUEUED and row.attempts > 0
    return {
        "id": str(row.pk),
        "version": row.signed.version,
        "destination": row.destination,
        "mode": row.mode,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": row.not_before.isoformat() if waits else None,
        "reason_code": row.reason_code or None,
        "reason": row.reason or None,
        "requested_by": person_json(row.requested_by),
        "requested_at": row.requested_at.isoformat(),
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }


class StudyDeliveriesView(APIView):
    @extend_schema(responses=DeliveriesSerializer)
    def get(self, request: Request, study: UUID) -> Response:
        """What was sent of this study, newest first."""
        person = person_of(request)
        return Response(_json(person, open_study(person, study)))

    @extend_schema(request=NothingSerializer, responses={201: DeliveriesSerializer})
    def post(self, request: Request, study: UUID) -> Response:
        """Send the newest signed version as structured report and picture."""
        person = person_of(request)
        row = open_study(person, study)
        require(can_send(person, row), "Whoever may sign a result may send it.")
        checked(NothingSerializer, request.data)
        request_delivery(person=person, study=row)
        return Response(_json(person, row), status=201)


class DeliveryRetryView(APIView):
    @extend_schema(request=NothingSerializer, responses=DeliveriesSerializer)
    def post(self, request: Request, delivery: UUID) -> Response:
        """Try a failed delivery again."""
        person = person_of(request)
        row = one(Delivery.objects.select_related("signed__radiograph__study"), pk=delivery)
        study = open_study(person, row.signed.radiograph.study_id)
        require(can_send(person, study), "Whoever may sign a result may send it.")
        checked(NothingSerializer, request.data)
        retry(person=person, delivery=row)
        return Response(_json(person, study))
