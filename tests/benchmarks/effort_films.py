"""The films of the effort benchmark, with the boxes that are true on them and the template's three clicks.

Truth, by kind of film:

- ``rsna``: the 14 larger real hands that somebody boxed, none of which the model or the average hand learnt from. On 12
  of them the 16 regions of voc881 are known and the carpals are not; on two only the carpals are.
- ``dha``: the 6 pictures of the Digital Hand Atlas, from their landmarks. A distal phalanx's centre lies between the
  joint at its base and the fingertip; a metacarpal's and a proximal phalanx's on the way from the wrist over their
  joint to the next one. How far along are medians over the hands of which one group boxed the joints (Koitka) and
  another the bones (voc881). Sizes are average ones, so that these pictures judge places rather than sizes. The
  landmarks of carpals, radius and ulna lie on some of their bones and bound none of the boxes: these are not known.
- ``phantom``: 30 drawn films; everything is known. The model has never seen a drawn film.

A click misses its point by a normal slip of :data:`CLICK_SLIP_SHARE` of the picture's height either way, from a seed.
"""

import csv
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.artifact import shipped_artifact
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.interpret import interpret
from inference.box_formats.picture_boxes import PictureBoxes
from inference.box_formats.voc import parse_voc
from inference.imaging.film import Film, FilmFacts, Window
from inference.pipeline import Pipeline
from tests.factories.real_pictures import real_pictures
from training.average_hand import clicks, wrist_weights
from training.phantom.cohort import demo_cohort

SEED = 2017
PHANTOMS = 30
CLICK_SLIP_SHARE = 0.004
SKIN_BEYOND_BONE = 0.02
"""A fingertip's skin beyond its bone, by the wrist-to-fingertip distance: the atlas marks the bone, people the skin."""

Point = NDArray[np.float64]
Hand = Mapping[str, Box]

_TIPS = {1: 20, 2: 24, 3: 28, 4: 32, 5: 36}
_MCP = {1: 18, 2: 21, 3: 25, 4: 29, 5: 33}
_NEXT_JOINT = {1: 19, 2: 22, 3: 26, 4: 30, 5: 34}
_LAST_JOINT = {1: 19, 2: 23, 3: 27, 4: 31, 5: 35}
_CARPAL_MARKS = range(6, 18)


@dataclass(frozen=True)
class BenchFilm:
    """One film to work; boxes in pixels of the picture, regions whose truth nobody knows left out."""

    name: str
    kind: str
    pixels: NDArray[Any]
    truth: dict[str, Box]
    clicks: list[Point]


def films(real_data: Path) -> Iterator[BenchFilm]:
    """All films, in a fixed order."""
    boxed = _BoxedHands(real_data / "rsna")
    slip = np.random.default_rng(SEED)
    for film in [*_rsna(real_data, boxed), *_dha(real_data, boxed), *_phantoms(boxed.weights)]:
        slipped = [at + slip.normal(0, CLICK_SLIP_SHARE * film.pixels.shape[0], 2) for at in film.clicks]
        yield BenchFilm(film.name, film.kind, film.pixels, film.truth, slipped)


def model_boxes(pipeline: Pipeline, film: BenchFilm) -> dict[str, Box]:
    """What the model suggests on the film."""
    pixels = film.pixels.astype(np.float32)
    window = Window(float(pixels.mean()), float(np.ptp(pixels)) + 1)
    found = pipeline.predict(Film(pixels, window, FilmFacts(sex="F")), sex="F")
    return {region: each.box for region, each in found.boxes.items()}


def shipped_pipeline() -> Pipeline:
    """The released model, on the engine that a workplace serves it with."""
    return Pipeline.load(shipped_artifact())


