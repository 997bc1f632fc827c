"""The comparison as JSON (for pages) and as Markdown (for people). Months throughout; errors are estimate - truth."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.standards.bone_age_sd import age_class, sds
from inference.statistics.age_bands import AGE_BANDS, age_band
from inference.statistics.bootstrap import bootstrap_interval
from training.comparison.inputs import Inputs, Months
from training.comparison.table import ROW_BY_NAME
from training.conformal import half_widths_by_age
from training.snapshot import Snapshot

FORMAT = "chboneai-comparison/1"
NOMINAL_COVERAGE = 0.9
SD_TABLE = "gp1959_brush"
Flags = NDArray[np.bool_]


def comparison_report(
    *,
    snapshot: Snapshot,
    hands: Inputs,
    truths: Months,
    validation_truths: Months,
    finished: Mapping[str, Sequence[Mapping[str, Any]]],
    pairs: Sequence[tuple[str, str]],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything that the table says, as plain JSON values.

    Args:
        truths: [N] bone ages of the test hands.
        finished: row -> what each of its seeds said (see `training.comparison.run`).
        pairs: rows whose difference is wanted; a pair with a row that is not finished is left out.
    """
    patients = [r.patient for r in hands.radiographs]
    groups = _groups(hands, truths)
    errors: dict[str, NDArray[np.float64]] = {}  # row -> [seeds, N] estimate - truth
    rows = []
    for name, seeds in finished.items():
        row = ROW_BY_NAME[name]
        errors[name] = np.array([one["test_months"] for one in seeds]) - truths
        rows.append(
            {
                "row": name,
                "title_en": row.title_en,
                "title_zh": row.title_zh,
                "uses": list(row.uses),
                "seeds": [one["seed"] for one in seeds],
                **{kind: _measured_in(by, errors[name], patients) for kind, by in groups.items()},
                "per_seed": [_per_seed(one, errors[name][i]) for i, one in enumerate(seeds)],
                "interval": _coverage(seeds, truths, validation_truths, groups),
            }
        )
    return {
        "format": FORMAT,
        "snapshot": {"name": snapshot.manifest["name"], "hash": snapshot.hash, "source": snapshot.manifest["source"]},
        "synthetic": snapshot.synthetic,
        "with_chronological_age": any("chronological_age" in ROW_BY_NAME[name].uses for name in finished),
        "n": len(truths),
        **about,
        "rows": rows,
        "differences": [
            _difference(first, second, errors, patients)
            for first, second in pairs
            if first in errors and second in errors
        ],
    }


def _measured_in(by: Mapping[str, Flags], errors: NDArray[np.float64], patients: Sequence[str]) -> dict[str, Any]:
    return {
        label: measured(errors[:, where], [p for p, there in zip(patients, where, strict=True) if there])
        for label, where in by.items()
    }


def measured(errors: NDArray[np.float64], patients: Sequence[str]) -> dict[str, Any] | None:
    """n, MAE with its 95 % interval, bias and RMSE over seeds of errors [seeds, n]; None without a hand.

    The seeds' absolute errors are averaged hand by hand and the hands are drawn anew, all of a patient together.
    """
    if errors.shape[1] == 0:
        return None
    absolute = np.abs(errors).mean(axis=0)
    interval = patient_interval(absolute, patients)
    of_seeds = np.abs(errors).mean(axis=1)
    return {
        "n": errors.shape[1],
        "mae_months": float(absolute.mean()),
        "mae_interval_months": None if interval is None else list(interval),
        "mae_sd_over_seeds_months": float(of_seeds.std(ddof=1)) if len(of_seeds) > 1 else None,
        "bias_months": float(errors.mean()),
        "rmse_months": float(np.sqrt((errors**2).mean(axis=1)).mean()),
    }


