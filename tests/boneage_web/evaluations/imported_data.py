"""A SYNTHETIC snapshot, and a report of an evaluation on it as another machine would have written it."""

import csv
import io
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from training.snapshot import RegionMark, Snapshot, manifest_hash, read_snapshot, sha256_of
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit

GreyValues = NDArray[np.uint8] | NDArray[np.uint16]


def write_report(folder: Path, *, model_hash: str, snapshot_hash: str, ids: Sequence[str]) -> Path:
    """Cases that are off by 10, 11, 12 ... months, in the order of their ids."""
    cases = [
        {
            "id": id_, "sex": "F", "truth_months": 100.0, "predicted_months": 110.0 + i,
            "chronological_age_months": None, "interval_months": [90.0, 130.0], "study": None,
        }
        for i, id_ in enumerate(ids)
    ]  # fmt: skip
    population = {
        "kind": "snapshot", "name": "elsewhere", "hash": snapshot_hash, "split": "test", "locked": True,
        "evaluations_so_far": 4,
    }  # fmt: skip
    folder.mkdir()
    report = {
        "cases": cases, "synthetic": True, "band_by": "bone_age", "model": {"hash": model_hash},
        "population": population, "refused": {"too_few_regions": 1},
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(report))
    return folder


def made_picture(i: int, *, bits: int = 16) -> GreyValues:
    """SYNTHETIC: a slope of its own grey, 20 rows and 10 columns."""
    slope = np.arange(200).reshape(20, 10) + i
    return slope.astype(np.uint8) if bits == 8 else (slope * 100).astype(np.uint16)


def frozen(folder: Path, pictures: Mapping[str, GreyValues] | None = None) -> Snapshot:
    """A snapshot of these pictures (twelve made ones when none are given), each of a patient of its own, with a box on
    the radius and an ulna that is marked absent."""
    split = HashSplit(seed=1, test_share=0.4, validation_share=0.2, test_locked=True)
    writer = SnapshotWriter(folder, name="elsewhere", source="test", synthetic=True, split=split)
    marks = {
        "radius": RegionMark("boxed", Box(1, 2, 8, 12), "somebody"),
        "ulna": RegionMark("absent", None, "somebody"),
    }
    for id_, values in (pictures or {f"h{i}": made_picture(i) for i in range(12)}).items():
        writer.add(
            id=id_, patient=f"p-{id_}", sex="F", bone_age_months=100.0, chronological_age_months=None, image=values,
            marks=marks, truth_origin="clinical_read", original_size=(100, 300), synthetic=True,
        )  # fmt: skip
    writer.close()
    return read_snapshot(folder)


def with_text_in_pictures(folder: Path, text: bytes) -> Snapshot:
    """The same snapshot with a text in each picture's file, as a program of elsewhere may have left one."""
    manifest = json.loads((folder / "manifest.json").read_text())
    reader = csv.DictReader(io.StringIO((folder / "radiographs.csv").read_text()))
    table = io.StringIO()
    writer = csv.DictWriter(table, reader.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    for row in reader:
        path = folder / row["image"]
        data = _with_text_chunk(path.read_bytes(), text)
        path.write_bytes(data)
        writer.writerow(row | {"sha256": sha256_of(data)})
    (folder / "radiographs.csv").write_text(table.getvalue())
    manifest["files"]["radiographs.csv"] = sha256_of(table.getvalue().encode())
    manifest["hash"] = manifest_hash(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return read_snapshot(folder)


def _with_text_chunk(png: bytes, text: bytes) -> bytes:
    chunk = b"tEXt" + b"Comment\0" + text
    start = 8 + 25  # signature and IHDR
    return png[:start] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[start:]
