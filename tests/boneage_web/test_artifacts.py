"""Artifacts come into the store whole and verified, or not at all."""

from pathlib import Path

import pytest

from annotations.base.errors import NotThere
from boneage_web.folders import artifacts_dir
from boneage_web.registry.models import ModelVersion
from boneage_web.registry.services.models import activate, artifact_dir, register_artifact
from inference.artifact import ArtifactError, read_artifact, write_artifact

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
