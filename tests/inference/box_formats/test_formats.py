"""Each format read back is what was written, within half a pixel; each fault is said of the box that has it."""

import contextlib
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.box_formats import coco, csv_table, file_source, voc, yolo
from inference.box_formats.file_source import FileSource
from inference.box_formats.findings import FINDINGS, BoxFileError
from inference.box_formats.picture_boxes import NamedBox, PictureBoxes, strict_number
from tests.inference.box_formats.made_pictures import largest_movement_px, made_pictures
from tests.training.made_hands import voc_xml

HALF_A_PIXEL = 0.5


def yolo_again(picture: PictureBoxes, data: bytes) -> PictureBoxes:
    size = {"columns": picture.columns, "rows": picture.rows}
    return yolo.parse_yolo(data, classes=REGION_IDS, picture=picture.picture, **size)


def codes(picture: PictureBoxes) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.number) for finding in picture.findings]


@given(made_pictures())
def test_voc_moves_no_edge_by_more_than_half_a_pixel(picture):
    again = voc.parse_voc(voc.voc_bytes(picture))
    assert largest_movement_px(picture, again) <= HALF_A_PIXEL
    assert (again.picture, again.columns, again.rows) == ("a.png", picture.columns, picture.rows)
    assert ["difficult" in b.flags for b in again.boxes] == ["difficult" in b.flags for b in picture.boxes]
    assert voc.voc_bytes(again) == voc.voc_bytes(picture), "a second time nothing moves at all"


@given(made_pictures())
def test_yolo_moves_no_edge_by_a_thousandth_of_a_pixel(picture):
    again = yolo_again(picture, yolo.yolo_bytes(picture, REGION_IDS))
    assert largest_movement_px(picture, again) <= 1e-3


@given(st.lists(made_pictures(), max_size=3))
def test_coco_and_csv_keep_everything(pictures):
    named = [PictureBoxes(f"{number}.png", p.columns, p.rows, p.boxes, p.absent) for number, p in enumerate(pictures)]
    for again in (
        coco.parse_coco(coco.coco_bytes(named, REGION_IDS)),
        csv_table.parse_csv("".join(csv_table.csv_lines(named)).encode()),
    ):
        assert (again.refused, again.findings) == ((), ())
        for before, after in zip(named, again.pictures, strict=True):
            assert largest_movement_px(before, after) <= 1e-9
            assert [b.flags for b in after.boxes] == [b.flags for b in before.boxes]
            assert (after.picture, after.columns, after.rows) == (before.picture, before.columns, before.rows)
            assert after.absent == before.absent


@given(made_pictures())
def test_csv_keeps_every_bit(picture):
    again = csv_table.parse_csv("".join(csv_table.csv_lines([picture])).encode()).pictures
    assert [b.box for b in again[0].boxes] == [b.box for b in picture.boxes]


# What labelImg itself wrote and how it reads: libs/pascal_voc_io.py, libs/yolo_io.py of release 1.8.6.

LABELIMG_VOC = b"""<annotation verified="yes">
\t<folder>films</folder>
\t<filename>1380.png</filename>
\t<path>C:\\films\\someone\\1380.png</path>
\t<source>
\t\t<database>Unknown</database>
\t</source>
\t<size>
\t\t<width>905</width>
\t\t<height>1200</height>
\t\t<depth>1</depth>
\t</size>
\t<segmented>0</segmented>
\t<object>
\t\t<name>radius</name>
\t\t<pose>Unspecified</pose>
\t\t<truncated>0</truncated>
\t\t<difficult>1</difficult>
\t\t<bndbox>
\t\t\t<xmin>156</xmin>
\t\t\t<ymin>431</ymin>
\t\t\t<xmax>194</xmax>
\t\t\t<ymax>458</ymax>
\t\t</bndbox>
\t</object>
</annotation>
"""


def test_labelimgs_own_file_is_read_as_it_stands_and_written_alike():
    picture = voc.parse_voc(LABELIMG_VOC)
    assert picture.boxes == (NamedBox("radius", Box(156, 431, 194, 458), 1, frozenset({"difficult"})),)
    written = voc.voc_bytes(picture, folder="films").decode()
    ours = LABELIMG_VOC.decode().replace(' verified="yes"', "")
    assert written == "".join(line for line in ours.splitlines(keepends=True) if "<path>" not in line)
    assert "someone" not in written


