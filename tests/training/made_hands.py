"""Hands made of numbers: boxes as annotators name them, snapshots, and features that tell an age."""

import math

import numpy as np

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGIONS
from training.age_table import Hands
from training.feature_rows import RegionFeatures
from training.snapshot import RegionMark, SnapshotRadiograph
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit

# Centres in a frame with the wrist at 0, the middle metacarpal head at (0, 1) and the thumb at positive u.
_CENTRES = {
    "radius": [(0.05, -0.30)],
    "ulna": [(-0.25, -0.32)],
    "thumb": [(0.69, 0.45)],
    "mc": [(0.32, 0.95), (0.0, 1.0), (-0.27, 0.92), (-0.51, 0.78)],
    "pp": [(0.80, 0.62), (0.36, 1.18), (0.0, 1.25), (-0.30, 1.15), (-0.58, 0.98)],
    "dp": [(1.15, 1.05), (0.48, 1.95), (0.02, 2.1), (-0.36, 1.98), (-0.75, 1.6)],
}
VOC_NAME = {
    "radius": "Radius",
    "ulna": "Ulna",
    "thumb": "MCPFirst",
    "mc": "MCP",
    "pp": "ProximalPhalanx",
    "dp": "DistalPhalanx",
}
COLUMNS, ROWS = 800, 1000


def made_hand(*, turn_degrees=0.0, mirrored=False, scale=200.0):
    """Region -> box of a made hand in the middle of 800 x 1000 pixels, and the box of the thumb's joint."""
    turn = math.radians(turn_degrees)

    def box(u, v):
        x, y = (-u if mirrored else u) * scale, -v * scale
        cx = COLUMNS / 2 + x * math.cos(turn) - y * math.sin(turn)
        cy = ROWS * 0.6 + x * math.sin(turn) + y * math.cos(turn)
        return Box(cx - 20, cy - 25, cx + 20, cy + 25)

    regions = {name: box(*_CENTRES[name][0]) for name in ("radius", "ulna")}
    for prefix, first in (("mc", 2), ("pp", 1), ("dp", 1)):
        for ray, place in enumerate(_CENTRES[prefix], start=first):
            regions[f"{prefix}{ray}"] = box(*place)
    return regions, box(*_CENTRES["thumb"][0])


def voc_xml(named_boxes, *, columns=COLUMNS, rows=ROWS, filename="1.png"):
    """An annotation file: (name, box) pairs as labelImg writes them."""
    objects = "".join(
        f"<object><name>{name}</name><bndbox><xmin>{b.x0}</xmin><ymin>{b.y0}</ymin><xmax>{b.x1}</xmax>"
        f"<ymax>{b.y1}</ymax></bndbox></object>"
        for name, b in named_boxes
    )
    size = f"<size><width>{columns}</width><height>{rows}</height></size>"
    return f"<annotation><filename>{filename}</filename>{size}{objects}</annotation>".encode()


def as_annotated(regions, thumb, *, seed=0):
    """The hand's boxes under the annotators' names, without numbers and in no order."""
    named = [(VOC_NAME[region.rstrip("12345")], box) for region, box in regions.items()] + [("MCPFirst", thumb)]
    order = np.random.default_rng(seed).permutation(len(named))
    return [named[i] for i in order]


def write_made_snapshot(path, count=12, *, split=None, seed=0, **changes):
    """A snapshot of noise with one boxed hand in two."""
    random = np.random.default_rng(seed)
    writer = SnapshotWriter(
        path, name="made", source="test", synthetic=True, split=split or HashSplit(seed=1, test_share=0.25), **changes
    )
    regions, _ = made_hand(scale=10.0)
    marks = {region: RegionMark("boxed", Box(*(edge / 16 for edge in box)), "test") for region, box in regions.items()}
    for i in range(count):
        writer.add(
            id=f"h{i}",
            patient=f"p{i // 2}",
            sex="MF"[i % 2],
            bone_age_months=24.0 + 4 * i,
            chronological_age_months=None,
            image=random.integers(0, 255, (62, 50)).astype(np.uint8),
            marks=marks if i % 2 else {},
            truth_origin="made",
            original_size=None,
        )
    return writer.close(report={"made": count})


def telling_hands(count=240, *, size=8, seed=0, noise=0.2, validation_from=0.75, chronological=False):
    """Hands whose features grow with the bone age; the last quarter is the validation part."""
    random = np.random.default_rng(seed)
    ages = random.uniform(12, 216, count)
    weights = np.random.default_rng(99).normal(size=(len(REGIONS), size))  # the same whatever the seed
    features = ages[:, None, None] / 100 * weights + random.normal(0, noise, (count, len(REGIONS), size))
    scores = np.where(random.random((count, len(REGIONS))) < 0.95, 0.9, 0).astype(np.float32)
    features = (features * (scores > 0)[..., None]).astype(np.float32)
    radiographs = tuple(
        SnapshotRadiograph(
            id=f"h{i}",
            patient=f"p{i}",
            sex="M" if i % 2 else "F",
            bone_age_months=float(ages[i]),
            chronological_age_months=float(ages[i] + random.normal(0, 3)) if chronological else None,
            split="train" if i < validation_from * count else "validation",
            columns=100,
            rows=100,
            original_columns=None,
            original_rows=None,
            truth_origin="made",
            synthetic=True,
        )
        for i in range(count)
    )
    seen = RegionFeatures(
        tuple(r.id for r in radiographs), features, scores, np.zeros((count, len(REGIONS), 4), np.float32)
    )
    return Hands(radiographs, seen, np.array([r.split == "train" for r in radiographs]))
