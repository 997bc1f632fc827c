"""The quality gate on real hands with made faults: a confusion table, false alarms, seconds a film.

    python -m tests.benchmarks.film_quality --hands 500          # of the test part, and all larger pictures
    python -m tests.benchmarks.film_quality --part all --only-unharmed --alarms alarms.png

The films go the way of intake: the film check looks first, then all but the hand is blanked, then the rest is measured.
Rates have exact (Clopper-Pearson) 95 % intervals. The network learnt from the training part alone. Where regions lie,
and which hands are stored mirrored, says the shipped detector (474 of 475 agree with the boxes that people drew).
"""

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scipy.stats import binomtest

from inference.artifact import shipped_artifact
from inference.imaging.clean_pixels import clean_film
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.film_check import examine, upright_view
from inference.imaging.quality import Assessment, assess
from inference.pipeline import Pipeline
from tests.factories.faulty_films import (
    FAULTS,
    GROUPS,
    NOT_A_HAND,
    SMALL,
    Faulty,
    RealHand,
    make_fault,
    real_hands,
    strangers,
)
from training.fit_film_check import known_orientation
from training.phantom.phantom import render_phantom

COLUMNS: dict[str, tuple[str, ...]] = {
    "turned": ("turned",),
    "mirrored": ("mirrored",),
    "unsure": ("orientation_unsure",),
    "inverted": ("inverted", "polarity_suspicious"),
    "fingers cut": ("fingers_cut",),
    "forearm cut": ("forearm_cut",),
    "two hands": ("two_hands",),
    "not a hand": ("not_a_hand",),
    "blurred": ("blurred", "looks_blurred"),
    "overexposed": ("saturated", "looks_overexposed"),
    "underexposed": ("noisy", "looks_noisy", "low_contrast", "few_grey_levels"),
    "metal, cast": ("metal_or_cast",),
    "double": ("double_exposure",),
}
"""Column -> the finding codes that count for it. Resolution and what the header says are no faults of these films."""

EXPECTED = {"turned 90": "turned", "turned 180": "turned", "turned 270": "turned", "metal": "metal, cast",
            "cast": "metal, cast", "double exposure": "double", **dict.fromkeys(NOT_A_HAND, "not a hand")}  # fmt: skip
GOALS = {
    **dict.fromkeys(("turned 90", "turned 180", "mirrored", "inverted", *NOT_A_HAND), 0.97),
    **dict.fromkeys(("fingers cut", "forearm cut", "two hands", "blurred", "overexposed", "underexposed"), 0.90),
}
GOAL_FALSE_ALARM = 0.03
STORED_OTHERWISE = "stored mirrored or turned"
"""Real hands that lie so in the collection: found if they are shown upright."""
GOAL_SECONDS = 0.15
FACTS = FilmFacts(sex="F", pixel_spacing_mm=(0.15, 0.15))
_DETECTOR_BATCH = 64


@dataclass
class Table:
    """Counts of one group of pictures."""

    films: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    said: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, faulty: Faulty, answer: Assessment) -> set[str]:
        codes = {one.code for one in answer.findings if one.severity != "info"}
        columns = {column for column, of_column in COLUMNS.items() if codes & set(of_column)}
        self.films[faulty.fault] += 1
        self.said[faulty.fault].update(columns or {"nothing"})
        right_view = faulty.lies is None or answer.view == upright_view(faulty.lies)
        if faulty.fault == "none":
            self.found["none"] += bool(columns)
        elif faulty.fault == STORED_OTHERWISE:
            self.found[faulty.fault] += right_view
        else:
            expected = EXPECTED.get(faulty.fault, faulty.fault)
            self.found[faulty.fault] += expected in columns and (right_view or expected not in ("turned", "mirrored"))
        return columns


