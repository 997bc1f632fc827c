"""A film and an artifact become boxes and a bone age."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.age_head import AgeHead, AgeRefused
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.artifact import Artifact, ArtifactError, read_artifact
from inference.batches_alike import batches_alike
from inference.detector.engines import DEFAULT_ENGINE, PRECISIONS, Engine, load_detector
from inference.detector.found import Detection, Finds, ScoredBox
from inference.detector.precision import Precision
from inference.explain import Explanation, explain
from inference.film_request import FilmRequest
from inference.imaging.film import Film
from inference.imaging.preprocess import Prepared, Preprocessing
from inference.imaging.view import AS_STORED, View

__all__ = ["FilmPrediction", "FilmRequest", "Pipeline", "PreparedFilm", "ScoredBox", "measured_precision"]


@dataclass(frozen=True, slots=True)
class FilmPrediction:
    """What a model says about one film.

    Attributes:
        boxes: region -> box and score, in pixels of the film as stored; a missing region is not in it.
        bone_age_months: None where no age can be given; then ``error_code`` and ``error_message`` say why.
        interval_months: where the true bone age is expected to lie (see the manifest for how often).
        sex: the sex that was used, or None.
        inputs_used: what entered the age: ``region_features``, ``sex``, ``chronological_age_months``.
        model_hash: of the artifact.
        stage_seconds: time spent in each stage: ``preprocess``, ``detect``, ``age``, ``explain``.
        error_code: None, ``sex_missing`` or ``too_few_regions``.
        explanation: what the age is made of, region by region; None where there is no age.
    """

    boxes: dict[str, ScoredBox]
    bone_age_months: float | None
    interval_months: tuple[float, float] | None
    sex: str | None
    inputs_used: tuple[str, ...]
    model_hash: str
    stage_seconds: dict[str, float] = field(default_factory=dict)
    error_code: str | None = None
    error_message: str | None = None
    explanation: Explanation | None = None

    @property
    def missing_regions(self) -> tuple[str, ...]:
        return tuple(region for region in REGION_IDS if region not in self.boxes)


@dataclass(frozen=True, slots=True)
class PreparedFilm:
    """A film ready for the network; made by :meth:`Pipeline.prepare`, in any thread."""

    request: FilmRequest
    prepared: Prepared
    seconds: float


class Pipeline:
    """A loaded artifact.

    Attributes:
        engine, precision: what runs the detector, and in which number format.
    """

    def __init__(
        self,
        artifact: Artifact,
        preprocessing: Preprocessing,
        detector: Finds,
        age_head: AgeHead,
        *,
        engine: Engine = "keras",
        precision: Precision = "f32",
    ) -> None:
        self.artifact, self.preprocessing = artifact, preprocessing
        self.detector, self.age_head = detector, age_head
        self.engine, self.precision = engine, precision

    @classmethod
    def load(
        cls,
        dir: Path,
        *,
        engine: Engine = DEFAULT_ENGINE,
        precision: Precision | None = None,
        engine_cache: Path | None = None,
        cores_per_film: int = 1,
    ) -> "Pipeline":
        """Verify the artifact in ``dir`` and load it.

        Args:
            engine: what runs the detector. The first time that an artifact meets an engine other than ``keras`` on a
                machine, its network is exported, which takes some ten seconds.
            precision: number format; by default the one that the manifest says its age head was measured with
                (:func:`measured_precision`).
            engine_cache: where exported networks are kept.
            cores_per_film: see :func:`inference.detector.engines.load_detector`.

        Raises:
            ArtifactError: it cannot be trusted.
            EngineError: the engine is not there, or has no such precision.
        """
        artifact = read_artifact(dir)
        served_in = measured_precision(artifact) if precision is None else precision
        return cls(
            artifact,
            Preprocessing.from_json(artifact.preprocessing_file.read_text(encoding="utf-8")),
            load_detector(
                artifact.detector_dir,
                engine=engine,
                precision=served_in,
                cache=engine_cache,
                cores_per_film=cores_per_film,
            ),
            AgeHead.load(artifact.age_head_dir),
            engine=engine,
            precision=served_in,
        )

    def predict(
        self,
        film: Film,
        *,
        sex: str | None = None,
        chronological_age_months: float | None = None,
        view: View = AS_STORED,
    ) -> FilmPrediction:
        """Boxes, and a bone age if the sex is known and enough of the hand was found."""
        return self.predict_batch([FilmRequest(film, sex, chronological_age_months, view)])[0]

    def boxes_of(self, pictures: Sequence[NDArray[np.float32]]) -> list[dict[str, Box]]:
        """Region -> box in pixels of each picture, without an age; for training, which has no films."""
        prepared = [self.preprocessing.prepare(picture) for picture in pictures]
        return [
            {region: one.to_original.box_to_original(found.box) for region, found in detection.boxes.items()}
            for one, detection in zip(prepared, self._detect(prepared), strict=True)
        ]

    def predict_batch(self, requests: Sequence[FilmRequest]) -> list[FilmPrediction]:
        """As :meth:`predict`, with the network run once for all films that are of one shape when prepared."""
        return self.predict_prepared([self.prepare(request) for request in requests])

    def prepare(self, request: FilmRequest) -> PreparedFilm:
        """What a film needs before the network: safe in any thread, while the network looks at other films."""
        seconds: dict[str, float] = {}
        with _timed(seconds, "preprocess"):
            prepared = self.preprocessing.prepare(request.view.of(request.film.pixels))
        return PreparedFilm(request, prepared, seconds["preprocess"])

    def predict_prepared(self, films: Sequence[PreparedFilm]) -> list[FilmPrediction]:
        """As :meth:`predict_batch`, of films that :meth:`prepare` made ready. One thread at a time."""
        seconds: dict[str, float] = {}
        with _timed(seconds, "detect"):
            detections = self._detect([film.prepared for film in films])
        return [
            self._finish(
                film.request,
                film.prepared,
                detection,
                {"preprocess": film.seconds, "detect": seconds["detect"] / len(films)},
            )
            for film, detection in zip(films, detections, strict=True)
        ]

    def _detect(self, prepared: Sequence[Prepared]) -> list[Detection]:
        found: dict[int, Detection] = {}
        every = range(len(prepared))
        for places in batches_alike(every, alike=lambda i: prepared[i].image.shape, size=len(prepared)):
            batch = self.detector.detect_batch([prepared[i].image for i in places])
            found.update(zip(places, batch, strict=True))
        return [found[i] for i in every]

    def _finish(
        self, request: FilmRequest, prepared: Prepared, detection: Detection, shared_seconds: dict[str, float]
    ) -> FilmPrediction:
        seconds = dict(shared_seconds)
        boxes = {
            region: ScoredBox(stored_box(found.box, prepared, request), found.score)
            for region, found in detection.boxes.items()
        }
        try:
            with _timed(seconds, "age"):
                age = self.age_head.predict(
                    detection.features, detection.scores, request.sex, request.chronological_age_months
                )
        except AgeRefused as refusal:
            return FilmPrediction(
                boxes, None, None, request.sex, (), self.artifact.hash, seconds, refusal.code, refusal.message
            )
        with _timed(seconds, "explain"):
            explanation = explain(
                self.age_head, detection.features, detection.scores, request.sex, request.chronological_age_months
            )
        return FilmPrediction(
            boxes,
            age.bone_age_months,
            age.interval_months,
            request.sex,
            age.inputs_used,
            self.artifact.hash,
            seconds,
            explanation=explanation,
        )


def measured_precision(artifact: Artifact) -> Precision:
    """The number format that the artifact's age head was measured with: ``served_precision`` of its manifest, or f32.

    Raises:
        ArtifactError: the manifest names a precision that this program does not know.
    """
    named = artifact.manifest.get("served_precision", "f32")
    if named not in PRECISIONS:
        raise ArtifactError(f"The manifest of {artifact.dir} asks for the precision {named!r}, unknown here.")
    known: Precision = named
    return known


def stored_box(box: Box, prepared: Prepared, request: FilmRequest) -> Box:
    """From the prepared picture, which lies upright, to the film as stored."""
    looked_at = prepared.to_original.box_to_original(box)
    return request.view.box_to_stored(looked_at, rows=request.film.rows, columns=request.film.columns)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - began
