"""Model versions: register an artifact folder, make one active, retire one (format: `inference/artifact.py`)."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.errors import Conflict, NotThere, StaleState
from annotations.models import Person
from annotations.services.events import record_event
from boneage_web.folders import artifacts_dir
from boneage_web.registry.models import ModelStatement, ModelStatus, ModelVersion, Release, Snapshot, Yardstick
from boneage_web.runs.models import Run
from boneage_web.stored_folders import fetch, publish
from inference.artifact import HASH_LETTERS, read_artifact
from inference.written_aside import written_aside


def artifact_dir(model: ModelVersion) -> Path:
    """The model's folder. Raises NotThere when it is gone."""
    folder = artifacts_dir() / model.hash[:HASH_LETTERS]
    if not fetch(folder):
        raise NotThere("artifact_gone", f"The files of model {model.label} are gone. Restore them from a backup.")
    return folder


def register_artifact(
    *, source: Path, run: Run | None = None, created_by: Person | None = None, origin: str = ""
) -> ModelVersion:
    """Take an artifact folder into the store and make it a candidate; the same artifact again answers with its row.

    Every file's hash is verified first. Raises ArtifactError.
    """
    artifact = read_artifact(source)
    known = ModelVersion.objects.filter(hash=artifact.hash).first()
    _store(artifact.dir)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            model = ModelVersion.objects.create(
                label=f"{origin}-{artifact.label}" if origin else artifact.label,
                hash=artifact.hash,
                manifest=dict(artifact.manifest),
                run=run,
                created_by=created_by,
            )
            record_event(who=created_by, verb="register", row=model, study=None, new=model.status)
    except IntegrityError:  # somebody registered it this moment
        return ModelVersion.objects.get(hash=artifact.hash)
    return model


def _store(source: Path) -> None:
    """Copy aside, then rename: a folder under its hash is always whole."""
    target = artifacts_dir() / source.resolve().name
    if not target.is_dir() and source.resolve() != target.resolve():
        _copy(source, target)
    publish(target)


def _copy(source: Path, target: Path) -> None:
    try:
        with written_aside(target) as aside:
            shutil.copytree(source, aside)
    except OSError:
        if not target.is_dir():  # another process was faster
            raise


@transaction.atomic
def activate(
    *, model: ModelVersion, person: Person | None, reason: str = "", verdict: Mapping[str, Any] | None = None
) -> ModelVersion:
    """Make the model the active one of its kind; the one before it is retired. Active already: nothing happens.

    Args:
        verdict: what the release gate said of it (`boneage_web.evaluation.services.release`); kept with the reason.
            None for a model that the program itself puts to use.
    """
    before = ModelVersion.objects.select_for_update().filter(kind=model.kind, status=ModelStatus.ACTIVE).first()
    if before is not None and before.pk == model.pk:
        return before
    if verdict is not None and before is not None and verdict["against"]["id"] != str(before.pk):
        raise StaleState("model in use", verdict["against"]["label"])
    artifact_dir(model)
    if before is not None:
        _move(before, ModelStatus.ACTIVE, ModelStatus.RETIRED)
        record_event(who=person, verb="retire", row=before, study=None, old=ModelStatus.ACTIVE, new=ModelStatus.RETIRED)
    old, now = ModelStatus(model.status), timezone.now()
    _move(model, old, ModelStatus.ACTIVE, activated_at=now, activated_by=person, activation_reason=reason)
    Release.objects.create(
        model_version=model,
        replaced=before,
        findings=list(verdict["findings"]) if verdict else [],
        verdict=dict(verdict or {}),
        reason=reason,
        at=now,
        by=person,
    )
    record_event(who=person, verb="activate", row=model, study=None, old=old, new=ModelStatus.ACTIVE, reason=reason)
    return model


@transaction.atomic
def state_item(*, model: ModelVersion, item: str, text: str, person: Person) -> ModelStatement:
    """Say something of a model on its card; what was said before stays in the history."""
    statement = ModelStatement.objects.create(model_version=model, item=item, text=text, by=person)
    record_event(who=person, verb="state", row=model, study=None, new=item)
    return statement


@transaction.atomic
def set_yardstick(*, snapshot: Snapshot, split: str, reason: str, person: Person) -> Yardstick:
    """From now on candidates are held against the model in use on this part. Raises Conflict when it holds nothing."""
    if not snapshot.manifest.get("counts", {}).get("parts", {}).get(split):
        raise Conflict("empty_part", f"The part {split} of {snapshot.name} holds no film. Choose another.")
    yardstick = Yardstick.objects.create(snapshot=snapshot, split=split, reason=reason, set_by=person)
    record_event(who=person, verb="set", row=yardstick, study=None, new=f"{snapshot.hash[:16]} {split}", reason=reason)
    return yardstick


@transaction.atomic
def retire(*, model: ModelVersion, person: Person | None) -> ModelVersion:
    """Take the model out of use; its predictions stay. Raises Conflict when it is retired already."""
    old = ModelStatus(model.status)
    if old is ModelStatus.RETIRED:
        raise Conflict("already_retired", "This model is retired already.")
    _move(model, old, ModelStatus.RETIRED)
    record_event(who=person, verb="retire", row=model, study=None, old=old, new=ModelStatus.RETIRED)
    return model


def _move(model: ModelVersion, old: ModelStatus, new: ModelStatus, **values: Any) -> None:
    if not ModelVersion.objects.filter(pk=model.pk, status=old).update(status=new, **values):
        raise StaleState("model", old)
    model.refresh_from_db()
