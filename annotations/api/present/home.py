"""Everybody's queue."""

from typing import Any

from django.utils import timezone

from annotations.api.present.worklists import left_to_label, left_to_read
from annotations.models import Person
from annotations.permissions import queues
from annotations.permissions.blocked import blocked_waiting_for, can_decide
from annotations.permissions.people import can_see_funnel
from annotations.permissions.studies import open_studies_visible_to
from annotations.selectors.counts import counted
from annotations.selectors.funnel import funnel
from annotations.states import RoleName


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
        home["review"] = {"left": counted(queues.to_review(person, now=now))}
        home["approve"] = {"left": counted(queues.to_approve(person))}
        home["confirm"] = {"left": counted(queues.to_confirm(person))}
    if person.has_role(RoleName.READER):
        home["read"] = {"left": left_to_read(person)}
    if person.has_role(RoleName.ADJUDICATOR):
        home["settle"] = {"left": counted(queues.to_settle(person))}
    if can_decide(person):
        home["blocked"] = {"left": counted(blocked_waiting_for(person))}
    if can_see_funnel(person):
        home["funnel"] = funnel(open_studies_visible_to(person))
    return home
