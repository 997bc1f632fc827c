"""Installing without internet: what is packed (dry), and an install from a small folder of the same form."""

import hashlib
import os
import subprocess
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.production.compose_files import DOCKER, compose

MANAGE = "import sys, tiny_package; sys.exit(0 if sys.argv[1] == 'check' else 2)\n"


def test_what_would_be_packed() -> None:
    done = subprocess.run(
        ["bash", DOCKER / "make-offline.sh", "--dry-run", "/nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not Path("/nowhere").exists()
    for lock in ("base", "ml-cpu"):
        assert (
            f"--require-hashes --only-binary :all: --dest /nowhere/wheels --requirement requirements/{lock}.lock"
            in (done.stdout)
        )
    assert "git archive" in done.stdout
    assert "frontend/dist" in done.stdout
    assert "docker save" in done.stdout or "no container engine answers" in done.stdout


def test_every_image_of_the_compose_files_is_packed() -> None:
    pattern = r"s/^ *image: \(postgres:[^ ]*\|redis:[^ ]*\)$/\1/p"
    assert pattern in (DOCKER / "make-offline.sh").read_text()
    files = sorted(DOCKER.glob("compose*.yml"))
    found = subprocess.run(["sed", "-n", pattern, *files], capture_output=True, text=True, check=True).stdout.split()
    images = {one["image"] for path in files for one in compose(path.name)["services"].values() if "image" in one}
    assert set(found) == {image for image in images if not image.startswith("chboneai-")}


def tiny_wheel() -> bytes:
    """A package with one empty module."""
    info = "tiny_package-1.0.dist-info"
    files = {
        "tiny_package.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny-package\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A folder as make-offline.sh leaves it, of a program that needs one package."""
    folder = tmp_path / "packed"
    (folder / "wheels").mkdir(parents=True)
    wheel = tiny_wheel()
    (folder / "wheels" / "tiny_package-1.0-py3-none-any.whl").write_bytes(wheel)
    lock = f"tiny-package==1.0 --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n"
    with tarfile.open(folder / "program.tar.gz", "w:gz") as archive:
        for name, text in {
            "manage.py": MANAGE,
            "requirements/base.lock": lock,
            "requirements/ml-cpu.lock": lock,
        }.items():
            entry = tarfile.TarInfo(f"chboneai/{name}")
            entry.size = len(text)
            archive.addfile(entry, BytesIO(text.encode()))
    (folder / "install.sh").write_bytes((DOCKER / "install-offline.sh").read_bytes())
    write_sums(folder)
    return folder


def write_sums(folder: Path) -> None:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "SHA256SUMS"]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n" for path in paths]
    (folder / "SHA256SUMS").write_text("".join(lines))


def install(folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1", "PYTHONPATH": ""}
    return subprocess.run(
        ["bash", folder / "install.sh", target], env=environment, capture_output=True, text=True, check=False
    )


def test_it_installs_without_an_index_and_once(packed: Path, tmp_path: Path) -> None:
    target = tmp_path / "opt"
    done = install(packed, target)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list((target / "chboneai" / ".venv").glob("lib/python3.11/site-packages/tiny_package.py"))
    again = install(packed, target)
    assert again.returncode != 0
    assert "exists" in again.stderr


def test_a_damaged_folder_installs_nothing(packed: Path, tmp_path: Path) -> None:
    wheel = next((packed / "wheels").iterdir())
    wheel.write_bytes(wheel.read_bytes() + b"x")
    done = install(packed, tmp_path / "opt")
    assert done.returncode != 0
    assert "damaged" in done.stderr
    assert not (tmp_path / "opt").exists()

    write_sums(packed)  # somebody who changes a wheel and its sum is stopped by the hash of the lock
    done = install(packed, tmp_path / "opt")
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
