"""Chunks of region features: cut in order, named by what they are made of and by nothing else, joined again."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.feature_chunks import chunk_address, cut, joined, store_chunk
from training.snapshot import SnapshotRadiograph


def picture(number: int, **other: object) -> SnapshotRadiograph:
    facts = {
        **{"id": f"h{number}", "patient": f"p{number}", "sex": "F", "bone_age_months": 100.0},
        **{"chronological_age_months": None, "split": "train", "columns": 9, "rows": 12},
        **{"original_columns": 900, "original_rows": 1200, "truth_origin": "drawn", "synthetic": True},
        "sha256": f"{number:064x}",
    }
    return SnapshotRadiograph(**{**facts, **other})  # type: ignore[arg-type]


@given(count=st.integers(0, 40), size=st.integers(1, 12))
def test_chunks_hold_every_picture_once_in_order(count: int, size: int) -> None:
    pictures = [picture(number) for number in range(count)]
    chunks = cut(pictures, size)
    assert [one for chunk in chunks for one in chunk] == pictures
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(0 < len(chunk) <= size for chunk in chunks)


def test_an_address_is_of_detector_pictures_and_what_is_seen_of_them() -> None:
    pictures = (picture(1), picture(2))
    address = chunk_address(pictures, "d" * 64)
    elsewhere = tuple(
        dataclasses.replace(one, id=f"other{i}", patient="q", bone_age_months=None, split="validation")
        for i, one in enumerate(pictures)
    )
    assert chunk_address(elsewhere, "d" * 64) == address, "a label or a name is not seen"
    others = [
        chunk_address(pictures, "e" * 64),
        chunk_address(pictures[::-1], "d" * 64),
        chunk_address(pictures[:1], "d" * 64),
        chunk_address((picture(1), picture(3)), "d" * 64),
        chunk_address((picture(1), picture(2, original_columns=800)), "d" * 64),
        chunk_address((picture(1), picture(2, original_columns=None)), "d" * 64),
    ]
    assert len({address, *others}) == 7


def test_chunks_are_stored_whole_and_joined_in_order(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [picture(number) for number in range(5)]
    features = np.arange(5 * 17 * 3, dtype=np.float32).reshape(5, 17, 3)
    scores, boxes = features[:, :, 0] + 1, np.repeat(features[:, :, :1], 4, axis=2)
    paths = [tmp_path / "deep" / f"{number}.npz" for number in range(3)]
    for path, rows in zip(paths, (slice(0, 2), slice(2, 4), slice(4, 5)), strict=True):
        store_chunk(path, features[rows], scores[rows], boxes[rows])
    together = joined(pictures, paths)
    assert together.ids == ("h0", "h1", "h2", "h3", "h4")
    assert (together.features == features).all()
    assert (together.scores == scores).all()
    assert (together.boxes == boxes).all()

    def power_cut(file, **arrays):
        file.write(b"half")
        raise OSError("the power went")

    monkeypatch.setattr(np, "savez", power_cut)
    with pytest.raises(OSError, match="power"):
        store_chunk(tmp_path / "deep" / "9.npz", features, scores, boxes)
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["0.npz", "1.npz", "2.npz"]
