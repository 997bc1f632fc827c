"""Asking for a delivery, claiming it, and how it ends."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.errors import Conflict, NotAllowed, StaleState
from annotations.models import Person, Study
from annotations.services.events import record_event
from boneage_web.outbound.destination import DestinationError, destination
from boneage_web.outbound.models import Delivery, DeliveryState
from boneage_web.outbound.store import Stored
from boneage_web.results.models import SignedResult
from boneage_web.results.permissions import can_sign
from boneage_web.results.services.predictions import inputs_key

WAITS = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""Between two tries of what may get there later; after the last it has failed, and a person may ask again."""
DEAD_AFTER = timedelta(minutes=10)
"""A gateway that claimed a delivery so long ago is gone; storing the same objects twice is storing them once."""


def can_send(person: Person, study: Study) -> bool:
    """Whoever may sign may send what is signed."""
    return can_sign(person, study)


@transaction.atomic
def request_delivery(*, person: Person, study: Study) -> Delivery:
    """Queue the newest signed version. Raises NotAllowed, Conflict."""
    if not can_send(person, study):
        raise NotAllowed("forbidden", "Whoever may sign a result may send it.")
    try:
        to = destination()
    except DestinationError as error:
        raise Conflict("bad_destination", str(error)) from None
    if to is None:
        raise Conflict("no_destination", "No PACS is set up: an administrator sets BONEAGE_PACS_HOST.")
    signed = SignedResult.objects.filter(radiograph__study=study, radiograph__for_reading=True).first()
    if signed is None:
        raise Conflict("not_signed", "Only a signed result is sent. Sign it first.")
    if signed.inputs_key != inputs_key(study):
        raise Conflict("outdated", "Sex or age were stated after it was signed. Sign it again first.")
    try:
        with transaction.atomic():
            delivery = Delivery.objects.create(
                signed=signed,
                destination=to.ae_title,
                mode=settings.MODE,
                not_before=timezone.now(),
                requested_by=person,
            )
    except IntegrityError:
        raise Conflict("on_its_way", "This version is on its way already.") from None
    record_event(who=person, verb="send", row=delivery, study=study, new=delivery.state)
    return delivery


@transaction.atomic
def retry(*, person: Person, delivery: Delivery) -> Delivery:
    """Queue a failed one again. Raises NotAllowed, StaleState, Conflict."""
    study = delivery.signed.radiograph.study
    if not can_send(person, study):
        raise NotAllowed("forbidden", "Whoever may sign a result may send it.")
    failed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED)
    try:
        with transaction.atomic():
            moved = failed.update(
                state=DeliveryState.QUEUED,
                attempts=0,
                not_before=timezone.now(),
                reason_code="",
                reason="",
                finished_at=None,
            )
    except IntegrityError:
        raise Conflict("on_its_way", "This version is on its way already.") from None
    if moved != 1:
        raise StaleState("delivery", "failed")
    record_event(who=person, verb="send", row=delivery, study=study, old="failed", new="queued")
    delivery.refresh_from_db()
    return delivery


def claim() -> Delivery | None:
    """The next that is due, for this process alone; what a dead gateway held comes back at once."""
    now = timezone.now()
    _take_back_from_the_dead(now)
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, not_before__lte=now).order_by("not_before", "pk")
    for pk in due.values_list("pk", flat=True)[:10]:
        mine = uuid.uuid4()
        taken = Delivery.objects.filter(pk=pk, state=DeliveryState.QUEUED).update(
            state=DeliveryState.SENDING, claim=mine, claimed_at=now
        )
        if taken:
            rows = Delivery.objects.select_related("signed__radiograph__study__patient", "signed__prediction")
            return rows.get(pk=pk)
    return None


def _take_back_from_the_dead(now: datetime) -> None:
    """What a dead gateway held counts as a try: what brings down every gateway that takes it must come to an end."""
    held = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=now - DEAD_AFTER)
    message = "The gateway ended before it had sent this. Look into its log, then try again."
    for delivery in held.select_related("signed__radiograph__study"):
        at = now if delivery.attempts < len(WAITS) else None
        _try_again_or_fail(delivery, code="gateway_gone", message=message, at=at)


def sent(delivery: Delivery, stored: Sequence[Stored]) -> None:
    """It arrived."""
    statuses = [{"kind": one.kind, "status": f"{one.status:04X}"} for one in stored]
    _end(
        delivery, state=DeliveryState.SENT, objects_sent=statuses, reason_code="", reason="", finished_at=timezone.now()
    )


def not_sent(delivery: Delivery, *, code: str, message: str, passing: bool) -> None:
    """Try again later, or give up with the reason."""
    again = passing and delivery.attempts < len(WAITS)
    at = timezone.now() + WAITS[delivery.attempts] if again else None
    _try_again_or_fail(delivery, code=code, message=message, at=at)


def _try_again_or_fail(delivery: Delivery, *, code: str, message: str, at: datetime | None) -> None:
    why = {"attempts": delivery.attempts + 1, "reason_code": code[:64], "reason": message[:500]}
    if at is None:
        _end(delivery, state=DeliveryState.FAILED, finished_at=timezone.now(), **why)
    else:
        _end(delivery, state=DeliveryState.QUEUED, not_before=at, **why)


def _end(delivery: Delivery, **values: object) -> None:
    """Only while it is still ours."""
    with transaction.atomic():
        held = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, claim=delivery.claim)
        if held.update(claim=None, claimed_at=None, **values) == 1:
            study = delivery.signed.radiograph.study
            code = str(values.get("reason_code") or "")
            record_event(
                who=None,
                verb="deliver",
                row=delivery,
                study=study,
                old="sending",
                new=str(values["state"]),
                reason=code,
            )
