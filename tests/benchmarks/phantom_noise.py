"""What a drawn hand holds of its bone age: the error of somebody who sees the state of every centre exactly.

    python -m tests.benchmarks.phantom_noise --snapshot CLINIC

Every centre of a drawn child is early or late by some months of its own (`training/phantom/schedule.py`), so that even
the true states give the bone age back only so well. For a snapshot of `phantom-snapshot` the children are drawn once
more, without their films: boosted trees (scikit-learn) learn the bone age from sex and each centre's progress and
months since fusion on the training part, and answer for the test part. No film's error can be much below this one.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from inference.statistics.bootstrap import bootstrap_interval
from training.phantom.clinic import draw_child
from training.phantom.schedule import centre_growth
from training.snapshot import read_snapshot

BY_NAME_ONLY = True
BANDS = ((24, 60), (60, 96), (96, 132), (132, 168), (168, 204))


def _states(number: int, seed: int) -> tuple[list[float], float]:
    """What can be known of a child's centres, and its bone age in months."""
    child = draw_child(number, seed)
    growing = np.random.default_rng([seed * 100_000 + number, 2])  # the stream of `render_phantom`
    growth = centre_growth(bone_age_months=child.bone_age_months, sex=child.sex, rng=growing)
    row = [float(child.sex == "M")]
    for centre in growth.values():
        row += [centre.progress if centre.visible else -1.0, centre.fused_for_months or 0.0]
    return row, child.bone_age_months


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--snapshot", type=Path, required=True, help="made by phantom-snapshot")
    args = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    data = read_snapshot(args.snapshot)
    seed = int(data.radiographs[0].id.split("-")[1])
    parts = {}
    for part in ("train", "test"):
        drawn = [_states(int(radiograph.id.split("-")[2]), seed) for radiograph in data.part(part)]
        parts[part] = (np.array([row for row, _ in drawn]), np.array([age for _, age in drawn]))
    model = HistGradientBoostingRegressor(max_iter=600, learning_rate=0.05, random_state=0)
    model.fit(*parts["train"])
    states, truth = parts["test"]
    errors = np.abs(model.predict(states) - truth)
    boys = states[:, 0] > 0
    print(json.dumps({"n": len(errors), "mae_months": float(errors.mean()), "interval": bootstrap_interval(errors)}))
    for first, last in BANDS:
        inside = (truth >= first) & (truth < last)
        cells = [
            f"{name} {errors[inside & chosen].mean():.2f} (n {np.count_nonzero(inside & chosen)})"
            for name, chosen in (("girls", ~boys), ("boys", boys))
        ]
        print(f"{first // 12} to {last // 12} years: {', '.join(cells)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
