"""Checkpoints, the log beside them and the rule for stopping, without a network."""

import os

import keras
import numpy as np
import pytest

from training.checkpoint import Checkpoint, CheckpointError
from training.early_stopping import BestSoFar
from training.step_log import StepLog


def variables(*values):
    return [keras.Variable(np.full((2, 3), value, np.float32)) for value in values]


def test_what_is_stored_comes_back_bit_for_bit(tmp_path):
    checkpoint = Checkpoint(tmp_path, key="a")
    odd = variables(0.1, np.nextafter(np.float32(1), np.float32(2)))
    checkpoint.save(phase="p", step=7, variables=odd, state={"kept": None, "more": [1, 2]})
    fresh = variables(0, 0)
    assert Checkpoint(tmp_path, key="a").restore(phase="p", variables=fresh) == (7, {"kept": None, "more": [1, 2]})
    for a, b in zip(odd, fresh, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_a_checkpoint_of_another_run_or_phase_is_not_taken(tmp_path):
    Checkpoint(tmp_path, key="a").save(phase="p", step=7, variables=variables(1), state={})
    fresh = variables(0)
    assert Checkpoint(tmp_path, key="b").restore(phase="p", variables=fresh) is None
    assert Checkpoint(tmp_path, key="a").restore(phase="q", variables=fresh) is None
    assert not fresh[0].numpy().any()


def test_a_kill_while_writing_leaves_the_checkpoint_before(tmp_path, monkeypatch):
    checkpoint = Checkpoint(tmp_path, key="a")
    checkpoint.save(phase="p", step=1, variables=variables(1), state={})

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            checkpoint.save(phase="p", step=2, variables=variables(2), state={})
    again, fresh = Checkpoint(tmp_path, key="a"), variables(0)
    assert again.restore(phase="p", variables=fresh) == (1, {})
    assert (fresh[0].numpy() == 1).all()
    again.save(phase="p", step=2, variables=variables(2), state={})
    assert not list(tmp_path.glob("*.part"))


def test_a_changed_byte_is_noticed_and_the_one_before_can_be_gone_on_from(tmp_path):
    checkpoint = Checkpoint(tmp_path, key="a")
    for step in (1, 2, 3):
        checkpoint.save(phase="p", step=step, variables=variables(step), state={})
    older, newest = sorted(tmp_path.glob("checkpoint-*.npz"))
    raw = bytearray(newest.read_bytes())
    raw[len(raw) // 2] ^= 1
    newest.write_bytes(raw)
    fresh = variables(0)
    with pytest.raises(CheckpointError, match="is damaged: remove it to go on from the checkpoint before"):
        Checkpoint(tmp_path, key="a").restore(phase="p", variables=fresh)
    assert not fresh[0].numpy().any()
    newest.unlink()
    assert Checkpoint(tmp_path, key="a").restore(phase="p", variables=fresh) == (2, {})
    assert older.is_file()


def test_variables_of_another_shape_are_refused(tmp_path):
    checkpoint = Checkpoint(tmp_path, key="a")
    checkpoint.save(phase="p", step=1, variables=variables(1, 2), state={})
    with pytest.raises(CheckpointError, match="of another network"):
        checkpoint.restore(phase="p", variables=variables(0))


def test_kept_weights_stay_as_long_as_a_checkpoint_names_them(tmp_path):
    checkpoint = Checkpoint(tmp_path, key="a")
    first = checkpoint.keep(1, variables(1))
    checkpoint.save(phase="p", step=1, variables=variables(1), state={"kept": first})
    second = checkpoint.keep(2, variables(2))
    checkpoint.save(phase="p", step=2, variables=variables(2), state={"kept": second})
    assert {path.name for path in tmp_path.glob("kept-*")} == {first, second}
    checkpoint.save(phase="p", step=3, variables=variables(3), state={"kept": second})
    assert {path.name for path in tmp_path.glob("kept-*")} == {second}
    fresh = variables(0)
    checkpoint.restore_kept(second, fresh)
    assert (fresh[0].numpy() == 2).all()
    with pytest.raises(CheckpointError, match="damaged"):
        checkpoint.restore_kept(first, fresh)


def test_the_log_of_a_run_taken_up_again_is_that_of_an_unbroken_one(tmp_path):
    def write(path, steps, keep_bytes):
        log = StepLog(path, ["loss"], keep_bytes=keep_bytes)
        length = None
        for step in steps:
            log.add("p", step, {"loss": step / 7})
            length = log.on_disk() if step == 4 else length
        log.close()
        return length

    write(tmp_path / "whole.csv", range(9), 0)
    length = write(tmp_path / "parts.csv", range(7), 0)
    with (tmp_path / "parts.csv").open("a") as file:
        file.write("p,7,0.")  # the kill came in the middle of a row
    write(tmp_path / "parts.csv", range(5, 9), length)
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert (tmp_path / "whole.csv").read_text().splitlines()[0] == "phase,step,loss"


def test_a_phase_ends_after_as_many_looks_without_a_better_one():
    best = BestSoFar()
    ends = []
    for step, loss in enumerate([3.0, 2.0, float("nan"), 2.5, 1.9, 1.9, 2.0, 2.1]):
        best = BestSoFar(loss, step, 0, f"kept-{step}") if best.is_beaten_by(loss) else best.without_better()
        ends.append(best.ends(3))
        best = BestSoFar.from_json(best.to_json())
    assert ends == [False] * 7 + [True]
    assert (best.loss, best.step, best.kept) == (1.9, 4, "kept-4")
    assert not best.ends(0)
