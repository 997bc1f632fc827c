"""Made-up cases of an evaluation: random, seeded, with everything that a real table may hold."""

from typing import Any

import numpy as np

from inference.statistics.case_table import CaseTable
from inference.statistics.paper import PARTS, age_distribution, mae_by_band


def made_rows(n: int, *, seed: int = 0, with_age: bool = True) -> list[dict[str, Any]]:
    """Rows of a case table: about 3 % refused, 5 % rejected films, two sites and some films of an unknown one."""
    generator = np.random.default_rng(seed)
    truth = generator.uniform(2, 216, n)
    error = generator.normal(0.5, 6, n)
    chronological = np.clip(truth + generator.normal(0, 14, n), 0, 216)
    rows = []
    for i in range(n):
        refused = generator.random() < 0.03
        rows.append(
            {
                "id": f"film-{i}",
                "patient": f"child-{i // 2 if i % 10 == 1 else i}",
                "sex": "FM"[int(generator.random() < 0.5)],
                "consensus": float(truth[i]),
                "single_read": float(max(0.0, truth[i] + generator.normal(0, 5))),
                "predicted": None if refused else float(max(0.0, truth[i] + error[i])),
                "chronological": float(chronological[i]) if with_age else None,
                "low": None if refused else float(max(0.0, truth[i] + error[i] - 11)),
                "high": None if refused else float(truth[i] + error[i] + 11),
                "refusal": "too_few_regions" if refused else "",
                "rejected": "hand_cut_off" if generator.random() < 0.05 else "",
                "quality": str(generator.choice(["", "", "", "hand_turned"])),
                "site": str(generator.choice(["A", "B", ""])),
                "device": str(generator.choice(["X", "Y"])),
                "year": str(2016 + int(generator.random() * 3)),
            }
        )
    return rows


def made_table(n: int, *, seed: int = 0, with_age: bool = True) -> CaseTable:
    """A case table of :func:`made_rows`."""
    return CaseTable.from_rows(made_rows(n, seed=seed, with_age=with_age))


def paper_cohort(seed: int = 2018) -> list[dict[str, Any]]:
    """13 087 synthetic children in the sizes of the paper's table 1.

    Each gets a bone age drawn within its band, and an estimate whose error has about the size of the paper's table 3.

    Returns:
        dicts with ``part``, ``sex``, ``bone_age_months``, ``chronological_age_months`` and ``predicted_months``.
    """
    generator = np.random.default_rng(seed)
    rows = []
    for sizes, errors in zip(age_distribution(), mae_by_band(), strict=True):
        for part in PARTS:
            for sex in ("F", "M"):
                count = sizes[part][sex]
                truth = generator.uniform(sizes["from_years"] * 12 + 0.05, sizes["to_years"] * 12, count)
                spread = errors[sex] * 12 * np.sqrt(np.pi / 2)  # a normal error of this SD has that mean size
                predicted = np.maximum(truth + generator.normal(0, spread, count), 0)
                age = np.clip(truth + generator.normal(0, 13, count), 1, 220)
                rows += [
                    {
                        "part": part,
                        "sex": sex,
                        "bone_age_months": float(t),
                        "chronological_age_months": float(a),
                        "predicted_months": float(p),
                    }
                    for t, a, p in zip(truth, age, predicted, strict=True)
                ]
    return rows
