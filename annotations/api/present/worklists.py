"""What waits for a person, kind of work by kind of work, and how much there is in the pools."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from annotations.api.present.people import person_json
from annotations.api.present.studies import thumbnail_url
from annotations.models import BoxSet, Person, Radiograph
from annotations.permissions import queues
from annotations.permissions.reads import own_readings, readable_by
from annotations.permissions.rereads import repeats_due, rereadable_by
from annotations.selectors.counts import counted, counted_together
from annotations.states import ReadStatus, RoleName

SHOWN = 100
"""So many rows of each list; the counts go on."""


def label_worklist_json(person: Person) -> dict[str, Any]:
    """My drafts, what came back to me, what was given to me, and the size of the pool."""
    given, *pools = queues.to_label(person, now=timezone.now())
    drafts, returned = queues.my_drafts(person), queues.returned_to(person)
    return {
        "drafts": [_box_set_item(row) for row in drafts[:SHOWN]],
        "returned": [_box_set_item(row) for row in returned[:SHOWN]],
        "assigned": [_film_item(film) for film in given[:SHOWN]],
        "assigned_count": counted(given),
        "pool": counted_together(*pools),
    }


def review_worklist_json(person: Person) -> dict[str, Any]:
    """What I sent back and was redrawn, what was given to me, and the oldest of the pool."""
    now = timezone.now()
    redrawn, given = queues.redrawn_for(person, now=now), queues.given_to_review(person, now=now)
    waiting = queues.to_review(person, now=now)
    mine = {row.pk for row in [*redrawn[:SHOWN], *given[:SHOWN]]}
    return {
        "redrawn": [_box_set_item(row) for row in redrawn[:SHOWN]],
        "assigned": [_box_set_item(row) for row in given[:SHOWN]],
        "waiting": [_box_set_item(row) for row in waiting[:SHOWN] if row.pk not in mine],
        "count": counted(waiting),
    }


def read_worklist_json(person: Person) -> dict[str, Any]:
    """Numbers alone: which films wait, and why, would tell something about them."""
    mine = own_readings(person)
    begun = mine.filter(status=ReadStatus.ASSIGNED).count()
    answered = mine.filter(status__in=[ReadStatus.SUBMITTED.value, ReadStatus.UNREADABLE.value]).count()
    return {"begun": begun, "count": left_to_read(person), "answered": answered}


def decide_worklist_json(person: Person) -> dict[str, Any]:
    """How many disagreements wait for this adjudicator, and how many values for this reviewer's approval, and films
    for their word that they cannot be read."""
    found: dict[str, Any] = {}
    if person.has_role(RoleName.ADJUDICATOR):
        found["settle"] = counted(queues.to_settle(person))
    if person.has_role(RoleName.REVIEWER):
        found["approve"] = counted(queues.to_approve(person))
        found["confirm"] = counted(queues.to_confirm(person))
    return found


def _film_item(film: Radiograph) -> dict[str, Any]:
    return {
        "study": str(film.study_id),
        "radiograph": str(film.pk),
        "pseudonym": film.study.patient.pseudonym,
        "thumbnail_url": thumbnail_url(film),
        "priority": film.study.priority_name,
        "synthetic": film.study.synthetic,
    }


def _box_set_item(row: BoxSet) -> dict[str, Any]:
    return _film_item(row.radiograph) | {
        "box_set": str(row.pk),
        "version": row.version,
        "author": person_json(row.author),
        "reason": row.return_reason or None,
        "since": (row.decided_at or row.submitted_at or row.created_at).isoformat(),
    }


def left_to_label(person: Person) -> tuple[int, Iterable[BoxSet]]:
    """How many films wait for this labeller in all, and those that came back."""
    returned = list(queues.returned_to(person)[:SHOWN])
    pools = counted_together(*queues.to_label(person, now=timezone.now()))
    return pools + queues.my_drafts(person).count() + len(returned), returned


def left_to_read(person: Person) -> int:
    """How many films wait for this reader: fresh ones, those that come back, and the one they began, told apart to
    nobody."""
    begun = own_readings(person).filter(status=ReadStatus.ASSIGNED).count()
    coming_back = repeats_due(person, now=timezone.now()).count() + rereadable_by(person).count()
    return counted(readable_by(person)) + coming_back + begun
