"""A trained model: an immutable folder, named by its hash, that explains itself.

    <hash>/
      manifest.json         format, what it was trained on, inputs, metrics, licence, sha256 of every other file
      preprocessing.json    grey values and geometry that the detector was trained on
      detector/             detector.json, detector.weights.h5
      age_head/             age_head.json, reduction.npz, booster.ubj

The hash is the sha256 of the manifest, which holds the sha256 of every other file: a changed byte anywhere is noticed
before it reaches Keras or XGBoost. Nothing in it is a pickle. It is written aside, then renamed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = "chboneai-artifact/1"
MANIFEST = "manifest.json"
HASH_LETTERS = 16
"""Letters of the hash that name the folder; the whole hash is checked."""
FORBIDDEN_ENDINGS = (".pkl", ".pickle", ".joblib", ".py", ".so")
"""Files that run code when they are opened have no place in an artifact."""


class ArtifactError(Exception):
    """A folder that is no artifact, or not the one its manifest describes; the message says what to do."""


@dataclass(frozen=True)
class Artifact:
    """A verified artifact: its folder, what its manifest says, and its hash (64 hex digits)."""

    dir: Path
    manifest: Mapping[str, Any]
    hash: str

    @property
    def label(self) -> str:
        """Short name for people: preset and the first letters of the hash."""
        return f"{self.manifest.get('preset', 'model')}-{self.hash[:8]}"

    @property
    def synthetic(self) -> bool:
        """Whether it was trained on drawn films only."""
        return bool(self.manifest.get("trained_on", {}).get("synthetic"))

    @property
    def detector_dir(self) -> Path:
        return self.dir / "detector"

    @property
    def age_head_dir(self) -> Path:
        return self.dir / "age_head"

    @property
    def preprocessing_file(self) -> Path:
        return self.dir / "preprocessing.json"


def read_artifact(dir: Path) -> Artifact:
    """Verify an artifact: every file that the manifest names is there and unchanged, and nothing else is.

    Raises:
        ArtifactError: not an artifact, of another format, incomplete, changed, or with a file too many.
    """
    dir = Path(dir)
    try:
        raw = (dir / MANIFEST).read_bytes()
        manifest = json.loads(raw)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{dir} is no artifact: its {MANIFEST} cannot be read ({error}).") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArtifactError(f"{dir} is not of the format {FORMAT}: use the version of the program that made it.")
    digest = hashlib.sha256(raw).hexdigest()
    if dir.resolve().name != digest[:HASH_LETTERS]:
        raise ArtifactError(f"{dir} is not named by its hash {digest[:HASH_LETTERS]}: it was changed, or renamed.")
    listed = manifest.get("files")
    if not isinstance(listed, dict) or not listed:
        raise ArtifactError(f"The manifest of {dir} lists no files: get the artifact again.")
    if _files_of(dir) != sorted(listed):
        raise ArtifactError(f"{dir} does not hold exactly the files of its manifest: get the artifact again.")
    for name, expected in listed.items():
        if _sha256(dir / name) != expected:
            raise ArtifactError(f"{name} of {dir} is not the file that was made: get the artifact again.")
    return Artifact(dir, manifest, digest)


def write_artifact(parts_dir: Path, manifest: Mapping[str, Any], out_parent: Path) -> Path:
    """Make an artifact from the files under ``parts_dir``.

    Args:
        parts_dir: folder with ``detector/``, ``age_head/`` and ``preprocessing.json``; left as it is.
        manifest: what to say about it; ``format`` and ``files`` are filled in here.
        out_parent: folder under which the artifact's own folder is made.

    Returns:
        The artifact's folder; one that was there already under this hash is verified and kept.

    Raises:
        ArtifactError: a part is missing, or a file has an ending that opens as code.
    """
    for part in ("detector", "age_head", "preprocessing.json"):
        if not (parts_dir / part).exists():
            raise ArtifactError(f"{parts_dir} has no {part}: an artifact needs detector, age head and preprocessing.")
    names = _files_of(parts_dir)
    if bad := [name for name in names if name.endswith(FORBIDDEN_ENDINGS)]:
        raise ArtifactError(f"{', '.join(bad)} may run code when opened and cannot be part of an artifact.")
    whole = {**manifest, "format": FORMAT, "files": {name: _sha256(parts_dir / name) for name in names}}
    raw = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False).encode()
    target = out_parent / hashlib.sha256(raw).hexdigest()[:HASH_LETTERS]
    if target.exists():
        return read_artifact(target).dir
    aside = out_parent / f".{target.name}.writing"
    shutil.rmtree(aside, ignore_errors=True)
    for name in names:
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parts_dir / name, aside / name)
    (aside / MANIFEST).write_bytes(raw)
    os.replace(aside, target)
    return read_artifact(target).dir


def shipped_artifact() -> Path:
    """Folder of the model that comes with the program.

    Raises:
        ArtifactError: there is none, or more than one.
    """
    shipped = Path(__file__).parent / "shipped"
    found = [path for path in sorted(shipped.iterdir()) if (path / MANIFEST).is_file()] if shipped.is_dir() else []
    if len(found) != 1:
        raise ArtifactError(f"{len(found)} models under {shipped}, one is expected: name one with --artifact.")
    return found[0]


def _files_of(dir: Path) -> list[str]:
    """Every file under ``dir`` but its own manifest, as sorted relative names."""
    names = sorted(path.relative_to(dir).as_posix() for path in dir.rglob("*") if not path.is_dir())
    return [name for name in names if name != MANIFEST]


def _sha256(path: Path) -> str:
    if path.is_symlink():
        raise ArtifactError(f"{path} is a link; an artifact holds its own files.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
