"""A training's features in chunks: each found once by whoever is there, through deaths, cancels, failures, repeats."""

import hashlib
import queue
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from annotations.models import Person
from boneage_web.folders import features_dir, snapshots_dir
from boneage_web.registry.models import Snapshot
from boneage_web.registry.services import features
from boneage_web.registry.services.features import detector_dir, find_chunk, shared_features
from boneage_web.registry.services.snapshots import frozen_data
from boneage_web.runs import bell
from boneage_web.runs import progress as run_progress
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.models import Run, Worker
from boneage_web.runs.perform import Job, perform
from boneage_web.runs.selectors import status_counts
from boneage_web.runs.services import lease as leases
from boneage_web.runs.services import sweep
from boneage_web.runs.services.ledger import cancel_batch, create_run, offer, request_cancel, resume
from inference.progress import OnProgress, Progress
from training.snapshot import read_snapshot
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = {"features": 1}
PICTURES = 30


class Counting:
    """Stands for a detector: sees a picture's mean, and writes down how often it was asked about each."""

    def __init__(self) -> None:
        self.looked: Counter[str] = Counter()
        self.of_chunk: Callable[[tuple[Any, ...]], None] = lambda chunk: None

    def detector_hash(self, folder: Path) -> str:
        return hashlib.sha256((folder / "weights").read_bytes()).hexdigest()

    def see(self, snapshot: Any, radiographs: Any, folder: Path, on_progress: OnProgress) -> Any:
        self.of_chunk(radiographs)
        means = []
        for number, one in enumerate(radiographs):
            on_progress(Progress("features", number, len(radiographs)))
            means.append(snapshot.picture(one).mean())
            self.looked[one.sha256] += 1
        seen = np.zeros((len(radiographs), 17, 4), np.float32) + np.array(means, np.float32)[:, None, None]
        return seen[:, :, :2], seen[:, :, 0], seen


