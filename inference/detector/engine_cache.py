"""Exported graphs of a detector, made once on a machine and kept beside each other under the hash of what they show.

    <cache>/<key>/manifest.json   format, the key's parts, sha256 of every other file
                  find.onnx, look_at.onnx, facts.json

The key is made of the detector's own files and of the export's version, so a stale export is never met: another
detector, or another export, has another key. What lies there is verified each time it is read; a changed or half
written folder is made again. Made by one process at a time, in a process of its own (:mod:`onnx_export` needs Keras,
which a serving process does not hold), written aside, then renamed.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from inference.detector.precision import EngineError
from inference.written_aside import written_aside

FORMAT = "chboneai-export/1"
EXPORT_VERSION = 1
"""To be raised with each change of :mod:`inference.detector.onnx_export` that changes a graph."""
MANIFEST = "manifest.json"
FIND, LOOK_AT, FACTS = "find.onnx", "look_at.onnx", "facts.json"
DETECTOR_FILES = ("detector.json", "detector.weights.h5")
KEY_LETTERS = 16
EXPORT_SECONDS = 600
PROJECT_DIR = Path(__file__).resolve().parents[2]

Export = Callable[[Path, Path], None]
"""(folder of a detector, empty folder) -> writes the three files there."""


def default_cache() -> Path:
    """The folder of a shell's calls; the application names one in its own data folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chboneai" / "engines"


def exported(detector: Path, cache: Path, export: Export | None = None) -> dict[str, bytes]:
    """The graphs and facts of a detector, from the cache or made now.

    Args:
        detector: folder with ``detector.json`` and ``detector.weights.h5``, already verified.
        cache: folder of all exports; made if it is not there.
        export: what writes the files; the export in a process of its own by default.

    Raises:
        EngineError: the cache cannot be written, or the export failed.
    """
    parts = _key_parts(detector)
    folder = cache / hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:KEY_LETTERS]
    if (found := _verified(folder, parts)) is not None:
        return found
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_one(folder):
            if (found := _verified(folder, parts)) is None:  # another process may have made it meanwhile
                _make(folder, detector, parts, export or _in_a_process)
                found = _verified(folder, parts)
    except OSError as error:
        raise EngineError(f"The engine's files cannot be kept in {cache} ({error}): name another folder.") from error
    if found is None:
        raise EngineError(f"The engine's files in {folder} changed while they were made: try again.")
    return found


def _key_parts(detector: Path) -> dict[str, str]:
    sums = {name: hashlib.sha256((detector / name).read_bytes()).hexdigest() for name in DETECTOR_FILES}
    return {"format": FORMAT, "export_version": str(EXPORT_VERSION), **sums}


def _verified(folder: Path, parts: Mapping[str, str]) -> dict[str, bytes] | None:
    """The files of a folder, if they are all there and unchanged; else None."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        files = {name: (folder / name).read_bytes() for name in (FIND, LOOK_AT, FACTS)}
    except (OSError, ValueError):
        return None
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return files if manifest == {"key": dict(parts), "files": sums} else None


def _make(folder: Path, detector: Path, parts: Mapping[str, str], export: Export) -> None:
    with written_aside(folder) as aside:
        aside.mkdir()
        export(detector, aside)
        sums = {name: hashlib.sha256((aside / name).read_bytes()).hexdigest() for name in (FIND, LOOK_AT, FACTS)}
        (aside / MANIFEST).write_text(json.dumps({"key": dict(parts), "files": sums}, indent=1), encoding="utf-8")
        if folder.exists():  # damaged, or it would have been taken
            shutil.rmtree(folder)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """One process at a time; a lock of the kernel's, so that a killed process leaves none behind."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _in_a_process(detector: Path, target: Path) -> None:
    command = [sys.executable, "-m", "inference.detector.onnx_export", str(detector.resolve()), str(target.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            command, cwd=PROJECT_DIR, capture_output=True, text=True, timeout=EXPORT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"The export of {detector} took more than {EXPORT_SECONDS} s and was stopped.") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise EngineError(f"The detector in {detector} could not be exported: {lines[-1] if lines else 'no message'}")
