"""Mutated DICOM files through reader and de-identifier: ``python -m tests.soak.fuzz_dicom --seconds 3600 --seed 1``.

Each file goes to a worker process that is watched from outside. Found is: a worker that dies (decoders are written in
C++), an exception that is no refusal, a file that takes more than ten seconds or 1 GiB, and a clean copy in which a
mark of the original is left. Seconds are the worker's own on the processor, so that a busy machine is not taken for a
hang; a worker that waits is given five minutes. What was found is kept beside the log, to be tried again with
``--replay``.

What reads letters is left out, being slow and fed with pixels only, but for every fiftieth film that is accepted.
"""

import argparse
import json
import multiprocessing
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.soak.mutations import mutated
from tests.soak.seed_films import MARKS, seed_films

HANG_SECONDS = 10.0
STUCK_SECONDS = 300.0
MEMORY_MIB = 1024
ADDRESS_SPACE_BYTES = 6 << 30
"""Beyond this an allocation fails at once, so that a runaway does not take the machine with it."""

REAL_TEXT_CHECK_EVERY = 50
FILES_PER_WORKER = 20_000
_KEY = b"a key of the fuzzer, 32 bytes ..."


@dataclass
class Findings:
    """What an hour of files came to."""

    files: int = 0
    seconds: float = 0.0
    worker_seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0
    largest_mib: float = 0.0
    text_checks: int = 0

    def progress(self) -> dict[str, Any]:
        """For a line of the log."""
        return {
            "minutes": round(self.seconds / 60, 1),
            "processor_minutes": round(self.worker_seconds / 60, 1),
            "files": self.files,
            "found": self.found,
            "slowest_seconds": self.slowest_seconds,
            "largest_mib": round(self.largest_mib),
        }

    def table(self) -> str:
        """Markdown."""
        accepted = sum(count for name, count in self.outcomes.items() if name.startswith("accepted"))
        rows = [
            ("files", f"{self.files}"),
            ("minutes", f"{self.seconds / 60:.1f}"),
            ("minutes of these on the processor", f"{self.worker_seconds / 60:.1f}"),
            ("accepted", f"{accepted}"),
            ("of these with letters read", f"{self.text_checks}"),
            ("refused", f"{self.files - accepted - sum(self.found.values())}"),
            ("died", f"{self.found['died']}"),
            ("exceptions", f"{self.found['exception']}"),
            (f"over {HANG_SECONDS:.0f} s", f"{self.found['hang']}"),
            (f"over {MEMORY_MIB} MiB", f"{self.found['memory']}"),
            ("accepted with a mark left", f"{self.found['identity']}"),
            ("slowest, seconds", f"{self.slowest_seconds:.2f}"),
            ("largest, MiB", f"{self.largest_mib:.0f}"),
        ]
        lines = ["| mutated DICOM | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
        return "\n".join([*lines, "", "outcomes: " + ", ".join(f"{n} {c}" for n, c in self.outcomes.most_common())])


class Worker:
    """A process that takes one file after the other, and is started anew when it dies."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = multiprocessing.get_context("spawn").Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._files = 0
        if not self._pipe.poll(STUCK_SECONDS):  # imports are not part of any file's time
            raise RuntimeError("the worker did not start")
        self._pipe.recv()

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def take(self, data: bytes, *, text_check: bool) -> dict[str, Any]:
        """The file's outcome, whatever became of the process."""
        if self._files >= FILES_PER_WORKER:
            self._restart()
        self._files += 1
        before = _processor_seconds(self._process.pid)
        try:
            self._pipe.send((data, text_check))
            if not self._answers(before + HANG_SECONDS + 20 * text_check):
                seconds = _processor_seconds(self._process.pid) - before
                self._restart()
                return {"found": "hang", "seconds": seconds}
            answer: dict[str, Any] = self._pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join(5)
            code = self._process.exitcode
            self._restart()
            return {"found": "died", "detail": f"exit code {code}", "seconds": 0.0}
        if answer["mib"] > MEMORY_MIB and "found" not in answer and not text_check:
            answer["found"] = "memory"
        if answer["mib"] > MEMORY_MIB:
            self._restart()
        return answer

    def _answers(self, processor_seconds: float) -> bool:
        """Waits for an answer until the worker's time on the processor has come to this, or until it is stuck."""
        until = time.monotonic() + STUCK_SECONDS
        while not self._pipe.poll(0.2):
            if _processor_seconds(self._process.pid) > processor_seconds or time.monotonic() > until:
                return False
        return True

    def _restart(self) -> None:
        self.stop()
        self._start()


def _serve(pipe: Connection) -> None:
    from inference.imaging.deidentify import deidentify  # the mother process stays small
    from inference.imaging.errors import FilmError
    from inference.imaging.read import read_film
    from tests.factories.marks import remaining
    from tests.factories.unread import UNREAD

    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(19)
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (for the life of the process)
    os.dup2(sys.stderr.fileno(), 2)
    pipe.send("ready")
    while True:
        data, with_text_check = pipe.recv()
        _reset_peak()
        answer: dict[str, Any] = {}
        start = time.process_time()
        try:
            clean = deidentify(data, key=_KEY, **({} if with_text_check else UNREAD))
            left = remaining(clean.data, MARKS)
            read_film(clean.data)
            answer["outcome"] = "accepted" if clean.report["pixels_clean"] else f"blocked {clean.report['blocking']}"
            if left:
                answer |= {"found": "identity", "detail": ", ".join(left)}
        except FilmError as error:
            answer["outcome"] = error.code
        except Exception as error:  # this is what is looked for
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
            answer |= {"found": "exception", "detail": f"{type(error).__name__} at {place}"}
        answer |= {"mib": _peak_mib(), "seconds": round(time.process_time() - start, 3)}
        pipe.send(answer)


def _processor_seconds(process: int | None) -> float:
    """Of a running process, in user and system mode (Linux)."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _reset_peak() -> None:
    """Makes the kernel forget the process's peak of resident memory (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def fuzz(
    *, seconds: float, seed: int, files: int | None = None, log: Path | None = None, real_data: Path | None = None
) -> Findings:
    """Runs until the time or the number of files is reached; the same seed makes the same files.

    Args:
        seconds: at most.
        seed: of the mutations.
        files: at most; None for no limit.
        log: a line of JSON a minute and for each finding; found files beside it. None keeps nothing.
        real_data: folder whose ``dicom/`` serves as seeds too.
    """
    rng = random.Random(seed)
    seeds = seed_films(real_data)
    findings = Findings()
    worker = Worker()
    start = reported = time.monotonic()
    passed = 0
    try:
        while time.monotonic() - start < seconds and (files is None or findings.files < files):
            name, data = _chosen(rng, seeds)
            mutant = mutated(data, rng, others=[film for _, film, _ in seeds])
            with_check = passed % REAL_TEXT_CHECK_EVERY == REAL_TEXT_CHECK_EVERY - 1
            answer = worker.take(mutant, text_check=with_check)
            passed += answer.get("outcome", "").startswith(("accepted", "blocked"))
            _note(findings, answer, with_check)
            findings.seconds = time.monotonic() - start
            worth_a_look = answer.get("found") or (answer["outcome"] == "identity_remains" and answer["outcome"])
            if worth_a_look and log is not None:
                _keep(log, f"{findings.files:07d}-{worth_a_look}.dcm", mutant, {"seed": name, **answer})
            if log is not None and time.monotonic() - reported > 60:
                reported = time.monotonic()
                _write(log, findings.progress())
    finally:
        worker.stop()
    if log is not None:
        _write(log, {"outcomes": findings.outcomes, "found": findings.found})
        with log.open("a", encoding="utf-8") as file:
            file.write(findings.table() + "\n")
    return findings


