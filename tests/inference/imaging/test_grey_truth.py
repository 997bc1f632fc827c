"""Grey values against pydicom's own, and what the clean copy keeps of windows, tables and padding."""

from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi, apply_windowing
from pydicom.sequence import Sequence

from inference.imaging.deidentify import deidentify as deidentify_with_check
from inference.imaging.errors import FilmError
from inference.imaging.film import Window
from inference.imaging.read import read_film
from inference.imaging.render import display_image, window_to_8bit
from tests.factories.dicom import drawn_hand, hand_dicom
from tests.factories.unread import UNREAD

HAND = drawn_hand(200, 160)
KEY = b"a key of thirty-two bytes, random"
TWO_WINDOWS = {"WindowCenter": ["1500", "2500", "900"], "WindowWidth": ["2000", "800", "0"]}


def deidentify(data):
    return deidentify_with_check(data, key=KEY, **UNREAD)


def _table(first: int, entries, bits: int = 16, **more) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(entries) % 65536, first & 0xFFFF, bits])
    item.add_new("LUTData", "OW", np.asarray(entries, "<u2").tobytes())
    item.ModalityLUTType = "US"
    for keyword, value in more.items():
        setattr(item, keyword, value)
    return item


def _signed(offset: int = 2000) -> np.ndarray:
    return ((HAND.astype(np.int32) - offset) & 0xFFF).astype(np.uint16)


@pytest.mark.parametrize(
    "extra",
    [
        {"RescaleSlope": "2", "RescaleIntercept": "-1024"},
        {"RescaleSlope": "0.25", "RescaleIntercept": "3.5"},
        {"ModalityLUTSequence": Sequence([_table(100, np.arange(3000) * 3)])},
        {"ModalityLUTSequence": Sequence([_table(0, np.arange(256)[::-1], 8)])},
    ],
)
def test_modality_step_is_pydicoms(extra):
    data = hand_dicom(HAND, bits_stored=12, extra=extra)
    dataset = pydicom.dcmread(BytesIO(data))
    assert np.allclose(read_film(data).pixels, apply_modality_lut(dataset.pixel_array, dataset), rtol=1e-6)


@pytest.mark.parametrize("signed", [False, True])
def test_voi_table_is_pydicoms(signed):
    first = -1500 if signed else 200
    extra = {"VOILUTSequence": Sequence([_table(first, np.arange(3000) * 5), _table(0, np.arange(10))])}
    if signed:
        extra |= {"PixelRepresentation": 1}
    data = hand_dicom(_signed() if signed else HAND, bits_stored=12, extra=extra)
    dataset = pydicom.dcmread(BytesIO(data))
    dataset.VOILUTSequence[0].LUTDescriptor = [3000, first, 16]
    stored = HAND.astype(np.int32) - (2000 if signed else 0)
    assert np.array_equal(read_film(data).pixels, apply_voi(stored, dataset, index=0))


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("index", [0, 1])
def test_windows_show_what_pydicom_shows(function, index):
    data = hand_dicom(HAND, bits_stored=12, extra={**TWO_WINDOWS, "VOILUTFunction": function})
    film = read_film(data)
    assert [window.center for window in film.windows] == [1500, 2500]  # a width of 0 is no window
    dataset = pydicom.dcmread(BytesIO(data))
    theirs = apply_windowing(HAND, dataset, index=index) / 4095 * 255
    window = film.windows[index]
    ours = window_to_8bit(film.pixels, window.center, window.width, window.function)
    assert np.abs(ours - theirs).max() <= 1


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
def test_windows_turn_with_the_polarity(function):
    straight = hand_dicom(HAND, bits_stored=12, extra={**TWO_WINDOWS, "VOILUTFunction": function})
    offset = 4096 if function == "LINEAR" else 4095
    turned = {"WindowCenter": [str(offset - 1500), str(offset - 2500)], "WindowWidth": ["2000", "800"]}
    inverse = hand_dicom(HAND, bits_stored=12, photometric="MONOCHROME1", extra={**turned, "VOILUTFunction": function})
    ours, theirs = read_film(inverse), read_film(straight)
    assert np.array_equal(ours.pixels, theirs.pixels)
    assert ours.windows == theirs.windows


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("extra", [{}, {"RescaleSlope": "0.001", "RescaleIntercept": "-2"}])
def test_the_display_image_carries_all_windows_in_its_own_values(function, extra):
    scale, offset = (0.001, -2.0) if extra else (1.0, 0.0)
    windows = {
        "WindowCenter": [f"{1500 * scale + offset:.4f}", f"{2500 * scale + offset:.4f}"],
        "WindowWidth": [f"{2000 * scale + 1:.4f}", f"{800 * scale + 1:.4f}"],
    }
    film = read_film(hand_dicom(HAND, bits_stored=12, extra={**windows, **extra, "VOILUTFunction": function}))
    shown = display_image(film)
    assert len(shown.windows) == 2
    assert (shown.window_center, shown.window_width) == (shown.windows[0].center, shown.windows[0].width)
    for window, theirs in zip(shown.windows, film.windows, strict=True):
        ours = window_to_8bit(shown.values, window.center, window.width, window.function)
        wanted = window_to_8bit(film.pixels, theirs.center, theirs.width, theirs.function)
        assert np.abs(ours.astype(int) - wanted).max() <= 1


