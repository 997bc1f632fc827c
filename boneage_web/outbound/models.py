"""What is to be sent, how far it is, and the gateway's last sign of life."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models import Person
from boneage_web.results.models import SignedResult


class DeliveryState(StrEnum):
    """queued -> sending -> sent | failed(reason); also back to queued after a passing fault, or by a person."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Delivery(models.Model):
    """One signed version for the site's PACS: the structured report and the picture.

    `objects_sent` is `[{"kind", "status"}]`, DICOM's status in four hexadecimal digits; no UID and no name of the
    original film stands here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signed = models.ForeignKey(SignedResult, on_delete=models.PROTECT, related_name="deliveries")
    destination = models.CharField(max_length=16)
    mode = models.CharField(max_length=16)
    state = models.CharField(
        max_length=longest(DeliveryState), choices=choices(DeliveryState), default=DeliveryState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    reason_code = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    objects_sent = models.JSONField(default=list)
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at", "id"]
        indexes = [Index(fields=["state", "not_before"], name="delivery_by_state")]
        constraints = [
            one_of("state", DeliveryState, name="delivery_state_known"),
            implies(Q(state=DeliveryState.FAILED.value), ~Q(reason_code=""), name="delivery_failed_with_a_reason"),
            implies(
                Q(state=DeliveryState.SENDING.value),
                Q(claim__isnull=False, claimed_at__isnull=False),
                name="delivery_sending_is_claimed",
            ),
            UniqueConstraint(
                fields=["signed", "destination"],
                condition=Q(state__in=[DeliveryState.QUEUED.value, DeliveryState.SENDING.value]),
                name="delivery_once_on_its_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class GatewaySign(models.Model):
    """When the gateway was last there."""

    name = models.CharField(max_length=120, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
