"""The short, seeded form of ``python -m tests.soak.fuzz_dicom``: a few hundred spoiled files, the same every time."""

import random

import pytest

from tests.soak.fuzz_dicom import fuzz
from tests.soak.mutations import mutated
from tests.soak.seed_films import MARKS, seed_films


@pytest.mark.timeout(300)  # a worker process has to start; it takes some ten seconds on a quiet machine
def test_spoiled_files_are_refused_or_cleaned_and_nothing_else():
    findings = fuzz(seconds=60, seed=20, files=250)
    assert not findings.found, findings.table()
    assert findings.files >= 100
    assert 0.15 < findings.outcomes["accepted"] / findings.files < 0.75  # neither all harmless nor all hopeless


def test_the_same_seed_spoils_in_the_same_way():
    (_, data, _), *_ = seeds = seed_films()
    others = [film for _, film, _ in seeds]
    one, other = ([mutated(data, random.Random(seed), others=others) for seed in range(30)] for _ in range(2))
    assert one == other
    assert len(set(one)) > 20


def test_every_mark_is_planted_in_a_seed():
    everything = b"".join(data for _, data, _ in seed_films())
    assert [mark for mark in MARKS if mark.encode("gb18030") not in everything] == []
