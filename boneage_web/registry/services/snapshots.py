"""Freeze accepted boxes and approved bone ages to a folder that training can see (format: `training/snapshot.py`)."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet
from numpy.typing import NDArray

from annotations.base.errors import Conflict, Invalid, NotThere
from annotations.models import BoxSet, Consensus, Radiograph
from annotations.states import BoxSetStatus, ConsensusStatus, RegionState, StudyState
from boneage_web.folders import snapshots_dir
from boneage_web.registry.models import Snapshot
from boneage_web.runs.models import Run
from boneage_web.stored_folders import fetch, publish
from inference.progress import OnProgress, Progress, ignore_progress
from training.snapshot import RegionMark, SnapshotError, read_snapshot
from training.snapshot import Snapshot as FrozenData
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit


@dataclass(frozen=True)
class SnapshotRequest:
    """What is to be frozen, and how patients are split.

    Attributes:
        cohort: the cohort's id, or None for all studies.
        test_share: share of all patients.
        validation_share: share of the patients that are not in the test part.
        seed: key of the hash that splits patients.
        test_locked: evaluations on the test part are counted and shown as used up.
    """

    name: str
    cohort: UUID | None
    test_share: float
    validation_share: float
    seed: int
    test_locked: bool = False

    def to_json(self) -> dict[str, Any]:
        """As a run's parameters."""
        return {
            "name": self.name,
            "cohort": str(self.cohort) if self.cohort else None,
            "test_share": self.test_share,
            "validation_share": self.validation_share,
            "seed": self.seed,
            "split_kind": "patient",
            "test_locked": self.test_locked,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "SnapshotRequest":
        """From a run's parameters."""
        names = ("name", "test_share", "validation_share", "seed", "test_locked")
        cohort = UUID(values["cohort"]) if values["cohort"] else None
        return cls(cohort=cohort, **{name: values[name] for name in names})


def check_request(request: SnapshotRequest) -> None:
    """Refuse what cannot end well, before a run is made. Raises Invalid or Conflict."""
    if Snapshot.objects.filter(name=request.name).exists():
        raise Conflict("name_taken", f"A snapshot is named {request.name!r} already. Choose another name.")
    if request.test_share + request.validation_share >= 1:
        raise Invalid("shares_too_large", "Test and validation share leave nothing to train on. Make them smaller.")
    if not freezable(request.cohort).exists():
        raise Conflict(
            "nothing_to_freeze",
            "No study here has an accepted box set or an approved bone age yet. Label, review, read and approve first.",
        )


def freezable(cohort: UUID | None) -> QuerySet[Radiograph]:
    """Radiographs of ready studies with an accepted box set or an approved consensus, in a fixed order."""
    boxed = BoxSet.objects.filter(radiograph=OuterRef("pk"), status=BoxSetStatus.ACCEPTED)
    aged = Consensus.objects.filter(radiograph=OuterRef("pk"), status=ConsensusStatus.APPROVED)
    radiographs = Radiograph.objects.filter(Q(Exists(boxed)) | Q(Exists(aged)), study__state=StudyState.READY)
    if cohort is not None:
        radiographs = radiographs.filter(study__cohort=cohort)
    return radiographs.select_related("study__patient").order_by("study__received_at", "pk")


def freeze_snapshot(*, run: Run, request: SnapshotRequest, on_progress: OnProgress = ignore_progress) -> Snapshot:
    """Write the folder and its row. Doing it again for the same run goes on where it stopped."""
    out = snapshots_dir() / str(run.pk)
    if not fetch(out):
        snapshots_dir().mkdir(parents=True, exist_ok=True)
        _write(run, request, on_progress)
    publish(out)
    frozen = read_snapshot(out)
    snapshot, _ = Snapshot.objects.get_or_create(
        id=run.pk,
        defaults={
            "name": request.name,
            "hash": frozen.hash,
            "cohort_id": request.cohort,
            "manifest": dict(frozen.manifest),
            "synthetic": frozen.synthetic,
            "test_locked": request.test_locked,
            "run": run,
            "created_by": run.requested_by,
        },
    )
    return snapshot


def _write(run: Run, request: SnapshotRequest, on_progress: OnProgress) -> None:
    radiographs = list(freezable(request.cohort))
    if not radiographs:
        raise Conflict("nothing_to_freeze", "Nothing is accepted or approved any more. Look at the studies list.")
    writer = SnapshotWriter(
        snapshots_dir() / str(run.pk),
        name=request.name,
        source="approved work of this site",
        synthetic=all(radiograph.synthetic for radiograph in radiographs),
        split=HashSplit(
            seed=request.seed,
            test_share=request.test_share,
            validation_share=request.validation_share,
            test_locked=request.test_locked,
        ),
        resume_key=str(run.pk),
    )
    for number, radiograph in enumerate(radiographs, start=1):
        _add(writer, radiograph)
        on_progress(Progress("pictures", number, len(radiographs)))
    writer.close()


def _add(writer: SnapshotWriter, radiograph: Radiograph) -> None:
    study = radiograph.study
    consensus = Consensus.objects.filter(radiograph=radiograph, status=ConsensusStatus.APPROVED).first()
    writer.add(
        id=str(radiograph.pk),
        patient=study.patient.pseudonym,
        sex=study.sex,  # type: ignore[arg-type]
        bone_age_months=consensus.bone_age_months if consensus else None,
        chronological_age_months=study.chronological_age_months,
        image=stored_pixels(radiograph),
        marks=dict(_marks(radiograph)),
        truth_origin=f"consensus:{consensus.origin}" if consensus else "",
        original_size=(radiograph.columns, radiograph.rows),
        synthetic=radiograph.synthetic,
    )


def _marks(radiograph: Radiograph) -> Iterator[tuple[str, RegionMark]]:
    accepted = BoxSet.objects.filter(radiograph=radiograph, status=BoxSetStatus.ACCEPTED).first()
    for row in accepted.regions.all() if accepted else ():
        if row.state == RegionState.BOXED:
            yield row.region, RegionMark("boxed", row.box, "accepted")
        elif row.state == RegionState.ABSENT:
            yield row.region, RegionMark("absent", None, "accepted")


def snapshot_dir(snapshot: Snapshot) -> Path:
    """The snapshot's folder. Raises NotThere when it is gone."""
    folder = snapshots_dir() / str(snapshot.pk)
    if not fetch(folder):
        raise NotThere("snapshot_gone", f"The files of snapshot {snapshot.name} are gone. Restore them from a backup.")
    return folder


def frozen_data(snapshot: Snapshot) -> FrozenData:
    """The snapshot's verified tables; the last ones stay in memory. Raises NotThere when its files are gone or not what
    they were."""
    try:
        return _read(snapshot_dir(snapshot))
    except SnapshotError as error:
        raise NotThere(
            "snapshot_gone", f"The files of snapshot {snapshot.name} cannot be read ({error}). Restore them."
        ) from error


@lru_cache(maxsize=2)
def _read(folder: Path) -> FrozenData:
    """The folder is named by its row's id, and nothing in it changes."""
    return read_snapshot(folder)


def stored_pixels(radiograph: Radiograph) -> NDArray[np.uint16]:
    """The display copy that people drew on: uint16 [rows, columns], bone bright."""
    with default_storage.open(radiograph.pixels_name) as file:
        values = np.frombuffer(gzip.decompress(file.read()), dtype="<u2")
    return values.reshape(radiograph.rows, radiograph.columns)
