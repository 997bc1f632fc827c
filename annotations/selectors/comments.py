"""Comments of reviewers, carried from version to version until they are resolved."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotations.models import BoxSet, CommentMark, ReviewComment
from annotations.states import BoxSetStatus


@dataclass(frozen=True, slots=True)
class CarriedComment:
    """A comment, the version it was written on, and the newest word on whether it is resolved."""

    comment: ReviewComment
    version: int
    mark: CommentMark | None

    @property
    def resolved(self) -> bool:
        return self.mark is not None and self.mark.resolved


def lineage(box_set: BoxSet) -> Iterator[BoxSet]:
    """The box set, the one that it continues, and so on back to the first."""
    here: BoxSet | None = box_set
    while here is not None:
        yield here
        here = here.parent


def carried_comments(box_set: BoxSet) -> list[CarriedComment]:
    """All comments on this version and on those before it, oldest first."""
    # Nobody comments on a draft.
    versions = {each.pk: each.version for each in lineage(box_set) if each.status != BoxSetStatus.DRAFT}
    if not versions:
        return []
    comments = list(ReviewComment.objects.filter(box_set__in=versions).select_related("author"))
    marks: dict[int, CommentMark] = {
        mark.comment_id: mark
        for mark in CommentMark.objects.filter(comment__in=comments).select_related("person").order_by("at", "pk")
    }
    return [CarriedComment(comment, versions[comment.box_set_id], marks.get(comment.pk)) for comment in comments]
