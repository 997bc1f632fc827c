"""Which moves are allowed between states. Services ask :func:`may_move` before a compare-and-set."""

from collections.abc import Mapping
from enum import StrEnum

from annotations.states import (
    BlockedState,
    BoxSetStatus,
    ConsensusStatus,
    ReadStatus,
    RereadCaseStatus,
    RereadRoundStatus,
    StudyState,
)

STUDY_MOVES: Mapping[StudyState, frozenset[StudyState]] = {
    StudyState.RECEIVED: frozenset({StudyState.DEIDENTIFIED, StudyState.REJECTED}),
    StudyState.DEIDENTIFIED: frozenset({StudyState.READY, StudyState.EXCLUDED, StudyState.REJECTED}),
    StudyState.READY: frozenset({StudyState.EXCLUDED}),
    StudyState.EXCLUDED: frozenset({StudyState.READY}),
    StudyState.REJECTED: frozenset(),
}

BLOCKED_MOVES: Mapping[BlockedState, frozenset[BlockedState]] = {
    BlockedState.WAITING: frozenset({BlockedState.RELEASED, BlockedState.REFUSED}),
    BlockedState.RELEASED: frozenset(),
    BlockedState.REFUSED: frozenset(),
}

BOX_SET_MOVES: Mapping[BoxSetStatus, frozenset[BoxSetStatus]] = {
    BoxSetStatus.PROPOSED: frozenset(),
    BoxSetStatus.DRAFT: frozenset({BoxSetStatus.SUBMITTED, BoxSetStatus.ACCEPTED}),
    BoxSetStatus.SUBMITTED: frozenset({BoxSetStatus.ACCEPTED, BoxSetStatus.RETURNED, BoxSetStatus.SUPERSEDED}),
    BoxSetStatus.ACCEPTED: frozenset({BoxSetStatus.SUPERSEDED}),
    BoxSetStatus.RETURNED: frozenset(),
    BoxSetStatus.SUPERSEDED: frozenset(),
}
"""A draft goes straight to accepted only when its author is the reviewer who fixed another's box set."""

READ_MOVES: Mapping[ReadStatus, frozenset[ReadStatus]] = {
    ReadStatus.ASSIGNED: frozenset({ReadStatus.SUBMITTED, ReadStatus.UNREADABLE, ReadStatus.WITHDRAWN}),
    ReadStatus.SUBMITTED: frozenset(),
    ReadStatus.UNREADABLE: frozenset(),
    ReadStatus.WITHDRAWN: frozenset(),
}

CONSENSUS_MOVES: Mapping[ConsensusStatus, frozenset[ConsensusStatus]] = {
    ConsensusStatus.OPEN: frozenset({ConsensusStatus.AGREED, ConsensusStatus.ADJUDICATING, ConsensusStatus.UNREADABLE}),
    ConsensusStatus.AGREED: frozenset({ConsensusStatus.APPROVED, ConsensusStatus.REOPENED}),
    ConsensusStatus.ADJUDICATING: frozenset({ConsensusStatus.SETTLED, ConsensusStatus.REOPENED}),
    ConsensusStatus.SETTLED: frozenset({ConsensusStatus.APPROVED, ConsensusStatus.REOPENED}),
    ConsensusStatus.APPROVED: frozenset({ConsensusStatus.REOPENED}),
    ConsensusStatus.UNREADABLE: frozenset({ConsensusStatus.NO_BONE_AGE, ConsensusStatus.REOPENED}),
    ConsensusStatus.NO_BONE_AGE: frozenset({ConsensusStatus.REOPENED}),
    ConsensusStatus.REOPENED: frozenset(),
}

REREAD_ROUND_MOVES: Mapping[RereadRoundStatus, frozenset[RereadRoundStatus]] = {
    RereadRoundStatus.OPEN: frozenset({RereadRoundStatus.CLOSED}),
    RereadRoundStatus.CLOSED: frozenset(),
}

REREAD_CASE_MOVES: Mapping[RereadCaseStatus, frozenset[RereadCaseStatus]] = {
    RereadCaseStatus.OPEN: frozenset({RereadCaseStatus.WEIGHED, RereadCaseStatus.UNREADABLE, RereadCaseStatus.DROPPED}),
    RereadCaseStatus.WEIGHED: frozenset(),
    RereadCaseStatus.UNREADABLE: frozenset(),
    RereadCaseStatus.DROPPED: frozenset(),
}

_ALL_MOVES: tuple[Mapping, ...] = (
    STUDY_MOVES,
    BLOCKED_MOVES,
    BOX_SET_MOVES,
    READ_MOVES,
    CONSENSUS_MOVES,
    REREAD_ROUND_MOVES,
    REREAD_CASE_MOVES,
)


def may_move(old: StrEnum, new: StrEnum) -> bool:
    """Whether the state table of ``old``'s noun allows the step to ``new`` (of the same noun)."""
    for table in _ALL_MOVES:
        if isinstance(old, type(next(iter(table)))):
            return new in table[old]
    raise TypeError(f"{type(old).__name__} has no table of moves")
