"""Region features of a training, found in chunks by all workers that live; the training itself takes its share.

A chunk is a run like any other. Its id and its file are named by what it is found from (`training.feature_chunks`), so
one is found once, for whatever training, and what was found before is taken up. The training never only waits while a
chunk waits too: it does that one itself, so a single worker that does everything comes to an end as well.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid5

from boneage_web.folders import features_dir, runs_dir
from boneage_web.registry.models import Snapshot
from boneage_web.registry.services.snapshots import frozen_data
from boneage_web.runs.kinds import Queue, RunKind, RunStatus
from boneage_web.runs.models import Run
from boneage_web.runs.perform import Job
from boneage_web.runs.selectors import is_led, living_workers
from boneage_web.runs.services.lease import LeaseLost
from boneage_web.runs.services.ledger import offer
from boneage_web.stored_folders import fetch, fetch_file, publish, publish_file
from inference.progress import Cancelled, OnProgress, Progress, ignore_progress
from training.config import DETECTOR_RECORD
from training.feature_chunks import Chunk, chunk_address, cut, joined, learnt_from, store_chunk
from training.feature_rows import Floats, RegionFeatures
from training.snapshot import Snapshot as FrozenData

PICTURES_PER_CHUNK = 128
"""Seconds of a light detector, minutes of the paper's on a processor: a film that arrives waits for no more."""
LOOK_EVERY_SECONDS = 1.0
_RUNS_OF_CHUNKS = UUID("0f6b4f0e-6c0b-4f7e-9f0b-3a9f5d0c7a11")


class Detectors(Protocol):
    """What `training.region_features` offers; no learning library here."""

    def detector_hash(self, folder: Path) -> str:
        """Of the files that decide what a detector sees."""

    def see(
        self, snapshot: FrozenData, radiographs: Chunk, folder: Path, on_progress: OnProgress
    ) -> tuple[Floats, Floats, Floats]:
        """Features, scores and boxes of some pictures by the detector in a folder."""


