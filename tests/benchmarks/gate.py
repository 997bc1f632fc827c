"""The DICOM gate's goals in a short form: each figure beside its goal, the summary last; status 0 only if all hold.

``make bench-gate``. The long forms, with intervals that mean something, are in docs/benchmarks.md. Parts that need real
radiographs are missed, and said to be, where ``BONEAGE_REAL_DATA`` is not set.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, tell

BY_NAME_ONLY = True
SEED = 1
FILMS_WITH_A_NAME, FILMS_WITHOUT = 10, 20
HANDS, UNHARMED_HANDS = 40, 600
FILMS_THROUGH_THE_GATE = 12
STORED_FILMS = 16


def main(arguments: list[str]) -> None:
    """Print the figures of the parts named, or of all."""
    sys.exit(tell(figure for name in arguments or PARTS for figure in PARTS[name]()))


def text() -> Iterator[Figure]:
    """Names burned into pixels (must show 3)."""
    from tests.benchmarks import burned_in_names

    real_data = _real_data()
    told = burned_in_names.measure(FILMS_WITH_A_NAME, SEED, real_data, real_films=FILMS_WITHOUT, phantoms=4)
    readable, of = told["readable_in_released"], told["readable_in_released_of"]
    yield Figure("readable text in what is released", f"{readable} of {of}", "0", readable == 0)
    held, of = told["real_without_name_blocked"], told["real_without_name_blocked_of"]
    share = held / of if of else 1.0
    yield Figure("real films without a name that are blocked", _share(held, of), "<= 5 %", bool(of) and share <= 0.05)


def quality() -> Iterator[Figure]:
    """Faults of real hands (must show 4)."""
    from tests.benchmarks import film_quality

    real_data = _real_data()
    if real_data is None:
        yield Figure("quality gate on real hands", "no real radiographs", ">= 97 %, >= 90 %, <= 3 %", False)
        return
    told = film_quality.measure(count=HANDS, unharmed=UNHARMED_HANDS, seed=SEED, real_data=real_data)
    for fault, row in told["rows"].items():
        if row["goal"] is None:
            yield Figure(fault, _share(row["found"], row["n"]))
            continue
        share = row["found"] / max(1, row["n"])
        if fault == "false alarm":
            yield Figure(fault, _share(row["found"], row["n"]), f"<= {row['goal']:.0%}", share <= row["goal"])
        else:
            yield Figure(fault, _share(row["found"], row["n"]), f">= {row['goal']:.0%}", share >= row["goal"])


def throughput() -> Iterator[Figure]:
    """The whole gate on 1500 x 1000 (must show 5)."""
    from tests.benchmarks.gate_throughput import GROWTH_GOAL_MB

    told = _in_a_process("gate_throughput", "--films", str(FILMS_THROUGH_THE_GATE))
    speed = told["films_a_minute"]
    yield Figure("films a minute and core through the whole gate", f"{speed}", ">= 15", speed >= 15)
    yield Figure("  of it", ", ".join(f"{stage} {share:.0%}" for stage, share in list(told["share"].items())[:4]))
    growth = told["growth_mb"]
    yield Figure(
        "growth of memory after the warm-up, MB", f"{growth}", f"<= {GROWTH_GOAL_MB}", growth <= GROWTH_GOAL_MB
    )


def store() -> Iterator[Figure]:
    """C-STORE from four associations while the web is used (must show 5)."""
    told = _in_a_process("dicom_store_load", "--films", str(STORED_FILMS))
    accepted = told["accepted"]
    yield Figure(
        "C-STORE, four associations: accepted", _share(accepted, STORED_FILMS), "all", accepted == STORED_FILMS
    )
    yield Figure("films a second accepted", f"{told['films_a_second']}")
    slow, goal = told["p95_seconds_under_load"], told["goal_p95_seconds"]
    yield Figure("answers of the web meanwhile, p95 in seconds", f"{slow}", f"<= {goal}", slow <= goal)


PARTS = {"text": text, "quality": quality, "throughput": throughput, "store": store}


def _real_data() -> Path | None:
    folder = os.environ.get("BONEAGE_REAL_DATA")
    return Path(folder) if folder else None


def _in_a_process(module: str, *arguments: str) -> dict[str, Any]:
    """Of a benchmark that sets Django up for a data folder of its own, which can be done once a process."""
    # its status says whether its own goals hold, which is judged here once more
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return dict(json.loads(ran.stdout[ran.stdout.index("{") :]))


def _share(found: int, of: int) -> str:
    return f"{found} of {of} ({found / of:.1%})" if of else "none measured"


if __name__ == "__main__":
    main(sys.argv[1:])
