"""Nothing is lost: one moment of each kind of `make chaos`, seeded, in a real browser against a real server."""

from collections.abc import Iterator

import pytest

from tests.soak.chaos import Tally, labelling, live_through
from tests.soak.chaos_hands import Hands
from tests.soak.chaos_moments import MOMENTS
from tests.soak.gesture_log import Gesture, GestureLog, faults

pytestmark = [pytest.mark.browser]

PARTS = 5


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    with labelling(tmp_path_factory.mktemp("chaos"), films=8, seed=20) as hands:
        yield hands


@pytest.mark.parametrize("part", range(PARTS))
def test_every_gesture_is_there_exactly_once(hands: Hands, part: int) -> None:
    tally = Tally()
    kinds = list(MOMENTS)[part::PARTS]
    found = list(live_through(hands, kinds, tally))
    assert (tally.faults, tally.stuck) == ([], [])
    assert len(found) == len(kinds)
    assert tally.gestures == tally.operations > 0


def test_a_loss_a_double_and_a_stranger_would_be_seen() -> None:
    first, second = Gesture("radius", "set", (1, 2, 30, 40)), Gesture("radius", "absent", reason="cut_off")
    log = GestureLog()
    log.note(first)
    log.note(second)
    nearly = Gesture("radius", "set", (1.3, 2.2, 30.4, 40))
    assert faults(log, [nearly, second], place="there") == []
    assert len(faults(log, [first], place="there")) == 1
    assert len(faults(log, [first, first, second], place="there")) == 1
    assert len(faults(log, [first, second, Gesture("ulna", "clear")], place="there")) == 1
    assert len(faults(log, [second, first], place="there")) == 1
