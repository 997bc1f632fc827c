"""An artifact's files laid out again, for a new artifact that adds to them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.artifact import Artifact


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
