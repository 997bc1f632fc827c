"""The jobs of the death series: how each is started anew, and the stages at which it may be struck."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.soak.deaths import World

SHORT_TRAINING = {"steps": 40, "auxiliary_steps": 12, "checkpoint_every": 5}
"""Tiny, some seconds for each stage: what it learns does not matter here."""
_number = count(1)
ENDED = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(frozen=True)
class Job:
    """A kind of run.

    Attributes:
        start: asks for one; the run's id.
        stages: phases that it goes through; "" is waiting in the queue.
        moment_seconds: the blow falls at most so long after the stage was seen.
    """

    name: str
    start: Callable[["World"], str]
    stages: tuple[str, ...]
    moment_seconds: float = 0.4


def _freeze(site: "World") -> str:
    run: dict[str, Any] = site.caller.post(
        "/snapshots", {"name": f"frozen {next(_number)} of {time.time():.3f}", "test_share": 0.3, "seed": 3}
    )
    return str(run["id"])


def _snapshot(site: "World") -> str:
    """One that is whole; frozen without mishap the first time."""
    known = site.caller.get("/snapshots")["results"]
    if not known:
        site.caller.finished_run(_freeze(site), timeout_seconds=200)
        known = site.caller.get("/snapshots")["results"]
    return str(known[-1]["id"])


def _train(site: "World") -> str:
    wanted = {"snapshot": _snapshot(site), "preset": "tiny", "overrides": {**SHORT_TRAINING, "seed": next(_number)}}
    return str(site.caller.post("/runs", {"kind": "train", "parameters": wanted})["id"])


def _active(site: "World") -> str:
    return next(str(model["id"]) for model in site.caller.get("/models")["results"] if model["status"] == "active")


def _infer(site: "World") -> str:
    """Every child is a little older than the last time: the model is asked about all films again."""
    site.program("tests.soak.grow_older")
    return str(site.caller.post("/runs", {"kind": "infer", "parameters": {"model": _active(site)}})["id"])


def _evaluate(site: "World") -> str:
    wanted = {"model": _active(site), "snapshot": _snapshot(site), "split": "test"}
    return str(site.caller.post("/runs", {"kind": "evaluate", "parameters": wanted})["id"])


_OF_A_TRAINING = ("prepare", "fit_detector", "find_regions", "fit_maturity", "features", "tuning")
JOBS = (
    Job("train", _train, ("", "starting", *_OF_A_TRAINING), 1.5),
    Job("infer", _infer, ("", "starting", "infer")),
    Job("freeze", _freeze, ("", "starting", "pictures")),
    Job("train", _train, _OF_A_TRAINING, 1.5),
    Job("infer", _infer, ("starting", "infer")),
    Job("evaluate", _evaluate, ("", "starting", "features")),
)


def wait_for_stage(site: "World", run: str, stage: str, seconds: float) -> str:
    """Until the run is in this stage, or past it; the stage in which it was seen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen = site.caller.get(f"/runs/{run}")
        phase = seen["phase"] if seen["status"] == "running" else seen["status"]
        if not stage or phase == stage or seen["status"] in ENDED:
            return str(phase)
        time.sleep(0.05)
    raise TimeoutError(f"run {run} never came to {stage}")
