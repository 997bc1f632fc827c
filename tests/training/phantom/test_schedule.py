import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.phantom.schedule import CARPALS, SESAMOID, centre_growth, schedule_months

SEXES = st.sampled_from(["M", "F"])


def grown(bone_age_months, sex, seed):
    return centre_growth(bone_age_months=bone_age_months, sex=sex, rng=np.random.default_rng(seed))


def test_both_sexes_have_the_same_centres():
    assert set(schedule_months("M")) == set(schedule_months("F"))
    assert len(schedule_months("M")) == 19 + 2 + 8 + 1  # tubular bones, forearm, carpals, sesamoid


@pytest.mark.parametrize("sex", ["M", "F"])
def test_a_centre_appears_before_it_is_complete(sex):
    assert all(appears < complete for appears, complete in schedule_months(sex).values())


def test_girls_are_ahead_of_boys():
    girls, boys = schedule_months("F"), schedule_months("M")
    assert all(girls[centre][0] <= boys[centre][0] and girls[centre][1] < boys[centre][1] for centre in girls)


@pytest.mark.parametrize(("centre", "sex", "months"), [("capitate", "M", 3.0), ("ulna_epiphysis", "F", 64.0)])
def test_published_medians_are_read(centre, sex, months):
    assert schedule_months(sex)[centre][0] == pytest.approx(months, abs=0.1)


@settings(max_examples=60)
@given(sex=SEXES, seed=st.integers(0, 10_000), age=st.floats(0, 230), later=st.floats(0, 60))
def test_nothing_ever_shrinks(sex, seed, age, later):
    now, then = grown(age, sex, seed), grown(age + later, sex, seed)
    for centre, state in now.items():
        assert then[centre].progress >= state.progress
        assert then[centre].visible or not state.visible


@settings(max_examples=40)
@given(sex=SEXES, seed=st.integers(0, 10_000))
def test_a_newborn_has_no_epiphysis_and_an_adult_all_of_them_fused(sex, seed):
    newborn, adult = grown(0.0, sex, seed), grown(240.0, sex, seed)
    assert not any(state.visible for centre, state in newborn.items() if centre not in CARPALS)
    for centre, state in adult.items():
        assert state.visible
        assert state.progress == 1.0
        if centre in CARPALS or centre == SESAMOID:
            assert state.fused_for_months is None
        else:
            assert state.fused_for_months > 0
