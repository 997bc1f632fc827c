"""Start a run that a person asks for: check what was asked, so that it is refused now and not after an hour."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from rest_framework import serializers

from annotations.api.requests import checked
from annotations.api.serializers.strict import StrictSerializer
from annotations.base.errors import Conflict, Invalid
from annotations.models import Cohort, Person, Study
from annotations.states import StudyState
from boneage_web.evaluation.models import BandBy
from boneage_web.evaluation.services.evaluations import SPLITS, EvaluationRequest, check_request
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.registry.selectors import active_model
from boneage_web.results.selectors import runs_needed
from boneage_web.runs.kinds import QUEUE_OF_KIND, RunKind
from boneage_web.runs.models import Run
from boneage_web.runs.selectors import living_workers
from boneage_web.runs.services.ledger import create_run
from training.config import PRESETS, PresetError, load_preset, settings_of, words_of


class TrainParametersSerializer(StrictSerializer):
    """A training: data, preset, and settings laid over it (`training/config.py`)."""

    snapshot = serializers.UUIDField()
    preset = serializers.ChoiceField(choices=PRESETS)
    overrides = serializers.DictField(required=False, default=dict)


class InferParametersSerializer(StrictSerializer):
    """All ready films of a cohort, or of everybody."""

    model = serializers.UUIDField()
    cohort = serializers.UUIDField(required=False, allow_null=True, default=None)


class EvaluateParametersSerializer(StrictSerializer):
    """A model on the approved films of a cohort (or of all), or on a split of a snapshot."""

    model = serializers.UUIDField()
    cohort = serializers.UUIDField(required=False, allow_null=True, default=None)
    snapshot = serializers.UUIDField(required=False, allow_null=True, default=None)
    split = serializers.ChoiceField(choices=SPLITS, required=False, allow_null=True, default=None)
    band_by = serializers.ChoiceField(
        choices=[band.value for band in BandBy], required=False, default=BandBy.BONE_AGE.value
    )


def start_run(*, person: Person, kind: RunKind, parameters: Mapping[str, Any]) -> Run:
    """A queued run; the first of several where one would take too long. Raises Invalid or Conflict when it could not
    end well."""
    wanted = _PARAMETERS[kind](parameters)
    with transaction.atomic():
        parts = _parts(kind, wanted)
        batch = uuid4() if len(parts) > 1 else None
        runs = [create_run(kind=kind, parameters=part, requested_by=person, batch=batch) for part in parts]
    return runs[0]


def _parts(kind: RunKind, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """An archive's films are shared out over several runs: more workers, and less to repeat for one that dies."""
    count = 1
    if kind is RunKind.INFER:
        count = runs_needed(scope=parameters, workers=living_workers(QUEUE_OF_KIND[kind]))
    if count == 1:
        return [parameters]
    return [{**parameters, "part": part, "parts": count} for part in range(1, count + 1)]


def start_prediction(*, person: Person, study: Study) -> Run:
    """Ask the active model about one study. Raises Conflict without an active model or a film to ask about."""
    model = active_model()
    if model is None:
        raise Conflict("no_active_model", "No model is active. Activate one on the models page.")
    if not study.radiographs.filter(for_reading=True).exists():
        raise Conflict("no_film", "This study has no film that a model could be asked about.")
    parameters = {"model": str(model.pk), "study": str(study.pk)}
    return create_run(kind=RunKind.INFER, parameters=parameters, requested_by=person)


def _train(parameters: Mapping[str, Any]) -> dict[str, Any]:
    data = checked(TrainParametersSerializer, parameters).validated_data
    snapshot = Snapshot.objects.filter(pk=data["snapshot"]).first()
    if snapshot is None:
        raise Invalid("unknown_snapshot", "There is no such snapshot. Choose one of the list.")
    counts = snapshot.manifest["counts"]
    if not counts["parts_with_boxes"]["train"]:
        raise Conflict("nothing_to_train_on", "The training part of this snapshot has no boxes. Freeze another one.")
    try:
        load_preset(data["preset"], data["overrides"])
    except PresetError as error:
        raise Invalid(
            error.code,
            f"{error}. Correct the setting, or leave it as the preset has it.",
            settings=", ".join(error.settings),
            reason=str(error),
            **error.facts,
        ) from error
    return {"snapshot": str(snapshot.pk), "preset": data["preset"], "overrides": data["overrides"]}


def presets() -> list[dict[str, Any]]:
    """Every preset with its settings by name, and the words that some of them are chosen from."""
    named = [(name, load_preset(name)) for name in PRESETS]
    return [{"name": name, "settings": settings_of(found), "words": words_of(found)} for name, found in named]


def _infer(parameters: Mapping[str, Any]) -> dict[str, Any]:
    data = checked(InferParametersSerializer, parameters).validated_data
    _check_model_and_cohort(data)
    films = Study.objects.filter(state=StudyState.READY)
    if data["cohort"] is not None:
        films = films.filter(cohort=data["cohort"])
    if not films.exists():
        raise Conflict("no_film", "There is no ready film here. Upload some first.")
    return {"model": str(data["model"]), "cohort": str(data["cohort"]) if data["cohort"] else None}


def _evaluate(parameters: Mapping[str, Any]) -> dict[str, Any]:
    data = checked(EvaluateParametersSerializer, parameters).validated_data
    _check_model_and_cohort(data)
    request = EvaluationRequest(**{**data, "split": data["split"] or "", "band_by": BandBy(data["band_by"])})
    check_request(request)
    return request.to_json()


def _check_model_and_cohort(data: Mapping[str, Any]) -> None:
    if not ModelVersion.objects.filter(pk=data["model"]).exists():
        raise Invalid("unknown_model", "There is no such model. Choose one of the list.")
    if data["cohort"] is not None and not Cohort.objects.filter(pk=data["cohort"]).exists():
        raise Invalid("unknown_cohort", "There is no such cohort. Choose one of the list.")


_PARAMETERS: Mapping[RunKind, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    RunKind.TRAIN: _train,
    RunKind.INFER: _infer,
    RunKind.EVALUATE: _evaluate,
}
