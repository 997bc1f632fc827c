"""Real files: encodings of one radiograph agree, headers come out clean, and real hands stay under the mask."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.imaging.deidentify import deidentify
from inference.imaging.grey_values import grey_values
from inference.imaging.hand_mask import find_hand
from inference.imaging.preprocess import Preprocessing, fit_reference
from inference.imaging.quality import assess
from inference.imaging.read import read_dicom, read_film
from tests.factories.dicom import hand_dicom
from tests.factories.unread import UNREAD
from tests.inference.imaging.test_real_grey_truth import ACCEPTED

pytestmark = pytest.mark.real_data

LARGEST_DIFFERENCE = {
    "J2KR__RG3_J2KR": 0, "JLSL__RG3_JLSL": 0, "JPLL__RG3_JPLL": 0, "RLE__RG3_RLE": 0,
    "JLSN__RG3_JLSN": 4, "J2KI__RG3_J2KI": 9, "JPLY__RG3_JPLY": 100,
}  # fmt: skip
"""Of 1024 grey values, against the uncompressed original: 0 where lossless. The 12-bit JPEG rings beside its text."""


@pytest.mark.parametrize("name", LARGEST_DIFFERENCE)
def test_encodings_of_one_radiograph_agree(real_data, name):
    reference = read_film(real_data / "dicom" / "REF__RG3_UNC").pixels
    difference = np.abs(read_film(real_data / "dicom" / name).pixels - reference)
    assert difference.max() <= LARGEST_DIFFERENCE[name]
    assert difference.mean() < 2


@pytest.mark.parametrize(
    ("name", "levels"), [("mlut_18.dcm", 2), ("vlut_04.dcm", 2), ("OT__1.2.276.0.7230010.3.200.2.10.1", 2)]
)
def test_tables_of_test_patterns_are_applied(real_data, name, levels, monkeypatch):
    """Of a modality that intake refuses: only their grey values are looked at."""
    monkeypatch.setattr("inference.imaging.read.MODALITIES", frozenset({"OT"}))
    dataset = read_dicom((real_data / "dicom" / name).read_bytes())
    stored = dataset.pixel_array.astype(np.int32)
    grey = grey_values(dataset, stored)
    keyword = "ModalityLUTSequence" if "ModalityLUTSequence" in dataset else "VOILUTSequence"
    item = dataset[keyword].value[0]
    entries, first, _ = (int(number) for number in item.LUTDescriptor)
    first = first - 65536 if first >= 32768 and stored.min() < 0 else first  # written unsigned, meant as the pixels are
    table = np.frombuffer(item.LUTData, "<u2") if isinstance(item.LUTData, bytes) else np.asarray(item.LUTData)
    expected = table[np.clip(stored - first, 0, entries - 1)]
    assert np.array_equal(grey.pixels, expected)
    assert len(np.unique(grey.pixels)) >= levels


@pytest.mark.parametrize("name", ACCEPTED)
def test_identity_of_real_headers_is_gone(real_data, name):
    data = (real_data / "dicom" / name).read_bytes()
    original = read_dicom(data)
    clean = deidentify(data, key=b"k" * 32, **UNREAD).data
    header = clean[: len(clean) - original.Rows * original.Columns * original.BitsAllocated // 8]
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "PatientID"):
        value = str(original.get(keyword, ""))
        assert len(value) < 4 or value.encode() not in header


def _full_films(real_data: Path) -> list[Path]:
    return sorted([*(real_data / "rsna" / "full").iterdir(), *(real_data / "dha").glob("*.[pj]*g")])


def test_real_films_as_dicom_come_out_clean_and_usable(real_data):
    paths = _full_films(real_data)
    assert len(paths) == 24
    for path in paths[::6]:
        pixels = read_film(path).pixels.astype(np.uint8)
        data = hand_dicom(pixels, burn_in="ZHANG XIAOMING", modality="CR")
        clean = deidentify(data, key=b"k" * 32, **UNREAD)
        assert clean.report["blocking"] is None, path.name
        assert assess(read_film(clean.data)).blocking is None


def _boxed_hands(real_data: Path, every: int):
    """(picture 100 x 100, boxes in its pixels) of every n-th hand with the 17 tight joint boxes."""
    with (
        zipfile.ZipFile(real_data / "rsna" / "boxes_koitka_xml.zip") as boxes,
        zipfile.ZipFile(real_data / "rsna" / "images_100px.zip") as images,
    ):
        known = set(images.namelist())
        for name in sorted(entry for entry in boxes.namelist() if entry.endswith(".xml"))[::every]:
            root = ET.fromstring(boxes.read(name))
            width, height = (float(root.findtext(f"size/{side}")) for side in ("width", "height"))
            image = f"{re.sub(r'[^0-9]', '', Path(name).name)}.png"
            edges = [
                [float(box.findtext(edge)) for edge in ("xmin", "ymin", "xmax", "ymax")]
                for box in root.iterfind("object/bndbox")
            ]
            if image in known and len(edges) >= 17:
                scale = np.array([100 / width, 100 / height] * 2)
                yield cv2.imdecode(np.frombuffer(images.read(image), np.uint8), 0), np.array(edges) * scale


def test_mask_keeps_the_regions_of_boxed_hands(real_data):
    """Measured on all 1 025 boxed hands: 98 % keep every region; on this sample of 31 all but two at most."""
    whole, found, total = 0, 0, 0
    for picture, boxes in _boxed_hands(real_data, every=12):
        hand = find_hand(picture.astype(np.float32))
        centres = np.clip(((boxes[:, :2] + boxes[:, 2:]) / 2).astype(int), 0, 99)
        kept = hand.mask[centres[:, 1], centres[:, 0]]
        total, whole, found = total + 1, whole + bool(kept.all()), found + hand.plausible
    assert total >= 25
    assert found / total > 0.93
    assert whole / total > 0.93


def test_full_film_looks_like_its_own_small_copy(real_data):
    """The same hands near-native and as 100 x 100 pictures, prepared for one model: nearly the same grey values.

    Measured on 15 pairs: mean difference inside the hand 0.015 to 0.045; matched over the whole picture 0.020 to 0.123.
    """
    with zipfile.ZipFile(real_data / "rsna" / "images_100px.zip") as archive:
        pairs = []
        # 1548 is left out: its near-native picture is histogram-equalised, the small one is not
        for path in [p for p in sorted((real_data / "rsna" / "full").glob("*.png")) if p.stem != "1548"][::3]:
            small = cv2.imdecode(np.frombuffer(io.BytesIO(archive.read(path.name)).read(), np.uint8), 0)
            pairs.append((read_film(path).pixels, small.astype(np.float32)))
    settings = Preprocessing(size_px=256, detail_px=100, reference_cdf=fit_reference(small for _, small in pairs))
    for full, small in pairs:
        ours = settings.prepare(full).image
        theirs = settings.prepare(small, film_aspect=full.shape[1] / full.shape[0]).image
        assert ours.shape == theirs.shape
        both = (ours > 0) & (theirs > 0)
        assert np.mean(np.abs(ours - theirs)[both]) < 0.06
