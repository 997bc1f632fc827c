"""Rows with features that nobody learnt: grey values reduced by PCA, and histograms of oriented gradients.

Each with ridge regression. Of the literature's methods beside which the paper stands (its table 2), PCA of grey values
and hand-made gradients can be rebuilt; the others need outlines or templates of bones that no data here has.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from training.comparison.inputs import Answer, Floats, Inputs, Material
from training.comparison.rows import Context, Fit

ALPHAS = (1.0, 10.0, 100.0, 1000.0, 10000.0)
HOG_SIDE_PX, HOG_CELL_PX = 96, 12
GREY_SIDE_PX = 64
GREY_COMPONENTS = (50, 200)

Doubles = NDArray[np.float64]


def hog(squares: Floats) -> Floats:
    """[N, side, side] standardised pictures -> [N, D] histograms of oriented gradients (Dalal and Triggs 2005).

    Nine directions, cells of 12 px, blocks of two by two cells that overlap by one.
    """
    cell, block = (HOG_CELL_PX,) * 2, (2 * HOG_CELL_PX,) * 2
    describe = cv2.HOGDescriptor((HOG_SIDE_PX,) * 2, block, cell, cell, 9)
    bytes_ = np.clip(squares * 40 + 90, 0, 255).astype(np.uint8)
    return np.stack([np.asarray(describe.compute(one), np.float32).ravel() for one in bytes_])


def hog_ridge(*, with_sex: bool) -> Fit:
    """Ridge regression on :func:`hog`."""

    def fit(material: Material, seed: int, context: Context) -> Answer:
        described = [hog(hands.squares(HOG_SIDE_PX)) for hands in (material.train, material.validation, material.test)]
        return _ridge(material, [(described, {"columns": described[0].shape[1]})], with_sex)

    return fit


def grey_ridge(*, with_sex: bool) -> Fit:
    """Ridge regression on the first components of the grey values; how many is chosen on the validation part."""

    def fit(material: Material, seed: int, context: Context) -> Answer:
        parts = [
            hands.squares(GREY_SIDE_PX).reshape(len(hands), -1)
            for hands in (material.train, material.validation, material.test)
        ]
        count = min(max(GREY_COMPONENTS), *parts[0].shape)
        pca = PCA(count, svd_solver="randomized", random_state=seed).fit(parts[0])
        reduced = [pca.transform(part) for part in parts]
        sizes = sorted({min(size, count) for size in GREY_COMPONENTS})
        return _ridge(material, [([r[:, :size] for r in reduced], {"columns": size}) for size in sizes], with_sex)

    return fit


def _ridge(material: Material, candidates: list[tuple[list[Floats], dict[str, int]]], with_sex: bool) -> Answer:
    """The best candidate and penalty on the validation part."""
    best: tuple[float, Doubles, Doubles, dict[str, float]] | None = None
    hands = (material.train, material.validation, material.test)
    for parts, about in candidates:
        mean, spread = parts[0].mean(axis=0), parts[0].std(axis=0) + 1e-6
        train, held_back, test = (
            _with_sex((part - mean) / spread, one, with_sex) for part, one in zip(parts, hands, strict=True)
        )
        for alpha, predict in _solutions(train, material.train_ages):
            ages = predict(held_back)
            error = float(np.abs(ages - material.validation_ages).mean())
            if best is None or error < best[0]:
                best = (error, ages, predict(test), {**about, "alpha": alpha})
    if best is None:
        raise ValueError("There is nothing to choose from.")
    error, ages, answers, chosen = best
    record = {"learnt_from": len(material.train), "chosen": chosen, "validation_mae_months": round(error, 3)}
    return Answer(np.maximum(ages, 0), np.maximum(answers, 0), record)


def _with_sex(features: Floats, hands: Inputs, with_sex: bool) -> Doubles:
    """Features, and with the sex beside them every feature's own slope for it: girls mature earlier, not by a constant
    number of months."""
    if not with_sex:
        return features.astype(np.float64)
    sign = (2 * hands.female - 1)[:, None]
    return np.concatenate([features, features * sign, sign], axis=1).astype(np.float64)


def _solutions(table: Doubles, ages: Doubles) -> list[tuple[float, Callable[[Doubles], Doubles]]]:
    """(penalty, predictor) for each of :data:`ALPHAS`; the intercept is not penalised."""
    mean, centre = table.mean(axis=0), float(ages.mean())
    centred = table - mean
    few = len(centred) < centred.shape[1]  # fewer hands than columns: the smaller of the two equal systems
    gram = centred @ centred.T if few else centred.T @ centred
    found = []
    for alpha in ALPHAS:
        penalised = gram + alpha * np.eye(len(gram))
        if few:
            weights = centred.T @ np.linalg.solve(penalised, ages - centre)
        else:
            weights = np.linalg.solve(penalised, centred.T @ (ages - centre))
        found.append((alpha, _predictor(weights, mean, centre)))
    return found


def _predictor(weights: Doubles, mean: Doubles, centre: float) -> Callable[[Doubles], Doubles]:
    return lambda table: np.asarray((table - mean) @ weights + centre)
