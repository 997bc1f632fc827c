"""The case table: one row a film, a column a fact. Every figure of an evaluation is counted from it and nothing else.

Made once by an evaluation and never changed; its bytes name it (:meth:`CaseTable.to_bytes`, sha256), so that whatever
was counted from it can be kept under that name. Ages are months; a value that nobody knows is NaN or "".
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

FORMAT = "chboneai-cases/1"
_FORMAT_KEY = b"format"

FEMALE, MALE = 0, 1
SEXES = ("F", "M")

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class CaseTableError(ValueError):
    """Columns that do not fit together, or bytes that are no case table."""


@dataclass(frozen=True)
class Category:
    """A column of few different words: their list, and for each row which one it is.

    Attributes:
        codes: int32 [n], places in `names`.
        names: different words.
    """

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def equals(self, name: str) -> NDArray[np.bool_]:
        """Which rows have this word; bool [n]."""
        if name not in self.names:
            return np.zeros(len(self.codes), dtype=bool)
        same: NDArray[np.bool_] = self.codes == self.names.index(name)
        return same

    def counts(self, rows: NDArray[np.bool_]) -> dict[str, int]:
        """How often each word but "" stands in the rows, most frequent first."""
        found = np.bincount(self.codes[rows], minlength=len(self.names))
        pairs = [(name, int(count)) for name, count in zip(self.names, found, strict=True) if name and count]
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    @classmethod
    def of(cls, values: Sequence[str]) -> Self:
        """The category of a list of words."""
        names = tuple(sorted(set(values)))
        place = {name: code for code, name in enumerate(names)}
        return cls(np.array([place[value] for value in values], dtype=np.int32), names)


@dataclass(frozen=True)
class CaseTable:
    """Columns of one length n; see the module. Rows keep the order in which the evaluation met the films.

    Attributes:
        id: film, no identity; str [n].
        study: study of this workplace, "" where there is none; str [n].
        patient: whose film it is, as a number, so that one child's films are drawn together; int64 [n].
        sex: :data:`FEMALE` or :data:`MALE`; int8 [n].
        consensus: approved bone age; float64 [n], as all that follow.
        single_read: first independent reading.
        predicted: the model's bone age; NaN where it refused.
        without_age: the same model's bone age when it is not told the chronological age; NaN where it never is.
        chronological: chronological age.
        low, high: the model's own interval.
        refusal: why the model gave no age, "" where it gave one; categories, as all that follow.
        rejected: why the film was not to be used (quality gate or a person), "" where it was.
        quality: first warning of the quality gate, "" without one.
        site, device, year: subgroups, "" where unknown.
    """

    id: NDArray[np.object_]
    study: NDArray[np.object_]
    patient: Rows
    sex: NDArray[np.int8]
    consensus: Floats
    single_read: Floats
    predicted: Floats
    without_age: Floats
    chronological: Floats
    low: Floats
    high: Floats
    refusal: Category
    rejected: Category
    quality: Category
    site: Category
    device: Category
    year: Category

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, field.name)) for field in fields(self)}
        if len(lengths) != 1:
            raise CaseTableError("All columns of a case table have the same length.")
        if not np.isin(self.sex, (FEMALE, MALE)).all():
            raise CaseTableError("Every case needs a sex: leave out films without one and say how many.")
        if (np.isnan(self.consensus) & np.isnan(self.single_read)).any():
            raise CaseTableError("Every case needs a truth: leave out films without one.")
        if (np.isnan(self.predicted) == self.refusal.equals("")).any():
            raise CaseTableError("A case has a predicted age or the reason why there is none.")
        for name in ("consensus", "single_read", "chronological"):
            if np.isinf(getattr(self, name)).any() or (getattr(self, name) < 0).any():
                raise CaseTableError(f"{name} must be months from 0 on.")
        for name in ("predicted", "without_age"):
            if np.isinf(getattr(self, name)).any():
                raise CaseTableError(f"{name} must be a finite number of months.")

    def __len__(self) -> int:
        return len(self.sex)

    @classmethod
    def from_rows(cls, rows: Sequence[dict[str, Any]]) -> Self:
        """From one dict a film; ``id``, ``sex`` (M or F) and a truth are needed, other columns may be left out.

        Raises:
            CaseTableError: a column that there is not, or values that do not fit together.
        """
        known = {field.name for field in fields(cls)}
        unknown = {name for row in rows for name in row} - known
        if unknown:
            raise CaseTableError(f"A case has no {', '.join(sorted(unknown))}.")
        columns: dict[str, Any] = {}
        for name in known - {"sex", "patient"}:
            values = [row.get(name) for row in rows]
            if name in _WORDS:
                columns[name] = Category.of([str(value or "") for value in values])
            elif name in _NAMES:
                columns[name] = _texts([value or "" for value in values])
            else:
                columns[name] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        # nobody knows better than that a film without a patient is a child of its own
        columns["patient"] = _numbered([str(row.get("patient") or f"film {row['id']}") for row in rows])
        columns["sex"] = np.array([_sex_code(row.get("sex")) for row in rows], dtype=np.int8)
        return cls(**columns)

    def to_bytes(self) -> bytes:
        """Parquet, compressed; the same table gives the same bytes with the same version of the library."""
        arrays = [_to_arrow(field.name, getattr(self, field.name)) for field in fields(self)]
        table = pa.Table.from_arrays(arrays, names=[field.name for field in fields(self)])
        out = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({_FORMAT_KEY: FORMAT.encode()}), out, compression="zstd")
        return out.getvalue()

    def films_hash(self) -> str:
        """sha256 of films and truths, in whatever order they stand: the same whichever model was asked."""
        order = np.argsort(self.id.astype(str), kind="stable")
        digest = hashlib.sha256("\n".join(str(film) for film in self.id[order]).encode())
        for truth in (self.consensus, self.single_read):
            digest.update(truth[order].astype("<f8").tobytes())
        return digest.hexdigest()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Back from :meth:`to_bytes`. Column by column: all at once takes half as much memory again.

        Raises:
            CaseTableError: the bytes are something else, or of another format.
        """
        try:
            file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
            written = (file.schema_arrow.metadata or {}).get(_FORMAT_KEY, b"").decode()
            if written != FORMAT:
                raise CaseTableError(f"This case table has the format {written!r}; {FORMAT!r} is read here.")
            columns = {
                name: _from_arrow(name, file.read(columns=[name], use_threads=False).column(name))
                for name in (field.name for field in fields(cls))
            }
        except pa.ArrowInvalid as error:
            raise CaseTableError(f"This is no case table ({error}).") from error
        return cls(**columns)


def content_hash(data: bytes) -> str:
    """The name of a table's bytes: sha256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


_NAMES = frozenset({"id", "study"})
_WORDS = frozenset({"refusal", "rejected", "quality", "site", "device", "year"})


def _texts(values: Sequence[str]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = [str(value) for value in values]
    return column


def _numbered(names: Sequence[str]) -> Rows:
    """The same number for the same name, in the order in which the names come: no pseudonym goes into the table."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def _sex_code(sex: object) -> int:
    if sex not in SEXES:
        raise CaseTableError("Every case needs a sex, M or F: leave out films without one and say how many.")
    return SEXES.index(str(sex))


def _to_arrow(name: str, column: Any) -> Any:
    if name in _WORDS:
        return pa.DictionaryArray.from_arrays(pa.array(column.codes), pa.array(column.names, type=pa.string()))
    return pa.array(column, type=pa.string() if name in _NAMES else None)


def _from_arrow(name: str, column: Any) -> Any:
    whole = column.combine_chunks()
    if name not in _WORDS:
        return whole.to_numpy(zero_copy_only=False)
    whole = whole.chunk(0) if hasattr(whole, "chunk") else whole
    codes = whole.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return Category(codes, tuple(whole.dictionary.to_pylist()))
