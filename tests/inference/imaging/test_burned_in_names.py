"""The benchmark of burned-in names in its shortest form, and that its judge of what is readable can say yes and no."""

import numpy as np
import pytest

from tests.benchmarks.burned_in_names import PHANTOM_SIZES, measure, named_films
from tests.factories.writing_left import writing_left


def test_nothing_readable_is_released_and_no_phantom_without_a_name_is_held():
    figures = measure(3, 11, None, phantoms=2)
    assert figures["readable_in_released"] == 0
    assert figures["phantoms_without_name_blocked"] == 0
    assert (figures["readable_in_released_of"], figures["phantoms_without_name_blocked_of"]) == (3, 2)


def test_the_judge_reads_what_was_drawn_and_nothing_where_it_was_not():
    names = [name for _, name in named_films(4, 12, None)]
    assert all(writing_left(name, name.pixels.astype(np.float32)).readable for name in names)
    rng = np.random.default_rng(1)
    blank = [rng.normal(2000, 100, name.pixels.shape).astype(np.float32) for name in names]
    assert not any(writing_left(name, picture).readable for name, picture in zip(names, blank, strict=True))


@pytest.mark.parametrize("number", range(2))
def test_the_same_seed_draws_the_same(number):
    (_, first), (_, second) = (list(named_films(number + 1, 5, None))[-1] for _ in range(2))
    assert first.pixels.shape in PHANTOM_SIZES
    assert np.array_equal(first.pixels, second.pixels)
    assert first.writing.lines == second.writing.lines
