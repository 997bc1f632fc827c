"""From annotators' names to regions: class maps, finger numbers in turned and mirrored hands, slips put right."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS, REGIONS
from inference.box_formats.class_maps import ClassMap, ClassMapError
from inference.box_formats.interpret import interpret
from inference.box_formats.picture_boxes import AbsentMark, NamedBox, PictureBoxes
from inference.box_formats.voc import parse_voc
from tests.training.made_hands import as_annotated, made_hand, voc_xml

VOC881 = ClassMap.named("voc881")


def understood(named, class_map=VOC881):
    return interpret(parse_voc(voc_xml(named)), class_map)


def labels(found):
    return [finding.label for finding in found.findings]


@given(st.floats(-180, 180), st.booleans(), st.integers(0, 1000))
def test_fingers_get_their_numbers_in_turned_and_mirrored_hands(turn, mirrored, seed):
    regions, thumb = made_hand(turn_degrees=turn, mirrored=mirrored)
    found = understood(as_annotated(regions, thumb, seed=seed)).boxes
    assert found.keys() == regions.keys()
    for region, box in regions.items():
        assert found[region] == pytest.approx(box)


@pytest.mark.parametrize(
    ("one", "other", "finding"),
    [
        ("Radius", "Ulna", "names_swapped_radius_and_ulna"),
        ("Ulna", "MCPFirst", "names_swapped_ulna_and_thumb"),
        ("MCPFirst", "MCP", "names_swapped_metacarpal_and_thumb"),
    ],
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_one_swapped_pair_of_names_is_put_right_and_reported(one, other, finding, mirrored):
    regions, thumb = made_hand(mirrored=mirrored)
    named = [*as_annotated(regions, thumb)]
    # of the metacarpals the one on the little finger's side: swapping the thumb's neighbour looks like a hand
    places = [next(i for i, (n, _) in enumerate(named) if n == one)]
    places.append(next(i for i, (n, b) in enumerate(named) if n == other and (other != "MCP" or b == regions["mc5"])))
    (a, b), boxes = places, [named[i][1] for i in places]
    named[a], named[b] = (one, boxes[1]), (other, boxes[0])
    found = understood(named)
    assert finding in labels(found)
    for region, box in regions.items():
        assert found.boxes[region] == pytest.approx(box)


def test_names_that_contradict_each_other_leave_no_wrong_box():
    regions, thumb = made_hand()
    regions["radius"], regions["dp1"], regions["pp1"] = regions["dp1"], regions["radius"], regions["mc5"]
    found = understood(as_annotated(regions, thumb))
    assert found.boxes == {}
    assert "names_contradict_each_other" in labels(found)


def test_a_slip_without_a_size_does_not_hide_the_others():
    regions, thumb = made_hand()
    found = understood([*as_annotated(regions, thumb), ("DistalPhalanx", Box(577, 387, 582, 387))])
    assert found.boxes.keys() == regions.keys()
    assert "box_without_size" in labels(found)


def test_a_class_with_a_wrong_number_is_missing_and_the_others_stay():
    regions, thumb = made_hand()
    del regions["pp3"]
    found = understood(as_annotated(regions, thumb))
    assert {region[:2] for region in found.boxes} == {"ra", "ul", "mc", "dp"}
    assert "wrong_count_ProximalPhalanx" in labels(found)


def test_without_the_thumb_no_finger_is_numbered():
    regions, _ = made_hand()
    found = understood(as_annotated(regions, Box(0, 0, 0, 0)))
    assert found.boxes.keys() == {"radius", "ulna"}
    assert "no_hand_axes" in labels(found)


def test_the_wrist_box_is_carpals_and_joint_boxes_are_nothing():
    named = [("Wrist", Box(1, 2, 30, 40)), ("Radius", Box(1, 50, 20, 60)), ("Ulna", Box(30, 50, 40, 60))]
    named += [("PIP", Box(5, 5, 9, 9))] * 5
    assert understood(named, ClassMap.named("koitka")).boxes.keys() == {"carpals", "radius", "ulna"}
    assert understood(named, ClassMap.named("koitka-carpals")).boxes.keys() == {"carpals"}


def test_an_empty_file_is_no_hand():
    assert labels(understood([])) == ["empty_file"]


@pytest.mark.parametrize("name", ["regions", "regions-en", "regions-zh"])
def test_our_own_maps_name_every_region_once_and_turn_round(name):
    class_map = ClassMap.named(name)
    assert class_map.is_invertible
    assert list(class_map.class_of()) == list(REGION_IDS)
    assert class_map.classes == tuple(class_map.class_of()[region.id] for region in REGIONS)


def test_a_part_of_a_hand_under_our_names_is_no_finding():
    found = understood([("mc3", Box(1, 2, 30, 40))], ClassMap.named("regions"))
    assert (dict(found.boxes), found.findings) == ({"mc3": Box(1, 2, 30, 40)}, ())


def test_joint_names_turn_round_where_they_name_one_region():
    assert ClassMap.named("koitka-carpals").class_of() == {"carpals": "Wrist"}
    assert ClassMap.named("koitka").classes == ("Radius", "Ulna", "Wrist")


def test_names_without_finger_numbers_do_not_turn_round():
    with pytest.raises(ClassMapError, match="which finger") as refusal:
        VOC881.class_of()
    assert "手指" in refusal.value.message_zh


def test_a_class_met_twice_and_a_class_nobody_knows_are_left_out_one_by_one():
    named = [
        ("radius", Box(1, 2, 3, 4)),
        ("radius", Box(1, 2, 3, 5)),
        ("hamate", Box(1, 2, 3, 4)),
        ("ulna", Box(5, 5, 9, 9)),
    ]
    found = understood(named, ClassMap.named("regions"))
    assert list(found.boxes) == ["ulna"]
    assert [(finding.code, finding.number) for finding in found.findings] == [
        ("unknown_class", 3),
        ("wrong_count", None),
    ]
    assert "hamate" in found.findings[0].message
    assert "hamate" in found.findings[0].message_zh


def test_flags_follow_their_box_through_numbering_and_swaps():
    regions, thumb = made_hand()
    regions["radius"], regions["ulna"] = regions["ulna"], regions["radius"]
    named = as_annotated(regions, thumb)
    wanted = {regions["radius"], regions["dp3"]}
    boxes = tuple(
        NamedBox(name, box, number, frozenset({"difficult"} if box in wanted else ()))
        for number, (name, box) in enumerate(named, start=1)
    )
    found = interpret(PictureBoxes("1.png", 800, 1000, boxes), VOC881)
    assert {region for region, flags in found.flags.items() if flags} == {"ulna", "dp3"}


def test_what_is_marked_absent_is_absent_unless_it_is_boxed():
    picture = PictureBoxes(
        "",
        800,
        1000,
        (NamedBox("ulna", Box(1, 1, 5, 5)),),
        (AbsentMark("ulna", "cut_off"), AbsentMark("dp1", "amputated"), AbsentMark("x", "cut_off")),
    )
    found = interpret(picture, ClassMap.named("regions"))
    assert (list(found.boxes), dict(found.absent)) == (["ulna"], {"dp1": "amputated"})
    assert labels(found) == ["unknown_class"]


def own_map(folder: Path, content: object) -> ClassMap:
    path = folder / "mine.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return ClassMap.from_file(path)


def test_a_map_of_ones_own_is_a_plain_mapping_or_an_entry(tmp_path):
    plain = own_map(tmp_path, {"桡骨": "radius", "手": None})
    assert (plain.single, plain.ignored, plain.name) == ({"桡骨": "radius"}, frozenset({"手"}), "mine")
    entry = own_map(tmp_path, {"single": {"R": "radius"}, "fingers": {"M": "mc"}, "thumb": "T"})
    assert (entry.fingers, entry.thumb) == ({"M": "mc"}, "T")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ([], "no class"),
        ({}, "no class"),
        ({"R": "radiuss"}, "radiuss"),
        ({"R": ["radius"]}, "form|region"),
        ({"fingers": {"M": "xx"}}, "xx"),
        ({"single": {"R": "radius"}, "ignored": ["R"]}, "twice"),
        ({"single": 5}, "form"),
    ],
)
def test_a_map_that_cannot_be_says_why(tmp_path, content, why):
    with pytest.raises(ClassMapError, match=why):
        own_map(tmp_path, content)


def test_two_classes_for_one_region_are_read_but_do_not_turn_round(tmp_path):
    both = own_map(tmp_path, {"R": "radius", "Radius": "radius"})
    assert interpret(parse_voc(voc_xml([("R", Box(1, 1, 5, 5))])), both).boxes.keys() == {"radius"}
    assert not both.is_invertible


def test_a_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xff{")
    for name in ("a.json", "none.json"):
        with pytest.raises(ClassMapError, match="JSON"):
            ClassMap.from_file(tmp_path / name)


def test_an_unknown_map_is_named_with_those_there_are():
    with pytest.raises(ClassMapError, match="koitka-carpals, regions"):
        ClassMap.named("coco")


def test_a_joint_that_was_forgotten_is_said_though_it_has_no_place_here():
    named = [("Wrist", Box(1, 2, 30, 40)), ("Radius", Box(1, 50, 20, 60)), ("Ulna", Box(30, 50, 40, 60))]
    named += [("PIP", Box(5, 5, 9, 9))] * 5 + [("MCP", Box(5, 5, 9, 9))] * 5 + [("DIP", Box(5, 5, 9, 9))] * 3
    found = understood(named, ClassMap.named("koitka"))
    assert labels(found) == ["unusual_count_DIP"]
    assert len(found.boxes) == 3
