"""Checkpoints of a detector's training: after a kill the run goes on as if nothing had happened.

A checkpoint holds weights, optimizer state, the number of the next step and what else the run goes by, under a key of
everything that decides the run. The films of a step follow from seed and step, so the rest of the run sees what it
would have seen. It is written aside, brought to the disk, then renamed; its name holds its sha256, which is compared
before anything of it is used. The one before it is kept. No pickle.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

KEPT = 2
"""Checkpoints that stay: the newest, and the one before in case a disk loses the newest."""


class CheckpointError(Exception):
    """A checkpoint that cannot be used; the message says what to do."""


class Checkpoint:
    """The checkpoints of a run, in the folder ``dir`` beside its result."""

    def __init__(self, dir: Path, *, key: str) -> None:
        self.dir, self.key = dir, key
        self.dir.mkdir(parents=True, exist_ok=True)
        self._verified: set[Path] = set()

    def save(self, *, phase: str, step: int, variables: Sequence[Any], state: Mapping[str, Any]) -> None:
        """Store the values of ``variables`` (of model and optimizer, in their order) before ``step`` of ``phase``.

        ``state`` is anything else that the run goes by, as JSON. Weights kept by :meth:`keep` are removed once no
        checkpoint that stays names them under ``kept``.
        """
        older = self._files()
        number = int(older[-1].name.split("-")[1]) + 1 if older else 0
        note = {"key": self.key, "phase": phase, "step": step, "state": dict(state)}
        self._write(f"checkpoint-{number:08d}", variables, note)
        for path in older[: 1 - KEPT]:
            path.unlink()
        named = {_note(path)["state"].get("kept") for path in self._files()}
        for path in self.dir.glob("kept-*.npz"):
            if path.name not in named:
                path.unlink()

    def restore(self, *, phase: str, variables: Sequence[Any]) -> tuple[int, dict[str, Any]] | None:
        """Put back what was stored last for ``phase``; the next step and the state.

        None, with nothing changed, where there is no checkpoint of this run and phase.

        Raises:
            CheckpointError: it is damaged, or of other variables.
        """
        note = self.note()
        if note is None or note["phase"] != phase:
            return None
        self._read(self._files()[-1], variables)
        return int(note["step"]), dict(note["state"])

    def note(self) -> dict[str, Any] | None:
        """What the newest checkpoint is of, or None where there is none of this run.

        Raises:
            CheckpointError: it is damaged.
        """
        files = self._files()
        if not files:
            return None
        self._verify(files[-1])
        note = _note(files[-1])
        return note if note["key"] == self.key else None

    def keep(self, step: int, variables: Sequence[Any]) -> str:
        """Store the values of ``variables`` beside the checkpoints; the name to put into the next one's state."""
        return self._write(f"kept-{step:08d}", variables, {}).name

    def restore_kept(self, name: str, variables: Sequence[Any]) -> None:
        """Put back what :meth:`keep` stored.

        Raises:
            CheckpointError: it is damaged, or of other variables.
        """
        self._verify(self.dir / name)
        self._read(self.dir / name, variables)

    def _files(self) -> list[Path]:
        return sorted(self.dir.glob("checkpoint-*.npz"))

    def _write(self, name: str, variables: Sequence[Any], note: Mapping[str, Any]) -> Path:
        arrays = {f"v{i}": np.asarray(variable.numpy()) for i, variable in enumerate(variables)}
        part = self.dir / f"{name}.part"
        with part.open("wb") as file:
            np.savez(file, note=np.array(json.dumps(note)), **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        path = self.dir / f"{name}-{_sha256(part)}.npz"
        os.replace(part, path)
        folder = os.open(self.dir, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._verified.add(path)
        return path

    def _verify(self, path: Path) -> None:
        if path in self._verified and path.is_file():
            return
        if not path.is_file() or _sha256(path) != path.stem.rsplit("-", 1)[1]:
            raise CheckpointError(
                f"{path} is damaged: remove it to go on from the checkpoint before it, or remove {self.dir} to begin "
                "anew."
            )
        self._verified.add(path)

    def _read(self, path: Path, variables: Sequence[Any]) -> None:
        with np.load(path, allow_pickle=False) as stored:
            values = [stored[name] for name in stored.files if name != "note"]
        if [tuple(value.shape) for value in values] != [tuple(variable.shape) for variable in variables]:
            raise CheckpointError(f"{path} is of another network: remove {self.dir} to begin anew.")
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _note(path: Path) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as stored:
        note: dict[str, Any] = json.loads(str(stored["note"]))
    return note


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