def test_labelimgs_yolo_lines_give_its_pixels():
    xmin, ymin, xmax, ymax = 156, 431, 194, 458
    line = f"0 {(xmin + xmax) / 2 / 905:.6f} {(ymin + ymax) / 2 / 1200:.6f} {38 / 905:.6f} {27 / 1200:.6f}\n"
    picture = yolo.parse_yolo(line.encode(), classes=["radius"], picture="", columns=905, rows=1200)
    assert picture.boxes[0].box == pytest.approx((xmin, ymin, xmax, ymax), abs=2e-3)


def test_a_box_past_the_frame_is_kept_and_said_of_that_box():
    inside, past = Box(1, 1, 50, 50), Box(-30, 5, 40, 60)
    for picture in (
        voc.parse_voc(voc_xml([("ulna", inside), ("radius", past)])),
        yolo_again(
            PictureBoxes("", 800, 1000, ()),
            yolo.yolo_bytes(
                PictureBoxes("", 800, 1000, (NamedBox("ulna", inside), NamedBox("radius", past))), REGION_IDS
            ),
        ),
    ):
        assert codes(picture) == [("box_past_the_frame", 2)]
        assert picture.boxes[1].box == pytest.approx(past, abs=1e-3)
        assert "30.0 pixels" in picture.findings[0].message


def test_a_box_too_thin_for_whole_numbers_keeps_its_width():
    picture = PictureBoxes("", 100, 100, (NamedBox("ulna", Box(10.1, 10.0, 10.3, 20.0)),))
    assert voc.parse_voc(voc.voc_bytes(picture)).boxes[0].box == pytest.approx((10.1, 10, 10.3, 20))


GOOD = ("ulna", Box(1, 2, 30, 40))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Box(1, 2, float("nan"), 4), "not_a_number"),
        (Box(1, 2, float("inf"), 4), "not_a_number"),
        (Box("1_0", 2, 30, 4), "not_a_number"),
        (Box("", 2, 30, 4), "not_a_number"),
        (Box("٣", 2, 30, 4), "not_a_number"),
        (Box(1, 2, 3e6, 4), "too_far"),
        (Box(1, 2, 30, 2), "box_without_size"),
        (Box(30, 2, 1, 4), "negative_size"),
    ],
)
def test_a_bad_box_is_a_finding_and_the_others_are_taken(bad, code):
    picture = voc.parse_voc(voc_xml([GOOD, ("radius", bad), GOOD]))
    assert codes(picture) == [(code, 2)]
    assert [named.box for named in picture.boxes] == [GOOD[1]] * 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<annotation><size>", "not_xml"),
        (b"", "not_xml"),
        (b"\xff\xfe\x00", "not_xml"),
        (b'<?xml version="1.0" encoding="nothing"?><a/>', "not_xml"),
        (b"<annotation/>", "no_picture_size"),
        (voc_xml([], columns=0), "no_picture_size"),
        (voc_xml([], columns=-800), "no_picture_size"),
        (voc_xml([], columns="nan"), "no_picture_size"),
        (voc_xml([], columns=2.5), "no_picture_size"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><annotation/>', "declares_entities"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "declares_entities"),
        (b"<a>" + b" " * 1_100_000 + b"</a>", "too_many_bytes"),
    ],
)
def test_a_broken_voc_file_says_why_in_both_languages(data, code):
    with pytest.raises(BoxFileError) as error:
        voc.parse_voc(data)
    assert error.value.code == code
    assert error.value.message
    assert error.value.message_zh


