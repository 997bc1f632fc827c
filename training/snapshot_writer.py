"""Writes a snapshot: aside first, renamed when it is whole, resumable when it was interrupted.

Format and reading: `training.snapshot`. The roof freezes accepted boxes and approved ages through this writer too.
"""

import csv
import dataclasses
import io
import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.regions import REGION_BY_ID, SCHEMA_VERSION
from training.snapshot import (
    BOX_COLUMNS,
    FORMAT,
    PARTS,
    RADIOGRAPH_COLUMNS,
    REPORT_FILE,
    RegionMark,
    Sex,
    SnapshotError,
    SnapshotRadiograph,
    decode_grey_png,
    manifest_hash,
    sha256_of,
)
from training.split import Split


class SnapshotWriter:
    """Collects radiographs and closes them into one snapshot folder.

    Nothing stands at `out` before :meth:`close`. An interrupted snapshot leaves its pictures in a folder beside it;
    the next writer for the same `out` takes up those that are already there through :meth:`stored_picture`, if its
    `resume_key` (what the pictures were made from) is the same, and starts afresh otherwise.
    """

    def __init__(
        self,
        out: Path,
        *,
        name: str,
        source: str,
        synthetic: bool,
        split: Split,
        resume_key: str = "",
    ) -> None:
        self.out = Path(out)
        if self.out.exists():
            raise SnapshotError(f"{self.out} exists already; a snapshot is never changed: choose another place.")
        self.name, self.source, self.synthetic, self.split = name, source, synthetic, split
        self._aside = self.out.parent / f".{self.out.name}.writing"
        self._rows: dict[str, SnapshotRadiograph] = {}
        self._marks: dict[str, Mapping[str, RegionMark]] = {}
        self._open_aside(resume_key)

    def _open_aside(self, resume_key: str) -> None:
        note = self._aside / "resume_key"
        if not (resume_key and note.is_file() and note.read_text(encoding="utf-8") == resume_key):
            shutil.rmtree(self._aside, ignore_errors=True)
        (self._aside / "images").mkdir(parents=True, exist_ok=True)
        note.write_text(resume_key, encoding="utf-8")

    def stored_picture(self, radiograph_id: str) -> NDArray[np.uint8] | NDArray[np.uint16] | None:
        """The picture that an interrupted writer already stored under this id, or None."""
        path = self._aside / "images" / f"{radiograph_id}.png"
        return decode_grey_png(path.read_bytes()) if path.is_file() else None

    def add(
        self,
        *,
        id: str,
        patient: str,
        sex: Sex | None,
        bone_age_months: float | None,
        chronological_age_months: float | None,
        image: NDArray[np.uint8] | NDArray[np.uint16],
        marks: Mapping[str, RegionMark],
        truth_origin: str,
        original_size: tuple[int, int] | None,
        synthetic: bool | None = None,
    ) -> SnapshotRadiograph:
        """Add one radiograph; its part follows from the patient.

        Args:
            image: grey values [rows, columns], uint8 or uint16, bone bright.
            marks: region -> mark, boxes in pixels of `image`; a region left out is missing.
            original_size: (columns, rows) of the film; the picture's own size where it is not squeezed, None where
                it is squeezed and the film's size is unknown.
            synthetic: of this radiograph; the snapshot's own value by default.
        """
        if id in self._rows:
            raise SnapshotError(f"Radiograph {id} was added twice.")
        if image.ndim != 2 or image.dtype not in (np.uint8, np.uint16):
            raise SnapshotError(f"Radiograph {id}: {image.shape} {image.dtype} is not an 8- or 16-bit grey picture.")
        unknown = [region for region in marks if region not in REGION_BY_ID]
        if unknown:
            raise SnapshotError(f"Radiograph {id}: {unknown} are none of the 17 regions.")
        rows, columns = image.shape
        radiograph = SnapshotRadiograph(
            id=id,
            patient=patient,
            sex=sex,
            bone_age_months=bone_age_months,
            chronological_age_months=chronological_age_months,
            split=self.split.part_of(patient),
            columns=columns,
            rows=rows,
            original_columns=original_size[0] if original_size else None,
            original_rows=original_size[1] if original_size else None,
            truth_origin=truth_origin,
            synthetic=self.synthetic if synthetic is None else synthetic,
        )
        digest = self._store_picture(radiograph, image)
        self._rows[id] = dataclasses.replace(radiograph, sha256=digest)
        if marks:
            self._marks[id] = dict(marks)
        return self._rows[id]

    def _store_picture(self, radiograph: SnapshotRadiograph, image: NDArray[Any]) -> str:
        path = self._aside / radiograph.image
        if path.is_file():  # left by an interrupted writer with the same resume key
            return sha256_of(path.read_bytes())
        ok, encoded = cv2.imencode(".png", image)
        if not ok:
            raise SnapshotError(f"Radiograph {radiograph.id} cannot be written as PNG.")
        data = encoded.tobytes()
        part = path.with_suffix(".part")
        part.write_bytes(data)
        os.replace(part, path)
        return sha256_of(data)

    def close(self, *, report: Mapping[str, Any] | None = None) -> Path:
        """Write tables and manifest, put the snapshot in its place and return that.

        Args:
            report: what was counted while it was made; stored as report.json. The hash does not depend on it.
        """
        if not self._rows:
            raise SnapshotError("A snapshot needs at least one radiograph.")
        files = {
            "radiographs.csv": _radiographs_csv(self._rows.values()),
            "boxes.csv": _boxes_csv(self._marks),
        }
        counted = json.dumps(dict(report or {}), indent=1, ensure_ascii=False).encode()
        for name, data in {**files, REPORT_FILE: counted}.items():
            (self._aside / name).write_bytes(data)
        for picture in (self._aside / "images").iterdir():
            if picture.suffix != ".png" or picture.stem not in self._rows:
                picture.unlink()
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "source": self.source,
            "synthetic": self.synthetic,
            "counts": self._counts(),
            "split": self.split.to_json(),
            "files": {name: sha256_of(data) for name, data in files.items()},
            "report_sha256": sha256_of(counted),
        }
        manifest["hash"] = manifest_hash(manifest)
        (self._aside / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        (self._aside / "resume_key").unlink()
        self.out.parent.mkdir(parents=True, exist_ok=True)
        os.rename(self._aside, self.out)
        return self.out

    def _counts(self) -> dict[str, Any]:
        parts = Counter(row.split for row in self._rows.values())
        marks = [mark for by_region in self._marks.values() for mark in by_region.values()]
        return {
            "radiographs": len(self._rows),
            "patients": len({row.patient for row in self._rows.values()}),
            "with_bone_age": sum(row.bone_age_months is not None for row in self._rows.values()),
            "with_boxes": len(self._marks),
            "boxes": sum(mark.state == "boxed" for mark in marks),
            "absent": sum(mark.state == "absent" for mark in marks),
            "parts": {part: parts[part] for part in PARTS},
            "parts_with_boxes": {part: sum(self._rows[id_].split == part for id_ in self._marks) for part in PARTS},
        }


def _radiographs_csv(rows: Any) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(RADIOGRAPH_COLUMNS)
    for row in rows:
        values = dataclasses.asdict(row) | {"image": row.image, "synthetic": "yes" if row.synthetic else "no"}
        writer.writerow("" if values[column] is None else values[column] for column in RADIOGRAPH_COLUMNS)
    return table.getvalue().encode()


def _boxes_csv(marks: Mapping[str, Mapping[str, RegionMark]]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(BOX_COLUMNS)
    for id_, by_region in marks.items():
        for region in sorted(by_region, key=lambda r: REGION_BY_ID[r].index):
            mark = by_region[region]
            edges = [f"{edge:.6g}" for edge in mark.box] if mark.box else [""] * 4
            writer.writerow([id_, region, mark.state, *edges, mark.source])
    return table.getvalue().encode()
