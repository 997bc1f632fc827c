"""Where the end-to-end network looks: how far its age moves when a patch of the picture is covered.

    python -m training heat-map --whole-picture DIR --snapshot S --ids ID ... --out DIR

The paper's first piece of future work asks for such maps. Covering patches is slower than following gradients and says
what it shows: months, on the very network, with no choice of a layer.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.explain import HeatMap, occlusion_map
from inference.progress import OnProgress, Progress
from training.baselines.whole_picture import WholePictureModel
from training.snapshot import SnapshotError, read_snapshot
from training.squares import standardised

Floats = NDArray[np.float32]

PATCH_SHARE, STEP_SHARE = 0.16, 0.04
FULL_COLOUR_MONTHS = 12.0
"""A patch that moves the age by a year or more has the full colour, on every map alike."""


def heat_map(model: WholePictureModel, picture: NDArray[np.generic], sex: str) -> HeatMap:
    """The map of one picture [rows, columns]; patches are counted in the network's square of `size_px`.

    Raises:
        ValueError: sex neither M nor F.
    """
    if sex not in ("M", "F"):
        raise ValueError(f"The network needs a sex, M or F, not {sex!r}.")
    size = model.config.size_px
    sign = (1.0 if sex == "M" else -1.0) if model.config.with_sex else 0.0

    def ages_of(pictures: Sequence[Floats]) -> list[float]:
        sexes = np.full((len(pictures), 1), sign, np.float32)
        raw = model.network.predict((np.stack(pictures)[..., None], sexes), batch_size=128, verbose=0)[:, 0]
        return [float(age) * model.deviation + model.mean for age in raw]

    patch, step = max(1, round(PATCH_SHARE * size)), max(1, round(STEP_SHARE * size))
    return occlusion_map(ages_of, standardised(picture, size), patch_px=patch, step_px=step)


def drawn(picture: NDArray[np.generic], found: HeatMap, size_px: int) -> NDArray[np.uint8]:
    """[rows, columns, 3] BGR: the picture in grey; red where covering makes the hand younger, so that what is there
    speaks for an older age, blue where it makes it older."""
    rows, columns = picture.shape
    grey = cv2.normalize(picture.astype(np.float32), None, 0, 255, cv2.NORM_MINMAX)
    whole = np.zeros((size_px, size_px), np.float32)
    weight = np.zeros_like(whole)
    for i, line in enumerate(found.months):
        for j, months in enumerate(line):
            where = np.s_[
                i * found.step_px : i * found.step_px + found.patch_px,
                j * found.step_px : j * found.step_px + found.patch_px,
            ]
            whole[where] += months
            weight[where] += 1
    share = np.clip(whole / np.maximum(weight, 1) / FULL_COLOUR_MONTHS, -1, 1)
    share = cv2.resize(share, (columns, rows), interpolation=cv2.INTER_LINEAR)
    older, younger = np.maximum(share, 0), np.maximum(-share, 0)
    colour = np.stack([grey * (1 - younger), grey * (1 - np.abs(share)), grey * (1 - older)], axis=-1)
    colour[..., 0] += 255 * older * 0.7
    colour[..., 2] += 255 * younger * 0.7
    return np.clip(colour, 0, 255).astype(np.uint8)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--whole-picture", type=Path, required=True, help="folder of a fitted end-to-end network")
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--ids", nargs="+", required=True, help="radiographs of the snapshot")
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    data = read_snapshot(args.snapshot)
    known = {r.id: r for r in data.radiographs}
    if missing := [id_ for id_ in args.ids if id_ not in known or known[id_].sex is None]:
        raise SnapshotError(f"Not in the snapshot, or without a sex: {', '.join(missing)}.")
    model = WholePictureModel.load(args.whole_picture)
    args.out.mkdir(parents=True, exist_ok=True)
    for done, id_ in enumerate(args.ids):
        on_progress(Progress("heat_map", done, len(args.ids), id_))
        picture = data.picture(known[id_])
        found = heat_map(model, picture, str(known[id_].sex))
        cv2.imwrite(str(args.out / f"{id_}.png"), drawn(picture, found, model.config.size_px))
        facts = {
            "id": id_,
            "bone_age_months": found.bone_age_months,
            "patch_px": found.patch_px,
            "step_px": found.step_px,
            "months": [[round(float(value), 3) for value in line] for line in found.months],
            "synthetic": known[id_].synthetic,
        }
        (args.out / f"{id_}.json").write_text(json.dumps(facts), encoding="utf-8")
    return 0