def test_only_the_pictures_name_is_kept_of_its_path():
    for path in ("/films-of/someone/a.png", "C:\\films\\someone\\a.png", "a.png"):
        assert voc.parse_voc(voc_xml([GOOD], filename=path)).picture == "a.png"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("0 0.5 0.5 0.1", "wrong_fields"),
        ("0 0.5 0.5 0.1 0.1 0.9", "wrong_fields"),
        ("2 0.5 0.5 0.1 0.1", "unknown_class_number"),
        ("-1 0.5 0.5 0.1 0.1", "unknown_class_number"),
        ("0.5 0.5 0.5 0.1 0.1", "unknown_class_number"),
        ("radius 0.5 0.5 0.1 0.1", "unknown_class_number"),
        ("0 0.5 nan 0.1 0.1", "not_a_number"),
        ("0 0.5 0.5 -0.1 0.1", "negative_size"),
        ("0 0.5 0.5 0 0.1", "box_without_size"),
        ("0 5e9 0.5 0.1 0.1", "too_far"),
    ],
)
def test_a_bad_yolo_line_is_a_finding(line, code):
    data = f"1 0.5 0.5 0.1 0.1\n\n{line}\n".encode()
    picture = yolo.parse_yolo(data, classes=["a", "b"], picture="", columns=100, rows=100)
    assert codes(picture) == [(code, 2)]
    assert [named.name for named in picture.boxes] == ["b"]


def test_yolo_without_a_list_of_classes_is_refused():
    with pytest.raises(BoxFileError, match=r"classes\.txt"):
        yolo.parse_yolo(b"0 0.5 0.5 0.1 0.1", classes=[], picture="", columns=10, rows=10)


def test_lists_of_classes_in_both_forms():
    names = ("radius", "尺骨远端", "a: b")
    assert yolo.parse_classes(yolo.classes_bytes(names)) == names
    assert yolo.parse_classes(b"\xef\xbb\xbfa\r\n\r\nb\r\n\r\n") == ("a", "", "b")
    assert yolo.parse_data_yaml(yolo.data_yaml_bytes(names)) == names
    assert yolo.parse_data_yaml(b"names: [a, b]") == ("a", "b")


@pytest.mark.parametrize(
    "data", [b"", b"names: 3", b"names: {1: a}", b"names: [1]", b"a: [", b"!!python/object:os.x {}"]
)
def test_a_data_yaml_without_names_is_refused(data):
    with pytest.raises(BoxFileError):
        yolo.parse_data_yaml(data)


def coco_file(**changes):
    image = {"id": 7, "file_name": "films/a.png", "width": 100, "height": 80}
    boxes = [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 30, 40]}]
    return {"images": [image], "categories": [{"id": 3, "name": "ulna"}], "annotations": boxes} | changes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bbox": [1, 2, -3, 4]}, "negative_size"),
        ({"bbox": [1, 2, 3]}, "not_a_number"),
        ({"bbox": None}, "not_a_number"),
        ({"bbox": [1, 2, True, 4]}, "not_a_number"),
        ({"bbox": [1, 2, 10**400, 4]}, "not_a_number"),
        ({"category_id": 4}, "unknown_class_number"),
        ({"iscrowd": 1}, "crowd"),
    ],
)
def test_a_bad_coco_box_is_a_finding(change, code):
    good = coco_file()["annotations"][0]
    found = coco.parse_coco(json.dumps(coco_file(annotations=[good, good | change])).encode())
    assert codes(found.pictures[0]) == [(code, 2)]
    assert len(found.pictures[0].boxes) == 1


def test_a_coco_picture_without_a_size_is_refused_alone():
    images = [{"id": 7, "file_name": "a.png", "width": 100, "height": 80}, {"id": 8, "file_name": "b.png"}]
    found = coco.parse_coco(json.dumps(coco_file(images=images)).encode())
    assert [picture.picture for picture in found.pictures] == ["a.png"]
    assert [(name, finding.code) for name, finding in found.refused] == [("b.png", "no_picture_size")]


def test_a_coco_box_of_no_picture_is_said():
    stray = {"id": 1, "image_id": 99, "category_id": 3, "bbox": [1, 2, 30, 40]}
    found = coco.parse_coco(json.dumps(coco_file(annotations=[stray])).encode())
    assert [(f.code, f.number) for f in found.findings] == [("unknown_picture", 1)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"images": NaN}', "not_json"),
        (b"[]", "not_coco"),
        (b'{"images": [1]}', "not_coco"),
        (b"\xff", "not_text"),
    ],
)
def test_a_broken_coco_file_says_why(data, code):
    with pytest.raises(BoxFileError) as error:
        coco.parse_coco(data)
    assert error.value.code == code


def csv_file(*rows):
    return "\n".join([",".join(csv_table.COLUMNS), *rows, ""]).encode()


