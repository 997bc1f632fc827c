"""The hostile file through other people's de-identifiers, beside ours: what is left in the header and in the picture.

The other tools are no dependencies of this project. Two steps, the second in an environment of theirs that has one or
more of dicom-anonymizer, dicognito and deid::

    python -m tests.benchmarks.deidentification_tools --make FOLDER
    python tests/benchmarks/deidentification_tools.py --use FOLDER
"""

import argparse
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # run by path in an environment that lacks the project

from tests.factories.marks import remaining

HEADING = (
    "| tool | version | identifiers left of {} (header and between elements) | in unused bits of the pixels | "
    "texts left of 4 in the picture | PatientIdentityRemoved |\n|---|---|---|---|---|---|"
)
KEY = b"a key of the benchmark, 32 bytes "


def make(folder: Path) -> None:
    """Writes the hostile film, its marks and where its letters are; prints the row of this project."""
    from inference.imaging.deidentify import deidentify
    from tests.factories.hostile import hostile_film
    from tests.factories.unread import UNREAD

    film = hostile_film()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hostile.dcm").write_bytes(film.data)
    (folder / "marks.json").write_text(json.dumps(film.marks), encoding="utf-8")
    np.save(folder / "letters.npy", film.letters)
    clean = deidentify(film.data, key=KEY, **UNREAD)
    print(HEADING.format(len(film.marks)))
    print(row("this project", "", clean.data, folder))


def use(folder: Path) -> None:
    """Prints a row for each tool that this interpreter can import."""
    for package, clean in TOOLS.items():
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
        work = folder / package
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        source = work / "hostile.dcm"
        shutil.copyfile(folder / "hostile.dcm", source)
        try:
            print(row(package, version, clean(source, work / "out"), folder), flush=True)
        except Exception as error:
            print(f"| {package} | {version} | failed: {type(error).__name__} | | | |", flush=True)


def row(tool: str, version: str, data: bytes, folder: Path) -> str:
    """One line of the table."""
    marks = tuple(json.loads((folder / "marks.json").read_text(encoding="utf-8")))
    left = remaining(data, marks)
    dataset = pydicom.dcmread(BytesIO(data), force=True)
    removed = str(dataset.get("PatientIdentityRemoved", "absent"))
    before = _cells((folder / "hostile.dcm").read_bytes())
    after = _cells(data)
    if after.shape != before.shape:
        return f"| {tool} | {version} | {len(left)} | | another picture | {removed} |"
    hidden = "left" if np.array_equal(after >> 12, before >> 12) else "0"
    letters = np.load(folder / "letters.npy")
    texts = sum(_still_there(before & 0xFFF, after & 0xFFF, letters & part) for part in _quarters(letters.shape))
    return f"| {tool} | {version} | {len(left)} | {hidden} | {texts} | {removed} |"


def _cells(data: bytes) -> np.ndarray:
    dataset = pydicom.dcmread(BytesIO(data), force=True)
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    return np.frombuffer(dataset.PixelData, "<u2", count=rows * columns).reshape(rows, columns)


def _quarters(shape: tuple[int, ...]) -> list[np.ndarray]:
    """One text stands in each corner of the picture."""
    down, across = (np.arange(side) < side // 2 for side in shape)
    return [(down[:, None] == top) & (across[None] == left) for top in (True, False) for left in (True, False)]


def _still_there(before: np.ndarray, after: np.ndarray, letters: np.ndarray) -> bool:
    return bool(np.mean(before[letters] == after[letters]) > 0.1)


def _dicom_anonymizer(source: Path, target: Path) -> bytes:
    from dicomanonymizer import anonymize_dicom_file

    anonymize_dicom_file(str(source), str(target))
    return target.read_bytes()


def _dicognito(source: Path, target: Path) -> bytes:
    from dicognito.anonymizer import Anonymizer

    dataset = pydicom.dcmread(source)
    Anonymizer(seed="benchmark").anonymize(dataset)
    dataset.save_as(target, enforce_file_format=False)
    return target.read_bytes()


def _deid(source: Path, target: Path) -> bytes:
    from deid.dicom import get_identifiers, replace_identifiers

    target.mkdir()
    identifiers = get_identifiers([str(source)])
    written = replace_identifiers(
        [str(source)], ids=identifiers, save=True, overwrite=True, output_folder=str(target), remove_private=True
    )
    return Path(written[0]).read_bytes()


TOOLS: dict[str, Callable[[Path, Path], bytes]] = {
    "dicom-anonymizer": _dicom_anonymizer,
    "dicognito": _dicognito,
    "deid": _deid,
}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--make", type=Path)
    parser.add_argument("--use", type=Path)
    options = parser.parse_args(arguments)
    if options.make is None and options.use is None:
        print("needs --make FOLDER or --use FOLDER: see the top of the file")
    if options.make is not None:
        make(options.make)
    if options.use is not None:
        use(options.use)


if __name__ == "__main__":
    main(sys.argv[1:])