def main(arguments: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="film_quality", description=__doc__)
    parser.add_argument("--hands", type=int, default=0, help="100 px hands for the faults; 0 takes all of the part")
    parser.add_argument("--part", choices=("train", "validation", "test", "all"), default="test")
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument("--only-unharmed", action="store_true", help="false alarms only")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--alarms", type=Path, help="picture of all false alarms, to look at")
    parser.add_argument("--json", type=Path, help="counts as JSON")
    given = parser.parse_args(list(arguments))
    real_data = os.environ.get("BONEAGE_REAL_DATA")
    if not real_data:
        print("film_quality needs the real radiographs: set BONEAGE_REAL_DATA to their folder.", file=sys.stderr)
        return 2
    hands = [
        hand for hand in real_hands(Path(real_data)) if hand.group in given.groups and given.part in (hand.part, "all")
    ]
    alarms: list[tuple[RealHand, set[str]]] = []
    tables = tables_of(
        hands, Path(real_data), seed=given.seed, small_with_faults=0 if given.only_unharmed else given.hands or None,
        larger_with_faults=not given.only_unharmed, alarms=alarms,
    )  # fmt: skip
    for group, table in tables.items():
        print_table(group, table)
    if given.alarms:
        cv2.imwrite(str(given.alarms), contact_sheet(alarms))
    if given.json:
        counts = {group: {"films": table.films, "found": table.found, "said": table.said}
                  for group, table in tables.items()}  # fmt: skip
        given.json.write_text(json.dumps(counts, indent=1), encoding="utf-8")
    print(f"assess at 1500 x 1000, one thread: {seconds_a_film():.3f} s (goal {GOAL_SECONDS})")
    return 0


