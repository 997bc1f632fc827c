"""Nothing that is hidden moves a single byte of what a blind reader is answered, anywhere on the site.

Two worlds differ in hidden values alone: what others read, what came of it, the model's age, the chronological age,
the child's height. In each stage of the reading, whoever may still read the film blind calls every address there is,
with every filter and order, and must be answered the same in both worlds. That catches counts, orders, headers and
refusals as well as numbers. Whoever is not blinded is told the difference, which shows that there is one to be found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from annotations.models import Consensus, Person, Protocol, Radiograph, Read, RereadCase, RereadRound, Study
from annotations.services import consensus as consensus_services
from annotations.services import reads
from annotations.services.boxes import propose_boxes
from annotations.states import ReadStatus, RereadKind, RoleName
from boneage_web.results.models import Prediction
from boneage_web.results.services.heights import state_height
from boneage_web.runs import bell
from tests.annotations.route_table import world as annotations_world
from tests.boneage_web.blinding_table import BLINDING, Tells
from tests.boneage_web.conftest import approve_age
from tests.boneage_web.route_table import make_model
from tests.boneage_web.route_table import world as roof_world
from tests.boneage_web.site_answers import ROUTES, addresses, everything, queries, shape, undone
from tests.factories.people import make_person, make_personas
from tests.factories.studies import box_for, film_of, labelled, make_study

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]  # a thousand calls: up to 17 s alone, more beside others


@pytest.fixture(autouse=True)
def _one_moment_of_printing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF says when it was printed, inside compressed bytes that cannot be pinned afterwards."""
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("boneage_web.results.api.reports.timezone", SimpleNamespace(now=lambda: moment))


@dataclass(frozen=True)
class Hidden:
    """The hidden values of one world; each number occurs nowhere else."""

    chronological_age_months: float
    model_months: float
    reads_months: tuple[float, float]
    settled_months: float
    box_shift_px: float
    height_cm: float

    def secrets(self) -> set[str]:
        """As they would stand in an answer."""
        ages = (self.chronological_age_months, self.model_months, *self.reads_months, self.settled_months)
        numbers = (*ages, self.height_cm)
        return {str(number) for number in (*numbers, round(sum(self.reads_months) / 2, 4))}


HERE = Hidden(131.71, 133.37, (117.19, 119.23), 118.37, 0.0, 147.3)
THERE = Hidden(57.93, 41.83, (61.47, 99.61), 87.13, 3.0, 98.6)
"""Here the two agree, there they do not; their order is the same."""

APART = Hidden(57.93, 41.83, (61.47, 143.59), 87.13, 3.0, 98.6)
"""As there, but for the second read: a dispute."""


@dataclass
class World:
    """The film that everything turns on, and who had to do with it."""

    study: Study
    film: Radiograph
    blind: Person
    readers: tuple[Person, Person]
    adjudicator: Person
    reviewer: Person
    blind_read: reads.Read | None
    values: dict[str, str]
    another_visit: str
    """A study of the same child that is open to everybody."""


def _read_by(person: Person, months: float) -> None:
    read = reads.read_next(person=person)
    assert read is not None
    reads.submit_read(person=person, read=read, bone_age_months=months, plate_months=None)


def _consensus(world: World) -> Consensus:
    return Consensus.objects.exclude(status="reopened").get(radiograph=world.film)


def nobody_has_read(world: World, hidden: Hidden) -> None:
    """Age and model alone."""


def one_has_locked(world: World, hidden: Hidden) -> None:
    _read_by(world.readers[0], hidden.reads_months[0])


def both_have_locked(world: World, hidden: Hidden) -> None:
    """Agreed or disputed, as their reads would have it."""
    for person, months in zip(world.readers, hidden.reads_months, strict=True):
        _read_by(person, months)


def settled(world: World, hidden: Hidden) -> None:
    both_have_locked(world, hidden)
    if _consensus(world).status == "adjudicating":
        consensus_services.settle(
            person=world.adjudicator, consensus=_consensus(world), bone_age_months=hidden.settled_months, reason="x"
        )