@pytest.fixture
def detectors() -> Counting:
    return Counting()


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> "queue.Queue[uuid.UUID]":
    """Ids of the chunks whose bell rang, instead of a broker."""
    heard: queue.Queue[uuid.UUID] = queue.Queue()

    def hear(name: str, args: list[str], **how: object) -> None:
        if name == bell.task_name(RunKind.FEATURES):
            heard.put(uuid.UUID(args[0]))

    monkeypatch.setattr(bell.application, "send_task", hear)
    return heard


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, rung: object) -> None:
    monkeypatch.setattr(run_progress, "WRITE_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(features, "LOOK_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(features, "PICTURES_PER_CHUNK", 4)


@pytest.fixture
def snapshot(own_folder: Path) -> Snapshot:
    """Small noise, two thirds of it to learn from."""
    pk, rng = uuid.uuid4(), np.random.default_rng(1)
    split = HashSplit(3, test_share=0.2, validation_share=0.2)
    writer = SnapshotWriter(snapshots_dir() / str(pk), name="noise", source="drawn", synthetic=True, split=split)
    for number in range(PICTURES):
        writer.add(
            id=f"h{number}",
            patient=f"p{number}",
            sex="F",
            bone_age_months=100.0,
            chronological_age_months=None,
            image=rng.integers(0, 255, (12, 9)).astype(np.uint8),
            marks={},
            truth_origin="drawn",
            original_size=(9, 12),
            synthetic=True,
        )
    data = read_snapshot(writer.close())
    return Snapshot.objects.create(
        id=pk, name="noise", hash=data.hash, manifest=dict(data.manifest), synthetic=True, test_locked=False
    )


def new_training(snapshot: Snapshot, weights: str = "a") -> Run:
    run = create_run(kind=RunKind.TRAIN, parameters={"snapshot": str(snapshot.pk)}, requested_by=None)
    folder = detector_dir(run.pk)
    folder.mkdir(parents=True)
    (folder / "weights").write_text(weights)
    (folder / "training.json").write_text("{}")
    return run


def do_chunk(detectors: Counting, run: uuid.UUID, meanwhile: OnProgress = lambda progress: None) -> None:
    def work(job: Job) -> Mapping[str, Any]:
        return find_chunk(job=job, detectors=detectors, meanwhile=meanwhile)

    perform(run, work=work, plan=PLAN)


def do_training(run: Run, detectors: Counting) -> Run:
    """What the training's worker does, from the moment that the detector is fitted."""

    def work(job: Job) -> dict[str, Any]:
        data = frozen_data(Snapshot.objects.get(pk=job.parameters["snapshot"]))
        seen = shared_features(training=job, snapshot=data, detectors=detectors, do=partial(do_chunk, detectors))
        means = [data.picture(one).mean() for one in data.part("train", "validation")]
        assert np.allclose(seen.scores[:, 0], means)
        return {"pictures": len(seen.ids)}

    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    return run


def learnt(snapshot: Snapshot) -> set[str]:
    return {one.sha256 for one in frozen_data(snapshot).part("train", "validation")}


def each_once(snapshot: Snapshot) -> dict[str, int]:
    return dict.fromkeys(learnt(snapshot), 1)


@pytest.fixture
def workers(rung: "queue.Queue[uuid.UUID]", detectors: Counting) -> Iterator[Callable[[int], None]]:
    """Threads that do what the bell rings for, as other workers do."""
    threads: list[threading.Thread] = []
    ended = threading.Event()

    def serve() -> None:
        try:
            while not ended.is_set():
                try:
                    run = rung.get(timeout=0.02)
                except queue.Empty:
                    continue
                do_chunk(detectors, run)
        finally:
            connection.close()

    def start(count: int) -> None:
        now = timezone.now()
        for number in range(count):
            Worker.objects.create(name=f"w{number}", queues="cpu", started_at=now, seen_at=now)
            threads.append(threading.Thread(target=serve))
            threads[-1].start()

    yield start
    ended.set()
    for thread in threads:
        thread.join()


def test_a_training_that_is_alone_finds_everything_itself(snapshot: Snapshot, detectors: Counting) -> None:
    run = do_training(new_training(snapshot), detectors)
    assert (run.status, run.outcome, run.batch) == ("succeeded", {"pictures": len(learnt(snapshot))}, run.pk)
    assert detectors.looked == each_once(snapshot)
    chunks = -(-len(learnt(snapshot)) // 4)
    assert status_counts(run.pk) == {"succeeded": chunks}
    assert len(list(features_dir().iterdir())) == chunks


def test_workers_help_and_every_picture_is_seen_once(
    snapshot: Snapshot, detectors: Counting, workers: Callable[[int], None]
) -> None:
    seen_by = Counter[int]()
    meet = threading.Barrier(3)

    def together(chunk: tuple[Any, ...]) -> None:
        if not seen_by[threading.get_ident()]:
            seen_by[threading.get_ident()] += 1
            meet.wait(20)  # all three are about a chunk at the same moment
        seen_by[threading.get_ident()] += 1

    detectors.of_chunk = together
    workers(2)
    run = do_training(new_training(snapshot), detectors)
    assert run.status == "succeeded", run.error_message
    assert len(seen_by) == 3
    assert detectors.looked == each_once(snapshot)


def test_as_many_chunks_wait_as_there_are_workers(
    snapshot: Snapshot, detectors: Counting, rung: "queue.Queue[uuid.UUID]"
) -> None:
    """A film that arrives stands behind few of them; here the other worker is about something else."""
    Worker.objects.create(name="w", queues="cpu", started_at=timezone.now(), seen_at=timezone.now())
    waiting = []

    def look(chunk: tuple[Any, ...]) -> None:
        waiting.append(Run.objects.filter(kind=RunKind.FEATURES, status="queued").count())

    detectors.of_chunk = look
    assert do_training(new_training(snapshot), detectors).status == "succeeded"
    assert max(waiting) <= 2


def test_a_repeated_training_finds_nothing_again_and_another_detector_does(
    snapshot: Snapshot, detectors: Counting
) -> None:
    do_training(new_training(snapshot), detectors)
    again = do_training(new_training(snapshot), detectors)
    assert (again.status, again.batch) == ("succeeded", None)
    assert detectors.looked == each_once(snapshot)
    assert do_training(new_training(snapshot, "b"), detectors).status == "succeeded"
    assert set(detectors.looked.values()) == {2}


def test_features_that_were_deleted_are_found_anew(snapshot: Snapshot, detectors: Counting) -> None:
    do_training(new_training(snapshot), detectors)
    gone = sorted(features_dir().iterdir())[0]
    gone.unlink()
    again = do_training(new_training(snapshot), detectors)
    assert (again.status, status_counts(again.pk)) == ("succeeded", {"succeeded": 1})
    assert sum(detectors.looked.values()) == len(learnt(snapshot)) + 4
    assert gone.is_file()


def test_the_chunk_of_a_worker_that_died_is_done_by_another_and_nothing_else_twice(
    snapshot: Snapshot, detectors: Counting, rung: "queue.Queue[uuid.UUID]", monkeypatch: pytest.MonkeyPatch
) -> None:
    Worker.objects.create(name="dies", queues="cpu", started_at=timezone.now(), seen_at=timezone.now())
    dead: list[uuid.UUID] = []

    def take_one_and_die(chunk: tuple[Any, ...]) -> None:
        if not dead:
            waiting = Run.objects.filter(kind=RunKind.FEATURES, status="queued").first()
            assert waiting is not None
            assert leases.claim(run_id=waiting.pk, worker="dies")
            detectors.looked["half"] += 1
            dead.append(waiting.pk)

    def wait(seconds: float) -> None:
        """All others are done; the lease runs out."""
        assert status_counts(run.pk)["running"] == 1
        long_ago = timezone.now() - timedelta(minutes=5)
        Run.objects.filter(pk=dead[0]).update(heartbeat_at=long_ago)
        assert sweep.requeue_stale() == 1

    run = new_training(snapshot)
    detectors.of_chunk = take_one_and_die
    monkeypatch.setattr(features.time, "sleep", wait)
    assert do_training(run, detectors).status == "succeeded"
    assert detectors.looked == {**each_once(snapshot), "half": 1}
    assert Run.objects.get(pk=dead[0]).attempt == 2


def test_a_training_that_died_goes_on_with_what_is_missing(snapshot: Snapshot, detectors: Counting) -> None:
    class PowerCut(BaseException):
        """Nothing catches it: rows stay as they are."""

    def die_in_the_third(chunk: tuple[Any, ...]) -> None:
        if sum(detectors.looked.values()) == 8:
            raise PowerCut

    run = new_training(snapshot)
    detectors.of_chunk = die_in_the_third
    with pytest.raises(PowerCut):
        do_training(run, detectors)
    detectors.of_chunk = lambda chunk: None
    held = Run.objects.filter(status="running")
    assert {one.kind for one in held} == {"train", "features"}
    assert sweep.requeue_of_worker(held[0].worker) == 2, "both were held by the one worker"
    again = do_training(run, detectors)
    assert (again.status, again.attempt) == ("succeeded", 2)
    assert detectors.looked == each_once(snapshot)


def test_a_chunk_that_fails_ends_the_training_with_its_reason_and_the_others_stay(
    snapshot: Snapshot, detectors: Counting
) -> None:
    class Unreadable(Exception):
        code, message = "unreadable", "A picture is damaged. Restore it."

    def refuse(chunk: tuple[Any, ...]) -> None:
        if sum(detectors.looked.values()) == 8:
            raise Unreadable

    detectors.of_chunk = refuse
    run = do_training(new_training(snapshot), detectors)
    assert (run.status, run.error_code, run.error_message) == ("failed", Unreadable.code, Unreadable.message)
    assert sum(detectors.looked.values()) == 8
    detectors.of_chunk = lambda chunk: None
    assert do_training(resume(run=run), detectors).status == "succeeded"
    assert detectors.looked == each_once(snapshot)


def test_a_cancelled_training_takes_its_chunks_with_it_and_goes_on_later(
    snapshot: Snapshot, detectors: Counting
) -> None:
    Worker.objects.create(name="w", queues="cpu", started_at=timezone.now(), seen_at=timezone.now())
    run = new_training(snapshot)

    def cancel(chunk: tuple[Any, ...]) -> None:
        if sum(detectors.looked.values()) == 4:
            request_cancel(run=run)
            threading.Event().wait(0.2)  # the heartbeat hears of it

    detectors.of_chunk = cancel
    assert do_training(run, detectors).status == "cancelled"
    counts = status_counts(run.pk)
    assert set(counts) == {"succeeded", "cancelled"}
    assert counts["succeeded"] == 1
    detectors.of_chunk = lambda chunk: None
    assert do_training(resume(run=run), detectors).status == "succeeded"
    assert detectors.looked == each_once(snapshot)


def test_a_chunk_that_no_training_waits_for_any_more_is_not_begun(snapshot: Snapshot, detectors: Counting) -> None:
    run, part = new_training(snapshot), uuid.uuid4()
    offer(part=part, kind=RunKind.FEATURES, parameters={}, leader=run)
    Run.objects.filter(pk=run.pk).update(status="failed", error_code="worker_died")
    do_chunk(detectors, part)
    assert Run.objects.get(pk=part).status == "cancelled"
    assert not detectors.looked


def test_one_thing_is_one_run_whoever_asks_for_it(snapshot: Snapshot) -> None:
    first, second, part = new_training(snapshot), new_training(snapshot), uuid.uuid4()

    def ask(leader: Run) -> tuple[str, uuid.UUID | None]:
        offer(part=part, kind=RunKind.FEATURES, parameters={"of": str(leader.pk)}, leader=leader)
        row = Run.objects.get(pk=part)
        return row.status, row.batch

    assert ask(first) == ("queued", first.pk)
    assert ask(second) == ("queued", first.pk)
    assert Run.objects.get(pk=second.pk).batch is None
    lease = leases.claim(run_id=part, worker="w")
    assert lease is not None
    assert ask(second) == ("running", first.pk)
    leases.fail(lease, code="failed", message="broke off")
    assert ask(second) == ("queued", second.pk)
    row = Run.objects.get(pk=part)
    assert (row.parameters, row.attempt, row.error_code, row.queue) == ({"of": str(second.pk)}, 0, "", "cpu")


def test_chunks_are_taken_back_with_their_training_from_either_side(snapshot: Snapshot) -> None:
    runs = [new_training(snapshot), new_training(snapshot)]
    parts = [uuid.uuid4(), uuid.uuid4()]
    for run, part in zip(runs, parts, strict=True):
        offer(part=part, kind=RunKind.FEATURES, parameters={}, leader=run)
    leases.claim(run_id=parts[0], worker="w")
    assert request_cancel(run=runs[0]).status == "cancelled"
    assert Run.objects.get(pk=parts[0]).cancel_requested
    assert cancel_batch(run=Run.objects.get(pk=parts[1])).status == "cancelled"
    assert Run.objects.get(pk=runs[1].pk).status == "cancelled"


def test_the_list_of_runs_shows_trainings_and_a_training_its_chunks(
    snapshot: Snapshot, detectors: Counting, client_of: Callable[[Person], Client], researcher: Person
) -> None:
    run = do_training(new_training(snapshot), detectors)
    browser = client_of(researcher)

    def listed(**query: str) -> Any:
        return browser.get("/api/v1/runs", query).json()

    chunks = -(-len(learnt(snapshot)) // 4)
    assert [one["kind"] for one in listed()["results"]] == ["train"]
    assert listed()["by_status"] is None
    assert listed(kind="features")["total"] == chunks
    of_training = listed(batch=str(run.pk))
    assert (of_training["total"], of_training["by_status"]) == (chunks + 1, {"succeeded": chunks})


def test_a_worker_with_an_empty_disk_needs_only_the_store(
    snapshot: Snapshot, detectors: Counting, settings: Any, own_folder: Path
) -> None:
    """A worker on another machine does every chunk; then a third machine has the detector and all features."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "tests.boneage_web.shared_store.SharedStore"},
    }
    features.publish(snapshots_dir() / str(snapshot.pk))
    run = new_training(snapshot)

    def on_another_machine(chunk: uuid.UUID, meanwhile: OnProgress) -> None:
        settings.DATA_DIR = own_folder / "elsewhere"
        do_chunk(detectors, chunk)
        settings.DATA_DIR = own_folder

    def work(job: Job) -> dict[str, Any]:
        data = frozen_data(snapshot)
        seen = shared_features(training=job, snapshot=data, detectors=detectors, do=on_another_machine)
        return {"pictures": len(seen.ids)}

    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert (run.status, run.outcome) == ("succeeded", {"pictures": len(learnt(snapshot))}), run.error_message
    assert detectors.looked == each_once(snapshot)
    settings.DATA_DIR = own_folder / "third"
    assert features.fetch_detector(run.pk)
    repeated = create_run(kind=RunKind.TRAIN, parameters=run.parameters, requested_by=None)
    detector_dir(repeated.pk).parent.mkdir(parents=True)
    detector_dir(run.pk).rename(detector_dir(repeated.pk))
    assert do_training(repeated, detectors).status == "succeeded"
    assert detectors.looked == each_once(snapshot)
