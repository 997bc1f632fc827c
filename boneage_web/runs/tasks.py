"""All Celery tasks. Each takes a run, calls one verb of a folder below and says what came out.

The imports inside the functions are the only ones of their kind in the project: they bring TensorFlow, which takes
seconds and half a gigabyte, and a web process never loads it.
"""

from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.conf import settings

from boneage_web.evaluation.services import evaluations
from boneage_web.evaluation.services.cohort_cases import approved_radiographs
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.registry.services.features import detector_dir, fetch_detector, find_chunk, shared_features
from boneage_web.registry.services.models import artifact_dir, register_artifact
from boneage_web.registry.services.snapshots import SnapshotRequest, freeze_snapshot, snapshot_dir
from boneage_web.results.models import Prediction
from boneage_web.results.selectors import radiographs_to_predict
from boneage_web.results.services.examinations import examine_prediction
from boneage_web.results.services.predictions import predict_radiographs
from boneage_web.runs.decorators import cpu_task, gpu_task
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.perform import Job, perform
from boneage_web.site.demonstration import fill_cohort
from inference.progress import OnProgress, ignore_progress
from training.feature_chunks import Chunk
from training.snapshot import Snapshot as FrozenData
from training.snapshot import read_snapshot

Outcome = Mapping[str, Any]
MODELS_KEPT = 2
TRAINING_PLAN = {"prepare": 3, "fit_detector": 40, "find_regions": 7, "fit_maturity": 30, "features": 10, "tuning": 10}
"""Phases of `training.fit_detector` and `training.fit_age_head` in order, with their share of the time."""
CHUNK_PLAN = {"features": 1}


def _training() -> tuple[Any, Any]:
    """What fits a detector and an age head."""
    from training.fit_age_head import fit_age_head
    from training.fit_detector import fit_detector

    return fit_detector, fit_age_head


def _seeing() -> Any:
    """What finds region features."""
    from training import region_features

    return region_features


def _inference() -> Any:
    """What asks a model."""
    from inference.pipeline import Pipeline

    return Pipeline


def _evaluation() -> Any:
    """What evaluates on a split."""
    from training.evaluate import evaluate as evaluate_split

    return evaluate_split


def _examination() -> Any:
    """What looks closer at one film."""
    from inference.examine import examine as look_closer

    return look_closer


@lru_cache(maxsize=MODELS_KEPT)
def _pipeline(folder: Path) -> Any:
    """A loaded model; the folder is named by its hash, so what is kept is never out of date."""
    return _inference().load(
        folder,
        engine=cast(Any, settings.ENGINE),  # env.py has looked at both
        precision=cast(Any, settings.ENGINE_PRECISION or None),
        engine_cache=settings.ENGINE_CACHE_DIR,
    )


@cpu_task(RunKind.SNAPSHOT, plan={"pictures": 1})
def snapshot(job: Job) -> Outcome:
    """Freeze accepted boxes and approved ages."""
    request = SnapshotRequest.from_json(job.parameters)
    return {"snapshot": str(freeze_snapshot(run=job.run, request=request, on_progress=job.on_progress).pk)}


@gpu_task(RunKind.TRAIN, plan=TRAINING_PLAN, load=_training)
def train(job: Job) -> Outcome:
    """Fit detector and age head to a snapshot; register what came out as a candidate."""
    fit_detector, fit_age_head = _training()
    made = ModelVersion.objects.filter(run=job.run).first()
    if made is not None:  # the worker died after it had registered the model: there is one for a run
        return {"model": str(made.pk)}
    folder = snapshot_dir(Snapshot.objects.get(pk=UUID(job.parameters["snapshot"])))
    detector, artifacts = detector_dir(job.run.pk), job.folder / "artifact"
    if not fetch_detector(job.run.pk):  # a second attempt may find it; an unfinished one goes on from its checkpoint
        fit_detector(
            snapshot=folder,
            preset=job.parameters["preset"],
            out=detector,
            overrides=job.parameters["overrides"],
            on_progress=job.on_progress,
        )
    artifacts.mkdir(exist_ok=True)
    artifact = fit_age_head(
        snapshot=folder,
        detector=detector,
        out=artifacts,
        find_features=lambda data: shared_features(training=job, snapshot=data, detectors=_Detectors(), do=_do_chunk),
        on_progress=job.on_progress,
    )
    return {"model": str(register_artifact(source=artifact, run=job.run, created_by=job.run.requested_by).pk)}


