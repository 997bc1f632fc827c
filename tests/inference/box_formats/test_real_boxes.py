"""Real VOC files: their known faults are said one by one, and none of their edges moves on the way round."""

from pathlib import Path

import pytest

from inference.anatomy.regions import REGION_IDS
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.file_source import FileSource
from inference.box_formats.interpret import interpret
from inference.box_formats.picture_boxes import PictureBoxes
from inference.box_formats.voc import parse_voc
from tests.benchmarks.box_round_trip import GOAL_PX, go_round

pytestmark = pytest.mark.real_data


def file_of(real_data: Path, archive: str, name: str) -> PictureBoxes:
    with FileSource(real_data / "rsna" / archive, suffixes=(".xml",)) as files:
        return parse_voc(files.read(name))


@pytest.mark.parametrize(
    ("name", "labels", "regions"),
    [
        ("14714.xml", set(), 16),
        ("1833.xml", {"names_swapped_metacarpal_and_thumb", "thumb_on_the_left"}, 16),
        ("14783.xml", {"box_without_size"}, 16),
        ("2328.xml", {"wrong_count_Ulna", "wrong_count_Radius", "no_hand_axes"}, 0),
    ],
)
def test_known_faults_of_the_voc881_set(real_data: Path, name: str, labels: set[str], regions: int) -> None:
    found = interpret(file_of(real_data, "boxes_voc881_xml.zip", name), ClassMap.named("voc881"))
    assert {finding.label for finding in found.findings} == labels
    assert len(found.boxes) == regions


@pytest.mark.parametrize(
    ("name", "labels", "regions"),
    [
        ("eval/expert/2300.xml", set(), 3),
        ("train/4230.xml", {"empty_file"}, 0),
        ("train/4210.xml", {"unusual_count_MCP", "unusual_count_PIP", "unusual_count_DIP"}, 3),
    ],
)
def test_known_faults_of_the_koitka_set(real_data: Path, name: str, labels: set[str], regions: int) -> None:
    found = interpret(file_of(real_data, "boxes_koitka_xml.zip", name), ClassMap.named("koitka"))
    assert {finding.label for finding in found.findings} == labels
    assert len(found.boxes) == regions


@pytest.mark.parametrize(
    ("archive", "class_map"), [("boxes_voc881_xml.zip", "voc881"), ("boxes_koitka_xml.zip", "koitka")]
)
def test_no_edge_moves_by_more_than_half_a_pixel(real_data: Path, archive: str, class_map: str) -> None:
    """The first 60 files; `python -m tests.benchmarks box_round_trip` takes all 1178."""
    *_, (_, state) = go_round(real_data / "rsna" / archive, ClassMap.named(class_map), limit=60)
    assert (state.files, state.refused) == (60, 0)
    assert len(state.moved_px) == 12
    assert max(state.moved_px.values()) <= GOAL_PX
    assert state.regions <= 60 * len(REGION_IDS)
