"""``python -m tests.training.fit_once SNAPSHOT OUT OVERRIDES``: one training, saying each step on a line of its own."""

import json
import sys
from pathlib import Path

import training.fit_detector as module


def main(snapshot, out, overrides):
    module.SECONDS_BETWEEN_PROGRESS = 0.0
    module.fit_detector(
        snapshot=Path(snapshot),
        preset="tiny",
        out=Path(out),
        overrides=json.loads(overrides),
        on_progress=lambda progress: print(progress.phase, progress.done, flush=True),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
