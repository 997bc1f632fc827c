"""An artifact's files laid out again, for a new artifact that adds to them."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inference.artifact import Artifact, write_artifact


@contextmanager
def parts_of(model: Artifact, beside: Path) -> Iterator[Path]:
    """A folder under ``beside`` with copies of the artifact's files, as `write_artifact` takes it; gone afterwards."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside) as aside:
        parts = Path(aside)
        for name in model.manifest["files"]:
            (parts / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(model.dir / name, parts / name)
        yield parts


def write_derived(model: Artifact, parts: Path, additions: Mapping[str, Any], out: Path) -> Path:
    """An artifact of ``parts`` that says of itself what ``model`` says, the additions, and what it was made from."""
    kept = {key: value for key, value in model.manifest.items() if key not in ("files", "format")}
    return write_artifact(parts, {**kept, **additions, "made_from": model.hash}, out)
