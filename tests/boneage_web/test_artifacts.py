"""Artifacts come into the store whole and verified, or not at all; of all models one is in use."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.errors import NotThere
from annotations.states import RoleName
from boneage_web.folders import artifacts_dir
from boneage_web.registry.models import ModelVersion
from boneage_web.registry.services.models import activate, artifact_dir, register_artifact, retire
from inference.artifact import ArtifactError, read_artifact, write_artifact
from tests.boneage_web.route_table import make_model
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """A small folder in the true format; what is in its files does not matter here."""
    parts = tmp_path / "parts"
    for name in ("detector/detector.json", "age_head/age_head.json", "preprocessing.json"):
        (parts / name).parent.mkdir(parents=True, exist_ok=True)
        (parts / name).write_text("{}")
    (tmp_path / "out").mkdir()
    return write_artifact(parts, {"preset": "tiny", "trained_on": {"name": "drawn"}}, tmp_path / "out")


def test_it_is_copied_verified_and_registered_once(artifact: Path) -> None:
    model = register_artifact(source=artifact)
    assert read_artifact(artifact_dir(model)).hash == model.hash
    assert artifact_dir(model).parent == artifacts_dir()
    assert (model.status, model.label) == ("candidate", f"tiny-{model.hash[:8]}")
    assert register_artifact(source=artifact).pk == model.pk
    assert [path.name for path in artifacts_dir().iterdir()] == [artifact.name], "nothing half is left"


def test_a_changed_byte_is_refused(artifact: Path) -> None:
    (artifact / "preprocessing.json").write_text("{ }")
    with pytest.raises(ArtifactError):
        register_artifact(source=artifact)
    assert not ModelVersion.objects.exists()
    assert not artifacts_dir().exists()


def test_a_model_whose_files_are_gone_is_not_put_to_use(artifact: Path) -> None:
    import shutil

    model = register_artifact(source=artifact)
    shutil.rmtree(artifact_dir(model))
    with pytest.raises(NotThere):
        activate(model=model, person=None)
    model.refresh_from_db()
    assert model.status == "candidate"


def test_one_model_is_active_and_the_one_before_is_retired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boneage_web.registry.services.models.artifact_dir", lambda model: None)
    person = make_person("researcher", RoleName.RESEARCHER)
    old, new = make_model("1" * 64), make_model("2" * 64, status="candidate")
    activate(model=new, person=person, reason="smaller error")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status, new.activation_reason) == ("retired", "active", "smaller error")
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.filter(pk=old.pk).update(status="active", activated_at=timezone.now())
    retire(model=new, person=person)
    assert not ModelVersion.objects.filter(status="active").exists()
