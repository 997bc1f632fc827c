"""Losses as CSV, so that a run that is taken up again has the file that an unbroken one has."""

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path


class StepLog:
    """Rows of ``phase, step, ...`` appended to a file.

    A checkpoint remembers how long the file was (:meth:`on_disk`); what was written after it is cut off when the run
    is taken up again, as those steps come once more.
    """

    def __init__(self, path: Path, columns: Sequence[str], *, keep_bytes: int) -> None:
        self._columns = columns
        self._file = path.open("a", newline="", encoding="utf-8")
        self._file.truncate(keep_bytes)
        self._file.seek(0, os.SEEK_END)
        self._writer = csv.writer(self._file)
        if keep_bytes == 0:
            self._writer.writerow(["phase", "step", *columns])

    def add(self, phase: str, step: int, values: Mapping[str, float]) -> None:
        self._writer.writerow([phase, step, *(f"{values[name]:.5g}" for name in self._columns)])

    def on_disk(self) -> int:
        """Bring all rows to the disk; the length of the file in bytes."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
