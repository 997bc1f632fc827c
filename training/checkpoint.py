"""Checkpoints of a detector's training: after a kill the run goes on as if nothing had happened.

A checkpoint holds weights, optimizer state and the number of the next step, under a key of everything that decides the
run. The films of a step follow from seed and step, so the rest of the run sees what it would have seen. Written aside,
then renamed. No pickle.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np


class Checkpoint:
    """The one checkpoint of a run, in the folder ``dir`` beside its result."""

    def __init__(self, dir: Path, *, key: str) -> None:
        self.dir, self.key = dir, key
        self.dir.mkdir(parents=True, exist_ok=True)

    @property
    def _file(self) -> Path:
        return self.dir / "checkpoint.npz"

    def save(self, *, phase: str, step: int, variables: list[Any], seconds: float) -> None:
        """Store the values of ``variables`` (of model and optimizer, in their order) before ``step`` of ``phase``."""
        arrays = {f"v{i}": np.asarray(variable.numpy()) for i, variable in enumerate(variables)}
        note = json.dumps({"key": self.key, "phase": phase, "step": step, "seconds": seconds})
        part = self._file.with_suffix(".part.npz")
        np.savez(part, note=np.array(note), **arrays)  # type: ignore[arg-type]
        os.replace(part, self._file)

    def restore(self, *, phase: str, variables: list[Any]) -> tuple[int, float] | None:
        """Put back what was stored for ``phase``; the next step and the seconds used so far.

        None, with nothing changed, where there is no checkpoint of this run and phase.
        """
        note = self.note()
        if note is None or note["phase"] != phase:
            return None
        with np.load(self._file, allow_pickle=False) as stored:
            values = [stored[f"v{i}"] for i in range(len(variables))]
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return int(note["step"]), float(note["seconds"])

    def note(self) -> dict[str, Any] | None:
        """What the stored checkpoint is of, or None where there is none of this run."""
        if not self._file.is_file():
            return None
        with np.load(self._file, allow_pickle=False) as stored:
            note: dict[str, Any] = json.loads(str(stored["note"]))
        return note if note["key"] == self.key else None
