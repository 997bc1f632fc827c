from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import uid
from pydicom.dataset import Dataset

from inference.imaging.errors import FILM_ERRORS, FILM_WARNINGS, FilmError
from inference.imaging.film import Window
from inference.imaging.read import read_film
from tests.factories.dicom import drawn_hand, hand_dicom

HAND = drawn_hand(200, 160)
UNCOMPRESSED = [
    uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian, uid.DeflatedExplicitVRLittleEndian,
    uid.RLELossless, uid.JPEGLSLossless,
]  # fmt: skip


def _refused(data: bytes) -> FilmError:
    with pytest.raises(FilmError) as caught:
        read_film(data)
    assert caught.value.message
    assert caught.value.message_zh
    return caught.value


@pytest.mark.parametrize("syntax", UNCOMPRESSED, ids=lambda syntax: uid.UID(syntax).name)
def test_every_lossless_syntax_gives_the_same_values(syntax):
    film = read_film(hand_dicom(HAND, transfer_syntax=syntax, bits_stored=12))
    assert np.array_equal(film.pixels, HAND)


@pytest.mark.parametrize("shape", [None, "INVERSE"])
def test_polarity_is_turned_once(shape):
    window = {"WindowCenter": "1500", "WindowWidth": "2000"}
    turned_window = {"WindowCenter": str(4096 - 1500), "WindowWidth": "2000", "PresentationLUTShape": shape}
    straight = read_film(hand_dicom(HAND, bits_stored=12, extra=window))
    inverse = read_film(hand_dicom(HAND, bits_stored=12, photometric="MONOCHROME1", extra=turned_window))
    assert np.array_equal(straight.pixels, inverse.pixels)
    assert inverse.window == straight.window == Window(1500.0, 2000.0, "linear")


def test_presentation_shape_inverse_turns_monochrome2():
    film = read_film(hand_dicom(HAND, bits_stored=12, extra={"PresentationLUTShape": "INVERSE"}))
    assert np.array_equal(film.pixels, 4095 - HAND.astype(np.int32))


def test_padding_counts_on_stored_values_and_becomes_ground():
    pixels = HAND.copy()
    pixels[:40, :50] = 4095
    film = read_film(
        hand_dicom(
            pixels, bits_stored=12, extra={"PixelPaddingValue": 4095, "RescaleSlope": "2", "RescaleIntercept": "-5"}
        )
    )
    assert np.all(film.pixels[:40, :50] == pixels[pixels < 4095].min() * 2.0 - 5)
    assert film.pixels[100, 80] == HAND[100, 80] * 2 - 5


def test_padding_range_takes_all_between():
    pixels = HAND.copy()
    pixels[0, :4] = (4000, 4010, 4020, 4095)
    film = read_film(
        hand_dicom(pixels, bits_stored=12, extra={"PixelPaddingValue": 4000, "PixelPaddingRangeLimit": 4095})
    )
    assert np.all(film.pixels[0, :4] == HAND.min())


def _lut(first: int, bits: int, data: list[int], explanation: str = "") -> list[Dataset]:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(data) % 65536, first, bits])
    item.add_new("LUTData", "US", data)
    return [item]


def test_voi_table_is_applied_and_beats_a_window():
    table = [round(value**0.5 * 100) for value in range(4096)]
    extra = {"VOILUTSequence": _lut(0, 13, table), "WindowCenter": "100", "WindowWidth": "50"}
    film = read_film(hand_dicom(HAND, bits_stored=12, extra=extra))
    assert np.array_equal(film.pixels, np.array(table, np.float32)[HAND])
    assert film.window == Window(4096.0, 8192.0, "linear")


def test_table_holds_its_ends():
    film = read_film(
        hand_dicom(HAND, bits_stored=12, extra={"ModalityLUTSequence": _lut(500, 16, list(range(7, 1007)))})
    )
    expected = np.clip(HAND.astype(int) - 500, 0, 999) + 7
    assert np.array_equal(film.pixels, expected)


def test_short_table_is_refused():
    sequence = _lut(0, 16, [1, 2, 3])
    sequence[0].LUTDescriptor = [4096, 0, 16]
    assert _refused(hand_dicom(HAND, extra={"VOILUTSequence": sequence})).code == "bad_lookup_table"