def test_a_window_beyond_the_possible_values_is_none():
    extra = {"WindowCenter": ["20100317", "1500"], "WindowWidth": ["73519", "2000"]}
    data = hand_dicom(HAND, bits_stored=12, extra=extra)
    assert read_film(data).windows == (Window(1500, 2000, "linear"),)
    assert list(read_film(deidentify(data).data).windows) == [Window(1500, 2000, "linear")]


@pytest.mark.parametrize(
    "extra",
    [{"RescaleSlope": "7351901"}, {"RescaleSlope": "0"}, {"RescaleIntercept": "73519010"}, {"RescaleSlope": "1E-9"}],
)
def test_an_impossible_rescale_is_refused(extra):
    with pytest.raises(FilmError, match="bad_lookup_table"):
        read_film(hand_dicom(HAND, bits_stored=12, extra=extra))


def test_a_table_without_entries_is_refused():
    for keyword in ("ModalityLUTSequence", "VOILUTSequence"):
        with pytest.raises(FilmError, match="bad_lookup_table"):
            read_film(hand_dicom(HAND, bits_stored=12, extra={keyword: Sequence([Dataset()])}))


def _kept(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Grey values of original and clean copy where the copy has the original's stored values."""
    clean = deidentify(data)
    assert clean.report["pixels_clean"]
    before, after = read_film(data), read_film(clean.data)
    same = (
        pydicom.dcmread(BytesIO(data)).pixel_array & 0xFFF == pydicom.dcmread(BytesIO(clean.data)).pixel_array & 0xFFF
    )
    assert same.mean() > 0.4
    assert before.windows == after.windows
    return before.pixels[same], after.pixels[same]


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    "extra",
    [
        TWO_WINDOWS,
        {**TWO_WINDOWS, "VOILUTFunction": "SIGMOID"},
        {"RescaleSlope": "0.5", "RescaleIntercept": "-3", **{"WindowCenter": "700", "WindowWidth": "900"}},
        {**TWO_WINDOWS, "ModalityLUTSequence": Sequence([_table(0, np.arange(4096) * 4, LUTExplanation="Zhang")])},
        {"VOILUTSequence": Sequence([_table(300, np.sqrt(np.arange(3000)) * 70, 12)])},
        {
            "ModalityLUTSequence": Sequence([_table(0, np.arange(4096) // 2, 11)]),
            "VOILUTSequence": Sequence([_table(0, np.arange(2048) * 32)]),
        },
    ],
)
def test_the_clean_copy_shows_the_same_greys(extra, photometric):
    before, after = _kept(hand_dicom(HAND, bits_stored=12, photometric=photometric, extra=extra))
    assert np.array_equal(before, after)


def test_signed_values_under_a_table_with_a_negative_start_survive_cleaning():
    extra = {"PixelRepresentation": 1, "VOILUTSequence": Sequence([_table(-2000, np.arange(4096) * 16)])}
    before, after = _kept(hand_dicom(_signed(), bits_stored=12, extra=extra))
    assert np.array_equal(before, after)


def test_padding_is_written_as_it_occurs():
    pixels = HAND.copy()
    pixels[:, :6] = 4090
    data = hand_dicom(pixels, bits_stored=12, extra={"PixelPaddingValue": 4090, "PixelPaddingRangeLimit": 4095})
    header = pydicom.dcmread(BytesIO(deidentify(data).data))
    occurs = (header.pixel_array >= 4090).any()
    assert ("PixelPaddingValue" in header) == occurs
    assert "PixelPaddingRangeLimit" not in header


def test_entries_that_no_pixel_reaches_are_cut_off():
    data = hand_dicom(HAND, bits_stored=12, extra={"ModalityLUTSequence": Sequence([_table(0, np.arange(65536))])})
    header = pydicom.dcmread(BytesIO(deidentify(data).data))
    item = header.ModalityLUTSequence[0]
    entries, first, _ = item.LUTDescriptor
    assert (first, first + entries - 1) == (header.pixel_array.min(), header.pixel_array.max())
    assert len(item.LUTData) == 2 * entries
