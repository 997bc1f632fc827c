"""The 17 regions of a hand, written once.

Everything that names a region (database choices, API enum, class maps, feature order, the front end's table) is
derived from :data:`REGIONS`; nothing else lists them by hand.

Source: CHBoneAI, section on annotation (labelImg, six kinds of region, 17 regions in a hand). The thumb's metacarpal
has its growth plate at the proximal end, so there is no distal metacarpal I.
"""

from dataclasses import dataclass
from typing import Literal, get_args

SCHEMA_VERSION = 1
"""Raised whenever :data:`REGIONS` changes in content or order; artifacts and snapshots carry it."""

RegionType = Literal["radius", "ulna", "carpals", "metacarpal", "proximal_phalanx", "distal_phalanx"]
"""The six kinds of region, in feature order."""

REGION_TYPES: tuple[RegionType, ...] = get_args(RegionType)


@dataclass(frozen=True, slots=True)
class Region:
    """One of the 17 places where a hand is looked at.

    Attributes:
        id: stable name, used in files, database and API.
        type: which of the six kinds it is.
        ray: 1 (thumb) to 5 (little finger), or None for the wrist.
        index: position in :data:`REGIONS`, 0 to 16; the detector's class number is ``index + 1`` (0 is background).
        name_en: English name as read on screen.
        name_zh: Chinese name as read on screen.
    """

    id: str
    type: RegionType
    ray: int | None
    index: int
    name_en: str
    name_zh: str


_ROMAN = ("I", "II", "III", "IV", "V")


def _table() -> tuple[Region, ...]:
    rows: list[tuple[str, RegionType, int | None, str, str]] = [
        ("radius", "radius", None, "distal radius", "桡骨远端"),
        ("ulna", "ulna", None, "distal ulna", "尺骨远端"),
        ("carpals", "carpals", None, "carpals", "腕骨"),
    ]
    for prefix, kind, rays, name_en, name_zh in (
        ("mc", "metacarpal", range(2, 6), "distal metacarpal", "掌骨远端"),
        ("pp", "proximal_phalanx", range(1, 6), "proximal phalanx, base", "近节指骨近端"),
        ("dp", "distal_phalanx", range(1, 6), "distal phalanx, base", "远节指骨近端"),
    ):
        for ray in rays:
            roman = _ROMAN[ray - 1]
            rows.append((f"{prefix}{ray}", kind, ray, f"{name_en} {roman}", f"{name_zh} {roman}"))  # type: ignore[arg-type]
    return tuple(Region(id_, type_, ray, i, en, zh) for i, (id_, type_, ray, en, zh) in enumerate(rows))


REGIONS: tuple[Region, ...] = _table()
REGION_IDS: tuple[str, ...] = tuple(region.id for region in REGIONS)
REGION_BY_ID: dict[str, Region] = {region.id: region for region in REGIONS}
TYPE_OF_REGION: dict[str, RegionType] = {region.id: region.type for region in REGIONS}
