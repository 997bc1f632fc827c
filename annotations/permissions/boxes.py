"""Box sets: who sees them, who edits, submits, accepts, fixes and sends back."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.models import BoxSet, Person, Study
from annotations.permissions.blinding import not_blinded, study_is_blinded_for
from annotations.states import BoxSetStatus, BoxSource, Compared, RoleName, StudyState

_DRAWERS = (RoleName.LABELLER, RoleName.REVIEWER)
_VIEWERS = (
    RoleName.LABELLER,
    RoleName.REVIEWER,
    RoleName.RESEARCHER,
    RoleName.ADJUDICATOR,
    RoleName.ADMINISTRATOR,
)


def not_hidden_by_a_second_labelling(person: Person) -> Q:
    """A condition on box sets: not another's on a film that this person may still be asked to label as the second.

    Until both have handed in, somebody who labels sees only their own boxes of a film that is labelled twice; whoever
    does not label is not concerned.
    """
    if not person.has_role(RoleName.LABELLER):
        return Q()
    second = BoxSet.objects.filter(radiograph=OuterRef("radiograph"), is_second=True, submitted_at__isnull=False)
    return Q(radiograph__label_twice=False) | Q(author=person) | Q(Exists(second))


def box_sets_visible_to(person: Person) -> QuerySet[BoxSet]:
    """Box sets drawn by people. Boxes tell no age; a pure reader has no use for them."""
    if not person.has_role(*_VIEWERS):
        return BoxSet.objects.none()
    return BoxSet.objects.filter(not_hidden_by_a_second_labelling(person), source=BoxSource.PERSON)


def proposals_visible_to(person: Person, study: Study) -> bool:
    """A model's boxes are a model's result: hidden from who may still read the film blind."""
    return person.has_role(*_VIEWERS) and not study_is_blinded_for(person, study)


def box_sets_compared_for(person: Person, what: Compared) -> QuerySet[BoxSet]:
    """Box sets that may enter figures shown to this person; beside a model's only those of films that are not blinded
    for them, as :func:`proposals_visible_to` says."""
    box_sets = box_sets_visible_to(person)
    return box_sets.filter(Q(not_blinded(person, "radiograph__study"))) if what == Compared.MODEL else box_sets


def can_see_agreement(person: Person) -> bool:
    """How far apart people draw."""
    return person.has_role(RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)


def can_draw(person: Person) -> bool:
    """Draw, or be the author of boxes that come from a file, at all, whatever the study."""
    return person.has_role(*_DRAWERS)


def can_label(person: Person, study: Study) -> bool:
    return person.has_role(*_DRAWERS) and study.state == StudyState.READY


def can_edit(person: Person, box_set: BoxSet) -> bool:
    return box_set.status == BoxSetStatus.DRAFT and box_set.author_id == person.pk and person.has_role(*_DRAWERS)


def can_submit(person: Person, box_set: BoxSet) -> bool:
    return can_edit(person, box_set)


def is_a_judge_of(person: Person, box_set: BoxSet) -> bool:
    """A reviewer, never the author; whatever the status."""
    return person.has_role(RoleName.REVIEWER) and box_set.author_id != person.pk


def can_review(person: Person, box_set: BoxSet) -> bool:
    """Accept or send back, now; an independent second labelling is compared and not judged."""
    return is_a_judge_of(person, box_set) and box_set.status == BoxSetStatus.SUBMITTED and not box_set.is_second


def can_fix(person: Person, box_set: BoxSet) -> bool:
    """A reviewer may also put right what was accepted."""
    return (
        person.has_role(RoleName.REVIEWER)
        and not box_set.is_second
        and box_set.status in (BoxSetStatus.SUBMITTED, BoxSetStatus.ACCEPTED)
        and (box_set.author_id != person.pk or box_set.status == BoxSetStatus.ACCEPTED)
    )
