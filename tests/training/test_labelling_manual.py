"""The labelling manual: its pictures come from the code, and both languages say the same of all 17 regions."""

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from inference.anatomy.geometry import TEMPLATE_SIZES
from inference.anatomy.regions import REGION_IDS, REGIONS
from training.__main__ import main
from training.labelling_manual.command import SAYS, webp
from training.labelling_manual.drawing import COLOURS
from training.labelling_manual.films import film, mirrored, on_its_side, top_cut_off
from training.labelling_manual.pictures import PICTURES

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "labelling"
TEXTS = {language: (MANUAL / f"{language}.md").read_text(encoding="utf-8") for language in ("en", "zh-Hans")}
MOST_BYTES = 1_500_000


@pytest.mark.parametrize("name", ["joint", "region-mc3", "ages-girls", "cut-off", "wrong-ulna"])
def test_the_committed_picture_is_what_the_code_draws(name: str) -> None:
    with Image.open(BytesIO(webp(PICTURES[name]()))) as picture:
        drawn = np.asarray(picture.convert("RGB")).astype(int)
    with Image.open(MANUAL / "images" / f"{name}.webp") as picture:
        committed = np.asarray(picture.convert("RGB")).astype(int)
    assert committed.shape == drawn.shape
    # Other builds of the drawing and compressing libraries may differ in a grey value here and there, not in a line.
    difference = np.abs(committed - drawn)
    assert difference.mean() < 0.5
    assert np.quantile(difference.max(axis=2), 0.999) < 25


def test_the_same_picture_twice_is_the_same_file() -> None:
    film.cache_clear()
    first = webp(PICTURES["region-dp1"]())
    film.cache_clear()
    assert webp(PICTURES["region-dp1"]()) == first


def test_the_folder_holds_the_pictures_and_nothing_else() -> None:
    files = sorted((MANUAL / "images").iterdir())
    assert [path.name for path in files] == sorted(f"{name}.webp" for name in PICTURES)
    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    for path in files:
        with Image.open(path) as picture:
            assert SAYS.encode() in picture.info["xmp"], path.name


def test_the_command_writes_pictures_that_say_synthetic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labelling-manual", "--out", str(tmp_path / "new"), "--only", "region-ulna"]) == 0
    (written,) = (tmp_path / "new").iterdir()
    with Image.open(BytesIO(written.read_bytes())) as picture:
        assert b"SYNTHETIC" in picture.info["xmp"]
    (tmp_path / "file").write_text("")
    assert main(["labelling-manual", "--out", str(tmp_path / "file"), "--only", "region-ulna"]) == 2
    assert "error" in capsys.readouterr().err


def test_colours_are_those_of_the_labelling_page() -> None:
    table = (ROOT / "frontend" / "src" / "core" / "regions.ts").read_text()
    assert dict(re.findall(r"^  (\w+): \"(#[0-9a-f]{6})\",$", table, re.MULTILINE)) == COLOURS


@pytest.mark.parametrize("language", TEXTS)
def test_each_region_has_a_section_with_its_name_and_picture(language: str) -> None:
    text = TEXTS[language]
    for region in REGIONS:
        (section,) = re.findall(rf'^### <a id="{region.id}"></a>(.*?)(?=^##|\Z)', text, re.MULTILINE | re.DOTALL)
        name = region.name_en if language == "en" else region.name_zh
        heading = section.splitlines()[0]
        assert f"`{region.id}` · " in heading
        assert name.lower() in heading.lower()
        assert f"(images/region-{region.id}.webp)" in section
        for edge in {"en": ("**Begins**", "**Ends**"), "zh-Hans": ("**远侧缘**", "**近侧缘**")}[language]:
            assert edge.lower() in section.lower()