@pytest.mark.parametrize(
    ("extra", "window"),
    [
        ({"WindowCenter": ["900", "50"], "WindowWidth": ["1200", "9"]}, Window(900.0, 1200.0, "linear")),
        ({"WindowCenter": "900", "WindowWidth": "1200", "VOILUTFunction": "SIGMOID"}, Window(900.0, 1200.0, "sigmoid")),
        (
            {"WindowCenter": "900", "WindowWidth": "0.5", "VOILUTFunction": "LINEAR_EXACT"},
            Window(900.0, 0.5, "linear_exact"),
        ),
    ],
)
def test_first_window_is_kept(extra, window):
    assert read_film(hand_dicom(HAND, extra=extra)).window == window


@pytest.mark.parametrize("width", ["0", "-5", "0.4"])
def test_impossible_window_gives_way_to_the_values(width):
    film = read_film(hand_dicom(HAND, extra={"WindowCenter": "900", "WindowWidth": width}))
    assert film.window.width > 1000


def test_signed_values_and_old_overlay_bits():
    signed = (HAND.astype(np.int32) - 2000) & 0xFFF | 0xF000 * (HAND.astype(np.int32) % 2)  # rubbish above bit 11
    film = read_film(hand_dicom(signed.astype(np.uint16), bits_stored=12, extra={"PixelRepresentation": 1}))
    assert np.array_equal(film.pixels, HAND.astype(np.int32) - 2000)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"a text file, and no film at all\n" * 20, "unknown_format"),
        (hand_dicom(HAND)[:-5000], "truncated"),
        (hand_dicom(HAND, extra={"NumberOfFrames": 2}), "multi_frame"),
        (hand_dicom(HAND, extra={"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB"}), "colour"),
        (hand_dicom(HAND, extra={"PhotometricInterpretation": "PALETTE COLOR"}), "palette_colour"),
        (hand_dicom(HAND, modality="CT"), "unsupported_modality"),
        (hand_dicom(HAND, modality=""), "unsupported_modality"),
        (hand_dicom(HAND, extra={"PresentationIntentType": "FOR PROCESSING"}), "for_processing"),
        (hand_dicom(HAND, extra={"BitsAllocated": 32}), "unsupported_pixel_type"),
        (hand_dicom(HAND, extra={"BitsStored": 0}), "unsupported_pixel_type"),
        (hand_dicom(HAND, extra={"Rows": 60000, "Columns": 60000}), "too_large"),
        (hand_dicom(HAND[:50, :50]), "too_small"),
        (hand_dicom(np.full((100, 100), 7, np.uint16)), "no_contrast"),
        (hand_dicom(HAND, extra={"PixelData": None}), "truncated"),
        (hand_dicom(HAND, extra={"PixelData": None, "Rows": None}), "not_an_image"),
        (hand_dicom(HAND, birth_date="20210101"), "birth_after_study"),
        (hand_dicom(HAND, birth_date="20101331"), "bad_date"),
        (hand_dicom(HAND, study_date="20230229"), "bad_date"),
        (hand_dicom(HAND, birth_date=None, extra={"PatientAge": "ten"}), "bad_age"),
    ],
)
def test_bad_input_is_refused_with_its_reason(data, code):
    assert _refused(data).code == code


def test_a_bad_date_names_its_tag_and_not_its_value():
    error = _refused(hand_dicom(HAND, birth_date="2010ABCD"))
    assert "(0010,0030)" in error.message
    assert "ABCD" not in str(error)


def test_a_private_modality_is_not_repeated():
    assert "ZHANG" not in str(_refused(hand_dicom(HAND, modality="ZHANG")))


def test_file_without_preamble_is_read():
    data = hand_dicom(HAND, transfer_syntax=uid.ImplicitVRLittleEndian)
    start = data.index(b"\x08\x00\x08\x00")  # ImageType: the first element after the file meta
    assert np.array_equal(read_film(data[start:]).pixels, HAND)


@pytest.mark.parametrize(
    ("birth", "study", "age", "expected", "source", "warnings"),
    [
        ("20100615", "20200615", None, 3653 / (365.25 / 12), "dates", ()),
        ("2010.06.15", "20200615", None, 3653 / (365.25 / 12), "dates", ()),
        (None, "20200615", "010Y", 120.0, "patient_age", ("age_in_completed_years",)),
        (None, "20200615", "123M", 123.0, "patient_age", ()),
        (None, "20200615", "008W", 56 / (365.25 / 12), "patient_age", ()),
        (None, "20200615", "005D", 5 / (365.25 / 12), "patient_age", ()),
        ("19000101", "20200615", None, None, None, ("birth_date_placeholder",)),
        ("19000101", "20200615", "000Y", None, None, ("birth_date_placeholder",)),
        ("20100615", None, None, None, None, ()),
        ("20100615", "20200615", "014Y", 3653 / (365.25 / 12), "dates", ("ages_disagree",)),
    ],
)
def test_chronological_age(birth, study, age, expected, source, warnings):
    facts = read_film(hand_dicom(HAND, birth_date=birth, study_date=study, extra={"PatientAge": age})).facts
    assert facts.chronological_age_months == (None if expected is None else pytest.approx(expected))
    assert (facts.age_source, facts.warnings) == (source, warnings)


