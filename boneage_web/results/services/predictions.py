"""Ask a model about radiographs and keep what it says. The model comes from outside: no learning library here."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from annotations.models import Radiograph, Study
from annotations.services.boxes import propose_boxes
from boneage_web.registry.models import ModelVersion
from boneage_web.results.models import Prediction
from boneage_web.runs.models import Run
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.film_request import FilmRequest
from inference.imaging.errors import FilmError
from inference.imaging.read import read_film
from inference.imaging.view import View
from inference.progress import OnProgress, Progress, ignore_progress


class ScoredBox(Protocol):
    """A box in pixels of the film, and how sure the model is (0 to 1)."""

    @property
    def box(self) -> Box: ...
    @property
    def score(self) -> float: ...


class Contributed(Protocol):
    """Months that one region or input moved the age by."""

    @property
    def owner(self) -> str: ...
    @property
    def months(self) -> float: ...
    @property
    def found(self) -> bool: ...


class Explained(Protocol):
    """What `inference.explain.explain` answers."""

    @property
    def base_months(self) -> float: ...
    @property
    def contributions(self) -> Sequence[Contributed]: ...


class FilmPrediction(Protocol):
    """What `inference.pipeline.Pipeline.predict` answers."""

    @property
    def boxes(self) -> Mapping[str, ScoredBox]: ...
    @property
    def bone_age_months(self) -> float | None: ...
    @property
    def interval_months(self) -> tuple[float, float] | None: ...
    @property
    def inputs_used(self) -> tuple[str, ...]: ...
    @property
    def stage_seconds(self) -> Mapping[str, float]: ...
    @property
    def error_code(self) -> str | None: ...
    @property
    def error_message(self) -> str | None: ...
    @property
    def explanation(self) -> Explained | None: ...


class Model(Protocol):
    """What `inference.pipeline.Pipeline` offers."""

    def prepare(self, request: FilmRequest) -> Any:
        """What a film needs before the network; in any thread."""

    def predict_prepared(self, films: Sequence[Any]) -> Sequence[FilmPrediction]:
        """Answers for films that :meth:`prepare` made ready, in their order."""


FILMS_TOGETHER = 4
"""Films that the network looks at in one pass; as many are read and prepared meanwhile. A stop loses no more."""
READERS = 2

NO_AGE = "The model gave no bone age for this film."


def inputs_key(study: Study) -> str:
    """Names what was known of the child: sex and chronological age to a hundredth of a month."""
    age = study.chronological_age_months
    return f"{study.sex or '-'}:{'-' if age is None else format(age, '.2f')}"


def predict_radiographs(
    *,
    model: ModelVersion,
    radiographs: Sequence[Radiograph],
    asked: Model,
    run: Run | None,
    on_progress: OnProgress = ignore_progress,
) -> dict[str, int]:
    """Ask the model about each radiograph that it has not answered with these inputs yet.

    While the network looks at some films, the next ones are read and prepared. Each answer is in the database as soon
    as it is there, so that stopping loses a few films' work and no answer. A film that cannot be read is an answer
    too, a refusal, and the others go on. Returns how many were predicted, refused, known before.
    """
    new = [radiograph for radiograph in radiographs if _answer(model, radiograph) is None]
    counts = {"predicted": 0, "refused": 0, "known": len(radiographs) - len(new)}
    done = counts["known"]
    on_progress(Progress("infer", done, len(radiographs)))
    for radiograph, answer in _answers(new, asked):
        prediction = _store(_filled(model, radiograph, answer, run))
        counts["refused" if prediction.error_code else "predicted"] += 1
        done += 1
        on_progress(Progress("infer", done, len(radiographs)))
    return counts


def _answers(
    radiographs: Sequence[Radiograph], asked: Model
) -> Iterator[tuple[Radiograph, FilmPrediction | FilmError]]:
    """Each radiograph with what the model says, or why it cannot be read."""
    groups = [radiographs[i : i + FILMS_TOGETHER] for i in range(0, len(radiographs), FILMS_TOGETHER)]
    readers = ThreadPoolExecutor(READERS, "film-reader")
    try:
        waiting = _started(readers, asked, groups[0]) if groups else []
        for number, group in enumerate(groups, start=1):
            read = [one.result() for one in waiting]
            waiting = _started(readers, asked, groups[number]) if number < len(groups) else []
            answers = iter(asked.predict_prepared([one for one in read if not isinstance(one, FilmError)]))
            yield from zip(group, (one if isinstance(one, FilmError) else next(answers) for one in read), strict=True)
    finally:
        readers.shutdown(cancel_futures=True)


def _started(readers: ThreadPoolExecutor, asked: Model, radiographs: Sequence[Radiograph]) -> list[Future[Any]]:
    """Threads that ask no database: what they need of it is in the requests."""
    return [
        readers.submit(
            _read,
            asked,
            one.film_name,
            one.study.sex,
            one.study.chronological_age_months,
            View(one.view_quarter_turns, one.view_mirrored),
        )
        for one in radiographs
    ]


def _read(asked: Model, film_name: str, sex: str | None, age_months: float | None, view: View) -> Any:
    """The film as the model prepares it, or the error that says why it cannot be read."""
    try:
        with default_storage.open(film_name) as file:
            film = read_film(file.read())
    except FilmError as error:
        return error
    return asked.prepare(FilmRequest(film, sex, age_months, view))


def _answer(model: ModelVersion, radiograph: Radiograph) -> Prediction | None:
    key = inputs_key(radiograph.study)
    return Prediction.objects.filter(model_version=model, radiograph=radiograph, inputs_key=key).first()


def _filled(
    model: ModelVersion, radiograph: Radiograph, answer: FilmPrediction | FilmError, run: Run | None
) -> Prediction:
    study = radiograph.study
    prediction = Prediction(
        model_version=model,
        radiograph=radiograph,
        run=run,
        inputs_key=inputs_key(study),
        sex=study.sex,
        sex_source=study.sex_source or "",
        chronological_age_months=study.chronological_age_months,
    )
    if isinstance(answer, FilmError):
        prediction.error_code, prediction.error_message = answer.code, answer.message
    else:
        _fill(prediction, answer)
    return prediction


def _fill(prediction: Prediction, answer: FilmPrediction) -> None:
    prediction.boxes = [_box_json(region, answer.boxes[region]) for region in REGION_IDS if region in answer.boxes]
    prediction.missing_regions = [region for region in REGION_IDS if region not in answer.boxes]
    prediction.bone_age_months = answer.bone_age_months
    prediction.inputs_used = list(answer.inputs_used)
    prediction.stage_seconds = {stage: round(float(seconds), 4) for stage, seconds in answer.stage_seconds.items()}
    if answer.explanation is not None:
        prediction.base_months = float(answer.explanation.base_months)
        prediction.contributions = [
            {"owner": one.owner, "months": round(float(one.months), 3), "found": one.found}
            for one in answer.explanation.contributions
        ]
    if answer.interval_months is not None:
        prediction.interval_low_months, prediction.interval_high_months = map(float, answer.interval_months)
    if answer.bone_age_months is None:
        prediction.error_code = answer.error_code or "no_age"
        prediction.error_message = answer.error_message or NO_AGE


def _box_json(region: str, found: ScoredBox) -> dict[str, Any]:
    x0, y0, x1, y1 = (round(float(edge), 2) for edge in found.box)
    return {"region": region, "x0": x0, "y0": y0, "x1": x1, "y1": y1, "score": round(float(found.score), 4)}


def _store(prediction: Prediction) -> Prediction:
    """The row and, for the people who draw, the boxes as a proposal; one transaction. Another worker's row wins."""
    try:
        with transaction.atomic():
            prediction.save(force_insert=True)
            _propose(prediction)
    except IntegrityError:
        return Prediction.objects.get(
            model_version=prediction.model_version,
            radiograph=prediction.radiograph,
            inputs_key=prediction.inputs_key,
        )
    return prediction


def _propose(prediction: Prediction) -> None:
    boxes = {row["region"]: (Box(row["x0"], row["y0"], row["x1"], row["y1"]), row["score"]) for row in prediction.boxes}
    if boxes:
        propose_boxes(radiograph=prediction.radiograph, boxes=boxes, model_version_label=prediction.model_version.label)
