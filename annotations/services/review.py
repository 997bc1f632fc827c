"""Review: accept, or send back with comments. (Fix and accept starts in ``drafts.fix``.)"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.utils import timezone

from annotations.announce import BoxSetAccepted, BoxSetReturned, announce
from annotations.base.errors import Invalid, NotAllowed
from annotations.models import BoxSet, Person, ReviewComment
from annotations.permissions import boxes as may
from annotations.permissions.queues import given_to_review, redrawn_for, to_review
from annotations.services.assignments import done
from annotations.services.boxes import supersede_accepted
from annotations.services.drafts import CANDIDATES
from annotations.services.events import record_event
from annotations.services.leases import give_up_lease, take_lease
from annotations.services.moves import move
from annotations.states import BoxSetStatus, LeasePurpose, WorkKind
from inference.anatomy.regions import REGION_IDS


@dataclass(frozen=True, slots=True)
class NewComment:
    """A word for the labeller, pinned to a region or to the whole box set."""

    text: str
    region: str | None = None


def review_next(*, person: Person) -> BoxSet | None:
    """The next submitted box set for this reviewer: what they sent back themselves, what was given to them, the pool;
    None when none is left."""
    now = timezone.now()
    queues = (redrawn_for(person, now=now), given_to_review(person, now=now), to_review(person, now=now))
    for box_set in chain.from_iterable(queue[:CANDIDATES] for queue in queues):
        if take_lease(person=person, radiograph=box_set.radiograph_id, purpose=LeasePurpose.REVIEW):
            return box_set
    return None


def _check_reviewer(person: Person, box_set: BoxSet) -> None:
    if not may.is_a_judge_of(person, box_set):
        raise NotAllowed("forbidden", "A box set is judged by a reviewer who did not draw it.")
    if box_set.is_second:
        raise NotAllowed("second_labelling", "An independent second labelling is compared with the first, not judged.")


@transaction.atomic
def accept(*, person: Person, box_set: BoxSet) -> BoxSet:
    """Make this the radiograph's accepted box set; an earlier accepted one is superseded.

    Saying it twice is saying it once: whose answer was lost on the way is answered again.
    """
    _check_reviewer(person, box_set)
    if box_set.status == BoxSetStatus.ACCEPTED and box_set.decided_by_id == person.pk:
        return box_set
    if box_set.status == BoxSetStatus.SUBMITTED:
        supersede_accepted(person=person, radiograph=box_set.radiograph)
    old = move(box_set, BoxSetStatus.ACCEPTED, decided_at=timezone.now(), decided_by=person)
    record_event(who=person, verb="accept", row=box_set, study=box_set.radiograph.study, old=old, new=box_set.status)
    give_up_lease(person=person, radiograph=box_set.radiograph_id, purpose=LeasePurpose.REVIEW)
    done(radiograph=box_set.radiograph, kind=WorkKind.REVIEW)
    announce(BoxSetAccepted(box_set=box_set.pk, radiograph=box_set.radiograph_id))
    return box_set


@transaction.atomic
def send_back(*, person: Person, box_set: BoxSet, reason: str, comments: Sequence[NewComment] = ()) -> BoxSet:
    """Return the box set to its labeller with a reason and comments; it goes back to the same labeller, and what
    they make of it comes to the same reviewer. Saying the same twice is saying it once."""
    _check_reviewer(person, box_set)
    said = (box_set.status, box_set.decided_by_id, box_set.return_reason)
    if said == (BoxSetStatus.RETURNED, person.pk, reason.strip()):
        return box_set
    if not reason.strip():
        raise Invalid("reason_missing", "Say why it goes back.")
    if any(comment.region is not None and comment.region not in REGION_IDS for comment in comments):
        raise Invalid("unknown_region", "A comment is pinned to a region that does not exist.")
    old = move(
        box_set,
        BoxSetStatus.RETURNED,
        decided_at=timezone.now(),
        decided_by=person,
        return_reason=reason.strip(),
    )
    ReviewComment.objects.bulk_create(
        ReviewComment(box_set=box_set, region=comment.region, text=comment.text.strip(), author=person)
        for comment in comments
        if comment.text.strip()
    )
    record_event(
        who=person,
        verb="send_back",
        row=box_set,
        study=box_set.radiograph.study,
        old=old,
        new=box_set.status,
        reason=reason.strip(),
    )
    give_up_lease(person=person, radiograph=box_set.radiograph_id, purpose=LeasePurpose.REVIEW)
    done(radiograph=box_set.radiograph, kind=WorkKind.REVIEW)
    announce(BoxSetReturned(box_set=box_set.pk, radiograph=box_set.radiograph_id))
    return box_set
