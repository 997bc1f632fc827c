"""The labels table: who is on the picture, of which sex, with which bone age."""

import csv
from dataclasses import dataclass
from pathlib import Path

from training.snapshot import Sex, SnapshotError

_SEX: dict[str, Sex] = {"m": "M", "f": "F", "male": "M", "female": "F", "true": "M", "false": "F"}
"""`male` in the challenge's own table is True or False."""


@dataclass(frozen=True, slots=True)
class Label:
    """One row; the patient is the picture itself where the table names none."""

    id: str
    patient: str
    sex: Sex | None
    bone_age_months: float | None
    chronological_age_months: float | None


def read_labels(path: Path) -> dict[str, Label]:
    """Read the challenge's own table (`id, boneage, male`) or one with our names.

    Our names are `id, sex, bone_age_months` and, optionally, `patient` and `chronological_age_months`.

    Raises:
        SnapshotError: columns are not there, an id stands twice, or a value makes no sense.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    labels: dict[str, Label] = {}
    for number, row in enumerate(rows, start=2):
        label = _label({(key or "").strip().lower(): (value or "").strip() for key, value in row.items()}, number)
        if label.id in labels:
            raise SnapshotError(f"Line {number} of the labels names {label.id} a second time.")
        labels[label.id] = label
    if not labels:
        raise SnapshotError(f"{path} has no rows.")
    return labels


def _label(row: dict[str, str], number: int) -> Label:
    sex_text = row.get("sex", row.get("male"))
    age_text = row.get("bone_age_months", row.get("boneage"))
    if not row.get("id") or sex_text is None or age_text is None:
        raise SnapshotError(
            f"Line {number} of the labels: the columns id, sex (or male) and bone_age_months (or boneage) are needed."
        )
    if sex_text and sex_text.lower() not in _SEX:
        raise SnapshotError(f"Line {number} of the labels: sex {sex_text!r} is neither M nor F.")
    return Label(
        id=row["id"],
        patient=row.get("patient") or row["id"],
        sex=_SEX[sex_text.lower()] if sex_text else None,
        bone_age_months=_months(age_text, number),
        chronological_age_months=_months(row.get("chronological_age_months", ""), number),
    )


def _months(text: str, number: int) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 300:
        raise SnapshotError(f"Line {number} of the labels: {text!r} is no age in months.")
    return value
