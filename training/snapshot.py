"""The snapshot: a frozen data set in a folder, the only thing that training ever sees.

    <snapshot>/
      manifest.json      format, region schema, name, source, counts, split, sha256 of the files below, hash of all that
      radiographs.csv    one row a radiograph (RADIOGRAPH_COLUMNS), with the sha256 of its picture
      boxes.csv          one row a region that is boxed or absent (BOX_COLUMNS); a region without a row is missing
      report.json        not part of the hash: what the maker of the snapshot counted on the way
      images/<id>.png    8- or 16-bit grey, bone bright
      test_evaluations.jsonl   not part of the hash: one line for each evaluation on the test part

It is written aside and renamed when whole, and nothing in it changes afterwards. Reading verifies: the tables at once,
each picture when it is read. Boxes are in pixels of the stored picture, by the convention of `inference.anatomy.boxes`.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_BY_ID, SCHEMA_VERSION

FORMAT = "chboneai-snapshot/1"
REPORT_FILE = "report.json"

Sex = Literal["M", "F"]
Part = Literal["train", "validation", "test"]
RegionState = Literal["boxed", "absent"]
PARTS: tuple[Part, ...] = get_args(Part)

RADIOGRAPH_COLUMNS = (
    "id",
    "patient",
    "sex",
    "bone_age_months",
    "chronological_age_months",
    "split",
    "image",
    "columns",
    "rows",
    "original_columns",
    "original_rows",
    "truth_origin",
    "synthetic",
    "sha256",
)
BOX_COLUMNS = ("id", "region", "state", "x0", "y0", "x1", "y1", "source")

_SAFE_ID = re.compile(r"^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79}$")


class SnapshotError(Exception):
    """A snapshot that cannot be trusted or cannot be written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SnapshotRadiograph:
    """One radiograph of a snapshot.

    Attributes:
        id: file-safe name, unique in the snapshot.
        patient: pseudonym; all radiographs of a patient lie in the same part.
        sex: M, F or None where unknown.
        bone_age_months: the truth, or None for a radiograph that has boxes only.
        chronological_age_months: None where unknown.
        split: the part it belongs to.
        columns, rows: size of the stored picture, in pixels.
        original_columns, original_rows: size of the film, in pixels, so that its aspect is known where the stored
            picture is squeezed; None where nobody knows it.
        truth_origin: where the bone age comes from, such as "clinical_read" or "consensus".
        synthetic: drawn by a program, not taken of a child.
        sha256: of the picture file.
    """

    id: str
    patient: str
    sex: Sex | None
    bone_age_months: float | None
    chronological_age_months: float | None
    split: Part
    columns: int
    rows: int
    original_columns: int | None
    original_rows: int | None
    truth_origin: str
    synthetic: bool
    sha256: str = ""

    @property
    def image(self) -> str:
        """Path of the picture inside the snapshot."""
        return f"images/{self.id}.png"

    def __post_init__(self) -> None:
        if not _SAFE_ID.match(self.id):
            raise SnapshotError(f"{self.id!r} is no usable id: letters, digits, '_', '-' and '.' only, 80 at most.")


@dataclass(frozen=True, slots=True)
class RegionMark:
    """What is known of one region: boxed (with a box, in stored-picture pixels) or absent (without)."""

    state: RegionState
    box: Box | None
    source: str

    def __post_init__(self) -> None:
        if (self.state == "boxed") != (self.box is not None) or (self.box is not None and not self.box.is_valid()):
            raise SnapshotError(f"A boxed region needs a box with a size, an absent one none: {self}.")


