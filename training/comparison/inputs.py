"""What a row of the comparison may learn from and look at. The labels of the test part are not in here."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.feature_rows import RegionFeatures
from training.snapshot import Snapshot, SnapshotError, SnapshotRadiograph
from training.squares import standardised

Floats = NDArray[np.float32]
Months = NDArray[np.float64]


@dataclass(frozen=True)
class Inputs:
    """Hands as a model sees them, in one order throughout.

    Attributes:
        radiographs: without their bone age, so that no row can look at it.
        seen: region features of these hands, in the same order.
        snapshot: where the pictures are read from.
    """

    radiographs: tuple[SnapshotRadiograph, ...]
    seen: RegionFeatures
    snapshot: Snapshot

    def __len__(self) -> int:
        return len(self.radiographs)

    @property
    def female(self) -> Floats:
        """[N] 1 for girls, 0 for boys."""
        return np.array([r.sex == "F" for r in self.radiographs], np.float32)

    @property
    def chronological_ages(self) -> Floats:
        """[N] months, as the snapshot states them: nothing else is ever put in their place.

        Raises:
            SnapshotError: a hand has none.
        """
        ages = [r.chronological_age_months for r in self.radiographs]
        if any(age is None for age in ages):
            raise SnapshotError(
                "A row with chronological age needs a snapshot in which every hand has one. It is not derived from "
                "anything else, least of all from a bone age."
            )
        return np.array(ages, np.float32)

    def squares(self, size_px: int) -> Floats:
        """[N, size, size] pictures squeezed into squares, each at mean 0 and standard deviation 1."""
        return np.stack([standardised(self.snapshot.picture(radiograph), size_px) for radiograph in self.radiographs])


@dataclass(frozen=True)
class Material:
    """What a row is given: hands to learn from, hands to choose on, and hands to answer for.

    Attributes:
        train, validation: with their bone ages [N] in months.
        test: without.
        sexed_channels: whether the last two numbers of a feature are the region's bone age as a boy's and a girl's.
    """

    train: Inputs
    train_ages: Months
    validation: Inputs
    validation_ages: Months
    test: Inputs
    sexed_channels: bool


@dataclass(frozen=True)
class Answer:
    """What a row said.

    Attributes:
        validation: bone ages [N validation] in months, or None where the model learnt from these hands too.
        test: bone ages [N test] in months.
        record: settings that were chosen, how many hands it learnt from, and the like; plain JSON values.
        half_widths: edges and half widths of the model's own interval, where it brings one.
    """

    validation: Months | None
    test: Months
    record: dict[str, Any]
    half_widths: tuple[tuple[float, ...], tuple[float, ...]] | None = None


def usable(radiographs: Sequence[SnapshotRadiograph], seen: RegionFeatures, regions_needed: int) -> list[str]:
    """Ids of the hands that every row can answer for: with a bone age, a sex and enough found regions.

    Raises:
        SnapshotError: on real hands the chronological ages are the bone ages, so they are no chronological ages.
    """
    found = dict(zip(seen.ids, (seen.scores > 0).sum(axis=1), strict=True))
    chosen = [
        r for r in radiographs if r.bone_age_months is not None and r.sex is not None and found[r.id] >= regions_needed
    ]
    copied = [r.chronological_age_months == r.bone_age_months for r in chosen]
    if len(chosen) > 1 and all(copied):
        raise SnapshotError("In this snapshot every chronological age is the bone age itself: it says nothing.")
    return [r.id for r in chosen]


def inputs_of(snapshot: Snapshot, seen: RegionFeatures, ids: Sequence[str]) -> tuple[Inputs, Months]:
    """Some hands as inputs, and their bone ages [N] in months apart from them."""
    known = {r.id: r for r in snapshot.radiographs}
    chosen = [known[id_] for id_ in ids]
    blind = tuple(dataclasses.replace(r, bone_age_months=None) for r in chosen)
    return Inputs(blind, seen.rows(ids), snapshot), np.array([r.bone_age_months for r in chosen], np.float64)
