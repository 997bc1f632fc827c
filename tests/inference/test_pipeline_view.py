"""A film that lies otherwise is looked at upright: same age, same regions, boxes in pixels as stored."""

import numpy as np
import pytest

from inference.artifact import shipped_artifact
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.film_check import upright_view
from inference.pipeline import FilmRequest, Pipeline
from training.film_faults import turned
from training.phantom.phantom import render_phantom

# Loading TensorFlow takes most of it on a busy machine.
pytestmark = pytest.mark.timeout(180)


def test_a_mirrored_and_turned_film_gives_the_same_hand():
    pixels = render_phantom(bone_age_months=120, sex="F", seed=3, size=(200, 160), mirrored=False).pixels
    lies = 5
    upright, stored = (
        Film(np.asarray(values, np.float32), Window(2000, 4000), FilmFacts())
        for values in (pixels, turned(pixels, lies))
    )
    view = upright_view(lies)
    plain, viewed = Pipeline.load(shipped_artifact()).predict_batch(
        [FilmRequest(upright, "F"), FilmRequest(stored, "F", view=view)]
    )
    assert len(plain.boxes) >= 9
    assert viewed.bone_age_months == pytest.approx(plain.bone_age_months, abs=1e-3)
    assert viewed.boxes.keys() == plain.boxes.keys()
    for region, found in plain.boxes.items():
        expected = view.box_to_stored(found.box, rows=stored.rows, columns=stored.columns)
        assert viewed.boxes[region].box == pytest.approx(expected, abs=0.01)
