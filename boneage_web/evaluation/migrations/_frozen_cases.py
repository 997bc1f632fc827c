"""What 0002 counts and writes, as it was counted when it was written: a migration calls no code that goes on changing.

The same numbers and bytes as `inference/statistics` of that day: case tables of format 1, measures with bootstrap
intervals over films (old rows name no child), table 1 by year of age, and what filters offer.
"""

import hashlib
import io
import math

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FORMAT = b"chboneai-cases/1"
SEXES = ("F", "M")
RESAMPLES, SEED, MOST_UNITS, CELLS_AT_ONCE = 1000, 20181116, 2000, 200_000
LAST_YEAR = 18
TEXTS = ("id", "study")
WORDS = ("refusal", "rejected", "quality", "site", "device", "year")
NUMBERS = ("consensus", "single_read", "predicted", "without_age", "chronological", "low", "high")
ORDER = ("id", "study", "patient", "sex", *NUMBERS, *WORDS)


def table_bytes(rows):
    """Rows `{id, study, sex, consensus, predicted, chronological, low, high}` as a case table of format 1.

    Raises:
        ValueError: a case without sex or without an age of the model.
    """
    if any(row["sex"] not in SEXES or row["predicted"] is None for row in rows):
        raise ValueError("A case of an old evaluation has no sex or no age of the model.")
    arrays = [_column(name, rows) for name in ORDER]
    table = pa.Table.from_arrays(arrays, names=list(ORDER))
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({b"format": FORMAT}), out, compression="zstd")
    return out.getvalue()


def table_name(data):
    return hashlib.sha256(data).hexdigest()


def _column(name, rows):
    if name in TEXTS:
        return pa.array([str(row[name]) for row in rows], type=pa.string())
    if name == "patient":
        numbers = {}
        return pa.array(np.array([numbers.setdefault(row["id"], len(numbers)) for row in rows], dtype=np.int64))
    if name == "sex":
        return pa.array(np.array([SEXES.index(row["sex"]) for row in rows], dtype=np.int8))
    if name in WORDS:
        names = [""] if rows else []
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(rows), dtype=np.int32)), pa.array(names, type=pa.string()))
    values = [row.get(name) for row in rows]
    return pa.array(np.array([np.nan if value is None else value for value in values], dtype=np.float64))


def overall(rows):
    """n, MAE, bias, RMSE in months, each with its interval; None without cases."""
    if not rows:
        return None
    difference = np.array([row["predicted"] - row["consensus"] for row in rows], dtype=np.float64)
    size = np.abs(difference)
    columns = np.stack([np.ones_like(size), size, difference, difference**2, *((size <= m) * 1.0 for m in (6, 12, 24))], axis=1)
    drawn = _resampled(columns, [row["id"] for row in rows])
    total, n = columns.sum(axis=0), float(len(rows))
    return {
        "n": round(n),
        "mae_months": float(total[1] / n),
        "mae_interval_months": _interval(drawn, lambda sums: sums[:, 1] / sums[:, 0]),
        "bias_months": float(total[2] / n),
        "bias_interval_months": _interval(drawn, lambda sums: sums[:, 2] / sums[:, 0]),
        "rmse_months": float(np.sqrt(total[3] / n)),
        "rmse_interval_months": _interval(drawn, lambda sums: np.sqrt(sums[:, 3] / sums[:, 0])),
    }


def _resampled(columns, films):
    numbers = {}
    dense = np.array([numbers.setdefault(film, len(numbers)) for film in films])
    count = len(numbers)
    if count < 2:
        return None
    generator = np.random.default_rng(SEED)
    if count > MOST_UNITS:
        dense, count = (generator.permutation(count) % MOST_UNITS)[dense], MOST_UNITS
    by_unit = np.stack([np.bincount(dense, weights=column, minlength=count) for column in columns.T], axis=1)
    rows_at_once, sums = max(1, CELLS_AT_ONCE // count), []
    for start in range(0, RESAMPLES, rows_at_once):
        rows = min(rows_at_once, RESAMPLES - start)
        drawn = generator.integers(0, count, size=(rows, count), dtype=np.int64) + np.arange(rows)[:, None] * count
        sums.append(np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count) @ by_unit)
    return np.concatenate(sums)


def _interval(sums, statistic):
    if sums is None:
        return None
    lower, upper = np.quantile(statistic(sums), (0.025, 0.975))
    return [float(lower), float(upper)]


def table1(rows):
    """Girls and boys of each age year, by bone age and by chronological age."""
    return {
        "parts": ["all"] if rows else [],
        "n": len(rows),
        "bone_age": _counts(rows, "consensus"),
        "chronological_age": _counts(rows, "chronological"),
    }


def _counts(rows, age):
    counts = [dict.fromkeys(SEXES, 0) for _ in range(LAST_YEAR + 2)]
    left_out = 0
    for row in rows:
        if row[age] is None:
            left_out += 1
        else:
            counts[min(math.ceil(row[age] / 12), LAST_YEAR + 1)][row["sex"]] += 1
    bands = [("0", 0, 0), *((f"({year},{year + 1}]", year, year + 1) for year in range(LAST_YEAR)), (f">{LAST_YEAR}", LAST_YEAR, None)]
    return {
        "rows": [
            {"band": label, "from_years": low, "to_years": high, "parts": {"all": found} if rows else {}}
            for (label, low, high), found in zip(bands, counts, strict=True)
        ],
        "left_out": {"all": left_out} if rows else {},
    }


def offers(rows):
    """What a filter can be set to."""
    groups = {"none": len(rows)} if rows else {}
    return {
        "truths": {"consensus": len(rows), "single_read": 0},
        "subgroups": [{"by": name, "groups": dict(groups)} for name in ("site", "device", "year", "quality")],
        "has_chronological_age": any(row["chronological"] is not None for row in rows),
        "has_answers_without_age": False,
    }
