"""Rules of the house that no linter knows."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL_FOLDERS = {
    "annotations",
    "boneage_web",
    "docker",
    "docs",
    "frontend",
    "inference",
    "requirements",
    "tests",
    "training",
}


def _tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listing.splitlines() if (ROOT / line).is_file()]


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        # Put together here, so that this file does not name them either.
        (
            "a registry's host name",
            "|".join(("py" + r"pi\.org", "python" + "hosted", r"registry\." + "npmjs", r"deb\." + "debian")),
        ),
        ("a path of somebody's machine", r"(?<![\w.])/(home|Users)/\w+/"),
    ],
)
def test_no_file_names(rule: str, pattern: str) -> None:
    guilty = [str(path.relative_to(ROOT)) for path in _tracked_files() if re.search(pattern, _text(path))]
    assert not guilty, f"{rule} stands in {guilty}"


def test_top_level_folders_are_the_layers() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in _tracked_files() if len(path.relative_to(ROOT).parts) > 1}
    assert {folder for folder in folders if not folder.startswith(".")} == TOP_LEVEL_FOLDERS


def test_no_file_name_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "misc", "common"}
    code = [path for path in _tracked_files() if path.suffix in {".py", ".ts", ".tsx"}]
    assert code
    assert not [str(path) for path in code if path.stem.lower() in empty]


def test_no_medical_image_is_committed() -> None:
    pictures = {".dcm", ".dicom", ".jpg", ".jpeg", ".tif", ".tiff"}
    assert not [str(path) for path in _tracked_files() if path.suffix.lower() in pictures]


def test_locks_carry_a_hash_for_every_package() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        blocks = re.split(r"\n(?=[a-zA-Z0-9])", lock.read_text())
        pinned = [block for block in blocks if re.match(r"[A-Za-z0-9_.\[\]-]+==", block)]
        assert pinned, lock
        assert all("--hash=sha256:" in block for block in pinned), lock


def test_every_relative_link_in_the_documentation_leads_somewhere() -> None:
    pages = [path for path in _tracked_files() if path.suffix == ".md"]
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not broken
