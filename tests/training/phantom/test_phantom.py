import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.anatomy.regions import REGION_IDS
from training.phantom import render_phantom
from training.phantom.layout import hand_length_mm, unit_length_mm
from training.phantom.phantom import MIRRORED_SHARE

SMALL = (250, 200)
SEXES = st.sampled_from(["M", "F"])
AGES = st.floats(0, 230)


def total_area_mm2(phantom):
    return sum(centre.area_mm2 for centre in phantom.centres)


def share_inside(phantom, box):
    """How much of a box lies on the film."""
    rows, columns = phantom.pixels.shape
    width = min(box.x1, columns) - max(box.x0, 0)
    height = min(box.y1, rows) - max(box.y0, 0)
    return width * height / box.area if width > 0 and height > 0 else 0.0


@settings(max_examples=25, deadline=None)
@given(age=AGES, sex=SEXES, seed=st.integers(0, 100_000))
def test_every_region_has_a_box_on_the_film_round_its_centre(age, sex, seed):
    phantom = render_phantom(bone_age_months=age, sex=sex, seed=seed, size=SMALL)
    assert tuple(phantom.boxes) == REGION_IDS
    for box in phantom.boxes.values():
        assert box.is_valid()
        assert share_inside(phantom, box) > 0.9
    for centre in phantom.centres:
        if centre.region is not None and centre.place_px is not None:
            x, y = centre.place_px
            box = phantom.boxes[centre.region]
            assert box.x0 < x < box.x1
            assert box.y0 < y < box.y1


@settings(max_examples=20, deadline=None)
@given(age=AGES, sex=SEXES, seed=st.integers(0, 100_000))
def test_boxes_lie_on_the_hand_and_the_hand_is_brighter_than_air(age, sex, seed):
    phantom = render_phantom(bone_age_months=age, sex=sex, seed=seed, size=SMALL)
    for box in phantom.boxes.values():
        x, y = (round(value) for value in box.centre)
        assert phantom.hand[y, x]
    assert np.median(phantom.pixels[phantom.hand]) > np.median(phantom.pixels[~phantom.hand])


@settings(max_examples=20, deadline=None)
@given(age=AGES, sex=SEXES, seed=st.integers(0, 100_000), later=st.floats(1, 36))
def test_ossified_area_grows_with_bone_age(age, sex, seed, later):
    now = render_phantom(bone_age_months=age, sex=sex, seed=seed, size=SMALL)
    then = render_phantom(bone_age_months=min(240.0, age + later), sex=sex, seed=seed, size=SMALL)
    assert total_area_mm2(then) >= total_area_mm2(now)
    assert then.centre_not_visible <= now.centre_not_visible


def test_maturity_runs_from_nothing_to_all_fused():
    newborn = render_phantom(bone_age_months=0, sex="M", seed=3, size=SMALL)
    adult = render_phantom(bone_age_months=240, sex="M", seed=3, size=SMALL)
    assert newborn.centre_not_visible >= set(REGION_IDS) - {"carpals"}
    assert adult.centre_not_visible == frozenset()
    assert {centre.state for centre in adult.centres if centre.region not in ("carpals", None)} == {"fused"}


def test_more_of_the_film_shows_bone_when_more_has_ossified():
    """The pixels tell the story too: in the carpals' box there is more bright area at twelve than at two."""

    def bright_share(months):
        phantom = render_phantom(bone_age_months=months, sex="M", seed=12, size=(500, 400), mirrored=False)
        box = phantom.boxes["carpals"]
        inside = phantom.pixels[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].astype(float)
        flesh = np.percentile(inside, 10)
        bone = np.percentile(phantom.pixels, 99.5)
        return float((inside > flesh + 0.4 * (bone - flesh)).mean())

    assert bright_share(24) < bright_share(84) < bright_share(150)


