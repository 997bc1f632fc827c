"""The ledger: taken once, lost by lease, taken back by the sweep, cancelled at any stage, rung again when unheard."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from annotations.base.errors import StaleState
from boneage_web.runs import bell
from boneage_web.runs import progress as run_progress
from boneage_web.runs.decorators import cpu_task, gpu_task
from boneage_web.runs.kinds import MAX_ATTEMPTS, QUEUE_OF_KIND, RunKind
from boneage_web.runs.models import Run, Worker
from boneage_web.runs.perform import Job, perform
from boneage_web.runs.run_log import log_path
from boneage_web.runs.services import lease as leases
from boneage_web.runs.services import ledger, sweep
from boneage_web.runs.services.ledger import cancel_batch, create_run, queued_run, request_cancel, resume
from inference.progress import Cancelled, Progress

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = {"work": 1}


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """Ids of the runs whose bell rang, instead of a broker."""
    heard: list[uuid.UUID] = []
    monkeypatch.setattr(
        bell.application, "send_task", lambda name, args, queue, retry: heard.append(uuid.UUID(args[0]))
    )
    return heard


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is written without waiting a second."""
    monkeypatch.setattr(run_progress, "WRITE_EVERY_SECONDS", 0.02)


def new_run(kind: RunKind = RunKind.INFER) -> Run:
    return create_run(kind=kind, parameters={}, requested_by=None)


def age_heartbeat(run: Run, seconds: float) -> None:
    Run.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=seconds))


def test_the_bell_rings_after_the_commit_and_not_after_a_rollback(rung: list[uuid.UUID]) -> None:
    with transaction.atomic():
        run = new_run()
        assert rung == []
    assert rung == [run.pk]
    with transaction.atomic():
        new_run()
        transaction.set_rollback(True)
    assert rung == [run.pk]


def test_a_broker_that_is_away_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(bell.application, "send_task", away)
    run = new_run()
    run.refresh_from_db()
    assert run.status == "queued"


def test_of_many_workers_each_run_is_claimed_by_one(rung: list[uuid.UUID]) -> None:
    runs = [new_run() for _ in range(12)]
    together = threading.Barrier(6)

    def worker(number: int) -> list[uuid.UUID]:
        together.wait()
        try:
            return [run.pk for run in runs if leases.claim(run_id=run.pk, worker=f"w{number}")]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        claimed = [run for part in pool.map(worker, range(6)) for run in part]
    assert sorted(claimed) == sorted(run.pk for run in runs)
    assert set(Run.objects.values_list("attempt", flat=True)) == {1}


def test_a_bell_that_rings_twice_does_the_work_once(rung: list[uuid.UUID]) -> None:
    run, done = new_run(), []

    def work(job: Job) -> dict[str, int]:
        done.append(job.run.pk)
        return {"films": 3}

    perform(run.pk, work=work, plan=PLAN)
    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert done == [run.pk]
    assert (run.status, run.outcome, run.percent, run.attempt) == ("succeeded", {"films": 3}, 100, 1)


def test_libraries_are_loaded_before_the_run_is_taken_and_for_a_run_that_waits_alone(rung: list[uuid.UUID]) -> None:
    run, seen = new_run(), []

    def load() -> None:
        seen.append(Run.objects.get(pk=run.pk).status)
        raise ImportError("half an installation")

    def work(job: Job) -> dict[str, int]:
        return {"films": 1}

    perform(run.pk, work=work, plan=PLAN, load=load)
    perform(run.pk, work=work, plan=PLAN, load=load)
    assert seen == ["queued"]
    assert Run.objects.get(pk=run.pk).status == "succeeded"


def test_progress_reaches_the_row_with_its_curve(rung: list[uuid.UUID], quick: None) -> None:
    run, seen = new_run(RunKind.TRAIN), []

    def work(job: Job) -> dict[str, str]:
        for step in range(1, 5):
            threading.Event().wait(0.03)
            job.on_progress(Progress("work", step, 8, f"loss {1 / step:.2f}", {"loss": 1 / step}))
            seen.append(Run.objects.get(pk=job.run.pk))
        return {}

    perform(run.pk, work=work, plan={"work": 1, "rest": 1})
    assert [(row.phase, row.done, row.percent) for row in seen] == [
        ("work", step, 100 * step / 16) for step in range(1, 5)
    ]
    assert seen[-1].curve[-1] == {"step": 4, "phase": "work", "loss": 0.25}
    assert seen[-1].eta_seconds is not None
    assert "loss 0.25" in log_path(run.pk).read_text()


