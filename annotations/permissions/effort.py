"""What box sets cost: for those who plan and judge the work, and for each author their own."""

from django.db.models import QuerySet

from annotations.models import Effort, Person, Study
from annotations.permissions.boxes import box_sets_visible_to
from annotations.states import RoleName

_PLANNERS = (RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)


def efforts_visible_to(person: Person, study: Study) -> QuerySet[Effort]:
    """Efforts of the study's box sets, by version. How far a model's boxes were off is another question: see
    :func:`annotations.permissions.boxes.proposals_visible_to`."""
    efforts = Effort.objects.filter(
        box_set__radiograph__study=study, box_set__in=box_sets_visible_to(person)
    ).select_related("box_set__author")
    if not person.has_role(*_PLANNERS):
        efforts = efforts.filter(box_set__author=person)
    return efforts.order_by("box_set__radiograph", "box_set__version")
