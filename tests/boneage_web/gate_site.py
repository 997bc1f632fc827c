"""Frozen data, models and evaluations for tests of the release gate: small, made up, in the true formats."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.evaluation.services.evaluations import APPROVED_CONSENSUS, EvaluationRequest, keep
from boneage_web.folders import snapshots_dir
from boneage_web.registry.models import ModelVersion, Snapshot
from inference.anatomy.regions import REGION_IDS
from inference.statistics.case_table import CaseTable
from inference.statistics.figures.population import Member, distribution
from tests.boneage_web.route_table import make_model
from training.snapshot import Part, RegionMark, read_snapshot
from training.snapshot_writer import SnapshotWriter

PIXELS = np.full((8, 6), 90, np.uint8)


class WholeIn:
    """A split that puts everybody into one part."""

    def __init__(self, part: Part) -> None:
        self.part = part

    def part_of(self, patient: str) -> Part:
        return self.part

    def to_json(self) -> dict[str, Any]:
        return {"kind": "whole", "part": self.part}


def freeze(
    name: str,
    patients: Sequence[str],
    *,
    part: Part,
    ages: dict[str, float] | None = None,
    name_of: Callable[[str], str] = "film-{}".format,
    **marks: RegionMark,
) -> Snapshot:
    """A snapshot with one film for each patient, on disk and in the database; `marks` are those of every film."""
    row = Snapshot(name=name, hash="", synthetic=True, manifest={})
    folder = snapshots_dir() / str(row.pk)
    writer = SnapshotWriter(folder, name=name, source="made up", synthetic=True, split=WholeIn(part))
    for number, patient in enumerate(patients):
        writer.add(
            id=name_of(patient),
            patient=patient,
            sex="F" if number % 2 else "M",
            bone_age_months=(ages or {}).get(patient, 120.0),
            chronological_age_months=None,
            image=PIXELS,
            marks=marks,
            truth_origin="consensus:mean_of_reads",
            original_size=(6, 8),
        )
    frozen = read_snapshot(writer.close())
    row.hash, row.manifest = frozen.hash, dict(frozen.manifest)
    row.save()
    return row


def model_of(letter: str, data: Snapshot | None, *, status: str = "candidate") -> ModelVersion:
    """A registered model that learnt from a snapshot."""
    model = make_model(letter * 64, status=status)
    model.manifest["trained_on"]["snapshot"] = data.hash if data else "f" * 64
    model.save()
    return model


def evaluated(
    model: ModelVersion,
    data: Snapshot,
    *,
    error_months: float,
    missed: dict[str, int] | None = None,
    refused: int = 0,
    films: int = 80,
) -> Evaluation:
    """An evaluation on the test part of a snapshot whose truth is 120: errors of about this size, and for each region
    named in `missed` so many films on which it was not found."""
    generator = np.random.default_rng(int(error_months * 10))
    names = [f"child-{number}" for number in range(films)]
    rows: list[dict[str, Any]] = [
        {
            "id": f"film-{name}",
            "patient": name,
            "sex": "FM"[number % 2],
            "consensus": 120.0,
            "predicted": 120.0 + error_months * (1 if number % 4 < 2 else -1) + float(generator.normal(0, 0.3)),
        }
        for number, name in enumerate(names)
    ]
    marks = {}
    for number, name in enumerate(names):
        letters = ["0" if number < (missed or {}).get(region, 0) else "1" for region in REGION_IDS]
        marks[f"film-{name}"] = {"patient": name, "marks": "".join(letters)}
    return keep(
        run=None,
        request=EvaluationRequest(model.pk, None, data.pk, "test", BandBy.BONE_AGE),
        truth=APPROVED_CONSENSUS,
        table=CaseTable.from_rows(rows[refused:]),
        left_out={"too_few_regions": refused} if refused else {},
        facts={
            "synthetic": True,
            "truth_is_model": False,
            "table1": distribution([Member("test", row["sex"], 120.0, None) for row in rows]),
            "detector": None,
        },
        region_marks=marks,
    )
