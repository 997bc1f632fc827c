"""What the fuzzer starts from: small films of our own in every transfer syntax, and real files where there are any."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.factories.compressed import HTJ2K_FILES, htj2k_film, transcoded
from tests.factories.dicom import as_bytes, drawn_hand, hand_dicom

MARKS = (
    "QXPATIENTZV", "QXGIVENZV", "欧阳晓东", "QXNUMBERZV", "QXACCESSZV", "QXHOSPITALZV", "QXCOMMENTZV", "QXPRIVATEZV",
    "QXOVERLAYZV", "QXNESTEDZV", "QXDEEPERZV", "QXTABLEZV", "QXTITLEZV", "1.2.826.0.1.735190.1", "20100317",
)  # fmt: skip
"""Identifiers in each of our own seeds. Long enough not to be made by chance out of something else."""

_SHAPE = (96, 80)
_UNCOMPRESSED = (
    uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian, uid.RLELossless, uid.JPEGLSLossless, uid.JPEGLSNearLossless,
)  # fmt: skip
_BY_GDCM = (uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1, uid.JPEG2000Lossless, uid.JPEG2000)

_SLOW_BYTES = 200_000
_SLOW_WEIGHT = 0.05
"""Large real films take a second each; most of the hour goes to small ones."""


def seed_films(real_data: Path | None = None) -> list[tuple[str, bytes, float]]:
    """Name, bytes and weight of each."""
    pixels = drawn_hand(*_SHAPE)
    seeds = [(uid.UID(syntax).name, _marked(pixels, syntax), 1.0) for syntax in _UNCOMPRESSED]
    plain = _marked(pixels, uid.ExplicitVRLittleEndian)
    seeds += [(uid.UID(syntax).name, transcoded(plain, syntax), 1.0) for syntax in _BY_GDCM]
    eight_bits = hand_dicom((pixels / 16).astype(np.uint8), bits_stored=8)
    seeds.append(("JPEG Baseline", transcoded(eight_bits, uid.JPEGBaseline8Bit), 1.0))
    seeds += [(uid.UID(syntax).name, htj2k_film(syntax), 1.0) for syntax in HTJ2K_FILES]
    seeds.append(("no preamble", plain[132:], 1.0))
    if real_data is not None:
        for path in sorted((real_data / "dicom").iterdir()):
            data = path.read_bytes()
            seeds.append((path.name, data, 0.3 if len(data) < _SLOW_BYTES else _SLOW_WEIGHT))
    return seeds


def _marked(pixels: np.ndarray, syntax: str) -> bytes:
    dataset = pydicom.dcmread(BytesIO(hand_dicom(pixels, bits_stored=12)))
    dataset.SpecificCharacterSet = "GB18030"
    dataset.PatientName = f"{MARKS[0]}^{MARKS[1]}={MARKS[2]}"
    dataset.PatientID, dataset.AccessionNumber, dataset.InstitutionName, dataset.PatientComments = MARKS[3:7]
    dataset.PatientBirthDate, dataset.StudyInstanceUID = MARKS[14], MARKS[13]
    dataset.WindowCenter, dataset.WindowWidth = ["2000", "1000"], ["3000", "800"]
    block = dataset.private_block(0x0011, MARKS[7], create=True)
    block.add_new(0x01, "OB", MARKS[7].encode())
    dataset.add_new(0x60000022, "LO", MARKS[8])
    dataset.add_new(0x60003000, "OW", MARKS[8].encode() + b"\0")
    inner, outer, table = Dataset(), Dataset(), Dataset()
    inner.PatientName = inner.CodeMeaning = MARKS[10]
    outer.RequestedProcedureDescription, outer.ContentSequence = MARKS[9], Sequence([inner])
    dataset.RequestAttributesSequence = Sequence([outer])
    table.add_new("LUTDescriptor", "US", [4096, 0, 12])
    table.add_new("LUTData", "OW", np.arange(4096, dtype="<u2").tobytes() + MARKS[11].encode() + b"\0")
    table.LUTExplanation, table.ModalityLUTType = MARKS[11], "US"
    if syntax != uid.ExplicitVRBigEndian:
        dataset.ModalityLUTSequence = Sequence([table])
    dataset.file_meta.SourceApplicationEntityTitle = MARKS[12]
    return as_bytes(dataset, syntax)
