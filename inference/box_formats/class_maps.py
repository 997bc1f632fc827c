"""Class maps: how one group's class names become our 17 regions, and back where that is possible.

Named maps: those of ``class_maps.json`` (annotators of public data), and ours, made from the table of regions:
``regions`` (ids), ``regions-en`` and ``regions-zh`` (the names on screen). Whoever has other names writes a JSON file:
either a plain mapping of class to region (null: known and left out), or an entry as in ``class_maps.json``.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference.anatomy.regions import REGION_IDS, REGIONS

MAPS_FILE = Path(__file__).with_name("class_maps.json")
RAYS: Mapping[str, range] = {"mc": range(2, 6), "pp": range(1, 6), "dp": range(1, 6)}
"""Prefix of a finger region's id -> its rays."""

_KEYS = frozenset({"about", "single", "fingers", "thumb", "ignored", "expected"})
_LARGEST_FILE_BYTES = 1_000_000


class ClassMapError(Exception):
    """A class map that is not there or says what cannot be; the message says what to correct."""

    def __init__(self, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.message, self.message_zh = message, message_zh


@dataclass(frozen=True)
class ClassMap:
    """One map.

    Attributes:
        name: how it is called.
        single: class -> region.
        fingers: class without finger numbers -> prefix of its regions (``mc``, ``pp``, ``dp``); numbered by geometry.
        thumb: class of the thumb's metacarpophalangeal joint, which tells the side of the thumb.
        ignored: classes that are known and have no place among the regions.
        expected: how many boxes of such a class, or of the thumb's joint, these annotators drew in every hand.
    """

    name: str
    single: Mapping[str, str]
    fingers: Mapping[str, str]
    thumb: str | None
    ignored: frozenset[str]
    expected: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def named(cls, name: str) -> "ClassMap":
        """One of the maps that come with the program."""
        ours = {
            "regions": {region.id: region.id for region in REGIONS},
            "regions-en": {region.name_en: region.id for region in REGIONS},
            "regions-zh": {region.name_zh: region.id for region in REGIONS},
        }
        if name in ours:
            return cls(name, ours[name], {}, None, frozenset())
        maps: dict[str, Any] = json.loads(MAPS_FILE.read_text(encoding="utf-8"))
        if name not in maps:
            there = ", ".join(sorted({*maps, *ours}))
            raise ClassMapError(
                f"No class map is called {name!r}; there are {there}.", f"没有名为 {name!r} 的类别映射；现有：{there}。"
            )
        return _checked(cls._from_entry(name, maps[name]))

    @classmethod
    def from_file(cls, path: Path) -> "ClassMap":
        """A map of the user's own. Raises ClassMapError."""
        try:
            data = path.read_bytes()
            entry = json.loads(data[: _LARGEST_FILE_BYTES + 1])
        except (OSError, ValueError, RecursionError):
            raise ClassMapError(
                f"The class map {path.name} cannot be read as JSON.", f"无法将类别映射 {path.name} 读作 JSON。"
            ) from None
        if not isinstance(entry, dict):
            entry = {}
        if not entry.keys() <= _KEYS:
            ignored = [name for name, region in entry.items() if region is None]
            entry = {"single": {name: region for name, region in entry.items() if region}, "ignored": ignored}
        try:
            return _checked(cls._from_entry(path.stem, entry))
        except (TypeError, AttributeError):
            raise _wrong(path.name, "its form") from None

    @classmethod
    def _from_entry(cls, name: str, entry: Mapping[str, Any]) -> "ClassMap":
        single, fingers = dict(entry.get("single", {})), dict(entry.get("fingers", {}))
        ignored, expected = frozenset(entry.get("ignored", ())), dict(entry.get("expected", {}))
        return cls(name, single, fingers, entry.get("thumb"), ignored, expected)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names to export under, in the order of the regions. Only where the map is invertible."""
        class_of = self.class_of()
        return tuple(class_of[region] for region in REGION_IDS if region in class_of)

    @property
    def is_invertible(self) -> bool:
        """Whether a name says which region it is, without geometry, and a region has one name."""
        return not self.fingers and max(Counter(self.single.values()).values(), default=0) == 1

    def class_of(self) -> dict[str, str]:
        """Region -> name to export it under; a region without a name is not exported.

        Raises:
            ClassMapError: the map is not invertible.
        """
        if not self.is_invertible:
            raise ClassMapError(
                f"The class map {self.name} cannot be used for export: its names do not say which finger is meant. "
                "Export with 'regions' or a map of your own.",
                f"类别映射 {self.name} 不能用于导出：其名称不区分手指。请使用 regions 或自定义映射。",
            )
        return {region: name for name, region in self.single.items()}


def _checked(class_map: ClassMap) -> ClassMap:
    """Raises ClassMapError for a region that does not exist and for a name that means two things."""
    for region in class_map.single.values():
        if region not in REGION_IDS:
            raise _wrong(class_map.name, f"region {region!r}")
    for prefix in class_map.fingers.values():
        if prefix not in RAYS:
            raise _wrong(class_map.name, f"finger regions {prefix!r}")
    names = [*class_map.single, *class_map.fingers, *class_map.ignored, *([class_map.thumb] if class_map.thumb else [])]
    if not names:
        raise _wrong(class_map.name, "no class at all")
    if not all(isinstance(number, int) for number in class_map.expected.values()):
        raise _wrong(class_map.name, "expected numbers")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise _wrong(class_map.name, f"class {twice[0]!r} twice")
    return class_map


def _wrong(name: str, what: str) -> ClassMapError:
    return ClassMapError(
        f"The class map {name} cannot be used ({what}). See docs/exchange.md.",
        f"类别映射 {name} 无法使用（{what}）。见 docs/exchange.md。",
    )