@pytest.mark.parametrize("language", TEXTS)
def test_pictures_anchors_and_links_lead_somewhere(language: str) -> None:
    text = TEXTS[language]
    shown = re.findall(r"!\[([^\]]+)\]\(images/([\w-]+)\.webp\)", text)
    assert {name for _, name in shown} == set(PICTURES)
    assert len(shown) == len(PICTURES)
    anchors = re.findall(r'<a id="([\w-]+)">', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(anchors)


def test_both_languages_have_the_same_sections_keys_and_numbers() -> None:
    def skeleton(text: str) -> list[str]:
        return re.findall(r'^#+|<a id="[\w-]+">|images/[\w-]+|^\| `\w+` .*$|^[-|] |^\d\. ', text, re.MULTILINE)

    assert skeleton(TEXTS["en"]) == skeleton(TEXTS["zh-Hans"])
    keys = {language: sorted(re.findall(r'data-key="(\w+)"', text)) for language, text in TEXTS.items()}
    assert keys["en"] == keys["zh-Hans"]


def test_typical_sizes_are_those_of_the_template() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) % \| (\d+) % \|$", TEXTS["en"], re.MULTILINE)
    assert [region for region, _, _ in rows] == list(REGION_IDS)
    measured = np.array([[int(width), int(height)] for _, width, height in rows]) / 100
    of_template = [region != "carpals" for region in REGION_IDS]
    assert np.abs(measured - TEMPLATE_SIZES)[of_template].max() <= 0.0051


@pytest.mark.real_data
def test_carpals_are_as_large_as_the_text_says(real_data: Path) -> None:
    """Koitka's boxes: the wrist's, by the distance from there to the farthest joint, which is MCP III."""
    sizes: dict[str, list[tuple[float, float]]] = {}
    with ZipFile(real_data / "rsna" / "boxes_koitka_xml.zip") as archive:
        for name in (name for name in archive.namelist() if name.endswith(".xml")):
            found: dict[str, list[list[float]]] = {}
            for thing in ElementTree.fromstring(archive.read(name)).iter("object"):
                edges = [float(thing.findtext(f"bndbox/{edge}") or "nan") for edge in ("xmin", "ymin", "xmax", "ymax")]
                found.setdefault(thing.findtext("name") or "", []).append(edges)
            if len(found.get("Wrist", [])) == 1 and len(found.get("MCP", [])) == 5:
                (x0, y0, x1, y1), joints = found["Wrist"][0], np.array(found["MCP"])
                middles = (joints[:, :2] + joints[:, 2:]) / 2
                reach = float(np.linalg.norm(middles - [(x0 + x1) / 2, (y0 + y1) / 2], axis=1).max())
                sizes.setdefault(str(Path(name).parent), []).append(((x1 - x0) / reach, (y1 - y0) / reach))
    for folder, count, width, height in (("train", 210, 0.91, 0.61), ("eval/expert", 84, 0.56, 0.37)):
        (of_folder,) = (found for name, found in sizes.items() if name.endswith(folder) and "non" not in name)
        assert len(of_folder) == count
        assert np.median(of_folder, axis=0) == pytest.approx([width, height], abs=0.006)
        assert f"{width} × {height}" in TEXTS["en"]
    # The table counts from the middle of mc3's box, which lies at 0.82 of the way to the joint (132 hands with both).
    assert "| `carpals` | 111 % | 74 % |" in TEXTS["en"]
    assert np.median(sizes[next(name for name in sizes if name.endswith("train"))], axis=0) / 0.82 == pytest.approx(
        [1.11, 0.74], abs=0.01
    )


def test_sentences_about_centres_hold_on_the_drawn_hands() -> None:
    """What the text says of ages is what the pictures beside it show."""
    boy, girl = film(2, "M"), film(2, "F")
    assert girl.no_centre < boy.no_centre
    assert {"ulna", "mc5", "pp1", "dp2", "dp5"} <= boy.no_centre
    assert film(6, "M").no_centre == {"ulna"}
    assert not film(10, "M").no_centre


def test_films_changed_for_the_manual_keep_boxes_on_their_bones() -> None:
    source = film(10)

    def brightness(shown: type(source), region: str) -> float:  # type: ignore[valid-type]
        x0, y0, x1, y1 = (round(edge) for edge in shown.boxes[region])
        return float(shown.grey[y0:y1, x0:x1].mean())

    for changed in (mirrored(source), on_its_side(source)):
        for region in REGION_IDS:
            assert brightness(changed, region) == pytest.approx(brightness(source, region), abs=2.0)
    cut = top_cut_off(source, at_px=source.boxes["dp3"].y1)
    assert "dp3" not in cut.boxes
    assert "dp5" in cut.boxes
    assert cut.grey.shape[0] == source.grey.shape[0] - round(source.boxes["dp3"].y1)
