"""Re-reading rounds: choose, start, weigh, stop (what the paper did with over- and under-estimated films)."""

import random
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from annotations.agreement import UNREADABLE_ENDS
from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Cohort, Person, Read, RereadCase, RereadRound
from annotations.permissions.rereads import can_steer_rereads, reread_truths_visible_to
from annotations.selectors.reread_candidates import Candidate, Choice, candidates_for, chosen_of
from annotations.services.consensus import follow_by_reread
from annotations.services.events import record_event
from annotations.services.handing_out import withdraw
from annotations.services.moves import move
from annotations.services.protocols import protocol_for
from annotations.states import ReadRound, ReadStatus, RereadCaseStatus, RereadKind, RereadRoundStatus

FEWEST_FILMS = 10
"""Of fewer films the counts of a preview would say which of them is far off."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a round would hold: counts only, never which films.

    Attributes:
        population: films with an approved bone age and a bone age of the model that enough readers may still read.
        too_few_readers: films left out, because too many readers know their values.
        chosen: over- and under-estimated films.
        controls: films drawn at random beside them.
        readers_required: readers that each film is put to.
        model: label of the model.
    """

    population: int
    too_few_readers: int
    chosen: int
    controls: int
    readers_required: int
    model: str | None


def preview(*, person: Person, choice: Choice) -> Preview:
    """Counts of a round that this person could start. Raises NotAllowed, Invalid, Conflict."""
    found, too_few, required = _population(person, choice)
    chosen = chosen_of(found, choice)
    return Preview(
        population=len(found),
        too_few_readers=too_few,
        chosen=len(chosen),
        controls=min(len(chosen), len(found) - len(chosen)),
        readers_required=required,
        model=found[0].model if found else None,
    )


def start(*, person: Person, choice: Choice) -> RereadRound:
    """Start a round: the chosen films and as many at random, with what model and truth say of all today."""
    try:
        with transaction.atomic():
            return _start(person, choice)
    except IntegrityError:  # somebody else's round took the number or one of the films
        raise Conflict("round_meanwhile", "Another round was started meanwhile. Look again.") from None


def _start(person: Person, choice: Choice) -> RereadRound:
    found, _, required = _population(person, choice)
    chosen = chosen_of(found, choice)
    if not chosen:
        raise Conflict("nothing_chosen", "No film lies so far from the model. Choose a smaller difference.")
    rest = [each for each in found if each not in chosen]
    controls = random.Random(secrets.randbits(64)).sample(rest, min(len(chosen), len(rest)))  # noqa: S311
    protocol = protocol_for(choice.cohort)
    last = RereadRound.objects.aggregate(last=Max("number"))["last"] or 0
    round_ = RereadRound.objects.create(
        number=last + 1,
        cohort_id=choice.cohort,
        model_label=found[0].model,
        threshold_months=choice.threshold_months,
        largest=choice.largest,
        readers_required=required,
        tolerance_months=protocol.tolerance_months,
        age_seen_allowed=choice.age_seen_allowed,
        others_months=[[each.truth_months, each.model_months] for each in rest if each not in controls],
        started_by=person,
    )
    drawn = [(each, RereadKind.CHOSEN) for each in chosen] + [(each, RereadKind.CONTROL) for each in controls]
    RereadCase.objects.bulk_create(
        RereadCase(
            round=round_,
            radiograph_id=each.radiograph,
            kind=kind,
            before_months=each.truth_months,
            model_months=each.model_months,
        )
        for each, kind in sorted(drawn, key=lambda pair: str(pair[0].radiograph))
    )
    record_event(who=person, verb="start_reread", row=round_, study=None, new=f"{len(drawn)} films")
    return round_


