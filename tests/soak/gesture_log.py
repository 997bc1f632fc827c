"""What a script did with its hands, written down by itself, and held against the rows of the server.

The rows are read from the database file directly: neither the product's queries nor its client have a say in it.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

EDGE_PX = 0.6
"""A screen pixel is less than this on the film: two boxes closer together are the same."""

Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Gesture:
    """One finished gesture on one region: ``set`` with its box, ``absent`` with its reason, or ``clear``."""

    region: str
    kind: str
    box: Corners | None = None
    reason: str | None = None

    def is_like(self, other: "Gesture") -> bool:
        """Whether both say the same, to within a pixel of the screen."""
        if (self.region, self.kind, self.reason) != (other.region, other.kind, other.reason):
            return False
        if self.box is None or other.box is None:
            return self.box == other.box
        return all(abs(mine - theirs) <= EDGE_PX for mine, theirs in zip(self.box, other.box, strict=True))

    def __str__(self) -> str:
        what = tuple(round(edge, 1) for edge in self.box) if self.box else self.reason or ""
        return f"{self.kind} {self.region} {what}".rstrip()


class GestureLog:
    """The gestures on one box set, each region in order."""

    def __init__(self) -> None:
        self.done: list[Gesture] = []

    def note(self, gesture: Gesture) -> None:
        """Finished: from here on it may not get lost."""
        self.done.append(gesture)

    def give_up(self, gesture: Gesture) -> None:
        """The person let another's box stand: this gesture is gone by their word."""
        last = max(at for at, each in enumerate(self.done) if each is gesture)
        del self.done[last]

    def of(self, region: str) -> list[Gesture]:
        return [each for each in self.done if each.region == region]

    def now(self, region: str) -> Gesture:
        """What the region is at the end; a region that nobody touched is as good as cleared."""
        gestures = self.of(region)
        return gestures[-1] if gestures else Gesture(region, "clear")


def faults(log: GestureLog, there: Sequence[Gesture], *, place: str) -> list[str]:
    """Gestures of the log that ``there`` lacks, has twice, has in another order, or never were made; empty if none."""
    found = []
    for region in sorted({each.region for each in (*log.done, *there)}):
        mine, theirs = log.of(region), [each for each in there if each.region == region]
        if len(mine) == len(theirs) and all(one.is_like(other) for one, other in zip(mine, theirs, strict=True)):
            continue
        missing = dict.fromkeys(each for each in mine if count(each, theirs) < count(each, mine))
        more = dict.fromkeys(each for each in theirs if count(each, theirs) > count(each, mine))
        found += [f"{place} lacks {each}" for each in missing]
        found += [f"{place} has {each} {count(each, theirs)} times instead of {count(each, mine)}" for each in more]
        if not missing and not more:
            found.append(f"{place} has the gestures on {region} in another order")
    return found


def count(gesture: Gesture, among: Sequence[Gesture]) -> int:
    return sum(gesture.is_like(each) for each in among)


class Rows:
    """The rows of a site's SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path, timeout=20) as connection:
            answer = connection.execute(query, values).fetchall()
        connection.close()
        return answer

    def operations(self, box_set: str) -> list[tuple[str, Gesture]]:
        """Id and gesture of each operation that the server keeps, in its order."""
        rows = self.read(
            "SELECT id, region, kind, x0, y0, x1, y1, absent_reason FROM annotations_boxoperation"
            " WHERE box_set_id = ? ORDER BY number",
            hexadecimal(box_set),
        )
        return [(row[0], gesture_of(row[1], row[2], row[3:7], row[7])) for row in rows]

    def final(self, box_set: str) -> list[Gesture]:
        """Each region as it is now, as the gesture that would make it so."""
        kinds = {"boxed": "set", "absent": "absent", "missing": "clear"}
        rows = self.read(
            "SELECT region, state, x0, y0, x1, y1, absent_reason FROM annotations_regionbox WHERE box_set_id = ?",
            hexadecimal(box_set),
        )
        return [gesture_of(row[0], kinds[row[1]], row[2:6], row[6]) for row in rows]

    def status(self, box_set: str) -> str:
        return str(self.read("SELECT status FROM annotations_boxset WHERE id = ?", hexadecimal(box_set))[0][0])

    def times_submitted(self, box_set: str) -> tuple[int, int]:
        """Lines of history and rows of effort that say so."""
        history = self.read(
            "SELECT count(*) FROM annotations_event WHERE object_id = ? AND verb = 'submit'", dashed(box_set)
        )
        effort = self.read("SELECT count(*) FROM annotations_effort WHERE box_set_id = ?", hexadecimal(box_set))
        return int(history[0][0]), int(effort[0][0])

    def end_all_sessions(self) -> None:
        """Everybody is signed out, as when the hours of a session are over."""
        with sqlite3.connect(self.path, timeout=20) as connection:
            connection.execute("DELETE FROM django_session")
        connection.close()


def final_faults(log: GestureLog, final: Sequence[Gesture]) -> list[str]:
    """Regions whose state is not what the last gesture made it."""
    return [
        f"in the end {each.region} is {each}, not {log.now(each.region)}"
        for each in final
        if not log.now(each.region).is_like(each)
    ]


def gesture_of(region: str, kind: str, edges: Sequence[float | None], reason: str | None) -> Gesture:
    box = None if edges[0] is None else tuple(float(edge) for edge in edges if edge is not None)
    return Gesture(region, kind, box, reason)  # type: ignore[arg-type]


def adopt(log: GestureLog, there: Sequence[Gesture]) -> None:
    """After a fault was counted: go on from what the server has, so that it is not counted again."""
    log.done = [replace(each) for each in there]


def hexadecimal(identifier: str) -> str:
    return identifier.replace("-", "")


def dashed(identifier: str) -> str:
    plain = hexadecimal(identifier)
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
