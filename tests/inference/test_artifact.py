"""The artifact folder: what was changed is noticed before anything is loaded."""

import json
import os
import shutil

import pytest

from inference.artifact import ArtifactError, read_artifact, shipped_artifact, write_artifact


@pytest.fixture
def artifact(tmp_path):
    parts = tmp_path / "parts"
    for name in ("detector/detector.json", "detector/detector.weights.h5", "age_head/age_head.json"):
        (parts / name).parent.mkdir(parents=True, exist_ok=True)
        (parts / name).write_bytes(name.encode())
    (parts / "preprocessing.json").write_text("{}")
    return write_artifact(parts, {"preset": "tiny", "trained_on": {"synthetic": True}}, tmp_path / "out")


def test_what_is_written_reads_back_under_its_hash(artifact):
    read = read_artifact(artifact)
    assert read.hash.startswith(artifact.name)
    assert read.label == f"tiny-{read.hash[:8]}"
    assert read.synthetic
    assert sorted(read.manifest["files"]) == [
        "age_head/age_head.json",
        "detector/detector.json",
        "detector/detector.weights.h5",
        "preprocessing.json",
    ]


def test_the_same_parts_give_the_same_folder(artifact, tmp_path):
    again = write_artifact(tmp_path / "parts", {"preset": "tiny", "trained_on": {"synthetic": True}}, tmp_path / "out")
    assert again == artifact
    other = write_artifact(tmp_path / "parts", {"preset": "light"}, tmp_path / "out")
    assert other != artifact


def change_a_byte(folder):
    path = folder / "detector" / "detector.weights.h5"
    data = bytearray(path.read_bytes())
    data[3] ^= 1
    path.write_bytes(data)


def change_the_manifest(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["trained_on"]["synthetic"] = False
    (folder / "manifest.json").write_text(json.dumps(manifest))


def add_a_file(folder):
    (folder / "detector" / "extra.bin").write_bytes(b"x")


def add_a_link(folder):
    (folder / "preprocessing.json").unlink()
    (folder / "preprocessing.json").symlink_to("detector/detector.json")


def take_a_file(folder):
    (folder / "age_head" / "age_head.json").unlink()


def break_the_manifest(folder):
    (folder / "manifest.json").write_text("{")


@pytest.mark.parametrize(
    "tamper", [change_a_byte, change_the_manifest, add_a_file, add_a_link, take_a_file, break_the_manifest]
)
def test_a_changed_artifact_is_refused(artifact, tamper):
    tamper(artifact)
    with pytest.raises(ArtifactError):
        read_artifact(artifact)


def test_a_renamed_artifact_is_refused(artifact):
    other = artifact.with_name("0" * 16)
    os.rename(artifact, other)
    with pytest.raises(ArtifactError, match="not named by its hash"):
        read_artifact(other)


def test_another_format_and_no_folder_are_refused(tmp_path):
    with pytest.raises(ArtifactError, match="cannot be read"):
        read_artifact(tmp_path / "nothing")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "manifest.json").write_text('{"format": "something/9"}')
    with pytest.raises(ArtifactError, match="not of the format"):
        read_artifact(tmp_path / "old")


def test_parts_that_are_missing_or_run_code_are_refused(artifact, tmp_path):
    parts = tmp_path / "parts"
    (parts / "age_head" / "model.pkl").write_bytes(b"")
    with pytest.raises(ArtifactError, match="may run code"):
        write_artifact(parts, {}, tmp_path / "out")
    shutil.rmtree(parts / "age_head")
    with pytest.raises(ArtifactError, match="has no age_head"):
        write_artifact(parts, {}, tmp_path / "out")


def test_the_shipped_artifact_is_whole_small_and_says_what_it_is():
    folder = shipped_artifact()
    artifact = read_artifact(folder)
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 12_000_000
    assert artifact.manifest["trained_on"]["name"]
    assert artifact.manifest["licence"]["weights"]
    assert "Research use only" in artifact.manifest["intended_use"]["en"]
    assert artifact.manifest["intended_use"]["zh"]
