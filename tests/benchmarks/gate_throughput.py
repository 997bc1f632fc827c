"""Films a minute and core through the whole gate, where the time goes, and whether memory stays flat.

Drawn films of 1500 x 1000 pixels, 12 of 16 bits, with a name in header and pixels, each through the services that a
gate process calls (``annotations.services.gate.work_off``), on an embedded database in a folder of its own. One thread
of arithmetic, so that a figure is one of a core. ``python -m tests.benchmarks gate_throughput`` runs the short form,
``python -m tests.benchmarks.gate_throughput --films 5000 --rows 160 --columns 120`` the long one for memory.
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

BY_NAME_ONLY = True
WARM_UP_SHARE = 0.1
DIFFERENT_FILMS = 24
GROWTH_GOAL_MB = 100
"""Resident memory after the last film, above what it was when the first tenth had gone through."""

_STAGES = {
    "decode": "inference.imaging.deidentify.stored_values",
    "find hand": "inference.imaging.deidentify.find_hand",
    "clean pixels": "inference.imaging.deidentify.cleaned",
    "text check": "inference.imaging.text_check.written_lines",
    "residual scan": "inference.imaging.deidentify.assert_no_identity",
    "read clean copy": "annotations.services.admit.read_film",
    "display copy": "annotations.services.admit.display_image",
    "quality gate": "inference.imaging.quality.assess",
    "store": "annotations.services.film_store.store_copies",
    "rows": "annotations.services.admit._commit",
}


def main(arguments: list[str]) -> int:
    """Print one JSON object; 1 if memory grew by more than the goal."""
    parser = argparse.ArgumentParser(prog="gate_throughput")
    parser.add_argument("--films", type=int, default=40)
    parser.add_argument("--rows", type=int, default=1500)
    parser.add_argument("--columns", type=int, default=1000)
    given = parser.parse_args(arguments)
    told = measure(films=given.films, rows=given.rows, columns=given.columns)
    print(json.dumps(told), flush=True)
    return 0 if told["growth_mb"] <= GROWTH_GOAL_MB else 1


def measure(*, films: int, rows: int = 1500, columns: int = 1000) -> dict[str, Any]:
    """Take films in, one after another, and say how long it took and what memory did."""
    folder = Path(tempfile.mkdtemp(prefix="boneage-gate-"))
    try:
        _start(folder)
        return _measured(films, rows, columns)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> None:
    """Django on a database of its own; once a process."""
    os.environ |= {"BONEAGE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}
    import cv2
    import django
    from django.core.management import call_command

    cv2.setNumThreads(1)
    django.setup()
    call_command("migrate", verbosity=0)


def _measured(films: int, rows: int, columns: int) -> dict[str, Any]:
    from annotations.services import gate, intake
    from annotations.states import Door

    drawn = list(_drawn(min(films, DIFFERENT_FILMS), rows, columns))
    seconds: dict[str, float] = defaultdict(float)
    outcomes: dict[str, int] = defaultdict(int)
    memory: list[float] = []
    intake.receive(data=drawn[0](-1), filename="", by=None)  # loads the networks, which every process does once
    began, busy = time.perf_counter(), time.process_time()
    with ExitStack() as stack:
        for stage, path in _STAGES.items():
            stack.enter_context(_timed(path, seconds, stage))
        for number in range(films):
            data = drawn[number % len(drawn)](number)
            arrival = intake.arrive(data=data, by=None, door=Door.C_STORE)
            gate.work_off()
            outcome = intake.outcome_of(arrival)
            assert outcome is not None
            outcomes[str(outcome.outcome)] += 1
            memory.append(_resident_mb())
    wall, processor = time.perf_counter() - began, time.process_time() - busy
    settled = memory[min(len(memory) - 1, max(1, int(films * WARM_UP_SHARE)))]
    return {
        "films": films,
        "rows": rows,
        "columns": columns,
        "films_a_minute": round(60 * films / wall, 1),
        "films_a_minute_of_processor": round(60 * films / processor, 1),
        "seconds_a_film": round(wall / films, 3),
        "share": {stage: round(value / wall, 3) for stage, value in sorted(seconds.items(), key=lambda kv: -kv[1])},
        "outcomes": dict(outcomes),
        "resident_mb_after_warm_up": round(settled),
        "resident_mb_at_the_end": round(memory[-1]),
        "growth_mb": round(memory[-1] - settled),
        "resident_mb_peak": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _drawn(count: int, rows: int, columns: int) -> Iterator[Callable[[int], bytes]]:
    """Films of one picture each; a number makes another child, and so another film, of it."""
    from training.phantom.patient import phantom_patient
    from training.phantom.phantom import render_phantom
    from training.phantom.wrap import phantom_dicom

    for seed in range(count):
        sex: Any = "F" if seed % 2 else "M"
        phantom = render_phantom(
            bone_age_months=40 + 7 * seed, sex=sex, seed=seed, size=(rows, columns), mirrored=False
        )

        def film(number: int, phantom: Any = phantom, sex: Any = sex) -> bytes:
            patient = phantom_patient(
                seed=1000 + number, sex=sex, chronological_age_months=120.0, study_date=date(2019, 4, 2)
            )
            return phantom_dicom(phantom, patient=patient)

        yield film


def _timed(path: str, seconds: dict[str, float], stage: str) -> Any:
    module, _, name = path.rpartition(".")
    genuine = getattr(__import__(module, fromlist=[name]), name)

    def call(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return genuine(*arguments, **named)
        finally:
            seconds[stage] += time.perf_counter() - began

    return patch(path, call)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
