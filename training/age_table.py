"""From region features to what the trees are fitted on: groups, their reduction, and rows with gaps on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from inference.age_head import AgeHeadSettings, Floats, Pooling, Reduction, grouped, table_for_trees
from training.feature_rows import RegionFeatures
from training.snapshot import SnapshotRadiograph

GAP_SHARE = 0.15
"""Share of fitted hands of which a second copy with one to three groups missing is fitted too: few real training hands
lack a type of region, and the trees must still learn a way for those that do."""


@dataclass(frozen=True)
class Hands:
    """Hands with a known sex and bone age, in one order throughout; `groups_of` is cached by pooling."""

    radiographs: tuple[SnapshotRadiograph, ...]
    seen: RegionFeatures
    learnt_from: NDArray[np.bool_]
    """[N] whether a hand lies in the training part."""

    @property
    def ages(self) -> Floats:
        return np.array([r.bone_age_months for r in self.radiographs], np.float32)

    @property
    def sexes(self) -> list[str]:
        return [str(r.sex) for r in self.radiographs]

    @property
    def chronological_ages(self) -> list[float | None]:
        return [r.chronological_age_months for r in self.radiographs]

    def groups(self, pooling: Pooling) -> Floats:
        """[N, groups, F], NaN where a group has no found region."""
        return grouped(self.seen.features, self.seen.scores, pooling)


def fit_reduction(groups: Floats, *, components: int, sexed_channels: bool, seed: int) -> Reduction:
    """One PCA per group over the hands in which it was found, [groups, components, D]; D is without sexed channels.

    A group found in fewer hands than components keeps as many axes as there are, the rest are zeros.
    """
    body = groups[..., :-2] if sexed_channels else groups
    means = np.zeros(body.shape[1:], np.float32)
    axes = np.zeros((body.shape[1], components, body.shape[2]), np.float32)
    for index in range(body.shape[1]):
        found = body[np.isfinite(body[:, index, 0]), index]
        if len(found) < 2:
            continue
        count = min(components, len(found) - 1, found.shape[1])
        pca = PCA(count, svd_solver="randomized" if min(found.shape) > 2 * count else "full", random_state=seed)
        pca.fit(found)
        means[index], axes[index, :count] = pca.mean_, pca.components_
    return Reduction(means, axes)


def with_gaps(groups: Floats, rows: Sequence[int], seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """Copies of some of `rows` with one to three groups made missing, and which rows they are copies of."""
    random = np.random.default_rng(seed)
    picks = random.permutation(np.asarray(rows, np.int64))[: round(GAP_SHARE * len(rows))]
    copies = groups[picks].copy()
    for copy in copies:
        gone = random.choice(groups.shape[1], size=random.integers(1, min(3, groups.shape[1] - 1) + 1), replace=False)
        copy[gone] = np.nan
    return copies, picks


def tree_table(
    hands: Hands, groups: Floats, reduction: Reduction, settings: AgeHeadSettings, rows: NDArray[np.int64]
) -> Floats:
    """The trees' input for some hands; `groups` holds one row for each of `rows`."""
    return table_for_trees(
        groups,
        [hands.sexes[i] for i in rows],
        [hands.chronological_ages[i] for i in rows],
        reduction,
        settings,
    )
