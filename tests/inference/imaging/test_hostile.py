"""Films that carry identity wherever there is room for it: nothing of it is in what comes out."""

import numpy as np
import pytest

from inference.imaging.deidentify import deidentify
from inference.imaging.hand_mask import find_hand
from inference.imaging.read import read_film
from tests.factories.hostile import HIDDEN_IN_HIGH_BITS, dictionary_film, high_bits, hostile_film, remaining
from tests.factories.unread import UNREAD

KEY = b"a key of thirty-two bytes, random"


@pytest.fixture(scope="module")
def hostile():
    return hostile_film()


@pytest.fixture(scope="module")
def cleaned(hostile):
    return deidentify(hostile.data, key=KEY, **UNREAD)


def test_no_mark_of_the_hostile_film_survives(hostile, cleaned):
    assert len(set(hostile.marks)) == len(hostile.marks) >= 150
    assert remaining(hostile.data, hostile.marks) == list(hostile.marks)
    assert remaining(cleaned.data, hostile.marks) == []
    assert remaining(repr((cleaned.report, cleaned.facts)).encode(), hostile.marks) == []


def test_nothing_hides_above_the_values(hostile, cleaned):
    assert high_bits(hostile.data) == HIDDEN_IN_HIGH_BITS
    assert set(high_bits(cleaned.data)) == {0}


def test_no_letter_survives_and_the_hand_does(hostile, cleaned):
    before, after = hostile.pixels.astype(int), read_film(cleaned.data).pixels.astype(int)
    assert hostile.letters.sum() > 3000
    assert np.mean(np.abs(after - before)[hostile.letters] < 80) == 0
    hand = find_hand(hostile.pixels.astype(np.float32)).mask & ~hostile.letters
    assert np.mean((after == before)[hand]) > 0.98


def test_no_mark_of_the_whole_dictionary_survives_at_any_depth():
    film = dictionary_film()
    assert len(set(film.marks)) == len(film.marks) > 11_000
    clean = deidentify(film.data, key=KEY, **UNREAD)
    assert remaining(clean.data, film.marks) == []
    assert remaining(repr((clean.report, clean.facts)).encode(), film.marks) == []