def test_progress_writes_at_most_once_a_second(rung: list[uuid.UUID], django_assert_max_num_queries: object) -> None:
    run = new_run()

    def work(job: Job) -> dict[str, str]:
        job.on_progress(Progress("work", 0, 500))
        with django_assert_max_num_queries(1):  # type: ignore[operator]
            for step in range(500):
                job.on_progress(Progress("work", step, 500))
        return {}

    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert run.status == "succeeded"


def test_a_long_curve_is_thinned_and_keeps_its_ends(rung: list[uuid.UUID]) -> None:
    run = new_run()
    lease = leases.claim(run_id=run.pk, worker="w")
    assert lease is not None
    bound = run_progress.BoundProgress(lease, log_path=log_path(run.pk), plan=PLAN)
    for step in range(5000):
        bound(Progress("work", step, 5000, values={"loss": 1.0}))
    steps = [point["step"] for point in bound.curve]
    assert len(steps) <= run_progress.CURVE_POINTS
    assert steps[0] == 0
    assert steps[-1] > 4900
    assert steps == sorted(steps)


def test_a_lost_lease_stops_the_worker_and_writes_nothing(rung: list[uuid.UUID], quick: None) -> None:
    run = new_run()
    first = leases.claim(run_id=run.pk, worker="first")
    assert first is not None
    age_heartbeat(run, 60)
    assert sweep.requeue_stale() == 1
    second = leases.claim(run_id=run.pk, worker="second")
    assert second is not None
    with pytest.raises(leases.LeaseLost):
        first.write(done=99)
    with pytest.raises(leases.LeaseLost):
        leases.succeed(first, outcome={"films": 99})
    leases.succeed(second, outcome={"films": 1})
    run.refresh_from_db()
    assert (run.outcome, run.attempt, run.done) == ({"films": 1}, 2, 0)


def test_work_hears_from_the_heartbeat_that_the_run_was_lost(rung: list[uuid.UUID], quick: None) -> None:
    run, heard = new_run(), []

    def work(job: Job) -> dict[str, str]:
        Run.objects.filter(pk=job.run.pk).update(lease=uuid.uuid4())
        for step in range(1000):
            threading.Event().wait(0.01)
            try:
                job.on_progress(Progress("work", step, 0))
            except leases.LeaseLost:
                heard.append(step)
                raise
        return {}

    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert len(heard) == 1
    assert run.status == "running"  # the other attempt's


def test_the_sweep_gives_a_dead_workers_run_one_more_try_and_then_says_why(rung: list[uuid.UUID]) -> None:
    run = new_run()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert leases.claim(run_id=run.pk, worker="w") is not None
        age_heartbeat(run, 1)
        assert sweep.requeue_stale() == 0, "a fresh heartbeat is a living worker"
        age_heartbeat(run, 60)
        assert sweep.requeue_stale() == 1
        run.refresh_from_db()
        assert run.attempt == attempt
    assert (run.status, run.error_code) == ("failed", "worker_died")
    assert "died twice" in run.error_message
    assert len(rung) == 2


def test_the_runs_of_a_worker_known_to_be_dead_are_freed_at_once(rung: list[uuid.UUID]) -> None:
    mine, other = new_run(), new_run()
    Worker.objects.create(name="host:1", queues="cpu", started_at=timezone.now(), seen_at=timezone.now())
    leases.claim(run_id=mine.pk, worker="host:1")
    leases.claim(run_id=other.pk, worker="host:2")
    assert sweep.requeue_of_worker("host:1") == 1
    assert set(Run.objects.values_list("pk", "status")) == {(mine.pk, "queued"), (other.pk, "running")}
    assert not Worker.objects.filter(name="host:1").exists()