def _chosen(rng: random.Random, seeds: Sequence[tuple[str, bytes, float]]) -> tuple[str, bytes]:
    (chosen,) = rng.choices(seeds, weights=[weight for _, _, weight in seeds])
    return chosen[0], chosen[1]


def _note(findings: Findings, answer: dict[str, Any], with_check: bool) -> None:
    findings.files += 1
    findings.worker_seconds += answer["seconds"]
    findings.slowest_seconds = max(findings.slowest_seconds, 0.0 if with_check else answer["seconds"])
    findings.largest_mib = max(findings.largest_mib, 0.0 if with_check else answer.get("mib", 0.0))
    if "found" in answer:
        findings.found[answer["found"]] += 1
    else:
        findings.outcomes[answer["outcome"]] += 1
    if with_check and answer.get("outcome", "").startswith(("accepted", "blocked")):
        findings.text_checks += 1


def _keep(log: Path, name: str, data: bytes, answer: dict[str, Any]) -> None:
    folder = log.with_suffix(".found")
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    _write(log, {"file": name, **answer})


def _write(log: Path, line: dict[str, Any]) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def replay(paths: Sequence[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The outcome of files that were kept, one by one."""
    worker = Worker()
    try:
        for path in paths:
            yield path, worker.take(path.read_bytes(), text_check=False)
    finally:
        worker.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Exits 0 if nothing was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--replay", type=Path, nargs="+", default=[])
    options = parser.parse_args(arguments)
    if options.replay:
        for path, answer in replay(options.replay):
            print(path.name, answer)
        return 0
    folder = os.environ.get("BONEAGE_REAL_DATA")
    findings = fuzz(
        seconds=options.seconds, seed=options.seed, log=options.out, real_data=Path(folder) if folder else None
    )
    print(findings.table())
    return 1 if findings.found else 0


if __name__ == "__main__":
    sys.exit(main())
