"""From the challenge's files to a snapshot: labels, two sources of boxes, squeezed pictures, broken files."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.anatomy.boxes import Box
from tests.training.made_hands import COLUMNS, ROWS, as_annotated, made_hand, voc_xml
from training.import_rsna.importer import import_rsna
from training.import_rsna.labels import read_labels
from training.snapshot import SnapshotError, read_snapshot
from training.split import HashSplit


def test_an_unknown_class_map_is_named_with_those_there_are(tmp_path):
    images, labels, _ = write_sources(tmp_path)
    with pytest.raises(SnapshotError, match="voc881"):
        import_rsna(images=[images], labels=labels, boxes=[(images, "coco")], out=tmp_path / "out", split=HashSplit(1))


def labels_file(folder, rows, header="id,sex,bone_age_months"):
    path = folder / "labels.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_the_challenges_own_table_is_read(tmp_path):
    table = read_labels(labels_file(tmp_path, ["1,180,False", "2,12,True"], "id,boneage,male"))
    assert (table["1"].sex, table["1"].bone_age_months, table["2"].sex) == ("F", 180.0, "M")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["1,M,12", "1,F,13"], "second time"),
        (["1,X,12"], "neither M nor F"),
        (["1,M,-4"], "no age"),
        (["1,M,abc"], "no age"),
        ([], "no rows"),
        ([",M,12"], "needed"),
    ],
)
def test_a_wrong_table_says_where(tmp_path, rows, why):
    with pytest.raises(SnapshotError, match=why):
        read_labels(labels_file(tmp_path, rows))


def write_sources(folder, count=24):
    """Squeezed 40 x 40 pictures in a zip, a labels table, and box files for three of them."""
    random = np.random.default_rng(0)
    with zipfile.ZipFile(folder / "images.zip", "w") as pictures:
        for i in range(count):
            _, data = cv2.imencode(".png", random.integers(0, 255, (40, 40)).astype(np.uint8))
            pictures.writestr(f"squeezed/{i}.png", data.tobytes())
        pictures.writestr("squeezed/999.png", b"has no label")
        pictures.writestr("squeezed/notes.txt", b"no picture")
    labels = labels_file(folder, [f"{i},{'MF'[i % 2]},{12 + i}" for i in range(count)] + ["77,M,100"])
    regions, thumb = made_hand()
    (folder / "voc").mkdir()
    (folder / "voc" / "1.xml").write_bytes(voc_xml(as_annotated(regions, thumb)))
    (folder / "voc" / "2.xml").write_bytes(b"<broken")
    (folder / "voc" / "5000.xml").write_bytes(voc_xml(as_annotated(regions, thumb)))
    (folder / "wrist" / "expert").mkdir(parents=True)
    (folder / "wrist" / "nonexpert").mkdir()
    both = [("Wrist", Box(350, 560, 450, 620)), ("Radius", Box(0, 0, 9, 9)), ("Ulna", Box(20, 20, 29, 29))]
    for kind in ("expert", "nonexpert"):
        (folder / "wrist" / kind / "1.xml").write_bytes(voc_xml(both))
    return folder / "images.zip", labels, regions


def test_pictures_labels_and_two_sources_of_boxes_become_one_snapshot(tmp_path):
    images, labels, regions = write_sources(tmp_path)
    out, report = import_rsna(
        images=[images],
        labels=labels,
        boxes=[(tmp_path / "voc", "voc881"), (tmp_path / "wrist", "koitka")],
        out=tmp_path / "snapshot",
        split=HashSplit(1),
    )
    data = read_snapshot(out, verify_pictures=True)
    assert len(data.radiographs) == 24
    boxes = data.boxes("1")
    assert boxes.keys() == {*regions, "carpals"}
    for region, box in regions.items():  # the first source counts where both box a region
        squeezed = (box.x0 * 40 / COLUMNS, box.y0 * 40 / ROWS, box.x1 * 40 / COLUMNS, box.y1 * 40 / ROWS)
        assert boxes[region] == pytest.approx(squeezed, abs=1e-3)
    rows = {r.id: r for r in data.radiographs}
    assert (rows["1"].original_columns, rows["1"].original_rows) == (COLUMNS, ROWS)
    assert rows["3"].original_columns is None
    counts = {name: entry["count"] for name, entry in report["findings"].items()}
    assert counts["region_of_koitka_already_boxed"] == 2
    assert counts["koitka: second_file_of_a_hand"] == 1
    assert counts["voc881: boxes_without_label"] == 1
    assert counts["picture_without_label"] == 1
    assert counts["label_without_picture"] == 1
    assert any(name.startswith("voc881: broken_file") for name in counts)
    assert report["aspect_unknown"] == 23


def test_an_interrupted_import_is_taken_up_and_ends_the_same(tmp_path):
    images, labels, _ = write_sources(tmp_path)

    def run(out, on_progress=lambda p: None):
        return import_rsna(images=[images], labels=labels, out=out, split=HashSplit(1), on_progress=on_progress)[0]

    class StopError(Exception):
        pass

    def stop(progress):
        if progress.phase == "pictures" and progress.done == progress.total:
            raise StopError

    whole = read_snapshot(run(tmp_path / "whole"))
    with pytest.raises(StopError):
        run(tmp_path / "again", stop)
    assert not (tmp_path / "again").exists()
    assert len(list((tmp_path / ".again.writing" / "images").glob("*.png"))) == 24
    assert read_snapshot(run(tmp_path / "again")).hash == whole.hash


def run_command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "training", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=50,
        cwd=Path(__file__).parents[2],
        check=False,
    )


def test_the_command_makes_and_checks_a_snapshot(tmp_path):
    images, labels, _ = write_sources(tmp_path)
    (tmp_path / "ids.txt").write_text("3\n4\n")
    sources = ["--images", images, "--labels", labels, "--boxes", tmp_path / "voc", "--class-map", "voc881"]
    done = run_command("import-rsna", *sources, "--test-ids", tmp_path / "ids.txt", "--out", tmp_path / "s")
    assert done.returncode == 0, done.stderr
    assert "broken_file" in done.stdout
    assert {r.id for r in read_snapshot(tmp_path / "s").part("test")} >= {"3", "4"}
    again = run_command("import-rsna", *sources, "--out", tmp_path / "s")
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    assert run_command("check-snapshot", "--snapshot", tmp_path / "s").returncode == 0


@pytest.mark.real_data
def test_real_hands_are_imported(tmp_path):
    real = Path(os.environ["BONEAGE_REAL_DATA"]) / "rsna"
    out, report = import_rsna(
        images=[real / "full"],
        labels=real / "labels.csv",
        boxes=[(real / "boxes_voc881_xml.zip", "voc881"), (real / "boxes_koitka_xml.zip", "koitka-carpals")],
        out=tmp_path / "snapshot",
        split=HashSplit(2017),
    )
    data = read_snapshot(out, verify_pictures=True)
    assert len(data.radiographs) == 18
    counts = {name: entry["count"] for name, entry in report["findings"].items()}
    assert counts["voc881: hands"] == 798
    assert counts["voc881: names_swapped_metacarpal_and_thumb"] == 1
    assert report["findings"]["voc881: names_swapped_metacarpal_and_thumb"]["ids"] == ["1833"]
    assert counts["voc881: box_without_size"] == 2
    assert report["findings"]["koitka-carpals: empty_file"]["ids"] == ["4230"]
    for radiograph in data.radiographs:
        boxes = data.boxes(radiograph.id)
        if {"mc2", "mc5", "pp1"} <= boxes.keys():
            away = [abs(boxes["pp1"].centre[0] - boxes[head].centre[0]) for head in ("mc2", "mc5")]
            assert away[0] < away[1]
