"""Keep what a worker saw when it looked closer at a prediction. The model comes from outside, as with predictions."""

from dataclasses import asdict
from typing import Any, Protocol

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from annotations.base.errors import Conflict
from annotations.models import Study
from boneage_web.results.models import FilmExamination, Prediction
from boneage_web.results.selectors import shown_prediction
from boneage_web.runs.models import Run
from inference.film_request import FilmRequest
from inference.imaging.read import read_film
from inference.imaging.view import View
from inference.progress import OnProgress


class Seen(Protocol):
    """What `inference.examine.examine` answers."""

    @property
    def bone_age_months(self) -> float: ...
    @property
    def patches(self) -> Any: ...
    @property
    def parts(self) -> Any: ...


class Looks(Protocol):
    """`inference.examine.examine` with its pipeline."""

    def __call__(self, request: FilmRequest, on_progress: OnProgress) -> Seen: ...


def prediction_to_examine(study: Study) -> Prediction:
    """The prediction that the result page shows. Raises Conflict where there is nothing to look at."""
    radiograph = study.radiographs.filter(for_reading=True).first()
    prediction = shown_prediction(radiograph) if radiograph else None
    if prediction is None or prediction.bone_age_months is None:
        raise Conflict("nothing_to_examine", "The model gave no bone age for this film: nothing to explain.")
    if FilmExamination.objects.filter(prediction=prediction).exists():
        raise Conflict("examined", "This result was examined already. Reload the page.")
    return prediction


def examine_prediction(*, prediction: Prediction, look: Looks, run: Run, on_progress: OnProgress) -> FilmExamination:
    """Look again with the inputs that the prediction had, and keep what was seen; once a prediction."""
    known = FilmExamination.objects.filter(prediction=prediction).first()
    if known is not None:
        return known
    film = prediction.radiograph
    with default_storage.open(film.film_name) as file:
        pixels = read_film(file.read())
    view = View(film.view_quarter_turns, film.view_mirrored)
    seen = look(FilmRequest(pixels, prediction.sex, prediction.chronological_age_months, view), on_progress)
    patches = [
        {
            **{edge: round(float(value), 1) for edge, value in zip(("x0", "y0", "x1", "y1"), one.box, strict=True)},
            "months": None if one.months is None else round(one.months, 2),
        }
        for one in seen.patches
    ]
    try:
        with transaction.atomic():
            return FilmExamination.objects.create(
                prediction=prediction,
                run=run,
                bone_age_months=seen.bone_age_months,
                patches=patches,
                parts=[asdict(part) for part in seen.parts],
            )
    except IntegrityError:
        return FilmExamination.objects.get(prediction=prediction)