def test_the_day_of_the_picture_comes_before_the_day_of_the_study():
    facts = read_film(hand_dicom(HAND, extra={"AcquisitionDate": "20150615"})).facts
    assert facts.chronological_age_months == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize(
    ("sex", "expected"), [("M", "M"), ("F", "F"), ("f", "F"), ("O", None), (None, None), ("X", None)]
)
def test_sex_is_never_guessed(sex, expected):
    facts = read_film(hand_dicom(HAND, sex=sex)).facts
    assert facts.sex == expected
    assert ("sex_not_usable" in facts.warnings) == (sex in ("O", "X"))


def test_sides_that_disagree_are_no_side():
    facts = read_film(hand_dicom(HAND, laterality="L", extra={"Laterality": "R"})).facts
    assert facts.laterality is None
    assert "lateralities_disagree" in facts.warnings


def test_spacing_keeps_its_kind():
    assert read_film(hand_dicom(HAND)).facts.spacing_kind == "imager"
    facts = read_film(hand_dicom(HAND, extra={"PixelSpacing": [0.2, 0.1]})).facts
    assert (facts.pixel_spacing_mm, facts.spacing_kind) == ((0.2, 0.1), "pixel")


def test_synthetic_is_read_from_the_image_type():
    assert read_film(hand_dicom(HAND, image_type=("DERIVED", "PRIMARY", "SYNTHETIC"))).facts.synthetic
    assert not read_film(hand_dicom(HAND)).facts.synthetic


def _encoded(kind: str, image: np.ndarray) -> bytes:
    return bytes(cv2.imencode(kind, image)[1])


def test_png_of_8_and_16_bits_and_three_equal_channels():
    small = (HAND / 16).astype(np.uint8)
    assert np.array_equal(read_film(_encoded(".png", HAND)).pixels, HAND)
    assert np.array_equal(read_film(_encoded(".png", small)).pixels, small)
    assert np.array_equal(read_film(_encoded(".png", np.dstack([small] * 3))).pixels, small)
    assert np.abs(read_film(_encoded(".jpg", np.dstack([small] * 3))).pixels - small).mean() < 3


@pytest.mark.parametrize("kind", [".png", ".jpg"])
def test_colour_is_refused(kind):
    small = (HAND / 16).astype(np.uint8)
    assert _refused(_encoded(kind, np.dstack([small, small, small // 2]))).code == "colour"


@pytest.mark.parametrize("kind", [".png", ".jpg"])
def test_cut_off_picture_is_refused(kind):
    data = _encoded(kind, (HAND / 16).astype(np.uint8))
    assert _refused(data[: len(data) // 2]).code == "truncated"


@settings(max_examples=40)
@given(st.data())
def test_damaged_files_are_refused_or_read_and_nothing_else(data):
    good = bytearray(hand_dicom(HAND[::2, ::2]))
    for _ in range(data.draw(st.integers(1, 12))):
        good[data.draw(st.integers(0, min(1600, len(good) - 1)))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(good)))
    with suppress(FilmError):  # anything else that is raised fails the test
        assert np.isfinite(read_film(bytes(good[:cut])).pixels).all()


def test_every_sentence_stands_in_both_languages():
    for english, chinese in [*FILM_ERRORS.values(), *FILM_WARNINGS.values()]:
        assert english.isascii()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
        assert english.endswith(".")
        assert chinese.endswith("。")
        assert english.count("{") == chinese.count("{")


def test_two_transfer_syntaxes_are_damage():
    """Found by mutation: a length that is too large swallows a backslash, and two values cannot be looked up."""
    data = hand_dicom(drawn_hand())
    length = b"\x02\0\x10\0UI\x14\0"
    assert data.count(length) == 1
    assert _refused(data.replace(length, b"\x02\0\x10\0UI\x14\x02")).code == "unreadable_header"