def measure(*, count: int, unharmed: int, seed: int, real_data: Path) -> dict[str, Any]:
    """The short form: ``unharmed`` hands of 100 px of the test part, ``count`` of them with every fault as well.

    Returns:
        fault (or ``false alarm``) -> ``found``, ``n``, ``low``, ``high``, ``goal``; and ``seconds_a_film``.
    """
    part = [hand for hand in real_hands(real_data) if hand.part == "test"]
    small = [hand for hand in part if hand.group == SMALL]
    chosen = [small[int(i)] for i in np.random.default_rng(seed).permutation(len(small))[:unharmed]]
    larger = [hand for hand in part if hand.group in ("full", "500 x 625")][:: max(1, 86 // max(1, count // 4))]
    tables = tables_of([*chosen, *larger], real_data, seed=seed, small_with_faults=count, larger_with_faults=True)
    whole = Table()
    for table in tables.values():
        whole.films.update(table.films)
        whole.found.update(table.found)
    rows = {}
    for fault in FAULTS:
        goal = GOAL_FALSE_ALARM if fault == "none" else GOALS.get(fault)
        low, high = interval(whole.found[fault], whole.films[fault])
        rows["false alarm" if fault == "none" else fault] = {
            "found": whole.found[fault], "n": whole.films[fault], "low": low, "high": high, "goal": goal,
        }  # fmt: skip
    return {"rows": rows, "seconds_a_film": seconds_a_film()}


def tables_of(
    hands: Sequence[RealHand],
    real_data: Path,
    *,
    seed: int,
    small_with_faults: int | None,
    larger_with_faults: bool,
    alarms: list[tuple[RealHand, set[str]]] | None = None,
) -> dict[str, Table]:
    """Group -> table; every hand once unharmed, and the first ones of 100 px (None: all) with every fault."""
    rng = np.random.default_rng(seed)
    unknown = strangers(real_data)
    tables = {group: Table() for group in GROUPS if any(hand.group == group for hand in hands)}
    order = [hands[int(i)] for i in rng.permutation(len(hands))]
    small_left = len(order) if small_with_faults is None else small_with_faults
    previous = None
    for real, boxes in _with_boxes(order):
        lies = known_orientation(boxes)
        hand = real.as_hand(boxes)
        unharmed = "none" if lies in (0, None) else STORED_OTHERWISE
        columns = tables[real.group].add(Faulty(unharmed, hand.pixels, lies), _as_intake(hand.pixels))
        if unharmed == "none" and columns and alarms is not None:
            alarms.append((real, columns))
        wanted = larger_with_faults if real.group != SMALL else small_left > 0
        if lies == 0 and wanted and previous is not None:
            small_left -= real.group == SMALL
            for fault in FAULTS[1:]:
                faulty = make_fault(fault, hand, previous, rng, unknown)
                if faulty is not None:
                    tables[real.group].add(faulty, _as_intake(faulty.picture))
        previous = hand if lies == 0 else previous
    return tables


def _with_boxes(hands: Sequence[RealHand]) -> Iterator[tuple[RealHand, dict[str, Any]]]:
    pipeline = Pipeline.load(shipped_artifact())
    for start in range(0, len(hands), _DETECTOR_BATCH):
        some = hands[start : start + _DETECTOR_BATCH]
        yield from zip(some, pipeline.boxes_of([hand.pixels for hand in some]), strict=True)


def _as_intake(picture: Any) -> Assessment:
    """In 8 bits, looked at, blanked, assessed."""
    pixels = np.rint(np.clip(picture, 0, 1) * 255).astype(np.float32)
    film = Film(pixels, Window(127.5, 255.0), FACTS)
    clean, hand = clean_film(film)
    return assess(clean, hand=hand, seen=examine(pixels))


def seconds_a_film() -> float:
    """Median of seven looks at one film of 1500 x 1000, outline and network included."""
    drawn = render_phantom(bone_age_months=120, sex="F", seed=1, size=(1500, 1000), mirrored=False)
    film = Film(drawn.pixels.astype(np.float32), Window(2000, 4000), FACTS)
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        times = []
        for _ in range(8):
            began = time.perf_counter()
            assess(film, seen=examine(film.pixels))
            times.append(time.perf_counter() - began)
    finally:
        cv2.setNumThreads(threads)
    return float(np.median(times[1:]))


def interval(count: int, of: int) -> tuple[float, float]:
    """Clopper-Pearson, 95 %."""
    if not of:
        return 0.0, 1.0
    exact = binomtest(count, of).proportion_ci(0.95, method="exact")
    return float(exact.low), float(exact.high)


def print_table(group: str, table: Table) -> None:
    print(f"\n### {group}\n")
    print(f"| fault made | n | found (95 %) | goal | {' | '.join((*COLUMNS, 'nothing'))} |")
    print("|---|---|---|---|" + "---|" * (len(COLUMNS) + 1))
    for fault in (STORED_OTHERWISE, *FAULTS):
        n, found = table.films[fault], table.found[fault]
        if not n:
            continue
        low, high = interval(found, n)
        goal = GOAL_FALSE_ALARM if fault == "none" else GOALS.get(fault)
        missed = goal is not None and (found / n > goal if fault == "none" else found / n < goal)
        cells = [str(table.said[fault][column] or "") for column in (*COLUMNS, "nothing")]
        name = "none (false alarms)" if fault == "none" else fault
        print(
            f"| {name} | {n} | {found / n:.1%} ({low:.1%}-{high:.1%}) | "
            f"{'' if goal is None else format(goal, '.0%')}{' missed' if missed else ''} | {' | '.join(cells)} |"
        )


def contact_sheet(alarms: Sequence[tuple[RealHand, set[str]]], *, side: int = 140, across: int = 12) -> Any:
    """All false alarms, with what was said of each."""
    tiles = []
    for real, columns in alarms:
        low, high = np.percentile(real.pixels, (0.5, 99.5))
        grey = np.clip((real.pixels - low) / max(high - low, 1) * 255, 0, 255).astype(np.uint8)
        tile = np.vstack([cv2.resize(grey, (side, side)), np.zeros((30, side), np.uint8)])
        for line, text in enumerate((f"{real.id} {real.group}", " ".join(sorted(columns)))):
            cv2.putText(tile, text, (2, side + 12 + 14 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.33, 255, 1, cv2.LINE_AA)
        tiles.append(tile)
    tiles += [np.zeros((side + 30, side), np.uint8)] * (-len(tiles) % across or (0 if tiles else across))
    return np.vstack([np.hstack(tiles[start : start + across]) for start in range(0, len(tiles), across)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