def test_a_bad_row_of_the_csv_is_a_finding():
    data = csv_file(
        "a.png,100,80,ulna,boxed,1,2,30,40,,0,0,1",
        "a.png,100,80,radius,boxed,1,2,nan,40,,0,0,0",
        "a.png,100,80,mc2,absent,,,,,cut_off,0,0,0",
        "a.png,100,80,mc3,gone,,,,,,0,0,0",
        "b.png,100,80,,,,,,,,,,",
        "c.png,100,80,ulna,boxed,1,2,30,40,,0,0,1",
        "c.png,101,80,radius,boxed,1,2,30,40,,0,0,1",
    )
    found = csv_table.parse_csv(data)
    assert [picture.picture for picture in found.pictures] == ["a.png", "b.png"]
    assert codes(found.pictures[0]) == [("not_a_number", 2), ("unknown_mark", 4)]
    assert found.pictures[0].boxes[0].flags == {"difficult"}
    assert codes(found.pictures[1]) == [("empty_file", None)]
    assert [(name, finding.code) for name, finding in found.refused] == [("c.png", "no_picture_size")]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", csv_file("a.png,100"), csv_file("a," * 30)])
def test_another_table_is_refused(data):
    with pytest.raises(BoxFileError) as error:
        csv_table.parse_csv(data)
    assert error.value.code == "wrong_columns"


@settings(max_examples=150)
@given(
    st.binary(max_size=300), st.sampled_from([LABELIMG_VOC, json.dumps(coco_file()).encode(), csv_file()]), st.data()
)
def test_no_bytes_crash_a_reader(noise, start, data):
    at = data.draw(st.integers(0, len(start)))
    mixed = start[:at] + noise + start[data.draw(st.integers(at, len(start))) :]
    for read in (
        voc.parse_voc,
        coco.parse_coco,
        csv_table.parse_csv,
        lambda raw: yolo.parse_yolo(raw, classes=["a"], picture="", columns=9, rows=9),
        yolo.parse_classes,
        yolo.parse_data_yaml,
    ):
        for raw in (noise, mixed):
            with contextlib.suppress(BoxFileError):
                read(raw)


def test_no_sentence_lacks_its_chinese():
    for english, chinese in FINDINGS.values():
        assert english.isascii()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_numbers_are_plain():
    assert [strict_number(text) for text in ("1", " -2.5 ", "1e3", ".5", "5.")] == [1, -2.5, 1000, 0.5, 5]
    assert [strict_number(text) for text in ("", "0x1", "1,5", "nan", "1e999", True, None, "1" * 70)] == [None] * 8


def test_a_folder_a_zip_and_a_file_are_read_alike(tmp_path):
    (tmp_path / "in" / "below").mkdir(parents=True)
    files = {"a.xml": b"1", "below/b.XML": b"2", "notes.txt": b"3", ".c.xml": b"4"}
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as packed:
        for name, data in files.items():
            (tmp_path / "in" / name).write_bytes(data)
            packed.writestr(name, data)
    for source in ("in", "in.zip"):
        with FileSource(tmp_path / source, suffixes=(".xml",)) as found:
            assert [(name, found.read(name)) for name in found] == [("a.xml", b"1"), ("below/b.XML", b"2")]
            assert (found.has("notes.txt"), found.has("none.txt")) == (True, False)
    with FileSource(tmp_path / "in" / "a.xml", suffixes=(".xml",)) as found:
        assert (found.names, found.read("a.xml"), found.has("notes.txt")) == (["a.xml"], b"1", True)


def test_a_zip_that_unpacks_to_too_much_or_lies_is_a_fault(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", b" " * 100_000)
    monkeypatch.setattr(file_source, "LARGEST_FILE_BYTES", 50_000)
    with FileSource(tmp_path / "a.zip", suffixes=(".xml",)) as found, pytest.raises(BoxFileError) as error:
        found.read("a.xml")
    assert error.value.code == "too_many_bytes"
    raw = bytearray((tmp_path / "a.zip").read_bytes())
    raw[45:60] = bytes(15)
    (tmp_path / "b.zip").write_bytes(raw)
    monkeypatch.setattr(file_source, "LARGEST_FILE_BYTES", 500_000)
    with FileSource(tmp_path / "b.zip", suffixes=(".xml",)) as found, pytest.raises(BoxFileError) as error:
        found.read("a.xml")
    assert error.value.code == "unreadable_file"