def test_a_waiting_run_is_cancelled_at_once_and_never_claimed(rung: list[uuid.UUID]) -> None:
    run = request_cancel(run=new_run())
    assert run.status == "cancelled"
    assert leases.claim(run_id=run.pk, worker="w") is None
    with pytest.raises(StaleState):
        request_cancel(run=run)


def test_a_running_run_stops_at_its_next_progress(rung: list[uuid.UUID], quick: None) -> None:
    run, steps = new_run(), []

    def work(job: Job) -> dict[str, str]:
        for step in range(1000):
            job.on_progress(Progress("work", step, 1000))
            steps.append(step)
            if step == 3:
                request_cancel(run=job.run)
            threading.Event().wait(0.01)
        return {"films": 1000}

    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert run.finished_at is not None
    assert 3 <= steps[-1] < 200


def test_a_cancel_is_not_lost_when_the_run_moves_between_two_looks(
    rung: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead worker's run goes back to the queue after it was not found there, before it is looked for elsewhere."""
    run = new_run()
    leases.claim(run_id=run.pk, worker="w")
    age_heartbeat(run, 60)
    plain, looks = ledger._cancelled, []

    def found_by_neither(asked: Run) -> int:
        looks.append(asked.pk)
        return 0 if len(looks) == 1 and sweep.requeue_stale() else plain(asked)

    monkeypatch.setattr(ledger, "_cancelled", found_by_neither)
    assert request_cancel(run=run).status == "cancelled"
    assert len(looks) == 2


def test_a_whole_batch_is_taken_back(rung: list[uuid.UUID]) -> None:
    batch = uuid.uuid4()
    parts = [create_run(kind=RunKind.INFER, parameters={}, requested_by=None, batch=batch) for _ in range(4)]
    other = new_run()
    leases.succeed(leases.claim(run_id=parts[0].pk, worker="w"), outcome={})  # type: ignore[arg-type]
    leases.claim(run_id=parts[1].pk, worker="w")
    assert cancel_batch(run=parts[0]).status == "succeeded"
    states = dict(Run.objects.values_list("pk", "status"))
    assert [states[run.pk] for run in (*parts, other)] == ["succeeded", "running", "cancelled", "cancelled", "queued"]
    assert Run.objects.get(pk=parts[1].pk).cancel_requested
    with pytest.raises(StaleState):
        cancel_batch(run=other)


def test_what_was_cancelled_is_taken_up_again_with_its_curve(rung: list[uuid.UUID], quick: None) -> None:
    run = new_run(RunKind.TRAIN)

    def work(job: Job) -> dict[str, int]:
        first = 3 if job.run.curve else 1  # as from a checkpoint after step 2
        for step in range(first, 7):
            threading.Event().wait(0.03)
            job.on_progress(Progress("work", step, 6, values={"loss": 10.0 * first + step}))
            if step == 4 and first == 1:
                request_cancel(run=job.run)
        return {"begun at": first}

    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert run.status == "cancelled"
    before = [point["loss"] for point in run.curve]
    rung.clear()
    assert resume(run=run).status == "queued"
    assert rung == [run.pk]
    assert (run.cancel_requested, run.finished_at, run.error_code) == (False, None, "")
    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert (run.status, run.outcome, run.attempt) == ("succeeded", {"begun at": 3}, 1)
    assert [(point["step"], point["loss"]) for point in run.curve] == [
        *((step, 10.0 + step) for step in (1, 2) if 10.0 + step in before),
        *((step, 30.0 + step) for step in (3, 4, 5, 6)),
    ]
    with pytest.raises(StaleState):
        resume(run=run)


def test_the_rest_of_a_resumed_run_is_told_at_its_own_pace(rung: list[uuid.UUID], quick: None) -> None:
    lease = leases.claim(run_id=new_run().pk, worker="w")
    assert lease is not None
    bound = run_progress.BoundProgress(lease, log_path=log_path(lease.run_id), plan=PLAN)
    assert bound._left_seconds(60.0) is None, "it has only just begun"
    bound._started -= 10
    assert bound._left_seconds(80.0) == pytest.approx(10, abs=0.5)


def test_a_cancelled_run_whose_worker_died_is_not_tried_again(rung: list[uuid.UUID]) -> None:
    run = new_run()
    leases.claim(run_id=run.pk, worker="w")
    request_cancel(run=run)
    age_heartbeat(run, 60)
    sweep.requeue_stale()
    run.refresh_from_db()
    assert run.status == "cancelled"


def test_a_stopping_worker_gives_its_run_back_and_the_attempt_does_not_count(
    rung: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = threading.Event()
    monkeypatch.setattr(run_progress, "worker_is_stopping", stopping)
    run = new_run()

    def work(job: Job) -> dict[str, str]:
        stopping.set()
        job.on_progress(Progress("work", 1, 2))
        return {}

    perform(run.pk, work=work, plan=PLAN)
    run.refresh_from_db()
    assert (run.status, run.attempt, run.lease) == ("queued", 0, None)


def test_an_error_with_a_code_keeps_it_and_others_point_to_the_log(rung: list[uuid.UUID]) -> None:
    class TooFewFilmsError(Exception):
        code, message = "too_few_films", "Label at least ten films."

    def refuses(job: Job) -> dict[str, str]:
        raise TooFewFilmsError

    def breaks(job: Job) -> dict[str, str]:
        return {"result": 1 / 0}  # type: ignore[dict-item]

    known, unknown = new_run(), new_run()
    perform(known.pk, work=refuses, plan=PLAN)
    perform(unknown.pk, work=breaks, plan=PLAN)
    known.refresh_from_db()
    unknown.refresh_from_db()
    assert (known.status, known.error_code, known.error_message) == (
        "failed",
        "too_few_films",
        "Label at least ten films.",
    )
    assert (unknown.error_code, "ZeroDivisionError" in unknown.error_message) == ("failed", True)
    assert "ZeroDivisionError" in log_path(unknown.pk).read_text()


def test_a_lost_bell_is_rung_again_and_a_busy_queue_is_left_in_peace(rung: list[uuid.UUID]) -> None:
    lost = new_run()
    rung.clear()
    assert sweep.ring_unheard() == 0, "it has only just rung"
    Run.objects.filter(pk=lost.pk).update(rung_at=timezone.now() - timedelta(seconds=30))
    assert sweep.ring_unheard() == 1
    assert rung == [lost.pk]
    Run.objects.filter(pk=lost.pk).update(rung_at=timezone.now() - timedelta(seconds=30))
    busy = new_run()
    leases.claim(run_id=busy.pk, worker="w")
    assert sweep.ring_unheard() == 0
    Run.objects.filter(pk=lost.pk).update(rung_at=timezone.now() - timedelta(minutes=11))
    assert sweep.ring_unheard() == 1


def test_an_equal_waiting_run_is_found(rung: list[uuid.UUID]) -> None:
    run = create_run(kind=RunKind.INFER, parameters={"model": "a", "arrivals": True}, requested_by=None)
    assert queued_run(kind=RunKind.INFER, parameters={"model": "a", "arrivals": True}) == run
    assert queued_run(kind=RunKind.INFER, parameters={"model": "b", "arrivals": True}) is None
    leases.claim(run_id=run.pk, worker="w")
    assert queued_run(kind=RunKind.INFER, parameters={"model": "a", "arrivals": True}) is None


def test_every_kind_has_a_task_on_its_queue_with_the_one_set_of_limits() -> None:
    bell.application.loader.import_default_modules()
    tasks = {name: task for name, task in bell.application.tasks.items() if name.startswith("boneage_web.")}
    assert {name: task.queue for name, task in tasks.items()} == {
        bell.task_name(kind): str(queue) for kind, queue in QUEUE_OF_KIND.items()
    }
    assert all(task.acks_late and task.reject_on_worker_lost and task.max_retries == 0 for task in tasks.values())


def test_a_decorator_refuses_a_kind_of_the_other_queue() -> None:
    with pytest.raises(ValueError, match="go to the queue gpu"):
        cpu_task(RunKind.TRAIN, plan={})
    with pytest.raises(ValueError, match="go to the queue cpu"):
        gpu_task(RunKind.INFER, plan={})


def test_cancelled_is_what_the_floor_lets_pass() -> None:
    assert issubclass(leases.LeaseLost, Cancelled)
    assert issubclass(leases.WorkerStopping, Cancelled)
