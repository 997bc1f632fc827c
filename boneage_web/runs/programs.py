"""The programs of the site and how each is started: by the supervisor on one machine, by a container in production."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """What a child runs."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_worker: bool = False


def programs(
    *,
    bind: str,
    web_processes: int,
    web_threads: int,
    worker_threads: int,
    gate_processes: int,
    dicom_node: bool = False,
    watch_folder: Path | None = None,
    watch_settle_seconds: int = 10,
    watch_cohort: str = "",
    outbound_gateway: bool = False,
) -> tuple[Program, ...]:
    """The web server, the gate with its other doors where the site has them, and one worker for each queue."""
    command = (sys.executable, "-m", "django")
    doors = [
        Program(f"gate {number}", (*command, "gate"), {"OMP_NUM_THREADS": "1"})
        for number in range(1, gate_processes + 1)
    ]
    if dicom_node:
        doors.append(Program("DICOM node", (*command, "dicom_node")))
    if watch_folder is not None:
        cohort = ("--cohort", watch_cohort) if watch_cohort else ()
        watch = (*command, "watch_folder", str(watch_folder), "--settle-seconds", str(watch_settle_seconds), *cohort)
        doors.append(Program("watched folder", watch))
    if outbound_gateway:
        doors.append(Program("outbound gateway", (*command, "outbound_gateway")))
    arithmetic = arithmetic_environment(worker_threads)
    return (
        Program("web server", web_command(bind=bind, processes=web_processes, threads=web_threads)),
        *doors,
        Program("worker", worker_command(queues="cpu"), arithmetic, is_worker=True),
        Program("training worker", worker_command(queues="gpu"), arithmetic, is_worker=True),
    )


def web_command(*, bind: str, processes: int, threads: int, graceful_seconds: int = 5) -> tuple[str, ...]:
    """Gunicorn. ``graceful_seconds``: so long requests that are running may take after SIGTERM."""
    return (
        *(sys.executable, "-m", "gunicorn", "boneage_web.wsgi:application", "--bind", bind),
        *("--worker-class", "gthread", "--workers", str(processes), "--threads", str(threads)),
        *("--timeout", "120", "--graceful-timeout", str(graceful_seconds)),
        *("--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning", "--no-control-socket"),
    )


def worker_command(*, queues: str) -> tuple[str, ...]:
    """Celery, one job at a time in the worker's own process: TensorFlow does not fork, and its model stays loaded."""
    return (
        *(sys.executable, "-m", "celery", "--app", "boneage_web.celery:application", "--quiet", "worker"),
        *("--pool", "solo", "--concurrency", "1", "--queues", queues, "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--hostname", f"{queues}-%n@%h"),
    )


def arithmetic_environment(worker_threads: int) -> dict[str, str]:
    """What the libraries of a worker read when they are loaded; 0 threads takes every core."""
    threads = str(worker_threads or os.cpu_count() or 1)
    return {
        "OMP_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
    }
