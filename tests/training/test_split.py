"""A patient's part: decided by the pseudonym alone, disjoint, and unmoved by who else is there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.split import DateSplit, HashSplit, TestOnly

patients = st.lists(st.text("abcdef0123456789", min_size=1, max_size=8), min_size=1, max_size=60, unique=True)


@given(patients, st.integers(0, 5), st.floats(0, 0.9), st.floats(0, 0.9))
def test_every_patient_has_one_part_and_keeps_it_when_others_come(names, seed, test_share, validation_share):
    split = HashSplit(seed, test_share, validation_share)
    alone = {name: HashSplit(seed, test_share, validation_share).part_of(name) for name in names}
    together = {name: split.part_of(name) for name in reversed(names)}
    assert alone == together


@given(patients, st.integers(0, 5))
def test_a_larger_test_part_contains_the_smaller_one(names, seed):
    small, large = HashSplit(seed, 0.2), HashSplit(seed, 0.5)
    assert {n for n in names if small.part_of(n) == "test"} <= {n for n in names if large.part_of(n) == "test"}


@given(patients, st.data())
def test_forced_patients_are_tested_on_and_nobody_else_moves(names, data):
    forced = frozenset(data.draw(st.lists(st.sampled_from(names), unique=True)))
    plain, with_forced = HashSplit(3, 0.2, 0.2), HashSplit(3, 0.2, 0.2, always_test=forced)
    assert all(with_forced.part_of(name) == "test" for name in forced)
    assert all(with_forced.part_of(name) == plain.part_of(name) for name in names if name not in forced)


def test_shares_come_out_about_right_and_differ_by_seed():
    names = [str(i) for i in range(4000)]
    parts = [HashSplit(1, 0.2, 0.1).part_of(name) for name in names]
    assert parts.count("test") == pytest.approx(800, abs=80)
    assert parts.count("validation") == pytest.approx(320, abs=60)
    assert parts != [HashSplit(2, 0.2, 0.1).part_of(name) for name in names]


def test_a_share_that_leaves_nothing_to_learn_from_is_refused():
    with pytest.raises(ValueError, match="less than 1"):
        HashSplit(1, 1.0)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=80), st.floats(0.05, 0.5), st.floats(0, 0.5))
def test_by_date_the_test_part_is_never_earlier_than_what_is_learnt_from(days, test_share, validation_share):
    visits = {str(i): date(2016, 1, 1) + timedelta(day) for i, day in enumerate(days)}
    split = DateSplit.fit(visits, test_share=test_share, validation_share=validation_share)
    by_part = {
        part: [visits[p] for p in visits if split.part_of(p) == part] for part in ("train", "validation", "test")
    }
    for earlier, later in (("train", "validation"), ("train", "test"), ("validation", "test")):
        if by_part[earlier] and by_part[later]:
            assert max(by_part[earlier]) < min(by_part[later])


def test_by_date_a_patient_without_a_date_is_an_error():
    split = DateSplit.fit({"a": date(2016, 1, 1), "b": date(2016, 2, 1)}, test_share=0.5)
    assert split.part_of("b") == "test"
    with pytest.raises(ValueError, match="no date"):
        split.part_of("c")


def test_test_only_is_what_it_says():
    assert TestOnly().part_of("anyone") == "test"