class ChunkError(Exception):
    """A chunk that could not be found; the training ends with what its run says."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class _Piece:
    """A chunk with its name."""

    number: int
    radiographs: Chunk
    address: str

    @property
    def run(self) -> UUID:
        return uuid5(_RUNS_OF_CHUNKS, self.address)

    @property
    def path(self) -> Path:
        return features_dir() / f"{self.address}.npz"


def detector_dir(training: UUID) -> Path:
    """The fitted detector of a training."""
    return runs_dir() / str(training) / "detector"


def fetch_detector(training: UUID) -> bool:
    """Whether a training has fitted its detector, here or, for a training that goes on, on another machine."""
    return fetch(detector_dir(training), last=DETECTOR_RECORD)


def find_chunk(*, job: Job, detectors: Detectors, meanwhile: OnProgress = ignore_progress) -> dict[str, int]:
    """What a worker does with a chunk's run; how many pictures were looked at, and how many had been before.

    Args:
        meanwhile: told of the same progress, by a training that does this between other things.

    Raises:
        ChunkError: the detector or the snapshot is not what the training had.
        Cancelled: no training waits for it any more.
    """
    if not is_led(job.run):
        raise Cancelled(str(job.run.pk))
    asked = job.parameters
    snapshot = frozen_data(Snapshot.objects.get(pk=UUID(asked["snapshot"])))
    chunk = cut(learnt_from(snapshot), PICTURES_PER_CHUNK)[asked["part"] - 1]

    def told(progress: Progress) -> None:
        job.on_progress(progress)
        meanwhile(progress)

    told(Progress("features", 0, len(chunk)))
    folder = detector_dir(UUID(asked["training"]))
    if not fetch(folder, last=DETECTOR_RECORD):
        raise ChunkError(
            "detector_gone", "The detector of the training is not there any more. Start the training anew."
        )
    piece = _Piece(asked["part"], chunk, chunk_address(chunk, detectors.detector_hash(folder)))
    if piece.address != asked["address"]:
        raise ChunkError(
            "other_chunk", "Detector or pictures are not those the training began with. Take the training up again."
        )
    if fetch_file(piece.path):
        return {"found": 0, "known": len(chunk)}
    store_chunk(piece.path, *detectors.see(snapshot, chunk, folder, told))
    publish_file(piece.path)
    return {"found": len(chunk), "known": 0}


def shared_features(
    *, training: Job, snapshot: FrozenData, detectors: Detectors, do: Callable[[UUID, OnProgress], None]
) -> RegionFeatures:
    """The features that the training's age head is fitted on. Safe to call again after any death.

    Args:
        do: does one run here and now, if nobody else has taken it, and tells how it goes on.

    Raises:
        ChunkError: a chunk failed; the others stay, and are not found again when the training is taken up again.
        Cancelled: the training is to stop.
    """
    folder = detector_dir(training.run.pk)
    publish(folder, last=DETECTOR_RECORD)
    detector = detectors.detector_hash(folder)
    chunks = enumerate(cut(learnt_from(snapshot), PICTURES_PER_CHUNK), start=1)
    pieces = [_Piece(number, chunk, chunk_address(chunk, detector)) for number, chunk in chunks]
    _Sharing(training, pieces, do).finish()
    return joined(learnt_from(snapshot), [piece.path for piece in pieces])


class _Sharing:
    """The chunks of one training that are not there yet, and who is about them."""

    def __init__(self, training: Job, pieces: Sequence[_Piece], do: Callable[[UUID, OnProgress], None]) -> None:
        self.training, self.do, self.count = training, do, len(pieces)
        self.total = sum(len(piece.radiographs) for piece in pieces)
        self.left: list[_Piece] = []
        for piece in pieces:
            training.on_progress.check()
            if not fetch_file(piece.path):
                self.left.append(piece)
        self.seen: set[UUID] = set()
        """Runs that waited or ran since this began: what became of them is news, what others say is of old."""
        self.looked_at = 0.0

    def finish(self) -> None:
        """Until no chunk is left."""
        self._look()
        while self.left:
            waiting = Run.objects.filter(pk__in=[piece.run for piece in self.left], status=RunStatus.QUEUED)
            first = waiting.order_by("created_at", "pk").first()
            if first is not None:
                self.do(first.pk, self._meanwhile)
            else:
                time.sleep(LOOK_EVERY_SECONDS)
            self._look()

    def _meanwhile(self, progress: Progress) -> None:
        """The other workers get new chunks while this one is about its own."""
        if time.monotonic() - self.looked_at < LOOK_EVERY_SECONDS:
            return
        try:
            self._look()
        except (LeaseLost, ChunkError):  # the chunk in hand is right all the same; the loop says so afterwards
            return

    def _look(self) -> None:
        """Take up what is there, ask for what nobody is about, and tell how far it is."""
        self.looked_at = time.monotonic()
        runs = Run.objects.in_bulk([piece.run for piece in self.left])
        open_pieces = [piece for piece in self.left if not self._is_done(piece, runs.get(piece.run))]
        self.left = open_pieces
        status = {piece.run: runs[piece.run].status if piece.run in runs else "" for piece in open_pieces}
        working = sum(runs[run].done for run, one in status.items() if one == RunStatus.RUNNING)
        left = sum(len(piece.radiographs) for piece in open_pieces)
        self.training.on_progress(Progress("features", self.total - left + working, self.total))
        self._ask(
            [piece for piece in open_pieces if status[piece.run] not in (RunStatus.QUEUED, RunStatus.RUNNING)],
            waiting=sum(one == RunStatus.QUEUED for one in status.values()),
        )

    def _is_done(self, piece: _Piece, run: Run | None) -> bool:
        if run is None:
            return False
        if run.status == RunStatus.SUCCEEDED and fetch_file(piece.path):
            return True
        if run.status in (RunStatus.QUEUED, RunStatus.RUNNING):
            self.seen.add(run.pk)
        elif run.pk in self.seen and run.status == RunStatus.FAILED:
            raise ChunkError(run.error_code, run.error_message)
        elif run.pk in self.seen and run.status == RunStatus.SUCCEEDED:
            raise ChunkError(
                "chunk_not_stored",
                "A worker's features are not here: let all workers use one store, or one data folder.",
            )
        return False

    def _ask(self, pieces: Sequence[_Piece], *, waiting: int) -> None:
        """As many wait as there are workers, this one too, and no more: a film that arrives stands behind few."""
        leader = Run.objects.get(pk=self.training.run.pk)
        if leader.cancel_requested:  # its parts are cancelled after it, and stay so
            raise Cancelled(str(leader.pk))
        for piece in pieces[: max(0, living_workers(Queue.CPU) + 1 - waiting)]:
            offer(part=piece.run, kind=RunKind.FEATURES, parameters=self._parameters(piece), leader=leader)
            self.seen.add(piece.run)

    def _parameters(self, piece: _Piece) -> Mapping[str, Any]:
        return {
            "training": str(self.training.run.pk),
            "snapshot": self.training.parameters["snapshot"],
            "part": piece.number,
            "parts": self.count,
            "address": piece.address,
        }