def approved_and_reopened(world: World, hidden: Hidden) -> None:
    """It was truth for a while, and is doubted again."""
    settled(world, hidden)
    consensus_services.approve(person=world.reviewer, consensus=_consensus(world))
    consensus_services.reopen(person=world.reviewer, consensus=_consensus(world), reason="x")


def approved_and_read_again(world: World, hidden: Hidden) -> None:
    """Approved, and then put into a re-reading round because the model disagreed, or as a control."""
    settled(world, hidden)
    consensus_services.approve(person=world.reviewer, consensus=_consensus(world))
    round_ = RereadRound.objects.create(
        number=1000, model_label="model", largest=10, readers_required=2, tolerance_months=12,
        started_by=world.reviewer,
    )  # fmt: skip
    RereadCase.objects.create(
        round=round_,
        radiograph=world.film,
        kind=RereadKind.CHOSEN if hidden is HERE else RereadKind.CONTROL,
        before_months=_consensus(world).bone_age_months,
        model_months=hidden.model_months,
    )


def _cannot_read(person: Person, reason: str) -> None:
    read = reads.read_next(person=person)
    assert read is not None
    reads.cannot_read(person=person, read=read, reason=reason)


def called_unreadable(world: World, hidden: Hidden) -> None:
    """Two cannot read it, for reasons that are hidden; here a reviewer confirms it, there it waits for one."""
    for person, months in zip(world.readers, hidden.reads_months, strict=True):
        _cannot_read(person, f"as if {months}")
    if hidden is HERE:
        consensus_services.confirm_unreadable(person=world.reviewer, consensus=_consensus(world))


def others_cannot_read_it(world: World, hidden: Hidden) -> None:
    """While the blind reader holds it: here nobody else can read it, there one can, or one alone was asked."""
    if hidden is not APART:
        _cannot_read(world.readers[0], f"as if {hidden.reads_months[0]}")
    if hidden is HERE:
        _cannot_read(world.readers[1], f"as if {hidden.reads_months[1]}")
    else:
        _read_by(world.readers[1], hidden.reads_months[1])


def answered_and_may_come_back(world: World, hidden: Hidden) -> None:
    """The blind reader has locked an answer, but hidden repeats keep the film closed to them."""
    assert world.blind_read is not None
    Protocol.objects.filter(pk=world.blind_read.protocol_id).update(repeat_share=0.5)
    world.blind_read.refresh_from_db()
    reads.submit_read(person=world.blind, read=world.blind_read, bone_age_months=125.0, plate_months=None)
    _read_by(world.readers[0], hidden.reads_months[0])


WITHOUT_A_SECOND_READ = (nobody_has_read, one_has_locked, answered_and_may_come_back)
"""Stages in which there and apart are the same world, so that one of them is compared."""

LIFTS = ("POST /reading/{token}/submit",)
"""The person's own lock: its answer shows the chronological age, and nothing else that was hidden."""

Stage = Callable[[World, Hidden], None]
STAGES: dict[str, tuple[Stage, bool]] = {
    "handed out, nobody has read": (nobody_has_read, True),
    "handed out, another has locked": (one_has_locked, True),
    "too late, others agree or not": (both_have_locked, False),
    "too late, settled": (settled, False),
    "too late, reopened": (approved_and_reopened, False),
    "approved, to be read again": (approved_and_read_again, False),
    "answered, and may come back": (answered_and_may_come_back, True),
    "too late, called unreadable": (called_unreadable, False),
    "handed out, others cannot read it": (others_cannot_read_it, True),
}
"""What happened, and whether the blind reader holds the film."""

TRIED_ONCE = "too late, called unreadable"
SELDOM = (TRIED_ONCE, "handed out, others cannot read it")
"""Stages of which the first is always tried with every role at once, and all else by ``make soak``."""

ROLES: dict[str, tuple[RoleName, ...]] = {
    "reader": (RoleName.READER,),
    **{f"reader and {role}": (RoleName.READER, role) for role in RoleName if role != RoleName.READER},
    "every role": tuple(RoleName),
}