class _BoxedHands:
    """The public boxes of RSNA hands, and what the others of them teach about those that are judged."""

    def __init__(self, rsna: Path) -> None:
        self.bones = dict(_boxed(rsna / "boxes_voc881_xml.zip", "voc881"))
        self.joints = {id_: picture for id_, picture, _ in _files(rsna / "boxes_koitka_xml.zip")}
        self.carpals = dict(_boxed(rsna / "boxes_koitka_xml.zip", "koitka-carpals"))
        self.sizes_of = {
            id_: (picture.columns, picture.rows) for id_, picture, _ in _files(rsna / "boxes_voc881_xml.zip")
        }
        self.judged: set[str] = set()
        self._learnt: tuple[Point, dict[str, float], dict[str, Point]] | None = None

    def hand(self, id_: str) -> tuple[Hand, int, int] | None:
        """Boxes of a hand with the size of the frame they are in."""
        hand = dict(self.bones.get(id_, {}))
        size = self.sizes_of.get(id_)
        if id_ in self.carpals:
            joints = self.joints[id_]
            size = size or (joints.columns, joints.rows)
            hand |= {
                r: _scaled(b, size[0] / joints.columns, size[1] / joints.rows) for r, b in self.carpals[id_].items()
            }
        return (hand, *size) if hand and size else None

    @property
    def weights(self) -> Point:
        return self._teach()[0]

    @property
    def shares(self) -> dict[str, float]:
        """How far along its way a region's centre lies."""
        return self._teach()[1]

    @property
    def sizes(self) -> dict[str, Point]:
        """Mean width and height of a box, by the distance from wrist to middle fingertip."""
        return self._teach()[2]

    def _teach(self) -> tuple[Point, dict[str, float], dict[str, Point]]:
        if self._learnt is None:
            others = [i for i in self.bones if i in self.carpals and i not in self.judged and len(self.bones[i]) == 16]
            hands = [found[0] for i in others if (found := self.hand(i)) is not None]
            weights = wrist_weights(hands)
            shares: dict[str, list[float]] = {}
            sizes: dict[str, list[Point]] = {}
            for id_, hand in zip(others, hands, strict=True):
                columns, rows = self.sizes_of[id_]
                joints = self.joints[id_]
                scaled = [
                    (named.name, np.array(_scaled(named.box, columns / joints.columns, rows / joints.rows).centre))
                    for named in joints.boxes
                ]
                _measure(hand, weights, scaled, shares, sizes)
            self._learnt = (
                weights,
                {region: float(np.median(values)) for region, values in shares.items()},
                {region: np.exp(np.log(np.array(values)).mean(axis=0)) for region, values in sizes.items()},
            )
        return self._learnt


def _measure(
    hand: Hand,
    weights: Point,
    joints: list[tuple[str, Point]],
    shares: dict[str, list[float]],
    sizes: dict[str, list[Point]],
) -> None:
    wrist, middle, _ = clicks(hand, weights)
    unit = float(np.hypot(*(middle - wrist)))
    for ray in range(1, 6):
        pp, dp = np.array(hand[f"pp{ray}"].centre), np.array(hand[f"dp{ray}"].centre)
        base = _nearest(joints, "MCP", pp)
        following = _nearest(joints, "PIP", (pp + dp) / 2)
        last = _nearest(joints, "PIP" if ray == 1 else "DIP", dp)
        tip = _beyond(hand[f"dp{ray}"], pp)
        if last is not None:
            shares.setdefault(f"dp{ray}", []).append(_share_of([last, tip], dp))
        if base is None or following is None:
            continue
        shares.setdefault(f"pp{ray}", []).append(_share_of([wrist, base, following], pp))
        if ray > 1:
            at = np.array(hand[f"mc{ray}"].centre)
            shares.setdefault(f"mc{ray}", []).append(_share_of([wrist, base, following], at))
    for region, box in hand.items():
        sizes.setdefault(region, []).append(np.array([box.x1 - box.x0, box.y1 - box.y0]) / unit)


def _nearest(joints: list[tuple[str, Point]], name: str, at: Point) -> Point | None:
    found = [place for joint, place in joints if joint == name]
    return min(found, key=lambda place: float(np.hypot(*(place - at)))) if found else None


def _share_of(way: list[Point], at: Point) -> float:
    """How far along the way (0 to 1 of its length) the point nearest to ``at`` lies."""
    lengths = [float(np.hypot(*(b - a))) for a, b in pairwise(way)]
    found = []
    for i, (a, b) in enumerate(pairwise(way)):
        share = float(np.clip((at - a) @ (b - a) / lengths[i] ** 2, 0, 1))
        found.append((float(np.hypot(*(a + share * (b - a) - at))), sum(lengths[:i]) + share * lengths[i]))
    return min(found)[1] / sum(lengths)


