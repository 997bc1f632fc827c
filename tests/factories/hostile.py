"""Films that carry identity wherever a DICOM file has room for it, and the marks to look for afterwards.

Everything is made up. A mark is a text that occurs nowhere by chance; :func:`remaining` finds those that are left.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.datadict import DicomDictionary, RepeatersDictionary
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence

from tests.factories.dicom import as_bytes, drawn_hand, hand_dicom
from tests.factories.marks import remaining
from training.phantom.phantom import render_phantom

CHINESE_NAME = Path(__file__).parents[1] / "data" / "chinese_name.png"
"""A name and a number in Chinese, white on black, so that no font is needed to draw them."""

__all__ = ["HIDDEN_IN_HIGH_BITS", "HostileFilm", "dictionary_film", "high_bits", "hostile_film", "remaining"]

TOP = 4095
LATIN_TEXT = "OUYANG XIAODONG 73519"


class HostileFilm(NamedTuple):
    """A film and what identifies its made-up patient.

    Attributes:
        data: the file.
        marks: texts planted in the header and between the elements.
        letters: bool [rows, columns], pixels that are writing.
        pixels: uint16 [rows, columns], bone bright, with the writing.
    """

    data: bytes
    marks: tuple[str, ...]
    letters: NDArray[np.bool_]
    pixels: NDArray[np.uint16]


_TEXTS = (
    "PatientID", "OtherPatientIDs", "PatientAddress", "PatientComments", "AccessionNumber", "InstitutionName",
    "InstitutionAddress", "InstitutionalDepartmentName", "StudyDescription", "SeriesDescription", "ProtocolName",
    "ImageComments", "StationName", "DeviceSerialNumber", "DetectorID", "PlateID", "CassetteID", "StudyID",
    "Manufacturer", "ManufacturerModelName", "SoftwareVersions", "DerivationDescription", "BodyPartExamined",
    "ViewPosition", "RescaleType", "WindowCenterWidthExplanation", "AdditionalPatientHistory",
    "CurrentPatientLocation", "MilitaryRank", "Occupation", "CountryOfResidence", "EthnicGroup", "IssuerOfPatientID",
    "AcquisitionDeviceProcessingCode", "PatientTelephoneNumbers", "MedicalRecordLocator",
    "RequestedProcedureDescription", "PerformedProcedureStepDescription", "AdmissionID", "ServiceEpisodeID",
    "DeidentificationMethod", "FilterType", "PatientState", "VisitComments", "ResultsComments",
)  # fmt: skip
_NAMES = (
    "ReferringPhysicianName", "OperatorsName", "RequestingPhysician", "PerformingPhysicianName", "PatientBirthName",
    "PatientMotherBirthName", "OtherPatientNames", "NameOfPhysiciansReadingStudy", "ResponsiblePerson",
)  # fmt: skip
_DATES = ("SeriesDate", "ContentDate", "LastMenstrualDate", "DateOfLastCalibration", "AdmittingDate")


class _Marks:
    """Hands out marks and remembers them."""

    def __init__(self) -> None:
        self.planted: list[str] = []

    def __call__(self, text: str | None = None) -> str:
        mark = text or f"QX{len(self.planted):04d}ZV"
        self.planted.append(mark)
        return mark


def hostile_film(picture: NDArray[np.uint16] | None = None) -> HostileFilm:
    """A film with more than a hundred marks: in text, names, numbers, dates and UIDs, three sequences deep, in private
    blocks, overlays, a curve, preamble, file meta, behind and above the pixels, in tables, and written in the picture.

    Args:
        picture: uint16 [rows, columns], 12 bits, bone bright; None: a phantom's.
    """
    if picture is None:
        picture = render_phantom(bone_age_months=120, sex="F", seed=4, size=(1000, 800), mirrored=False).pixels
    pixels, letters = written_over(picture)
    dataset = pydicom.dcmread(BytesIO(hand_dicom(pixels, bits_stored=12)))
    mark = _Marks()
    _plant_patient(dataset, mark)
    dataset.RequestAttributesSequence = Sequence([_nested(mark, depth=3)])
    dataset.OriginalAttributesSequence = Sequence([_nested(mark, depth=3)])
    _plant_private(dataset, mark)
    _plant_graphics(dataset, mark)
    _plant_tables(dataset, mark)
    _plant_around_pixels(dataset, mark, pixels)
    data = _with_meta(dataset, mark)
    left_out = [text for text in mark.planted if not remaining(data, (text,))]
    assert not left_out, f"not planted: {left_out}"
    return HostileFilm(data, tuple(mark.planted), letters, pixels)


def written_over(picture: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """The picture with a name beside the hand in Latin and Chinese: lying, standing, mirrored and dark on bright."""
    latin, chinese = _latin(picture.shape[1]), _chinese(picture.shape[1])
    rows, columns = picture.shape
    drawn, letters = picture.copy(), np.zeros(picture.shape, dtype=bool)
    edge = max(2, columns // 80)

    def put(text: NDArray[np.bool_], *, bottom: bool, right: bool, dark: bool = False) -> None:
        high, wide = text.shape
        y, x = (rows - high - edge if bottom else edge), (columns - wide - edge if right else edge)
        place = np.s_[y : y + high, x : x + wide]
        if dark:
            drawn[place] = TOP
        drawn[place][text] = 0 if dark else TOP
        letters[place] |= text

    put(latin, bottom=False, right=False)
    put(chinese[:, ::-1], bottom=False, right=True)
    put(np.rot90(latin), bottom=True, right=False)
    put(np.rot90(chinese, 3), bottom=True, right=True, dark=True)
    return drawn, letters


def _latin(columns: int) -> NDArray[np.bool_]:
    scale = columns / 1400
    (wide, high), base = cv2.getTextSize(LATIN_TEXT, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    canvas = np.zeros((high + base + 2, wide), np.uint8)
    cv2.putText(canvas, LATIN_TEXT, (0, high), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, max(1, columns // 600))
    return canvas > 127


def _chinese(columns: int) -> NDArray[np.bool_]:
    text = cv2.imread(str(CHINESE_NAME), cv2.IMREAD_GRAYSCALE)
    assert text is not None
    share = 0.3 * columns / text.shape[1]
    return np.asarray(cv2.resize(text, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) > 100)


def _plant_patient(dataset: FileDataset, mark: _Marks) -> None:
    dataset.SpecificCharacterSet = "GB18030"
    family, given = mark("Ouyangxq"), mark("Xiaodongzv")
    dataset.PatientName = f"{family}^{given}={mark('欧阳')}^{mark('晓东')}"
    for keyword in _TEXTS:
        setattr(dataset, keyword, mark())
    for keyword in _NAMES:
        setattr(dataset, keyword, f"{mark()}^{mark()}")
    for number, keyword in enumerate(_DATES):
        setattr(dataset, keyword, mark(f"2044{number + 1:02d}17"))
    dataset.PatientBirthDate, dataset.StudyDate, dataset.AcquisitionDate = (
        mark("20100317"),
        mark("20200615"),
        "20200615",
    )
    dataset.AcquisitionDateTime = mark("20440717093127.7351")
    dataset.StudyTime, dataset.SeriesTime = mark("093127.735190"), mark("093128.735191")
    for number, keyword in enumerate(
        ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")
    ):
        setattr(dataset, keyword, mark(f"1.2.826.0.1.735190.{number}"))
    dataset.ImageType = ["ORIGINAL", "PRIMARY", mark()]
    dataset.KVP, dataset.WindowCenter, dataset.WindowWidth = mark("7351901"), mark("7351902"), mark("7351903")
    dataset.PatientWeight, dataset.ExposureTime = mark("7351904"), mark("7351905")


def _nested(mark: _Marks, *, depth: int) -> Dataset:
    item = Dataset()
    item.PatientName, item.CodeMeaning, item.TextValue = mark(), mark(), mark()
    item.RequestedProcedureID, item.StudyDate, item.PatientComments = mark(), "20440817", mark()
    block = item.private_block(0x0013, mark(), create=True)
    block.add_new(0x01, "LO", mark())
    if depth > 1:
        item.ContentSequence = Sequence([_nested(mark, depth=depth - 1)])
    return item


def _plant_private(dataset: Dataset, mark: _Marks) -> None:
    block = dataset.private_block(0x0011, mark(), create=True)
    block.add_new(0x01, "LO", mark())
    block.add_new(0x02, "OB", mark().encode())
    block.add_new(0x03, "UN", mark().encode() + b"\0\x80\xfe\xff")
    block.add_new(0x04, "PN", f"{mark()}^{mark()}")
    block.add_new(0x05, "UT", mark())
    block.add_new(0x06, "SQ", Sequence([_nested(mark, depth=2)]))
    block.add_new(0x07, "UT", mark("patient in utf-16").encode("utf-16-le").decode("latin-1"))


def _plant_graphics(dataset: Dataset, mark: _Marks) -> None:
    for group in (0x6000, 0x6002):
        dataset.add_new((group, 0x0022), "LO", mark())  # overlay description
        dataset.add_new((group, 0x1500), "LO", mark())  # overlay label
        dataset.add_new((group, 0x3000), "OW", mark().encode())
    dataset.add_new(0x50000022, "LO", mark())  # curve description
    dataset.add_new(0x50003000, "OW", mark().encode())
    icon = Dataset()
    icon.Rows = icon.Columns = 1
    icon.add_new("PixelData", "OB", mark().encode())
    dataset.IconImageSequence = Sequence([icon])


def _plant_tables(dataset: Dataset, mark: _Marks) -> None:
    """A table with a name in its explanation, one in the entries that no pixel reaches, one behind its end."""
    unreached, behind = mark().encode(), mark().encode()
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [4096 + len(unreached) // 2, 0, 16])
    table.add_new("LUTData", "OW", np.arange(4096, dtype="<u2").tobytes() + unreached + behind)
    table.LUTExplanation, table.ModalityLUTType = mark(), mark()
    dataset.ModalityLUTSequence = Sequence([table])


def _plant_around_pixels(dataset: Dataset, mark: _Marks, pixels: NDArray[np.uint16]) -> None:
    """A name in the four unused bits above each value (found by :func:`high_bits` only), and one behind the pixels."""
    hidden = np.frombuffer(HIDDEN_IN_HIGH_BITS, np.uint8)
    nibbles = np.resize(np.stack([hidden >> 4, hidden & 15], axis=1).ravel(), pixels.size).reshape(pixels.shape)
    cells = (pixels | (nibbles.astype(np.uint16) << 12)).astype("<u2").tobytes()
    dataset.add_new("PixelData", "OW", cells + mark().encode())
    dataset.add_new(0xFFFCFFFC, "OB", mark().encode())  # data set trailing padding


HIDDEN_IN_HIGH_BITS = b"QX9999ZV"


def high_bits(data: bytes) -> bytes:
    """What stands in the unused bits of a film of 12 in 16 bits, read as text."""
    dataset = pydicom.dcmread(BytesIO(data))
    nibbles = np.frombuffer(dataset.PixelData, "<u2")[: 2 * len(HIDDEN_IN_HIGH_BITS)] >> 12
    return bytes((nibbles[::2] << 4 | nibbles[1::2]).astype(np.uint8))


def _with_meta(dataset: FileDataset, mark: _Marks) -> bytes:
    meta = dataset.file_meta
    meta.SourceApplicationEntityTitle, meta.SendingApplicationEntityTitle = mark(), mark()
    meta.ReceivingApplicationEntityTitle, meta.ImplementationVersionName = mark(), mark()
    meta.PrivateInformationCreatorUID = mark("1.2.826.0.1.735199.1")
    meta.PrivateInformation = mark().encode()
    data = bytearray(as_bytes(dataset))
    preamble = f"{mark()} {mark()}".encode()
    data[: len(preamble)] = preamble
    return bytes(data)


_NEVER_AT_TOP = frozenset(
    {"SpecificCharacterSet", "Modality", "PresentationIntentType", "SamplesPerPixel", "PhotometricInterpretation",
     "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
     "PixelPaddingValue", "PixelPaddingRangeLimit", "RescaleSlope", "RescaleIntercept", "ModalityLUTSequence",
     "VOILUTSequence", "PixelData", "FloatPixelData", "DoubleFloatPixelData", "DirectoryRecordSequence",
     "PatientBirthDate", "StudyDate", "AcquisitionDate", "PatientAge"}
)  # fmt: skip
"""With something else than their own in these the film is another film or none. Inside sequences they are planted."""

_TEXT_VRS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
_BYTE_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN", "OB or OW"})
_STRUCTURE = frozenset({0x0000, 0x0002, 0xFFFE})


def dictionary_film() -> HostileFilm:
    """A film with a mark in every element of the DICOM dictionary that can hold one, at three depths.

    Text, names, numbers written as text, UIDs, dates, times and bytes; repeating groups (curves, overlays) too.
    """
    pixels = drawn_hand(240, 200)
    dataset = pydicom.dcmread(BytesIO(hand_dicom(pixels, bits_stored=12)))
    mark = _Marks()
    inner, middle = Dataset(), Dataset()
    for item in (inner, middle, dataset):
        _plant_everywhere(item, mark, at_top=item is dataset)
    middle.ContentSequence = Sequence([inner])
    dataset.RequestAttributesSequence = Sequence([middle])
    for text in ("20100615", "20200615"):
        mark(text)
    data = as_bytes(dataset)
    planted = tuple(remaining(data, tuple(mark.planted)))  # an element that was planted twice lost its first mark
    assert len(planted) >= len(mark.planted) - 8
    return HostileFilm(data, planted, np.zeros(pixels.shape, dtype=bool), pixels)


def _plant_everywhere(dataset: Dataset, mark: _Marks, *, at_top: bool) -> None:
    for tag, vr, keyword in _dictionary():
        if (at_top and keyword in _NEVER_AT_TOP) or (not at_top and keyword == "SpecificCharacterSet"):
            continue
        if vr == "SQ":
            item = Dataset()
            item.CodeMeaning = mark()
            dataset.add_new(tag, vr, Sequence([item]))
        else:
            value = _value(vr, mark)
            if value is not None:
                dataset.add_new(tag, "OW" if vr == "OB or OW" else vr, value)


def _dictionary() -> Iterator[tuple[int, str, str]]:
    for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
        if tag >> 16 not in _STRUCTURE and tag & 0xFFFF:
            yield tag, vr, keyword
    for pattern, (vr, _, _, _, keyword) in RepeatersDictionary.items():
        if pattern.startswith(("50xx", "60xx")):
            yield int(pattern.replace("xx", "02"), 16), vr, keyword


def _value(vr: str, mark: _Marks) -> str | bytes | None:
    number = len(mark.planted)
    if vr in _TEXT_VRS:
        return mark(f"QX{number:05d}Z")
    if vr in _BYTE_VRS:
        return mark(f"QX{number:05d}Z").encode()
    if vr in ("DS", "IS"):
        return mark(f"{7_300_000 + number}")
    if vr == "UI":
        return mark(f"2.25.7351{number:05d}")
    if vr == "DA":
        return mark((date(2041, 1, 1) + timedelta(days=number)).strftime("%Y%m%d"))
    if vr == "DT":
        return mark(f"20410101121314.{number:06d}")
    if vr == "TM":
        return mark(f"121314.{number:06d}")
    return None
