"""Films in every compressed transfer syntax, written by other libraries than decode them where there are any."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import gdcm
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import uid
from pydicom.encaps import encapsulate

from tests.factories.dicom import hand_dicom

HTJ2K_FOLDER = Path(__file__).parents[1] / "data" / "htj2k"
HTJ2K_FILES = {
    uid.HTJ2KLossless: "htj2k_lossless.j2c",
    uid.HTJ2KLosslessRPCL: "htj2k_lossless_rpcl.j2c",
    uid.HTJ2K: "htj2k_lossy.j2c",
}

_GDCM_SYNTAXES = {
    uid.JPEGBaseline8Bit: gdcm.TransferSyntax.JPEGBaselineProcess1,
    uid.JPEGExtended12Bit: gdcm.TransferSyntax.JPEGExtendedProcess2_4,
    uid.JPEGLossless: gdcm.TransferSyntax.JPEGLosslessProcess14,
    uid.JPEGLosslessSV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
    uid.JPEG2000Lossless: gdcm.TransferSyntax.JPEG2000Lossless,
    uid.JPEG2000: gdcm.TransferSyntax.JPEG2000,
}


def transcoded(film: bytes, syntax: str) -> bytes:
    """An uncompressed film in one of the syntaxes that GDCM writes; its header is kept."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        source.write_bytes(film)
        reader = gdcm.ImageReader()
        reader.SetFileName(str(source))
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(_GDCM_SYNTAXES[uid.UID(syntax)]))
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        writer.SetFileName(str(target))
        assert writer.Write()
        return target.read_bytes()


def htj2k_picture() -> NDArray[np.uint16]:
    """The picture that the high-throughput codestreams hold: [120, 96], 12 bits."""
    picture = cv2.imread(str(HTJ2K_FOLDER / "hand_12bit.png"), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return np.asarray(picture, np.uint16)


def htj2k_film(syntax: str) -> bytes:
    """That picture as a film in one of the three high-throughput syntaxes."""
    codestream = (HTJ2K_FOLDER / HTJ2K_FILES[uid.UID(syntax)]).read_bytes()
    return with_codestream(hand_dicom(htj2k_picture(), bits_stored=12), codestream, syntax)


def with_codestream(film: bytes, codestream: bytes, syntax: str) -> bytes:
    """The film with other pixel data: one encapsulated frame."""
    dataset = pydicom.dcmread(BytesIO(film))
    dataset.add_new("PixelData", "OB", encapsulate([codestream]))
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