def _world(roles: tuple[RoleName, ...], *, handed_out: bool) -> World:
    """All rows that the tables' addresses speak of, and a film of our own that is read first."""
    values = {**annotations_world(make_personas()), **roof_world()}
    Study.objects.update(sex=None, sex_source=None)  # nothing else is handed out to read
    study = make_study(stored=True)
    film = film_of(study)
    submitted = labelled(make_person("drawer", RoleName.LABELLER), study)
    blind = make_person("blind", *roles)
    mine = reads.read_next(person=blind) if handed_out else None
    first, second = (make_person(name, RoleName.READER) for name in ("first", "second"))
    values |= {"study": str(study.pk), "radiograph": str(film.pk), "draft": str(submitted.pk)}
    values |= {"submitted": str(submitted.pk), "token": mine.token if mine else "none"}
    earlier = make_study(sex="F", chronological_age_months=50.5)
    Study.objects.filter(pk=earlier.pk).update(patient=study.patient)
    approver = make_person("approves", RoleName.REVIEWER)
    approve_age(earlier, 48.25, reviewer=approver)
    return World(
        another_visit=str(earlier.pk),
        study=study, film=film, blind=blind, readers=(first, second), blind_read=mine, values=values,
        adjudicator=make_person("settles", RoleName.ADJUDICATOR), reviewer=approver,
    )  # fmt: skip


def _hide(world: World, hidden: Hidden, stage: Stage) -> None:
    """Put the hidden values in, by the services that write them in earnest."""
    Study.objects.filter(pk=world.study.pk).update(chronological_age_months=hidden.chronological_age_months)
    Prediction.objects.create(
        model_version=make_model("f" * 64, status="retired"), radiograph=world.film, sex="M", inputs_key="M:-",
        bone_age_months=hidden.model_months, interval_low_months=hidden.model_months - 9,
        interval_high_months=hidden.model_months + 9,
    )  # fmt: skip
    boxes = {"radius": (box_for("radius", hidden.box_shift_px), 0.5 + hidden.box_shift_px / 10)}
    propose_boxes(radiograph=world.film, boxes=boxes, model_version_label="model")
    state_height(
        person=make_person("measured", RoleName.ADMINISTRATOR), study=world.study, height_cm=hidden.height_cm,
        days_from_film=0, based_on=None,
    )  # fmt: skip
    stage(world, hidden)
    assert Read.objects.filter(reader=world.readers[1]).exists() == (stage not in WITHOUT_A_SECOND_READ)
    consensus = Consensus.objects.filter(radiograph=world.film).exclude(status="reopened").first()
    if consensus is not None:
        world.values |= {"agreed": str(consensus.pk), "disputed": str(consensus.pk)}


def _told(world: World, hidden: Hidden, stage: Stage, person: Person) -> dict[str, str]:
    """What the person is answered in the world of these hidden values, which is then undone."""
    with undone():
        _hide(world, hidden, stage)
        told = everything(person, world.values)
        of_another_visit = everything(person, world.values | {"study": world.another_visit}, about="{study}")
        told |= {f"{each}, another visit": text for each, text in of_another_visit.items()}
    for lifts in LIFTS:
        told[lifts] = _without_the_age(told[lifts], hidden)
    return told


def _without_the_age(text: str, hidden: Hidden) -> str:
    """The chronological age and the length of the answer that it stands in, taken out: locking reveals it."""
    return re.sub(r"'Content-Length': '\d+'", "", text.replace(str(hidden.chronological_age_months), "<age>"))


@pytest.fixture(autouse=True)
def _no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell.application, "send_task", lambda *args, **kwargs: None)


def test_every_address_is_classified() -> None:
    assert set(addresses()) == set(BLINDING)
    assert {shape(row.path) for row in ROUTES} == set(BLINDING)


def _matrix() -> Iterator[object]:
    """Every stage with every combination of roles. The reader alone, and with all roles, are tried in each stage; the
    others in every third, so that each combination and each stage has its turn, on the embedded database; ``make soak``
    tries the rest, and all of them on PostgreSQL, too."""
    for row, (stage_name, (stage, handed_out)) in enumerate(STAGES.items()):
        for column, (roles_name, roles) in enumerate(ROLES.items()):
            often = roles_name in ("reader", "every role") or (row + column) % 3 == 0
            always = (stage_name, roles_name) == (TRIED_ONCE, "every role") if stage_name in SELDOM else often
            yield pytest.param(
                stage,
                handed_out,
                roles,
                id=f"{stage_name}; {roles_name}",
                marks=() if always else pytest.mark.thorough,
            )


