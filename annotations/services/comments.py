"""Saying that a comment is dealt with."""

from django.db import transaction

from annotations.base.errors import Invalid, NotAllowed
from annotations.models import BoxSet, CommentMark, Person, ReviewComment
from annotations.permissions import boxes as may
from annotations.selectors.comments import carried_comments


@transaction.atomic
def mark_comment(*, person: Person, comment: ReviewComment, box_set: BoxSet, resolved: bool) -> CommentMark | None:
    """Call the comment resolved or open again; None when it is so already.

    The labeller says it of the draft that answers the comment, a reviewer of what they judge; each is a row of its
    own, so that it stays known who said what.
    """
    if not (may.can_edit(person, box_set) or may.can_review(person, box_set)):
        raise NotAllowed("forbidden", "Only who draws or judges these boxes says that a comment is dealt with.")
    carried = next((each for each in carried_comments(box_set) if each.comment.pk == comment.pk), None)
    if carried is None:
        raise Invalid("comment_elsewhere", "This comment belongs to other boxes.")
    if carried.resolved == resolved:
        return None
    return CommentMark.objects.create(comment=comment, box_set=box_set, resolved=resolved, person=person)
