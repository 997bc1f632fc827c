"""Type the height that a child had at the time of a film, correct it, take it back; each is a new line."""

import math

from django.db import IntegrityError, transaction

from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import Person, Study
from annotations.services.events import record_event
from boneage_web.results.models import HeightMeasurement
from boneage_web.results.models.height import MOST_DAYS_FROM_FILM, SHORTEST_CM, TALLEST_CM
from boneage_web.results.permissions import can_state_height


@transaction.atomic
def state_height(
    *,
    person: Person,
    study: Study,
    height_cm: float | None,
    days_from_film: int | None,
    based_on: int | None,
    reason: str = "",
) -> HeightMeasurement:
    """A new line of the study's heights.

    Args:
        height_cm: standing height with at most one decimal; None takes the present one back.
        days_from_film: day of measuring minus day of the film, negative before it; None without a height.
        based_on: number of the newest line that was shown; None where there was none.
        reason: why it is changed or taken back; the first line needs none.

    Raises NotAllowed, Invalid, Conflict (`no_height`), StaleState.
    """
    # Of the study alone: PostgreSQL refuses to lock a cohort that may be none.
    study = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if not can_state_height(person, study):
        raise NotAllowed("forbidden", "Heights are typed by people who see the result of a film that is in use.")
    before = HeightMeasurement.objects.filter(study=study).first()
    if (before.number if before else None) != based_on:
        raise StaleState("height", "as it was shown")
    if height_cm is None and (before is None or before.height_cm is None):
        raise Conflict("no_height", "There is no height that could be taken back.")
    _check(height_cm, days_from_film)
    reason = reason.strip()
    if before is not None and not reason:
        raise Invalid("reason_missing", "Say why the height is changed.", field="reason")
    try:
        with transaction.atomic():
            row = HeightMeasurement.objects.create(
                study=study,
                number=1 if before is None else before.number + 1,
                height_cm=height_cm,
                days_from_film=days_from_film,
                reason=reason,
                stated_by=person,
            )
    except IntegrityError:
        raise StaleState("height", "as it was shown") from None
    verb = "withdraw_height" if height_cm is None else "state_height" if before is None else "change_height"
    record_event(who=person, verb=verb, row=row, study=study, old=_told(before), new=_told(row), reason=reason)
    return row


def _check(height_cm: float | None, days_from_film: int | None) -> None:
    if height_cm is None:
        if days_from_film is not None:
            raise Invalid(
                "bad_height", "A day without a height says nothing. Give both, or neither.", field="height_cm"
            )
        return
    if not math.isfinite(height_cm) or not SHORTEST_CM <= height_cm <= TALLEST_CM or round(height_cm, 1) != height_cm:
        raise Invalid(
            "bad_height",
            f"A child's standing height lies between {SHORTEST_CM:.0f} and {TALLEST_CM:.0f} cm. "
            "Give centimetres with at most one decimal, as 142.3.",
            field="height_cm",
        )
    if days_from_film is None:
        raise Invalid(
            "height_day_missing", "Say how many days before or after the film it was measured.", field="days_from_film"
        )
    if abs(days_from_film) > MOST_DAYS_FROM_FILM:
        raise Invalid(
            "height_far_from_film",
            f"A height counts for a film from which it lies at most {MOST_DAYS_FROM_FILM} days away: children grow. "
            "Use a height of that time.",
            field="days_from_film",
        )


def _told(row: HeightMeasurement | None) -> str:
    return "" if row is None or row.height_cm is None else f"{row.height_cm:.1f} cm"