def patient_interval(values: NDArray[np.float64], patients: Sequence[str]) -> tuple[float, float] | None:
    """95 % bootstrap interval of the mean of `values` [n] where patients, not hands, are drawn with replacement."""
    names, place = np.unique(np.asarray(patients), return_inverse=True)
    sums, counts = np.bincount(place, values, len(names)), np.bincount(place, minlength=len(names))

    def means(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
        picks = drawn.astype(np.int64)
        return np.asarray(sums[picks].sum(axis=1) / counts[picks].sum(axis=1))

    return bootstrap_interval(np.arange(len(names)), means)


def _difference(
    first: str, second: str, errors: Mapping[str, NDArray[np.float64]], patients: Sequence[str]
) -> dict[str, Any]:
    each = np.abs(errors[first]).mean(axis=0) - np.abs(errors[second]).mean(axis=0)
    interval = patient_interval(each, patients)
    return {
        "first": first,
        "second": second,
        "difference_months": float(each.mean()),
        "interval_months": None if interval is None else list(interval),
    }


def _per_seed(one: Mapping[str, Any], errors: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "seed": one["seed"],
        "mae_months": float(np.abs(errors).mean()),
        "bias_months": float(errors.mean()),
        "rmse_months": float(np.sqrt((errors**2).mean())),
        "seconds": one["seconds"],
        "record": one["record"],
    }


def _groups(hands: Inputs, truths: Months) -> dict[str, dict[str, Flags]]:
    """Groups of test hands: all, by sex, by band of bone age, and by class where chronological ages are known."""
    sexes = np.array([r.sex for r in hands.radiographs])
    bands = np.array([age_band(float(truth)).label for truth in truths])
    groups = {
        "overall": {"all": np.ones(len(truths), bool)},
        "by_sex": {sex: sexes == sex for sex in ("F", "M")},
        "by_band": {band.label: bands == band.label for band in AGE_BANDS if (bands == band.label).any()},
    }
    if all(r.chronological_age_months is not None for r in hands.radiographs):
        classes = np.array(
            [
                age_class(sds(SD_TABLE, r.sex, r.chronological_age_months, float(truth))) or "no_reference"  # type: ignore[arg-type]
                for r, truth in zip(hands.radiographs, truths, strict=True)
            ]
        )
        groups["by_class"] = {str(name): classes == name for name in np.unique(classes)}
    return groups


def _coverage(
    seeds: Sequence[Mapping[str, Any]],
    truths: Months,
    validation_truths: Months,
    groups: Mapping[str, Mapping[str, Flags]],
) -> dict[str, Any]:
    """How often the interval held the truth. Half widths come from the validation part's errors by band of predicted
    age, or are the model's own; rounds and settings were chosen on those hands too, which makes them a little small."""
    inside, widths = [], []
    for one in seeds:
        if one["half_widths"] is not None:
            edges, half = one["half_widths"]
        elif one["validation_months"] is not None:
            known = np.array(one["validation_months"])
            edges, half = half_widths_by_age(known, known - validation_truths, coverage=NOMINAL_COVERAGE)
        else:
            raise ValueError(f"Row {one['row']} has neither validation ages nor an interval of its own.")
        ages = np.array(one["test_months"])
        width = np.array(half)[np.searchsorted(edges, ages, side="right")]
        inside.append(np.abs(ages - truths) <= width)
        widths.append(2 * width)
    held = np.array(inside).mean(axis=0)

    def share(where: Flags) -> dict[str, Any]:
        return {"n": int(where.sum()), "coverage": float(held[where].mean()) if where.any() else None}

    return {
        "nominal_coverage": NOMINAL_COVERAGE,
        "median_width_months": float(np.median(widths)),
        **{kind: {label: share(where) for label, where in by.items()} for kind, by in groups.items()},
    }


def markdown(report: Mapping[str, Any]) -> str:
    """The table for people."""
    counts = report["counts"]
    lines = [
        f"# Comparison on {report['snapshot']['name']}" + (" (SYNTHETIC)" if report["synthetic"] else ""),
        "",
        f"RESEARCH USE ONLY. Snapshot {report['snapshot']['hash'][:12]}, detector {report['detector'][:12]}. Learnt "
        f"from {counts['train']} hands, chosen on {counts['validation']}, all on the same {report['n']} test hands; "
        f"{counts['test_refused']} more have fewer than {report['regions_needed']} regions found.",
    ]
    if report["synthetic"] and report["with_chronological_age"]:
        lines += [
            "",
            "**Drawn films and drawn chronological ages: what an age is worth follows from how it was drawn.**",
        ]
    lines += [
        "",
        "| row | MAE months (95 % interval) | years | SD of seeds | bias | RMSE | girls | boys | 90 % interval held |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_line(row) for row in report["rows"]),
        "",
        "| difference of the mean absolute errors, months (below 0: the first is better) | | 95 % interval |",
        "|---|---|---|",
        *(
            f"| {one['first']} - {one['second']} | {one['difference_months']:+.2f} "
            f"| {_interval(one['interval_months'], '+.2f')} |"
            for one in report["differences"]
        ),
    ]
    if any("by_class" in row for row in report["rows"]):
        lines += ["", *_by_class(report["rows"])]
    lines += ["", *_by_band(report["rows"])]
    if report["left_out"]:
        left_out = "; ".join(f"{name}: {why}" for name, why in report["left_out"].items())
        lines += ["", f"Not in the table: {left_out}."]
    return "\n".join(lines) + "\n"


def _line(row: Mapping[str, Any]) -> str:
    overall, held = row["overall"]["all"], row["interval"]["overall"]["all"]["coverage"]
    spread = overall["mae_sd_over_seeds_months"]
    girls, boys = (_mae(row["by_sex"][sex]) for sex in ("F", "M"))
    over_seeds = "" if spread is None else f"{spread:.2f}"
    return (
        f"| {row['title_en']} (`{row['row']}`) "
        f"| {overall['mae_months']:.2f} {_interval(overall['mae_interval_months'])} "
        f"| {overall['mae_months'] / 12:.3f} | {over_seeds} | {overall['bias_months']:+.2f} "
        f"| {overall['rmse_months']:.2f} | {girls} | {boys} | {held:.1%} |"
    )


def _mae(found: Mapping[str, Any] | None) -> str:
    return "" if found is None else f"{found['mae_months']:.2f} (n {found['n']})"


def _interval(interval: Sequence[float] | None, form: str = ".2f") -> str:
    return "" if interval is None else f"({interval[0]:{form}} to {interval[1]:{form}})"


def _by_class(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = list(rows[0]["by_class"])
    return _matrix(rows, names, f"row, by class of the truth ({SD_TABLE}): MAE months and bias", _with_bias, "by_class")


def _by_band(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Coverage by band; the errors by band stand in the JSON."""
    names = list(rows[0]["by_band"]) if rows else []

    def held(row: Mapping[str, Any], name: str) -> str:
        return f"{row['interval']['by_band'][name]['coverage']:.0%}"

    title = "row, share of truths inside the 90 % interval, by year of bone age"
    sizes = ["n", *(str(rows[0]["by_band"][name]["n"]) for name in names)] if rows else []
    body = _matrix(rows, names, title, held, "by_band")
    return [*body[:2], "| " + " | ".join(sizes) + " |", *body[2:]] if rows else []


def _matrix(
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    title: str,
    cell: Callable[[Mapping[str, Any], str], str],
    kind: str,
) -> list[str]:
    return [
        f"| {title} | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
        *(f"| {row['row']} | " + " | ".join(cell(row, name) for name in names) + " |" for row in rows if kind in row),
    ]


def _with_bias(row: Mapping[str, Any], name: str) -> str:
    found = row["by_class"][name]
    return "" if found is None else f"{found['mae_months']:.2f}, {found['bias_months']:+.2f} (n {found['n']})"
