"""``kill -9`` at random moments of an import: afterwards every file is exactly once imported, refused or waiting.

``python -m tests.soak.kill_import --files 500 --kills 20 --seed 1``. Two ways, each with a data folder of its own and
half of the kills: ``manage.py import_dicom FOLDER``, begun again after each kill; and gate processes that work off a
quarantine filled beforehand. Checked after every kill, and once more when an import that nobody kills has finished the
rest. Prints one line a kill and a summary; the exit status is 0 only if nothing was ever lost or there twice.
"""

import argparse
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from boneage_web.vault.keys import make_pair
from tests.prepared import put_databases
from tests.soak.import_folder import Planted, plant, summary

WAYS = ("command", "gate")
GATES = 2
MOMENT_SECONDS = 0.6
"""A film takes about half of it: the blow falls anywhere within one or two films."""
SILENT_SECONDS = 120.0
"""A gate that ends no film for so long hangs."""

_PUT_IN_ORDER = """
import django; django.setup()
from annotations.services import gate
gate.sweep()
gate.work_off()
"""


class Site:
    """A data folder, and processes that work on it."""

    def __init__(self, folder: Path, *, clinical: bool) -> None:
        self.folder = folder
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
        self.environment = inherited | {
            "BONEAGE_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev",
            "OMP_NUM_THREADS": "1",
        }
        if clinical:
            public, _ = make_pair(folder / "vault_keys")
            self.environment |= {"BONEAGE_MODE": "clinical", "BONEAGE_VAULT_PUBLIC_KEY_FILE": str(public)}
        put_databases(folder, clinical=clinical)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, bufsize=1,
        )  # fmt: skip

    def run(self, *arguments: str, may_refuse: bool = False) -> str:
        done = subprocess.run([sys.executable, *arguments], env=self.environment, capture_output=True, text=True)
        if done.returncode not in ((0, 1) if may_refuse else (0,)):
            raise RuntimeError(f"{arguments}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def put_in_order(self) -> None:
        """What `manage.py serve` does at its start, and what its gate processes do then."""
        self.run("-c", _PUT_IN_ORDER)

    def audit(self, export: Path, *more: str) -> list[str]:
        """What is wrong, seen by a process of its own."""
        return self.run("-m", "tests.soak.audit_import", str(export), *more).splitlines()


def by_command(site: Site, planted: list[Planted], folder: Path, kills: int, chance: random.Random) -> Iterator[int]:
    """Kill the command after so many files and a moment more, and begin it again; yields how many it had told of."""
    for after in _marks(len(planted), kills, chance):
        delay_seconds = chance.uniform(0, MOMENT_SECONDS)
        while (told := _begun_and_killed(site, folder, after, delay_seconds)) is None:
            delay_seconds /= 4  # the import was over before
        yield told
    site.run("manage.py", "import_dicom", str(folder), "--json", may_refuse=True)


def _begun_and_killed(site: Site, folder: Path, after: int, delay_seconds: float) -> int | None:
    """How many files the command had told of; None when it ended by itself before it was killed."""
    process = site.start("manage.py", "import_dicom", str(folder), "--json")
    assert process.stdout is not None
    told = sum(1 for _ in itertools.islice(process.stdout, after))
    time.sleep(delay_seconds)
    process.kill()
    process.communicate()
    return told if process.returncode == -signal.SIGKILL else None


def by_gate(site: Site, planted: list[Planted], folder: Path, kills: int, chance: random.Random) -> Iterator[int]:
    """Fill the quarantine, then kill one of the gate processes at a time and start another; yields files ended."""
    site.audit(folder, "--arrive")
    gates = [site.start("manage.py", "gate") for _ in range(GATES)]
    try:
        for ended_before in _marks(len(planted), kills, chance):
            ended = _wait_until_ended(site, len(planted), ended_before)
            time.sleep(chance.uniform(0, MOMENT_SECONDS))
            victim = chance.randrange(GATES)
            gates[victim].kill()
            gates[victim].communicate()
            yield ended
            gates[victim] = site.start("manage.py", "gate")
        _wait_until_ended(site, len(planted), len(planted))
    finally:
        for gate in gates:
            gate.send_signal(signal.SIGTERM)
        for gate in gates:
            gate.communicate(timeout=60)


def _marks(files: int, kills: int, chance: random.Random) -> list[int]:
    """After how many files to kill; not at the very end, where there may be nothing left to interrupt."""
    return sorted(chance.randrange(files * 9 // 10) for _ in range(kills))


def _wait_until_ended(site: Site, total: int, count: int) -> int:
    """Until so many files have left the quarantine."""
    changed_at, before = time.monotonic(), -1
    while True:
        ended = total - sum(1 for _ in (site.folder / "quarantine").glob("*.held"))
        if ended >= count:
            return ended
        if ended != before:
            changed_at, before = time.monotonic(), ended
        if time.monotonic() - changed_at > SILENT_SECONDS:
            raise RuntimeError("the gate hangs")
        time.sleep(0.02)


def soak(way: str, *, files: int, kills: int, seed: int, clinical: bool, folder: Path) -> int:
    """One way, wholly; returns how many faults were found."""
    started = time.monotonic()
    planted = plant(folder / "export", count=files, seed=seed)
    print(f"{way}: {files} files ({summary(planted)}), {kills} kills, {'clinical' if clinical else 'research'} mode")
    site = Site(folder / "data", clinical=clinical)
    steps = by_command if way == "command" else by_gate
    faults: list[str] = []
    for ended in steps(site, planted, folder / "export", kills, random.Random(f"{seed} {way}")):
        found = site.audit(folder / "export", *(["--ended", str(ended)] if way == "command" else []))
        faults += found
        print(f"  killed after {ended} files: {len(found)} faults", *found[:5], sep="\n    ", flush=True)
    site.put_in_order()
    found = site.audit(folder / "export", "--final")
    last = [line for line in found if line.startswith("=")]
    faults += [line for line in found if line not in last]
    print(f"  in the end: {len(found) - len(last)} faults", *found[:9], sep="\n    ")
    print(f"  {time.monotonic() - started:.0f} s", flush=True)
    return len(faults)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", choices=WAYS, action="append", help="both when none is named")
    parser.add_argument("--clinical", action="store_true", help="with the identity vault")
    options = parser.parse_args()
    ways = options.way or list(WAYS)
    faults = 0
    for number, way in enumerate(ways):
        share = options.kills // len(ways) + (number < options.kills % len(ways))
        folder = Path(tempfile.mkdtemp(prefix="boneage-kills-"))
        try:
            faults += soak(
                way, files=options.files, kills=share, seed=options.seed, clinical=options.clinical, folder=folder
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.kills} kills, {options.files} files each way: {faults} faults (goal 0)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