@dataclass(frozen=True)
class Snapshot:
    """A verified snapshot, opened for reading. Make one with :func:`read_snapshot`."""

    dir: Path
    manifest: Mapping[str, Any]
    radiographs: tuple[SnapshotRadiograph, ...]
    marks: Mapping[str, Mapping[str, RegionMark]]
    """id -> region -> mark; ids without any mark are left out."""

    @property
    def hash(self) -> str:
        return str(self.manifest["hash"])

    @property
    def synthetic(self) -> bool:
        return bool(self.manifest["synthetic"])

    def part(self, *parts: Part) -> tuple[SnapshotRadiograph, ...]:
        """The radiographs of one or more parts, in the order of the table."""
        return tuple(r for r in self.radiographs if r.split in parts)

    def boxes(self, radiograph_id: str) -> dict[str, Box]:
        """Region -> box of the boxed regions of a radiograph (empty where nobody drew any)."""
        return {region: m.box for region, m in self.marks.get(radiograph_id, {}).items() if m.box is not None}

    def absent(self, radiograph_id: str) -> frozenset[str]:
        """Regions that somebody looked for and marked absent."""
        return frozenset(region for region, m in self.marks.get(radiograph_id, {}).items() if m.state == "absent")

    def picture(self, radiograph: SnapshotRadiograph) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """The stored grey values, [rows, columns], uint8 or uint16.

        Raises:
            SnapshotError: the file is gone, changed since the snapshot was made, or no grey picture.
        """
        path = self.dir / radiograph.image
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SnapshotError(f"{path} cannot be read ({error}); make the snapshot again.") from error
        if sha256_of(data) != radiograph.sha256:
            raise SnapshotError(f"{path} is not the file that the snapshot was made with; make the snapshot again.")
        values = decode_grey_png(data)
        if values.shape != (radiograph.rows, radiograph.columns):
            raise SnapshotError(f"{path} is {values.shape}, the table says {(radiograph.rows, radiograph.columns)}.")
        return values


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def manifest_hash(manifest: Mapping[str, Any]) -> str:
    """The snapshot's name: sha256 of its manifest as canonical JSON, all fields but `hash` and `report_sha256`.

    What the maker counted on the way does not make other data: a later version that counts more gives the same name.
    """
    body = {key: value for key, value in manifest.items() if key not in ("hash", "report_sha256")}
    return sha256_of(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def decode_grey_png(data: bytes) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Grey values [rows, columns] of a picture file's bytes; three equal channels are grey, real colour is refused."""
    values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None:
        raise SnapshotError("The file is no picture that can be decoded.")
    if values.ndim == 3:
        colours = values[:, :, :3] if values.shape[2] >= 3 else values[:, :, :1]
        if (colours != colours[:, :, :1]).any():
            raise SnapshotError("The picture is in colour; a radiograph has one grey channel.")
        values = np.ascontiguousarray(colours[:, :, 0])
    if values.dtype not in (np.uint8, np.uint16):
        raise SnapshotError(f"The picture holds {values.dtype}; 8 or 16 bit grey is needed.")
    return values


def read_snapshot(path: Path, *, verify_pictures: bool = False) -> Snapshot:
    """Open a snapshot and verify it.

    Args:
        path: the snapshot's folder.
        verify_pictures: also hash every picture now; otherwise each is verified when it is read.

    Raises:
        SnapshotError: not a snapshot, of another format or region schema, or changed since it was made.
    """
    path = Path(path)
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{path} is no snapshot: its manifest.json cannot be read ({error}).") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise SnapshotError(f"{path} is not of the format {FORMAT}; make the snapshot again with this version.")
    if manifest.get("schema_version") != SCHEMA_VERSION:
        raise SnapshotError(f"{path} has region schema {manifest.get('schema_version')}, not {SCHEMA_VERSION}.")
    if manifest_hash(manifest) != manifest.get("hash"):
        raise SnapshotError(f"{path}/manifest.json was changed after the snapshot was made; make it again.")
    tables = {name: _verified_text(path / name, digest) for name, digest in manifest["files"].items()}
    if "report_sha256" in manifest:
        _verified_text(path / REPORT_FILE, manifest["report_sha256"])
    radiographs = tuple(_radiograph(row) for row in _rows(tables["radiographs.csv"], RADIOGRAPH_COLUMNS))
    marks: dict[str, dict[str, RegionMark]] = {}
    for row in _rows(tables["boxes.csv"], BOX_COLUMNS):
        marks.setdefault(row["id"], {})[_known_region(row["region"])] = _mark(row)
    snapshot = Snapshot(path, manifest, radiographs, marks)
    if verify_pictures:
        for radiograph in radiographs:
            snapshot.picture(radiograph)
    return snapshot


def _verified_text(path: Path, digest: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SnapshotError(f"{path} cannot be read ({error}); make the snapshot again.") from error
    if sha256_of(data) != digest:
        raise SnapshotError(f"{path} was changed after the snapshot was made; make the snapshot again.")
    return data.decode("utf-8")


def _rows(text: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != columns:
        raise SnapshotError(f"A table has the columns {reader.fieldnames}, not {columns}.")
    return list(reader)


def _radiograph(row: Mapping[str, str]) -> SnapshotRadiograph:
    sex, part = row["sex"], row["split"]
    if sex not in ("M", "F", "") or part not in PARTS:
        raise SnapshotError(f"Radiograph {row['id']}: sex {sex!r} or split {part!r} is not known.")
    return SnapshotRadiograph(
        id=row["id"],
        patient=row["patient"],
        sex=sex or None,  # type: ignore[arg-type]
        bone_age_months=_float_or_none(row["bone_age_months"]),
        chronological_age_months=_float_or_none(row["chronological_age_months"]),
        split=part,
        columns=int(row["columns"]),
        rows=int(row["rows"]),
        original_columns=int(row["original_columns"]) if row["original_columns"] else None,
        original_rows=int(row["original_rows"]) if row["original_rows"] else None,
        truth_origin=row["truth_origin"],
        synthetic=row["synthetic"] == "yes",
        sha256=row["sha256"],
    )


def _mark(row: Mapping[str, str]) -> RegionMark:
    if row["state"] == "absent":
        return RegionMark("absent", None, row["source"])
    return RegionMark("boxed", Box(*(float(row[edge]) for edge in ("x0", "y0", "x1", "y1"))), row["source"])


def _known_region(region: str) -> str:
    if region not in REGION_BY_ID:
        raise SnapshotError(f"{region!r} is not one of the 17 regions.")
    return region


def _float_or_none(text: str) -> float | None:
    return float(text) if text else None