class _Detectors:
    """`training.region_features` with the last detector kept in memory, for the chunks that follow."""

    def detector_hash(self, folder: Path) -> str:
        return cast(str, _seeing().detector_hash(folder))

    def see(self, snapshot: FrozenData, radiographs: Chunk, folder: Path, on_progress: OnProgress) -> Any:
        return _seeing().see(snapshot, radiographs, *_detector(folder), on_progress)


@lru_cache(maxsize=1)
def _detector(folder: Path) -> Any:
    """A loaded detector and its preprocessing; the folder is one training's and does not change once it is there."""
    return _seeing().load_detector(folder)


def _find_chunk(job: Job, meanwhile: OnProgress = ignore_progress) -> Outcome:
    return find_chunk(job=job, detectors=_Detectors(), meanwhile=meanwhile)


def _do_chunk(run: UUID, meanwhile: OnProgress) -> None:
    """A training's own share of its chunks: as a worker does it whose bell rang."""
    perform(run, work=partial(_find_chunk, meanwhile=meanwhile), plan=CHUNK_PLAN)


@cpu_task(RunKind.FEATURES, plan=CHUNK_PLAN, load=_seeing)
def features(job: Job) -> Outcome:
    """Find the region features of some pictures for a training that waits for them."""
    return _find_chunk(job)


@cpu_task(RunKind.INFER, plan={"infer": 1}, load=_inference)
def infer(job: Job) -> Outcome:
    """Ask a model about films."""
    model = ModelVersion.objects.get(pk=UUID(job.parameters["model"]))
    radiographs = radiographs_to_predict(scope=dict(job.parameters))
    return predict_radiographs(
        model=model,
        radiographs=radiographs,
        asked=_pipeline(artifact_dir(model)),
        run=job.run,
        on_progress=job.on_progress,
    )


@cpu_task(RunKind.EVALUATE, plan={"infer": 1, "features": 1}, load=_evaluation)
def evaluate(job: Job) -> Outcome:
    """Compare a model with the truth; films of a cohort that it has not seen yet are predicted first."""
    request = evaluations.EvaluationRequest.from_json(job.parameters)
    model = ModelVersion.objects.get(pk=request.model)
    if request.snapshot is None:
        radiographs = approved_radiographs(request.cohort)
        predict_radiographs(
            model=model,
            radiographs=radiographs,
            asked=_pipeline(artifact_dir(model)),
            run=job.run,
            on_progress=job.on_progress,
        )
        return {"evaluation": str(evaluations.evaluate_cohort(run=job.run, request=request).pk)}
    folder = snapshot_dir(Snapshot.objects.get(pk=request.snapshot))
    report = _evaluation()(
        snapshot=folder,
        split=request.split,
        artifact=artifact_dir(model),
        out=job.folder / "evaluation",
        on_progress=job.on_progress,
    )
    kept = evaluations.keep_split_evaluation(
        run=job.run, request=request, report=report, radiographs=read_snapshot(folder).radiographs
    )
    return {"evaluation": str(kept.pk)}


@cpu_task(RunKind.EXAMINE, plan={"heat_map": 1}, load=_examination)
def examine(job: Job) -> Outcome:
    """Look closer at one prediction: where covering the film moves the age, and the ages of its parts."""
    prediction = Prediction.objects.select_related("radiograph", "model_version").get(
        pk=UUID(job.parameters["prediction"])
    )
    pipeline = _pipeline(artifact_dir(prediction.model_version))
    seen = examine_prediction(
        prediction=prediction, look=partial(_examination(), pipeline), run=job.run, on_progress=job.on_progress
    )
    return {"examination": str(seen.pk)}


@cpu_task(RunKind.DEMONSTRATION, plan={"films": 1})
def demonstration(job: Job) -> Outcome:
    """Hand the phantom cohort in, as if somebody had uploaded it."""
    return fill_cohort(count=job.parameters["count"], seed=job.parameters["seed"], on_progress=job.on_progress)