@pytest.mark.once
@pytest.mark.parametrize(("stage", "handed_out", "roles"), list(_matrix()))
def test_hidden_values_move_no_byte(settings: Any, stage: Stage, handed_out: bool, roles: tuple[RoleName, ...]) -> None:
    world = _world(roles, handed_out=handed_out)
    here = _told(world, HERE, stage, world.blind)
    # each kept question was compared in this world; the others ask the same of other rows
    settings.COMPARE_PREPARED = False
    for other in (THERE,) if stage in WITHOUT_A_SECOND_READ else (THERE, APART):
        there = _told(world, other, stage, world.blind)
        assert [_difference(each, here, there) for each in here if here[each] != there[each]] == []
    assert [(each, text) for each, text in here.items() if any(secret in text for secret in HERE.secrets())] == []


def _difference(each: str, here: dict[str, str], there: dict[str, str]) -> str:
    at = next((at for at, (one, other) in enumerate(zip(here[each], there[each], strict=False)) if one != other), 0)
    return f"{each}: {here[each][max(0, at - 80) : at + 60]!r} | {there[each][max(0, at - 80) : at + 60]!r}"


def test_whoever_is_not_blinded_is_told_the_difference() -> None:
    """Else the tests above would hold of a site that says nothing to anybody."""
    world = _world((RoleName.READER,), handed_out=False)
    seeing = make_person("seeing", *(role for role in RoleName if role != RoleName.READER))
    here, there = (_told(world, hidden, settled, seeing) for hidden in (HERE, APART))
    moved = {each for each in here if here[each] != there[each]}
    assert {
        "GET /studies",
        "GET /studies age_min_months=120.0",
        "GET /studies/{study}",
        "GET /studies/{study}/events",
        "GET /studies/{study}/result",
        "GET /box-sets/{draft}",
        "GET /consensus",
        "GET /consensus/{agreed}",
        "GET /consensus status=settled",
        "GET /exports/studies",
        "GET /exports/studies format=csv",
    } <= moved
    told = "\n".join(here.values())
    assert [secret for secret in HERE.secrets() if secret not in told] == [str(HERE.settled_months)]


def test_after_the_lock_the_reader_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule lifts with the person's own answer: the chronological age appears, others' reads by role alone."""
    world = _world((RoleName.READER,), handed_out=True)
    assert world.blind_read is not None
    _hide(world, HERE, one_has_locked)
    reads.submit_read(person=world.blind, read=world.blind_read, bone_age_months=125.0, plate_months=None)
    told = "\n".join(everything(world.blind, world.values).values())
    assert str(HERE.chronological_age_months) in told
    assert str(HERE.reads_months[0]) not in told
    assert Study.objects.get(pk=world.study.pk).radiographs.filter(reads__status=ReadStatus.SUBMITTED).exists()


@pytest.mark.parametrize("role", [role for role in RoleName if role != RoleName.READER])
def test_what_is_not_for_readers_is_refused_to_them_whatever_else_they_are(role: RoleName) -> None:
    world = _world((RoleName.READER, role), handed_out=False)
    told = everything(world.blind, world.values)
    refused = [shape(row.path) for row in ROUTES if BLINDING[shape(row.path)] == Tells.NOT_TO_READERS]
    assert refused
    for row in ROUTES:
        if BLINDING[shape(row.path)] == Tells.NOT_TO_READERS:
            assert told[f"{row.method} {row.path}"].startswith("403")


def test_filters_and_orders_are_tried() -> None:
    known = queries()
    assert {"order=received_at", "has=predicted", "age_min_months=120.0"} <= set(known["/studies"])
    assert "status=adjudicating" in known["/consensus"]
    assert "format=csv" in known["/exports/studies"]