def test_same_arguments_same_film():
    arguments = {"bone_age_months": 77.5, "sex": "F", "seed": 41, "size": SMALL}
    once, again = render_phantom(**arguments), render_phantom(**arguments)
    assert np.array_equal(once.pixels, again.pixels)
    assert once.boxes == again.boxes
    assert not np.array_equal(once.pixels, render_phantom(**{**arguments, "seed": 42}).pixels)


def test_a_second_visit_is_another_film_of_the_same_hand():
    first = render_phantom(bone_age_months=100, sex="F", seed=8, size=SMALL, visit=1, mirrored=False)
    second = render_phantom(bone_age_months=100, sex="F", seed=8, size=SMALL, visit=2, mirrored=False)
    assert first.rotation_degrees != second.rotation_degrees
    assert [c.state for c in first.centres] == [c.state for c in second.centres]
    assert total_area_mm2(first) == pytest.approx(total_area_mm2(second))


def test_mirroring_flips_pixels_boxes_and_centres():
    arguments = {"bone_age_months": 90, "sex": "M", "seed": 5, "size": SMALL}
    plain, mirrored = render_phantom(**arguments, mirrored=False), render_phantom(**arguments, mirrored=True)
    assert np.array_equal(plain.pixels[:, ::-1], mirrored.pixels)
    assert np.array_equal(plain.hand[:, ::-1], mirrored.hand)
    for region, box in plain.boxes.items():
        other = mirrored.boxes[region]
        assert (other.x0, other.x1) == pytest.approx((SMALL[1] - box.x1, SMALL[1] - box.x0))
        assert (other.y0, other.y1) == (box.y0, box.y1)
    thumb, little = "dp1", "dp5"
    assert plain.boxes[thumb].x0 > plain.boxes[little].x0
    assert mirrored.boxes[thumb].x0 < mirrored.boxes[little].x0


def test_about_one_film_in_fifty_is_mirrored_by_chance():
    size = (64, 64)
    films = [render_phantom(bone_age_months=120, sex="F", seed=seed, size=size).mirrored for seed in range(150)]
    assert 1 <= sum(films) <= 150 * MIRRORED_SHARE * 3


def test_a_poor_exposure_has_less_contrast():
    good = render_phantom(bone_age_months=90, sex="M", seed=5, size=SMALL)
    poor = render_phantom(bone_age_months=90, sex="M", seed=5, size=SMALL, poor_exposure=True)

    def contrast(phantom):
        return np.percentile(phantom.pixels[phantom.hand], 95) - np.median(phantom.pixels[~phantom.hand])

    assert contrast(poor) < 0.6 * contrast(good)
    assert poor.boxes == good.boxes


@pytest.mark.parametrize("size", [(64, 64), (120, 300), (300, 120), (997, 803)])
def test_any_size_is_kept_and_twelve_bits_are_used(size):
    phantom = render_phantom(bone_age_months=140, sex="F", seed=2, size=size)
    assert phantom.pixels.shape == size
    assert phantom.pixels.dtype == np.uint16
    assert phantom.pixels.max() <= 4095
    assert all(share_inside(phantom, box) > 0.9 for box in phantom.boxes.values())


def test_the_hand_has_the_length_of_its_age():
    phantom = render_phantom(bone_age_months=120, sex="F", seed=1, size=(1000, 800), mirrored=False)
    tip, wrist = phantom.boxes["dp3"], phantom.boxes["radius"]
    millimetres = (wrist.y0 - tip.y0) * phantom.pixel_spacing_mm
    assert millimetres == pytest.approx(hand_length_mm(age_years=10, sex="F"), rel=0.2)
    assert unit_length_mm(age_years=10, sex="F") == pytest.approx(60, rel=0.1)


@pytest.mark.parametrize(
    "wrong",
    [{"bone_age_months": -1}, {"bone_age_months": 300}, {"sex": "O"}, {"seed": -2}, {"size": (40, 40)}, {"visit": -1}],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    arguments = {"bone_age_months": 90, "sex": "M", "seed": 5, "size": SMALL, **wrong}
    with pytest.raises(ValueError, match="must"):
        render_phantom(**arguments)
