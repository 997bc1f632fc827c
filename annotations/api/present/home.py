"""Everybody's queue."""

from typing import Any

from django.utils import timezone

from annotations.api.present.worklists import left_to_label
from annotations.models import Person
from annotations.permissions import queues
from annotations.permissions.people import can_see_funnel
from annotations.permissions.reads import own_readings, readable_by
from annotations.permissions.rereads import repeats_due, rereadable_by
from annotations.permissions.studies import open_studies_visible_to
from annotations.selectors.funnel import funnel
from annotations.states import ReadStatus, RoleName


def home_json(person: Person) -> dict[str, Any]:
    """What is left for each role of this person, and what came back; the funnel for those who steer."""
    home: dict[str, Any] = {}
    now = timezone.now()
    if person.has_role(RoleName.LABELLER):
        left, returned = left_to_label(person)
        home["label"] = {
            "left": left,
            "returned": [
                {"box_set": str(row.pk), "study": str(row.radiograph.study_id), "reason": row.return_reason}
                for row in returned
            ],
        }
    if person.has_role(RoleName.REVIEWER):
        home["review"] = {"left": queues.to_review(person, now=now).count()}
        home["approve"] = {"left": queues.to_approve(person).count()}
    if person.has_role(RoleName.READER):
        begun = own_readings(person).filter(status=ReadStatus.ASSIGNED).count()
        coming_back = repeats_due(person, now=now).count() + rereadable_by(person).count()
        home["read"] = {"left": readable_by(person).count() + coming_back + begun}
    if person.has_role(RoleName.ADJUDICATOR):
        home["settle"] = {"left": queues.to_settle(person).count()}
    if can_see_funnel(person):
        home["funnel"] = funnel(open_studies_visible_to(person))
    return home