def weigh_case(*, case: RereadCase) -> None:
    """Once all required re-reads of a film are locked, they become its consensus. Until then nothing."""
    case = (
        RereadCase.objects.select_for_update(of=("self",)).select_related("round", "radiograph__study").get(pk=case.pk)
    )
    given = Read.objects.filter(
        reread_case=case, is_current=True, status=ReadStatus.SUBMITTED, round=ReadRound.REREAD
    ).count()
    if case.status != RereadCaseStatus.OPEN or given < case.round.readers_required:
        return
    move(case, RereadCaseStatus.WEIGHED)
    follow_by_reread(case=case)
    _close_if_done(case.round)


def give_up_case(*, case: RereadCase) -> None:
    """Once so many readers said that a film cannot be read that nobody else is asked, its case ends: the bone age that
    stands stays, and what others hold of it is taken back, since it could not be weighed any more."""
    case = RereadCase.objects.select_for_update(of=("self",)).select_related("round").get(pk=case.pk)
    said = Read.objects.filter(reread_case=case, is_current=True, status=ReadStatus.UNREADABLE).count()
    if case.status != RereadCaseStatus.OPEN or said < UNREADABLE_ENDS:
        return
    old = move(case, RereadCaseStatus.UNREADABLE)
    reason = f"{said} readers say that it cannot be read"
    record_event(
        who=None, verb="give_up_reread", row=case, study=case.radiograph.study, old=old, new=case.status, reason=reason
    )
    for read in case.reads.filter(status=ReadStatus.ASSIGNED).select_related("radiograph__study"):
        withdraw(read=read, reason=reason)
    _close_if_done(case.round)


def _close_if_done(round_: RereadRound) -> None:
    # One at a time from here to the commit: of the two last cases, weighed at once, neither would see the other's end.
    RereadRound.objects.select_for_update().filter(pk=round_.pk).values_list("pk").get()
    if not RereadCase.objects.filter(round=round_, status=RereadCaseStatus.OPEN).exists():
        _close(round_, None, "")


@transaction.atomic
def stop(*, person: Person, round_: RereadRound, reason: str) -> RereadRound:
    """End a round early: readings that nobody answered are taken back, and films without them keep their bone age."""
    if not can_steer_rereads(person):
        raise NotAllowed("forbidden", "Only researchers and reviewers steer re-reading rounds.")
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the round is stopped.")
    # First the cases, so that nobody is handed one while the readings are taken back.
    RereadCase.objects.filter(round=round_, status=RereadCaseStatus.OPEN).update(status=RereadCaseStatus.DROPPED)
    assigned = Read.objects.filter(reread_case__round=round_, status=ReadStatus.ASSIGNED)
    for read in assigned.select_related("radiograph__study"):
        withdraw(read=read, reason=f"re-reading round {round_.number} was stopped")
    _close(round_, person, reason.strip())
    return round_


def _close(round_: RereadRound, person: Person | None, reason: str) -> None:
    old = move(round_, RereadRoundStatus.CLOSED, closed_at=timezone.now(), stop_reason=reason)
    record_event(who=person, verb="close_reread", row=round_, study=None, old=old, new=round_.status, reason=reason)


def _population(person: Person, choice: Choice) -> tuple[list[Candidate], int, int]:
    if not can_steer_rereads(person):
        raise NotAllowed("forbidden", "Only researchers and reviewers steer re-reading rounds.")
    if choice.cohort is not None and not Cohort.objects.filter(pk=choice.cohort).exists():
        raise Invalid("unknown_cohort", "There is no such cohort. Choose one of the list.", field="cohort")
    required = protocol_for(choice.cohort).readers_required
    everybody = candidates_for(choice, visible=reread_truths_visible_to(person))
    found = [each for each in everybody if each.readers >= required]
    if len(found) < FEWEST_FILMS:
        raise Conflict(
            "too_few_films",
            f"A round needs at least {FEWEST_FILMS} films with an approved bone age and one of the model, which "
            f"{required} readers may still read blind; here are {len(found)}.",
            films=len(found),
            fewest=FEWEST_FILMS,
            too_few_readers=len(everybody) - len(found),
        )
    return found, len(everybody) - len(found), required
