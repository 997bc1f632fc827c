"""``make soak``: the long runs, one after another, each with its own verdict; status 0 only if all hold.

Hours, not minutes: run it overnight, with ``BONEAGE_REAL_DATA`` set. A short, seeded form of each is among the tests or
in ``make bench-gate``.
"""

import os
import subprocess
import sys
import time

BLINDING = "tests/boneage_web/test_blinding_everywhere.py"
RUNS = (
    ("mutated DICOM for an hour", ("tests.soak.fuzz_dicom", "--seconds", "3600", "--seed", "1")),
    (
        "kill -9 at twenty moments of an import of 500 files",
        ("tests.soak.kill_import", "--files", "500", "--kills", "20"),
    ),
    ("kill -9 at forty steps of the migrations", ("tests.soak.kill_migrate", "--kills", "40", "--seed", "1")),
    (
        "the same on PostgreSQL",
        ("tests.services", "--", sys.executable, "-m", "tests.soak.kill_migrate", "--kills", "40", "--seed", "2"),
    ),
    ("thirty deaths and cancellations of runs", ("tests.soak.deaths", "--moments", "30", "--seed", "1")),
    (
        "the same on PostgreSQL and Redis",
        ("tests.services", "--", sys.executable, "-m", "tests.soak.deaths", "--moments", "30", "--seed", "2"),
    ),
    ("a thousand mishaps while somebody labels", ("tests.soak.chaos", "--moments", "1000", "--seed", "2")),
    (
        "memory over 5000 films",
        ("tests.benchmarks.gate_throughput", "--films", "5000", "--rows", "160", "--columns", "120"),
    ),
    (
        "names in the pixels of 500 films",
        ("tests.benchmarks.burned_in_names", "--films", "500", "--real-films", "9999"),
    ),
    (
        "blinding in every stage for every pair of roles",
        ("pytest", "-q", "-m", "thorough", BLINDING),
    ),
    ("the whole of it on PostgreSQL", ("tests.services", "--", sys.executable, "-m", "pytest", "-q", BLINDING)),
    ("faults of all real hands", ("tests.benchmarks.film_quality",)),
)


def main() -> int:
    """Run all; those that fail are named at the end."""
    failed = []
    environment = os.environ | {"BONEAGE_THOROUGH": "1"}
    for name, command in RUNS:
        began = time.monotonic()
        print(f"== {name}: python -m {' '.join(command)}", flush=True)
        status = subprocess.run([sys.executable, "-m", *command], env=environment, check=False).returncode
        print(f"== {name}: status {status} after {(time.monotonic() - began) / 60:.0f} minutes\n", flush=True)
        if status:
            failed.append(name)
    print(f"{len(RUNS) - len(failed)} of {len(RUNS)} hold" + (f"; failed: {'; '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
