"""What is wrong with the runs of a site and with what they made: stuck, twice, or half written.

``python -m tests.soak.audit_runs`` inside a site's environment prints one fault a line, nothing where all is well. It
is meant for a moment in which every run has ended; chunks of a training that was cancelled end a moment after it.
"""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

import django

CHUNKS_END_SECONDS = 60.0


def main() -> int:
    django.setup()
    for fault in faults():
        print(fault, flush=True)
    return 0


def faults() -> Iterator[str]:
    """Everything that may not be, in words."""
    yield from _runs()
    yield from _made_by_runs()
    yield from _folders()
    yield from _predictions()


def _runs() -> Iterator[str]:
    from boneage_web.runs.kinds import FINISHED, LED_KINDS, MAX_ATTEMPTS
    from boneage_web.runs.models import Run

    deadline = time.monotonic() + CHUNKS_END_SECONDS
    while Run.objects.filter(kind__in=LED_KINDS).exclude(status__in=FINISHED).exists():
        if time.monotonic() > deadline:
            break
        time.sleep(0.5)
    for run in Run.objects.all():
        if run.status not in FINISHED:
            yield f"{run} has not ended"
        if run.lease is not None:
            yield f"{run} has ended and is still held"
        if run.finished_at is None:
            yield f"{run} has no end"
        if run.attempt > MAX_ATTEMPTS:
            yield f"{run} was tried {run.attempt} times"
        if run.status == "succeeded" and not run.outcome:
            yield f"{run} succeeded with nothing"


def _made_by_runs() -> Iterator[str]:
    from boneage_web.evaluation.models import Evaluation
    from boneage_web.registry.models import ModelVersion, Snapshot
    from boneage_web.runs.models import Run

    for kind, model, key in (
        ("train", ModelVersion, "model"),
        ("snapshot", Snapshot, "snapshot"),
        ("evaluate", Evaluation, "evaluation"),
    ):
        made: dict[str, list[str]] = {}
        for pk, run in model._default_manager.filter(run__isnull=False).values_list("pk", "run"):
            made.setdefault(str(run), []).append(str(pk))
        for run in Run.objects.filter(kind=kind):
            rows = made.get(str(run.pk), [])
            if run.status == "succeeded" and rows != [run.outcome.get(key)]:
                yield f"{run} says {run.outcome} and made {rows}"
            if run.status != "succeeded" and rows:
                yield f"{run} did not succeed and made {rows}"


def _folders() -> Iterator[str]:
    """Under its name every folder is whole; what was being written has a name of its own."""
    from boneage_web.folders import artifacts_dir, features_dir, snapshots_dir
    from boneage_web.registry.models import ModelVersion, Snapshot
    from inference.artifact import HASH_LETTERS, ArtifactError, read_artifact
    from training.feature_chunks import joined
    from training.snapshot import SnapshotError, read_snapshot

    for folder in _named(artifacts_dir()):
        try:
            read_artifact(folder)
        except ArtifactError as error:
            yield f"half an artifact: {error}"
    for folder in _named(snapshots_dir()):
        try:
            read_snapshot(folder, verify_pictures=True)
        except SnapshotError as error:
            yield f"half a snapshot: {error}"
    for path in features_dir().glob("[!.]*"):
        try:
            joined((), [path])
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            yield f"half a chunk of features: {path.name}: {error}"
    for model in ModelVersion.objects.all():
        if not (artifacts_dir() / model.hash[:HASH_LETTERS]).is_dir():
            yield f"{model} has no files"
    for snapshot in Snapshot.objects.all():
        if not (snapshots_dir() / str(snapshot.pk)).is_dir():
            yield f"{snapshot} has no files"


def _named(parent: Path) -> list[Path]:
    return [path for path in sorted(parent.glob("*")) if not path.name.startswith(".")] if parent.is_dir() else []


def _predictions() -> Iterator[str]:
    """Each film was answered once for what was known of the child; its boxes were proposed once for each model."""
    from annotations.models import BoxSet
    from annotations.states import BoxSetStatus
    from boneage_web.results.models import Prediction

    keys = Counter(Prediction.objects.values_list("model_version", "radiograph", "inputs_key"))
    for key, count in keys.items():
        if count > 1:
            yield f"{count} predictions of {key}"
    answers = Prediction.objects.select_related("model_version")
    boxed = {(row.radiograph_id, row.model_version.label) for row in answers if row.boxes}
    proposed = Counter(BoxSet.objects.filter(status=BoxSetStatus.PROPOSED).values_list("radiograph_id", "model_label"))
    for film, label in boxed | proposed.keys():
        if proposed[film, label] != ((film, label) in boxed):
            yield f"film {film}: {proposed[film, label]} proposals of {label}"


if __name__ == "__main__":
    raise SystemExit(main())
