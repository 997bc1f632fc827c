import json

import pytest

from inference.imaging.quality_thresholds import DEFAULT_THRESHOLDS
from inference.imaging.site_thresholds import ThresholdsError, site_thresholds


def test_what_the_file_names_takes_the_place_of_the_default(tmp_path):
    path = tmp_path / "limits.json"
    path.write_text(json.dumps({"longer_side_px": 900}))
    assert site_thresholds(path).longer_side_px == 900
    assert site_thresholds(path).hand == DEFAULT_THRESHOLDS.hand
    assert site_thresholds(None) == DEFAULT_THRESHOLDS


@pytest.mark.parametrize(
    ("text", "said"), [("[]", "one object"), ('{"hnd": 1}', "hnd"), ('{"hand": "high"}', "no number"), ("{", "JSON")]
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, text, said):
    path = tmp_path / "limits.json"
    path.write_text(text)
    with pytest.raises(ThresholdsError, match=said):
        site_thresholds(path)
