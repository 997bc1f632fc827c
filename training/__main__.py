"""`python -m training COMMAND`: learning from the shell, on a bare machine.

Each command is a module with `add_arguments(parser)` and `run(args, on_progress) -> exit status`; it is imported only
when it is called, so that `import-rsna` does not wait for TensorFlow.
"""

import argparse
import importlib
import sys
import time

from inference.progress import OnProgress, Progress
from training.snapshot import SnapshotError

COMMANDS: dict[str, tuple[str, str]] = {
    "import-rsna": ("training.import_rsna.command", "make a snapshot of the RSNA 2017 hands"),
    "phantom": ("training.phantom.command", "draw synthetic films as DICOM files, with their truth"),
    "phantom-snapshot": ("training.phantom.clinic", "a snapshot of drawn children with chronological ages"),
    "labelling-manual": ("training.labelling_manual.command", "draw the pictures of the labelling manual"),
    "fit-detector": ("training.fit_detector_command", "train a detector on the hands with boxes"),
    "fit-age-head": ("training.fit_age_head_command", "fit the age head and write the artifact"),
    "fit-part-heads": ("training.fit_part_heads", "heads for the carpals alone and the hand without them"),
    "fit-film-check": ("training.fit_film_check_command", "train the network of the quality gate"),
    "evaluate": ("training.evaluate_command", "ages and boxes of an artifact on one part of a snapshot"),
    "add-evaluations": ("training.add_evaluations", "write measured evaluations into an artifact's manifest"),
    "compare": ("training.comparison.command", "the table of baselines and models on one split"),
    "heat-map": ("training.baselines.heat_map", "where the end-to-end network looks"),
    "stress": ("training.stress_command", "how far ages move when films are changed or regions are missing"),
    "average-hand": ("training.average_hand", "the layout that the labelling room's three clicks lay over a hand"),
    "check-snapshot": ("training.check_snapshot", "check a snapshot before training on it"),
    "fit-whole-picture": ("training.baselines.command", "train the end-to-end baseline"),
}


def main(argv: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if argv is None else argv
    overview = argparse.ArgumentParser(prog="python -m training", description=__doc__.splitlines()[0])
    overview.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=_list_of_commands())
    command = overview.parse_args(arguments[:1]).command
    module_name, about = COMMANDS[command]
    module = importlib.import_module(module_name)
    parser = argparse.ArgumentParser(prog=f"python -m training {command}", description=about)
    module.add_arguments(parser)
    args = parser.parse_args(arguments[1:])
    try:
        return int(module.run(args, console_progress()))
    except SnapshotError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command takes up where it was", file=sys.stderr)
        return 130


def _list_of_commands() -> str:
    return "; ".join(f"{name}: {about}" for name, (_, about) in COMMANDS.items())


def console_progress(every_seconds: float = 2.0) -> OnProgress:
    """A listener that prints a line to standard error every few seconds, and whenever a phase ends."""
    last = 0.0

    def show(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < every_seconds and (progress.total == 0 or progress.done < progress.total):
            return
        last = now
        values = "  ".join(f"{name} {value:.4g}" for name, value in progress.values.items())
        of = f"/{progress.total}" if progress.total else ""
        print(f"{progress.phase} {progress.done}{of}  {values}  {progress.note}".rstrip(), file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    sys.exit(main())
