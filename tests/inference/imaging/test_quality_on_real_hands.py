"""A small seeded form of tests/benchmarks/film_quality.py: the gate on real hands, far above chance in every fault."""

import pytest

from tests.benchmarks.film_quality import GOALS, measure

pytestmark = [pytest.mark.real_data, pytest.mark.timeout(300)]


def test_made_faults_on_real_hands_are_found(real_data):
    measured = measure(count=8, unharmed=16, seed=4, real_data=real_data)
    rows = measured["rows"]
    assert rows["false alarm"]["found"] <= 0.15 * rows["false alarm"]["n"]
    for fault in ("turned 90", "turned 180", "turned 270", "mirrored", "inverted", "two hands"):
        assert rows[fault]["found"] >= 0.9 * rows[fault]["n"], fault
    for fault in GOALS:
        assert rows[fault]["n"] >= 8, fault
        assert rows[fault]["found"] >= 0.5 * rows[fault]["n"], fault
