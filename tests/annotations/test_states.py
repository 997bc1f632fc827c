"""The tables of moves."""

from enum import StrEnum

import pytest

from annotations.state_moves import BOX_SET_MOVES, CONSENSUS_MOVES, READ_MOVES, STUDY_MOVES, may_move
from annotations.states import BoxSetStatus, ConsensusStatus, ReadStatus, RoleName, StudyState

TABLES = {
    StudyState: STUDY_MOVES,
    BoxSetStatus: BOX_SET_MOVES,
    ReadStatus: READ_MOVES,
    ConsensusStatus: CONSENSUS_MOVES,
}


@pytest.mark.parametrize("enum", TABLES, ids=lambda enum: enum.__name__)
def test_each_state_has_a_line_and_none_leads_to_itself(enum: type[StrEnum]) -> None:
    table = TABLES[enum]
    assert set(table) == set(enum)
    assert all(state not in table[state] for state in enum)
    for old in enum:
        for new in enum:
            assert may_move(old, new) == (new in table[old])


def test_every_state_but_the_first_can_be_reached() -> None:
    first = {StudyState.RECEIVED, BoxSetStatus.PROPOSED, BoxSetStatus.DRAFT, ReadStatus.ASSIGNED, ConsensusStatus.OPEN}
    for enum, table in TABLES.items():
        reached = {new for news in table.values() for new in news}
        assert set(enum) - reached <= first


def test_what_has_no_table_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        may_move(RoleName.READER, RoleName.REVIEWER)
