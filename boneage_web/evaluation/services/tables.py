"""Case tables and the figures counted from them, both kept under the hash of what they were made from."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from django.core.cache import caches
from django.core.files.storage import default_storage

from annotations.base.errors import NotThere
from annotations.base.store import write_whole
from boneage_web.evaluation.models import Evaluation
from inference.statistics.case_filter import CaseFilter
from inference.statistics.case_table import CaseTable, CaseTableError, content_hash
from inference.statistics.figures.registry import VERSION, count

TABLES_IN_MEMORY = 3
"""Of 100 000 cases each takes about 30 MB."""
CACHE = "figures"
_reading = Lock()


def keep_table(table: CaseTable) -> str:
    """Write a table once; returns the hash that names it."""
    data = table.to_bytes()
    name = content_hash(data)
    if not default_storage.exists(_path(name)):
        write_whole(_path(name), data)
    return name


def load_table(name: str) -> CaseTable:
    """The table of this hash; the last ones stay in memory. A page asks for several figures at once: one reads.

    Raises:
        NotThere: its file is gone, or is not what it was.
    """
    with _reading:
        return _read(name)


@lru_cache(maxsize=TABLES_IN_MEMORY)
def _read(name: str) -> CaseTable:
    try:
        with default_storage.open(_path(name)) as file:
            data = file.read()
        if content_hash(data) != name:
            raise CaseTableError("it was changed")
        return CaseTable.from_bytes(data)
    except (OSError, CaseTableError) as error:
        raise NotThere(
            "case_table_gone",
            f"The cases of this evaluation cannot be read ({error}). Restore the file {_path(name)} from a backup, or "
            "evaluate again.",
        ) from error


def forget_tables() -> None:
    """Nothing stays in memory (tests)."""
    _read.cache_clear()


def figure_key(evaluation: Evaluation, name: str, wanted: CaseFilter, options: Mapping[str, Any]) -> str:
    """The name of a figure: everything that decides what it says."""
    said = [VERSION, evaluation.case_table, name, wanted.key(), dict(options)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def figure_json(evaluation: Evaluation, name: str, wanted: CaseFilter, options: Mapping[str, Any]) -> bytes:
    """A figure as JSON, counted once.

    Raises:
        NotThere: the evaluation's cases are gone.
        ValueError: an option that makes no sense.
    """
    key = figure_key(evaluation, name, wanted, options)
    kept = caches[CACHE].get(key)
    if isinstance(kept, bytes):
        return kept
    counted = count(name, load_table(evaluation.case_table), wanted, options).to_json()
    made = json.dumps({"figure": name, **counted}, allow_nan=False, ensure_ascii=False).encode()
    caches[CACHE].set(key, made)
    return made


def _path(name: str) -> str:
    return f"evaluation_cases/{name}.parquet"
