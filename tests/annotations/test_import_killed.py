"""The short form of ``python -m tests.soak.kill_import``: killed at random moments, nothing is lost or there twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.import_folder import plant
from tests.soak.kill_import import Site


@pytest.mark.timeout(240)
def test_killed_imports_lose_nothing_and_repeat_nothing() -> None:
    short = ("--files", "6", "--kills", "2", "--seed", "20240131", "--clinical")
    done = subprocess.run([sys.executable, "-m", "tests.soak.kill_import", *short], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills, 6 files each way: 0 faults" in done.stdout


@pytest.mark.timeout(120)
def test_the_audit_sees_what_is_lost(tmp_path: Path) -> None:
    export = tmp_path / "export"
    plant(export, count=3, seed=1)
    site = Site(tmp_path / "data", clinical=False)
    site.audit(export, "--arrive")
    (site.folder / "quarantine" / next((site.folder / "quarantine").glob("*.held")).name).unlink()
    assert site.audit(export) == ["an arrival that is lost"]
    site.put_in_order()
    next((site.folder / "objects").rglob("*.dcm")).unlink()
    found = [line for line in site.audit(export, "--final") if not line.startswith("=")]
    assert sorted(set(found)) == [
        "a file whose end was told and is lost",
        "a good film that is not there",
        "a radiograph without its three files",
        "an arrival that is lost",
    ]
