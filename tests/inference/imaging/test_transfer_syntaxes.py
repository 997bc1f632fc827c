"""Every transfer syntax that a CR or DX arrives in, and codestreams that are not what the header says."""

import shutil
import subprocess
import zlib

import numpy as np
import pytest
from pydicom import uid
from pydicom.encaps import get_frame

from inference.imaging.codestream import CodestreamError, stated_frame, without_applications
from inference.imaging.decode import HTJ2K_SYNTAXES, LOSSY_SYNTAXES, PLUGIN_BY_SYNTAX
from inference.imaging.errors import FilmError
from inference.imaging.parse import parsed
from inference.imaging.read import read_film
from tests.factories.compressed import HTJ2K_FILES, htj2k_film, htj2k_picture, transcoded, with_codestream
from tests.factories.dicom import drawn_hand, hand_dicom

HAND = drawn_hand(200, 160)
PLAIN = hand_dicom(HAND, bits_stored=12)
NATIVE = (
    uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian, uid.DeflatedExplicitVRLittleEndian,
)  # fmt: skip
BY_PYDICOM = (uid.RLELossless, uid.JPEGLSLossless, uid.JPEGLSNearLossless)
BY_GDCM = (uid.JPEGLossless, uid.JPEGLosslessSV1, uid.JPEG2000Lossless, uid.JPEG2000, uid.JPEGExtended12Bit)
GREYS_OFF_AT_MOST = {uid.JPEGExtended12Bit: 12, uid.JPEGLSNearLossless: 4, uid.HTJ2K: 16, uid.JPEG2000: 4}


def _film(syntax: str) -> tuple[bytes, np.ndarray]:
    if syntax in HTJ2K_FILES:
        return htj2k_film(syntax), htj2k_picture()
    if syntax in BY_GDCM:
        return transcoded(PLAIN, syntax), HAND
    return hand_dicom(HAND, bits_stored=12, transfer_syntax=syntax), HAND


@pytest.mark.parametrize(
    "syntax", [*NATIVE, *BY_PYDICOM, *BY_GDCM, *HTJ2K_FILES], ids=lambda syntax: uid.UID(syntax).name
)
def test_every_syntax_gives_the_values_that_were_written(syntax):
    data, written = _film(syntax)
    assert parsed(data).file_meta.TransferSyntaxUID == syntax
    film = read_film(data)
    off = np.abs(film.pixels - written)
    assert off.max() <= GREYS_OFF_AT_MOST.get(syntax, 0)
    assert ("lossy_compression" in film.facts.warnings) == (syntax in LOSSY_SYNTAXES)


def test_baseline_is_read():
    small = (HAND / 16).astype(np.uint8)
    film = read_film(transcoded(hand_dicom(small, bits_stored=8), uid.JPEGBaseline8Bit))
    assert np.abs(film.pixels - small).max() <= 3


def test_every_syntax_that_is_decoded_is_tried_here():
    tried = {*BY_PYDICOM, *BY_GDCM, *HTJ2K_FILES, uid.JPEGBaseline8Bit}
    assert {*PLUGIN_BY_SYNTAX, *HTJ2K_SYNTAXES, uid.RLELossless} == tried


