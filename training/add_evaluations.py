"""Write measured evaluations into an artifact's manifest, as a new artifact with the same files.

    python -m training add-evaluations --artifact A --report DIR/report.json --out ARTIFACTS

Whoever gets the model gets with it how far its ages are off, for whom, and with which engine that was measured.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.artifact import ArtifactError, read_artifact
from inference.progress import OnProgress
from training.parts_of_artifact import parts_of, write_derived
from training.snapshot import SnapshotError

LEFT_OUT = frozenset({"cases", "region_marks"})
"""Of a report: single hands belong to the data, not to the model."""


def add_evaluations(*, artifact: Path, reports: Sequence[Path], out: Path) -> Path:
    """The new artifact's folder.

    Args:
        reports: ``report.json`` files of :mod:`training.evaluate`, all of this artifact.

    Raises:
        SnapshotError: a file is no such report, or one of another model.
        ArtifactError: the artifact cannot be trusted.
    """
    model = read_artifact(artifact)
    evaluations = [*model.manifest.get("evaluations", ()), *(_of_report(path, model.hash) for path in reports)]
    with parts_of(model, out) as parts:
        return write_derived(model, parts, {"evaluations": evaluations}, out)


def _of_report(path: Path, model: str) -> dict[str, Any]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        measured = report["model"]["hash"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(f"{path} is no report of an evaluation ({error}).") from error
    if measured != model:
        raise SnapshotError(f"{path} is an evaluation of the model {measured[:12]}, not of {model[:12]}.")
    return {name: value for name, value in report.items() if name not in LEFT_OUT}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True, action="append", help="report.json; repeatable")
    parser.add_argument("--out", type=Path, required=True, help="folder under which the new artifact is made")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    try:
        made = add_evaluations(artifact=args.artifact, reports=args.report, out=args.out)
    except ArtifactError as error:
        raise SnapshotError(str(error)) from error
    print(f"artifact: {made}")
    return 0
