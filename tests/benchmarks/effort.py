"""What labelling a film costs by guided drawing, by the template and with the model's boxes, beside the goals.

``make bench-effort``. A labeller who knows the true boxes works each film in the three ways through the label page's
own map of keys, gestures and desk (`frontend/tests/effort`, in Node), and the page's own effort log counts: a key, a
click or a drag is one action; zoom and pan are left out. The rule is the same for every way: a suggestion may be
accepted only if its centre lies within 1.5 % of the picture's height of the truth and each side within 25 % of the true
length; else, and where nobody knows the truth, the labeller draws the box. What is handed in is checked.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

BY_NAME_ONLY = True
FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
OTHERS = "labelImg 52 (35 in advanced mode), Label Studio 35, CVAT about 84"
MODEL_MEDIAN_GOAL, MODEL_P90_GOAL = 6, 18
FEWEST_KNOWN = 9
"""A film with fewer known regions is worked, but not judged: its count would be invented."""
KINDS = {
    "rsna": "real hands with public boxes",
    "dha": "Digital Hand Atlas",
    "phantom": "drawn hands",
}
GOALS = {"guided": (18, 18), "template": (16, 30), "model": (1, 9)}


def main(arguments: list[str]) -> None:
    """Print each film's counts, each kind's medians, and the goals; status 0 only if all goals hold."""
    real_data = os.environ.get("BONEAGE_REAL_DATA", "")
    if not real_data:
        print("MISSED: no real radiographs. Set BONEAGE_REAL_DATA to the folder that holds rsna and dha.")
        sys.exit(1)
    rows = measure(Path(real_data))
    if "--films" in arguments:
        _print_films(rows)
    judged = [row for row in rows if row["known"] >= FEWEST_KNOWN]
    for row in rows:
        if row not in judged:
            print(f"not judged: {row['name']}, where only {row['known']} of 17 regions are known")
    print(f"\nactions a film; beside it: {OTHERS}")
    for way, (low, high) in GOALS.items():
        for kind, meaning in KINDS.items():
            of_kind = [row for row in judged if row["kind"] == kind]
            print(f"  {way:<9} {kind:<8} {_told(of_kind, way)}  {meaning}")
        print(f"  {way:<9} {'all':<8} {_told(judged, way)}  goal {low if low == high else f'{low}-{high}'}")
    sys.exit(_summary(judged))


def measure(real_data: Path) -> list[dict[str, Any]]:
    """One row a film: name, kind, known regions, and by way actions, accepted, wrong, without, unknown."""
    from tests.benchmarks.effort_films import films, model_boxes, shipped_pipeline

    pipeline, given, facts = shipped_pipeline(), [], {}
    for film in films(real_data):
        if not film.clicks:
            facts[film.name] = {"kind": film.kind, "known": len(film.truth)}
            continue
        given.append(
            {
                "name": film.name,
                "rows": film.pixels.shape[0],
                "columns": film.pixels.shape[1],
                "truth": {region: [*box] for region, box in film.truth.items()},
                "model": {region: [*box] for region, box in model_boxes(pipeline, film).items()},
                "clicks": [[*map(float, at)] for at in film.clicks],
            }
        )
        facts[film.name] = {"kind": film.kind, "known": len(film.truth)}
    counted = {row["name"]: row for row in _labelled(given)}
    return [{"name": name, **fact, **counted.get(name, {})} for name, fact in facts.items()]


def _labelled(films: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The front end's labeller, built as the page is, in Node."""
    npx, node = shutil.which("npx"), shutil.which("node")
    if npx is None or node is None:
        raise RuntimeError("Node is needed: run `.ci/setup test`, or `make bench-effort`, which does.")
    with tempfile.TemporaryDirectory() as out:
        build = [npx, "vite", "build", "--ssr", "tests/effort/labeller.ts", "--outDir", out, "--logLevel", "error"]
        subprocess.run(build, cwd=FRONTEND, check=True)
        done = subprocess.run(
            [node, str(next(Path(out).glob("labeller.*js")))], input=json.dumps(films), capture_output=True, text=True
        )
    if done.returncode:
        raise RuntimeError(f"the labeller stopped:\n{done.stderr[-2000:]}")
    return list(json.loads(done.stdout))


def _actions(rows: list[dict[str, Any]], way: str) -> list[int]:
    return sorted(row[way]["actions"] for row in rows)


def _p90(values: list[int]) -> float:
    return float(statistics.quantiles(values, n=10, method="inclusive")[-1])


def _told(rows: list[dict[str, Any]], way: str) -> str:
    values = _actions(rows, way)
    corrected = statistics.mean(row[way]["wrong"] + row[way]["without"] for row in rows)
    unknown = statistics.mean(row[way]["unknown"] for row in rows)
    spread = f"median {statistics.median(values):4.1f}  p90 {_p90(values):4.1f}  {values[0]:2d} to {values[-1]:2d}"
    return f"n {len(rows):2d}  {spread}  (drawn {corrected:4.1f} known, {unknown:3.1f} unknown regions)"


def _summary(rows: list[dict[str, Any]]) -> int:
    """The goals, each with its figure; 0 if all hold."""
    figures = []
    for way, (low, high) in GOALS.items():
        median = statistics.median(_actions(rows, way))
        figures.append(
            (f"{way}, median", median, f"<= {high}" if low == high else f"{low} to {high}, or fewer", median <= high)
        )
    model = _actions(rows, "model")
    figures.append(
        (
            "model, median, released model",
            statistics.median(model),
            f"<= {MODEL_MEDIAN_GOAL}",
            statistics.median(model) <= MODEL_MEDIAN_GOAL,
        )
    )
    figures.append(("model, p90, released model", _p90(model), f"<= {MODEL_P90_GOAL}", _p90(model) <= MODEL_P90_GOAL))
    print()
    for name, value, goal, holds in figures:
        print(f"{'holds ' if holds else 'MISSED'} {name:<32} {value:5.1f}   goal {goal}")
    missed = [name for name, _, _, holds in figures if not holds]
    print(
        f"{len(figures) - len(missed)} of {len(figures)} goals hold on {len(rows)} films"
        + (f"; missed: {', '.join(missed)}" if missed else "")
    )
    return 1 if missed else 0


def _print_films(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        ways = "  ".join(f"{way} {row[way]['actions']:2d}" for way in GOALS if way in row)
        print(f"{row['name']:<12} {row['known']:2d} known  {ways}")


if __name__ == "__main__":
    main(sys.argv[1:])
