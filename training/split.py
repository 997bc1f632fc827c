"""Who belongs to which part: decided once per patient, from the pseudonym alone.

A patient's part follows from a keyed hash of the pseudonym (HMAC-SHA256), so it does not change when others are added,
and detector, age head and every baseline see the same one. `by_date` holds back the latest patients instead.
Splitting by radiograph would let a child's second visit tell the model about its first.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from training.snapshot import Part


class Split(Protocol):
    """Assigns every patient to one part and can say how, for the manifest."""

    def part_of(self, patient: str) -> Part: ...

    def to_json(self) -> dict[str, Any]: ...


def _check_shares(test_share: float, validation_share: float) -> None:
    if not (0 <= test_share < 1 and 0 <= validation_share < 1):
        raise ValueError(f"Shares must be at least 0 and less than 1, not {test_share} and {validation_share}.")


def hash_fraction(key: str, patient: str, purpose: str) -> float:
    """A number in [0, 1) that looks random and depends on key, patient and purpose only."""
    digest = hmac.new(key.encode(), f"{purpose}:{patient}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


@dataclass(frozen=True)
class HashSplit:
    """At random by patient, from a keyed hash.

    Attributes:
        seed: the key of the hash; it stands in the manifest, so anyone can repeat the split.
        test_share: share of all patients in the test part, before those in `always_test`.
        validation_share: share of the remaining patients in the validation part.
        always_test: patients that belong to the test part whatever their hash says.
        test_locked: evaluations on the test part are counted and shown as used up.
    """

    seed: int
    test_share: float = 0.2
    validation_share: float = 0.1
    always_test: frozenset[str] = field(default_factory=frozenset)
    test_locked: bool = False

    def __post_init__(self) -> None:
        _check_shares(self.test_share, self.validation_share)

    @property
    def key(self) -> str:
        return f"chboneai-split-{self.seed}"

    def part_of(self, patient: str) -> Part:
        if patient in self.always_test or hash_fraction(self.key, patient, "test") < self.test_share:
            return "test"
        return "validation" if hash_fraction(self.key, patient, "validation") < self.validation_share else "train"

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "patient_hash",
            "seed": self.seed,
            "key": self.key,
            "test_share": self.test_share,
            "validation_share": self.validation_share,
            "always_test": len(self.always_test),
            "test_locked": self.test_locked,
        }


@dataclass(frozen=True)
class DateSplit:
    """By date: the patients seen last are the test part, those before them the validation part.

    A patient counts by the last visit, so that no visit of a test patient is ever trained on. Patients of one day are
    kept together. Make one with :meth:`fit`.
    """

    last_visit: Mapping[str, date]
    validation_from: date
    test_from: date
    test_share: float
    validation_share: float
    test_locked: bool = False

    @classmethod
    def fit(
        cls,
        last_visit: Mapping[str, date],
        *,
        test_share: float = 0.2,
        validation_share: float = 0.1,
        test_locked: bool = False,
    ) -> "DateSplit":
        """Find the two days that part the patients in about the given shares (validation: of those not in test)."""
        _check_shares(test_share, validation_share)
        if not last_visit:
            raise ValueError("A split by date needs at least one patient with a date.")
        days = sorted(last_visit.values())
        test_from = _day_at(days, 1 - test_share)
        earlier = [day for day in days if day < test_from]
        validation_from = _day_at(earlier, 1 - validation_share) if earlier else test_from
        return cls(
            dict(last_visit), min(validation_from, test_from), test_from, test_share, validation_share, test_locked
        )

    def part_of(self, patient: str) -> Part:
        if patient not in self.last_visit:
            raise ValueError(f"Patient {patient} has no date; a split by date needs one for each.")
        day = self.last_visit[patient]
        if day >= self.test_from:
            return "test"
        return "validation" if day >= self.validation_from else "train"

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "patient_date",
            "test_from": self.test_from.isoformat(),
            "validation_from": self.validation_from.isoformat(),
            "test_share": self.test_share,
            "validation_share": self.validation_share,
            "test_locked": self.test_locked,
        }


@dataclass(frozen=True)
class TestOnly:
    """Every patient in the test part: a set that is only ever evaluated on."""

    __test__ = False  # not a test class, whatever pytest thinks of its name
    test_locked: bool = False

    def part_of(self, patient: str) -> Part:
        return "test"

    def to_json(self) -> dict[str, Any]:
        return {"kind": "test_only", "test_share": 1.0, "validation_share": 0.0, "test_locked": self.test_locked}


def _day_at(days: list[date], share: float) -> date:
    """The day at a share of a sorted list; one past the last day when the share reaches its end."""
    position = round(share * len(days))
    return days[position] if position < len(days) else date.fromordinal(days[-1].toordinal() + 1)