@pytest.mark.skipif(shutil.which("dcmcjpeg") is None, reason="needs dcmtk")
@pytest.mark.parametrize("predictor", range(1, 8))
def test_lossless_jpeg_of_another_writer_in_every_predictor(predictor, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(PLAIN)
    subprocess.run(["dcmcjpeg", "+el", "+sv", str(predictor), str(source), str(target)], check=True)
    data = target.read_bytes()
    assert parsed(data).file_meta.TransferSyntaxUID == uid.JPEGLossless
    assert np.array_equal(read_film(data).pixels, HAND)


@pytest.mark.parametrize("syntax", [uid.RLELossless, uid.JPEGLosslessSV1, uid.JPEG2000Lossless, uid.JPEGLSLossless])
def test_signed_values_keep_their_sign(syntax):
    signed = ((HAND.astype(np.int32) - 2000) & 0xFFFF).astype(np.uint16)
    plain = hand_dicom(signed, extra={"PixelRepresentation": 1})
    data = (
        transcoded(plain, syntax)
        if syntax in BY_GDCM
        else hand_dicom(signed, extra={"PixelRepresentation": 1}, transfer_syntax=syntax)
    )
    assert np.array_equal(read_film(data).pixels, HAND.astype(np.int32) - 2000)


def test_old_overlay_bits_under_run_lengths_are_gone():
    with_overlay = HAND | (HAND % 2 << 15)
    data = hand_dicom(with_overlay, bits_stored=12, transfer_syntax=uid.RLELossless)
    assert np.array_equal(read_film(data).pixels, HAND)


def _refused(data: bytes) -> str:
    with pytest.raises(FilmError) as caught:
        read_film(data)
    return caught.value.code


@pytest.mark.parametrize("syntax", [uid.JPEGLosslessSV1, uid.JPEG2000Lossless, uid.JPEGLSLossless, uid.HTJ2KLossless])
def test_a_picture_of_another_size_than_the_headers_is_refused(syntax):
    data, _ = _film(syntax)
    rows = parsed(data).Rows
    other = data.replace(b"\x28\0\x10\0US\x02\0" + rows.to_bytes(2, "little"), b"\x28\0\x10\0US\x02\0" + b"\x80\0")
    assert other != data
    assert _refused(other) == "undecodable"


def test_another_codec_than_the_header_names_is_refused():
    lossless, _ = _film(uid.JPEGLosslessSV1)
    codestream = _codestream(lossless)
    assert np.array_equal(read_film(with_codestream(PLAIN, codestream, uid.JPEGLossless)).pixels, HAND)
    assert _refused(with_codestream(PLAIN, codestream, uid.JPEGLSLossless)) == "undecodable"
    assert _refused(with_codestream(PLAIN, codestream, uid.JPEG2000Lossless)) == "undecodable"


def _codestream(data: bytes) -> bytes:
    return get_frame(parsed(data).PixelData, 0, number_of_frames=1)


def test_bytes_between_segments_are_refused_before_the_decoder_dies_of_them():
    codestream = _codestream(_film(uid.JPEGExtended12Bit)[0])
    at = codestream.index(b"\xff\xdb")
    with pytest.raises(CodestreamError):
        stated_frame(codestream[:at] + b"\x01\x02\x03" + codestream[at:])


def test_comments_do_not_reach_the_decoder():
    codestream = _codestream(_film(uid.JPEGLosslessSV1)[0])
    commented = codestream[:2] + b"\xff\xfe\x00\x08Zhang!" + codestream[2:]
    assert b"Zhang" not in without_applications(commented)
    assert np.array_equal(read_film(with_codestream(PLAIN, commented, uid.JPEGLosslessSV1)).pixels, HAND)


def _jpeg2000(*, tile: int = 128, precinct: int | None = None, layers: int = 1, levels: int = 5) -> bytes:
    """Main header of a picture of 4000 x 4000."""
    size = b"\xff\x4f\xff\x51" + (41).to_bytes(2, "big") + b"\0\0"
    size += b"".join(number.to_bytes(4, "big") for number in (4000, 4000, 0, 0, tile, tile, 0, 0)) + b"\0\1\x0b\1\1"
    precincts = b"" if precinct is None else bytes([precinct]) * (levels + 1)
    style = bytes([precinct is not None, 0]) + layers.to_bytes(2, "big") + bytes([0, levels, 4, 4, 0, 1])
    return size + b"\xff\x52" + (2 + len(style + precincts)).to_bytes(2, "big") + style + precincts + b"\xff\x90"


def test_a_reasonable_jpeg2000_states_its_frame():
    stated = stated_frame(_jpeg2000())
    assert (stated.rows, stated.columns, stated.components, stated.bits) == (4000, 4000, 1, 12)


@pytest.mark.parametrize("how", [{"tile": 1}, {"tile": 16}, {"precinct": 0x00}, {"layers": 65535}, {"levels": 33}])
def test_a_jpeg2000_that_asks_for_too_much_is_refused(how):
    with pytest.raises(CodestreamError):
        stated_frame(_jpeg2000(**how))


def test_a_deflated_file_that_swells_is_refused():
    deflated = hand_dicom(HAND, transfer_syntax=uid.DeflatedExplicitVRLittleEndian)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = packer.compress(b"\x10\0\x20\0LO\xfe\xff" + b" " * (200 << 20)) + packer.flush()
    assert len(bomb) < 300_000
    assert _refused(deflated[: _end_of_meta(deflated)] + bomb) == "too_large"


def _end_of_meta(data: bytes) -> int:
    """The group length (0002,0000) is the first element behind preamble and magic."""
    return 144 + int.from_bytes(data[140:144], "little")
