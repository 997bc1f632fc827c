"""The DICOM node, called by dcmtk's programs: who is let in, and what is kept."""

import io
import logging
import subprocess
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from pydicom import uid

from annotations.gateway.dicom_node import STORED_CLASSES, DicomNode
from annotations.gateway.node_settings import AllowedCaller
from annotations.services import quarantine
from tests.annotations.dicom_node.callers import TITLES, call, film, held, written


def test_echo(started: Callable[..., DicomNode]) -> None:
    node = started()
    assert call("echoscu", node, *TITLES).returncode == 0
    assert node.counts["echo"] == 1


@pytest.mark.parametrize(
    ("calling", "called", "why"),
    [
        ("STRANGER", "BONEAGE", "Calling AE Title Not Recognized"),
        ("pacs", "BONEAGE", "Calling AE Title Not Recognized"),
        ("FAR", "BONEAGE", "Calling AE Title Not Recognized"),
        ("PACS", "OTHER", "Called AE Title Not Recognized"),
    ],
)
def test_nobody_else_is_let_in(
    started: Callable[..., DicomNode], calling: str, called: str, why: str, tmp_path: Path
) -> None:
    callers = ("PACS@127.0.0.0/8", "FAR@10.0.0.0/8")
    node = started(allowed_callers=tuple(AllowedCaller.parse(text) for text in callers))
    answer = call("storescu", node, "-aet", calling, "-aec", called, files=written(tmp_path, film()))
    assert answer.returncode != 0
    assert why in answer.stdout + answer.stderr
    assert (node.counts["rejected"], held()) == (1, [])


def test_from_elsewhere_nothing_is_even_read(started: Callable[..., DicomNode], tmp_path: Path) -> None:
    node = started(allowed_callers=(AllowedCaller.parse("PACS@10.0.0.0/8"),))
    assert call("echoscu", node, *TITLES).returncode != 0
    assert node.counts == {}


def test_what_is_stored_is_what_was_sent(
    started: Callable[..., DicomNode], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    node = started()
    data = film(patient_name="Zhang^Xiaoming")
    assert call("storescu", node, *TITLES, files=written(tmp_path, data)).returncode == 0
    (kept,) = held()
    sent, got = pydicom.dcmread(io.BytesIO(data)), pydicom.dcmread(io.BytesIO(kept))
    assert got == sent
    assert got.file_meta.TransferSyntaxUID == uid.ExplicitVRLittleEndian
    assert kept[kept.index(b"DICM") :].endswith(data[-5000:]), "no byte of the data set was encoded anew"
    assert (quarantine.waiting()[0].stat().st_mode & 0o777) == 0o600
    told = caplog.text
    assert not [word for word in ("Zhang", "HOSP-0012345", "PACS", str(sent.SOPInstanceUID)) if word in told]


@pytest.mark.parametrize(
    ("syntax", "flag"),
    [
        (uid.ImplicitVRLittleEndian, "-xi"),
        (uid.ExplicitVRBigEndian, "-xb"),
        (uid.DeflatedExplicitVRLittleEndian, "-xd"),
        (uid.RLELossless, "-xr"),
        (uid.JPEGLSLossless, "-xt"),
    ],
)
def test_transfer_syntaxes(started: Callable[..., DicomNode], tmp_path: Path, syntax: str, flag: str) -> None:
    node = started()
    answer = call("storescu", node, *TITLES, "-R", flag, files=written(tmp_path, film(transfer_syntax=syntax)))
    assert answer.returncode == 0, answer.stderr
    (kept,) = held()
    assert pydicom.dcmread(io.BytesIO(kept)).file_meta.TransferSyntaxUID == syntax


@pytest.mark.real_data
def test_one_real_film_in_eight_encodings(started: Callable[..., DicomNode], real_data: Path) -> None:
    node = started()
    flags = {"J2KI": "-xw", "J2KR": "-xv", "JLSL": "-xt", "JLSN": "-xu", "JPLL": "-xs", "JPLY": "-xx", "RLE": "-xr"}
    films = {path: flags.get(path.name[-4:].strip("_"), "-xe") for path in (real_data / "dicom").glob("*__RG3_*")}
    assert len(films) == 8
    for path, flag in films.items():
        answer = call("storescu", node, *TITLES, "-R", flag, files=[str(path)])
        assert answer.returncode == 0, path.name
    sent = {dataset.file_meta.TransferSyntaxUID: dataset for dataset in map(pydicom.dcmread, films)}
    kept = [pydicom.dcmread(io.BytesIO(data)) for data in held()]
    assert {dataset.file_meta.TransferSyntaxUID for dataset in kept} == set(sent)
    assert all(dataset.PixelData == sent[dataset.file_meta.TransferSyntaxUID].PixelData for dataset in kept)


def test_raw_data_and_captures_are_taken_so_that_they_are_refused_with_a_reason(
    started: Callable[..., DicomNode], tmp_path: Path
) -> None:
    node = started()
    raw = film(1, extra={"SOPClassUID": uid.DigitalXRayImageStorageForProcessing})
    capture, computed = film(2, modality="OT"), film(3, modality="CR")
    files = written(tmp_path, raw, capture, computed)
    assert call("storescu", node, *TITLES, files=files).returncode == 0
    kept = {pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True).SOPClassUID for data in held()}
    assert kept == set(STORED_CLASSES) - {uid.DigitalXRayImageStorageForPresentation}
    tomograph = film(4, extra={"SOPClassUID": uid.CTImageStorage})
    refused = call("storescu", node, *TITLES, files=written(tmp_path, tomograph))
    assert refused.returncode != 0
    assert len(held()) == 3


def certificate(folder: Path, name: str, *, signed_by: str | None = None) -> tuple[Path, Path]:
    """A PEM certificate and key for localhost, made by openssl."""
    key, path, request = folder / f"{name}.key", folder / f"{name}.pem", folder / f"{name}.csr"
    new_key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-subj", f"/CN={name}"]
    if signed_by is None:
        commands = [["req", "-x509", *new_key, "-out", str(path), "-days", "2"]]
    else:
        by = ["-CA", str(folder / f"{signed_by}.pem"), "-CAkey", str(folder / f"{signed_by}.key"), "-CAcreateserial"]
        commands = [
            ["req", *new_key, "-out", str(request)],
            ["x509", "-req", "-in", str(request), *by, "-out", str(path), "-days", "2"],
        ]
    for command in commands:
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return path, key


def test_tls_with_certificates_of_callers(started: Callable[..., DicomNode], tmp_path: Path) -> None:
    authority, _ = certificate(tmp_path, "authority")
    mine, my_key = certificate(tmp_path, "node", signed_by="authority")
    theirs, their_key = certificate(tmp_path, "pacs", signed_by="authority")
    stranger, stranger_key = certificate(tmp_path, "stranger")
    node = started(certificate=mine, key=my_key, client_authority=authority)
    files = written(tmp_path, film())

    def send(certificate_file: Path, key_file: Path) -> int:
        tls = ("+tls", str(key_file), str(certificate_file), "+cf", str(authority))
        return call("storescu", node, *TITLES, *tls, files=files).returncode

    assert send(theirs, their_key) == 0
    assert send(stranger, stranger_key) != 0
    assert call("storescu", node, *TITLES, files=files).returncode != 0, "without TLS"
    assert len(held()) == 1
