"""What a snapshot holds, and what two differ in."""

from pathlib import Path
from typing import Any

import numpy as np

from inference.anatomy.boxes import Box
from training.snapshot import RegionMark, Snapshot, read_snapshot
from training.snapshot_contents import CHANGES, contents, differences
from training.snapshot_writer import SnapshotWriter


class PartOf:
    """Patients of the test part by name; the others train."""

    def __init__(self, *test: str) -> None:
        self.test = test

    def part_of(self, patient: str) -> Any:
        return "test" if patient in self.test else "train"

    def to_json(self) -> dict[str, Any]:
        return {"kind": "named"}


def boxed(x0: float) -> RegionMark:
    return RegionMark("boxed", Box(x0, 1, x0 + 4, 6), "accepted")


ABSENT = RegionMark("absent", None, "accepted")


def written(folder: Path, films: dict[str, dict[str, Any]], *test: str) -> Snapshot:
    """A snapshot of films by patient; what is not said is a girl of 8 with one box."""
    writer = SnapshotWriter(folder, name=folder.name, source="made up", synthetic=True, split=PartOf(*test))
    for patient, film in films.items():
        plain = {"sex": "F", "age": 96.0, "marks": {"radius": boxed(1)}, "grey": 10} | film
        writer.add(
            id=f"film-{patient}",
            patient=patient,
            sex=plain["sex"],
            bone_age_months=plain["age"],
            chronological_age_months=None,
            image=np.full((9, 7), plain["grey"], np.uint8),
            marks=plain["marks"],
            truth_origin="consensus" if plain["age"] is not None else "",
            original_size=(7, 9),
        )
    return read_snapshot(writer.close())


def test_contents_count_parts_sexes_ages_and_regions(tmp_path: Path) -> None:
    films = {
        "a": {},
        "b": {"sex": "M", "age": 100.0, "marks": {"radius": boxed(1), "ulna": ABSENT}},
        "c": {"sex": None, "age": None, "marks": {}},
    }
    found = contents(written(tmp_path / "s", films, "b"))
    parts = {row.pop("part"): row for row in found["parts"]}
    assert parts["train"] == {
        **{"films": 2, "children": 2, "girls": 1, "boys": 0, "sex_unknown": 1},
        **{"with_bone_age": 1, "with_boxes": 1},
    }
    assert (parts["test"]["films"], parts["test"]["boys"], parts["validation"]["films"]) == (1, 1, 0)
    regions = {row["region"]: (row["boxed"], row["absent"]) for row in found["regions"]}
    assert (regions["radius"], regions["ulna"], regions["mc2"]) == ((2, 0), (0, 1), (0, 0))
    bands = {row["band"]: row["parts"] for row in found["table1"]["rows"]}
    assert bands["(7,8]"]["train"]["F"] == 1
    assert bands["(8,9]"]["test"]["M"] == 1
    assert found["table1"]["left_out"] == {"train": 1, "test": 0}
    assert found["origins"] == {"consensus": 2}


def test_a_snapshot_differs_from_itself_in_nothing(tmp_path: Path) -> None:
    one = written(tmp_path / "s", {"a": {}, "b": {}})
    found = differences(one, one)
    assert (found["same_hash"], found["kept"], found["added"], found["removed"], found["changed"]) == (
        *(True, 2),
        *([], [], []),
    )
    assert found["counts"] == dict.fromkeys(CHANGES, 0)


def test_each_kind_of_change_is_told_apart(tmp_path: Path) -> None:
    before = {name: {} for name in ("split", "truth", "gone age", "moved", "absent", "more", "picture", "sex", "left")}
    before = {name.replace(" ", "-"): film for name, film in before.items()}
    after = {name: dict(film) for name, film in before.items() if name != "left"}
    after["truth"]["age"] = 102.0
    after["gone-age"]["age"] = None
    after["moved"]["marks"] = {"radius": boxed(1.5)}
    after["absent"]["marks"] = {"radius": ABSENT}
    after["more"]["marks"] = {"radius": boxed(1.001), "ulna": boxed(2)}
    after["picture"]["grey"] = 11
    after["sex"]["sex"] = "M"
    after["new"] = {}
    found = differences(written(tmp_path / "a", before), written(tmp_path / "b", after, "split"))
    assert (found["added"], found["removed"], found["kept"]) == (["film-new"], ["film-left"], 8)
    rows = {row["id"].removeprefix("film-"): row for row in found["changed"]}
    assert {name: row["what"] for name, row in rows.items()} == {
        "split": ["split"],
        "truth": ["truth"],
        "gone-age": ["truth"],
        "moved": ["boxes"],
        "absent": ["boxes"],
        "more": ["boxes"],
        "picture": ["picture"],
        "sex": ["facts"],
    }
    assert rows["more"]["boxes"] == {"new": 1, "gone": 0, "moved": 0}
    assert rows["moved"]["boxes"] == {"new": 0, "gone": 0, "moved": 1}
    assert rows["split"]["split"] == ["train", "test"]
    assert found["counts"] == {"split": 1, "truth": 2, "boxes": 3, "picture": 1, "facts": 1}
    assert found["moves"] == [{"before": "train", "after": "test", "films": 1}]
    assert found["truth_moved"] == {
        **{"films": 1, "mean_months": 6.0, "largest_months": 6.0},
        **{"appeared": 0, "went": 1},
    }
    assert not any("month" in str(row) or "102" in str(row) for row in found["changed"]), "no age of a single film"