def _along(way: list[Point], share: float) -> Point:
    """The point so far along the way."""
    lengths = [float(np.hypot(*(b - a))) for a, b in pairwise(way)]
    left = share * sum(lengths)
    for (a, b), length in zip(pairwise(way), lengths, strict=True):
        if left <= length:
            return np.asarray(a + left / length * (b - a))
        left -= length
    return way[-1]


def _beyond(box: Box, before: Point) -> Point:
    """Where the line from the bone before it leaves the box."""
    centre = np.array(box.centre)
    out = centre - before
    half = np.array([box.x1 - box.x0, box.y1 - box.y0]) / 2
    with np.errstate(divide="ignore"):
        return np.asarray(centre + out * np.min(half / np.abs(out)))


def _rsna(real_data: Path, boxed: _BoxedHands) -> list[BenchFilm]:
    pictures: dict[str, Any] = {}
    for picture in real_pictures(real_data):
        id_ = picture.id.partition("-")[2]
        if not picture.id.startswith("dha") and boxed.hand(id_) is not None:
            pictures.setdefault(id_, picture)
    boxed.judged = set(pictures)
    made = []
    for id_, picture in sorted(pictures.items()):
        hand, columns, rows = boxed.hand(id_) or ({}, 1, 1)
        pixels = picture.pixels()
        truth = {r: _scaled(b, pixels.shape[1] / columns, pixels.shape[0] / rows) for r, b in hand.items()}
        points = list(clicks(truth, boxed.weights)) if "dp3" in truth else []
        made.append(BenchFilm(f"rsna-{id_}", "rsna", pixels, truth, points))
    return made


def _dha(real_data: Path, boxed: _BoxedHands) -> Iterator[BenchFilm]:
    with (real_data / "dha" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        pixels = cv2.imread(str(real_data / "dha" / row["image_here"]), cv2.IMREAD_GRAYSCALE)
        marks = np.array([[float(row[f"x{i}"]), float(row[f"y{i}"])] for i in range(37)])
        truth, points = _from_landmarks(marks, boxed)
        yield BenchFilm(f"dha-{row['dha_id']}", "dha", np.asarray(pixels), truth, points)


def _from_landmarks(marks: Point, boxed: _BoxedHands) -> tuple[dict[str, Box], list[Point]]:
    carpals = marks[list(_CARPAL_MARKS)]
    wrist = (carpals.min(axis=0) + carpals.max(axis=0)) / 2
    bone = marks[_TIPS[3]]
    beyond = SKIN_BEYOND_BONE * float(np.hypot(*(bone - wrist)))
    tips = {ray: marks[tip] + beyond * _direction(marks[_LAST_JOINT[ray]], marks[tip]) for ray, tip in _TIPS.items()}
    unit = float(np.hypot(*(tips[3] - wrist)))
    ways = {}
    for ray in range(1, 6):
        ways[f"dp{ray}"] = [marks[_LAST_JOINT[ray]], tips[ray]]
        ways[f"pp{ray}"] = [wrist, marks[_MCP[ray]], marks[_NEXT_JOINT[ray]]]
        if ray > 1:
            ways[f"mc{ray}"] = ways[f"pp{ray}"]
    truth = {}
    for region, way in ways.items():
        middle, half = _along(way, boxed.shares[region]), boxed.sizes[region] * unit / 2
        truth[region] = Box(*map(float, (*(middle - half), *(middle + half))))
    return truth, [wrist, tips[3], tips[1]]


def _direction(start: Point, end: Point) -> Point:
    return np.asarray((end - start) / np.hypot(*(end - start)))


def _phantoms(weights: Point) -> Iterator[BenchFilm]:
    for number, film in enumerate(demo_cohort(SEED, PHANTOMS)):
        points = list(clicks(film.boxes, weights))
        yield BenchFilm(f"phantom-{number + 1}", "phantom", film.phantom.pixels, dict(film.boxes), points)


def _files(path: Path) -> Iterator[tuple[str, PictureBoxes, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".xml"):
                yield Path(name).stem, parse_voc(archive.read(name)), name


def _boxed(path: Path, class_map: str) -> Iterator[tuple[str, Hand]]:
    names = ClassMap.named(class_map)
    for id_, picture, _ in _files(path):
        if boxes := interpret(picture, names).boxes:
            yield id_, boxes


def _scaled(box: Box, across: float, down: float) -> Box:
    return Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)
