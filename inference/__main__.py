"""``python -m inference predict FILES... --json``: boxes and a bone age for films, from the shell.

Beside it ``explain`` (what an age rests on) and ``bench`` (seconds per film on this machine).

``predict`` prints one line per film, in the order given. A film that is refused is a line too, and the batch goes on.
Exit status: 0 when every film got its age, 1 when any line carries an error, 2 when the call itself was wrong.
RESEARCH USE ONLY.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from inference import bench_command, explain_command
from inference.artifact import ArtifactError, shipped_artifact
from inference.detector.precision import EngineError
from inference.engine_options import add_engine_arguments, engine_options
from inference.imaging.errors import FilmError
from inference.imaging.film import Film
from inference.imaging.quality import Assessment, assess
from inference.imaging.read import read_film
from inference.pipeline import FilmPrediction, FilmRequest, Pipeline, PreparedFilm
from inference.stated_facts import FactError, Facts, Stated, TableError, facts_for, read_table, row_of

BATCH = 8
"""Films that go through the network together; more would only delay the first lines."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A film read, assessed, with its facts, and ready for the network."""

    film: Film
    facts: Facts
    quality: Assessment
    prepared: PreparedFilm


@dataclass(frozen=True, slots=True)
class _Refused:
    code: str
    message: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.command == "explain":
        return explain_command.run(options)
    if options.command == "bench":
        return bench_command.run(options)
    try:
        table = read_table(options.table) if options.table else {}
        pipeline = Pipeline.load(options.artifact or shipped_artifact(), **engine_options(options))
    except (TableError, ArtifactError, EngineError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    stated = Stated(options.sex, options.chronological_age_months)
    failed = False
    for line in _lines(pipeline, options.files, stated, table):
        failed = failed or "error" in line
        text = json.dumps(line, ensure_ascii=False, allow_nan=False) if options.json else _for_people(line)
        print(text, flush=True)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inference", description="Bone age from films. RESEARCH USE ONLY.")
    commands = parser.add_subparsers(dest="command", required=True)
    explain_command.add_arguments(commands.add_parser("explain", help="what the bone age of a film rests on"))
    bench_command.add_arguments(commands.add_parser("bench", help="seconds per film, and the share of each stage"))
    predict = commands.add_parser("predict", help="boxes and a bone age for each film")
    predict.add_argument("files", nargs="+", metavar="FILE", help="DICOM, PNG or JPEG")
    predict.add_argument("--sex", choices=("M", "F"), help="of the child on every film")
    predict.add_argument("--chronological-age-months", metavar="N", help="of the child on every film")
    predict.add_argument("--table", type=Path, help="CSV with the columns file, sex, chronological_age_months")
    predict.add_argument("--artifact", type=Path, help="folder of a model; the shipped one otherwise")
    add_engine_arguments(predict)
    predict.add_argument("--json", action="store_true", help="one JSON line per film")
    return parser


def _lines(
    pipeline: Pipeline, files: Sequence[str], option: Stated, table: dict[str, Stated]
) -> Iterator[dict[str, Any]]:
    """The line of every film; while the network works on one batch, the next is read, assessed and prepared."""
    batches = [files[i : i + BATCH] for i in range(0, len(files), BATCH)]
    with ThreadPoolExecutor(2) as readers:

        def start(names: Sequence[str]) -> list[Any]:
            return [readers.submit(_read, pipeline, name, option, row_of(table, name)) for name in names]

        waiting = start(batches[0])
        for i, names in enumerate(batches):
            read = [one.result() for one in waiting]
            waiting = start(batches[i + 1]) if i + 1 < len(batches) else []
            predictions = iter(pipeline.predict_prepared([one.prepared for one in read if isinstance(one, _Read)]))
            for name, one in zip(names, read, strict=True):
                if isinstance(one, _Read):
                    yield _line(name, one, next(predictions), pipeline)
                else:
                    yield {"file": name, "error": asdict(one)}


def _read(pipeline: Pipeline, name: str, option: Stated, row: Stated) -> _Read | _Refused:
    try:
        film = read_film(Path(name))
        facts = facts_for(film.facts, option=option, table=row)
    except (FilmError, FactError) as error:
        return _Refused(error.code, error.message)
    except OSError as error:
        return _Refused("unreadable_file", f"The file cannot be read: {error.strerror}. Check its path and rights.")
    known = replace(film.facts, sex=facts.sex, chronological_age_months=facts.chronological_age_months)
    quality = assess(replace(film, facts=known))
    request = FilmRequest(film, facts.sex, facts.chronological_age_months, quality.view)
    return _Read(film, facts, quality, pipeline.prepare(request))


def _line(name: str, read: _Read, prediction: FilmPrediction, pipeline: Pipeline) -> dict[str, Any]:
    artifact, facts = pipeline.artifact, read.facts
    error = _why_no_age(read, prediction)
    age, interval = (None, None) if error else (prediction.bone_age_months, prediction.interval_months)
    line: dict[str, Any] = {
        "file": name,
        "bone_age_months": None if age is None else round(age, 2),
        "interval_months": [round(edge, 2) for edge in interval] if interval else None,
        "sex": facts.sex,
        "sex_source": facts.sex_source,
        "chronological_age_months": facts.chronological_age_months,
        "chronological_age_source": facts.chronological_age_source,
        "inputs_used": [] if error else list(prediction.inputs_used),
        "boxes": {
            region: {
                **{edge: round(value, 2) for edge, value in found.box._asdict().items()},
                "score": round(found.score, 4),
            }
            for region, found in prediction.boxes.items()
        },
        "missing_regions": list(prediction.missing_regions),
        "view": asdict(read.quality.view),
        "quality": [asdict(finding) for finding in read.quality.findings],
        "warnings": list(read.film.facts.warnings),
        "columns": read.film.columns,
        "rows": read.film.rows,
        "synthetic": read.film.facts.synthetic,
        "model": artifact.label,
        "model_hash": artifact.hash,
        "model_trained_on": artifact.manifest.get("trained_on", {}).get("name"),
        "model_synthetic": artifact.synthetic,
        "engine": pipeline.engine,
        "precision": pipeline.precision,
        "seconds": {stage: round(value, 4) for stage, value in prediction.stage_seconds.items()},
        "research_use_only": True,
    }
    if error:
        line["error"] = asdict(error)
    return line


def _why_no_age(read: _Read, prediction: FilmPrediction) -> _Refused | None:
    """Quality comes before an age (the paper's future work 4): a blocking finding leaves the boxes and no age."""
    if blocking := read.quality.blocking:
        return _Refused(blocking.code, blocking.message_en)
    if prediction.error_code:
        return _Refused(prediction.error_code, prediction.error_message or "")
    return None


def _for_people(line: dict[str, Any]) -> str:
    """A line for a person's eyes."""
    found = f", {len(line['boxes'])} regions" if "boxes" in line else ""
    if "error" in line:
        return f"{line['file']}: {line['error']['message']}{found} [{line['error']['code']}]"
    low, high = line["interval_months"]
    return (
        f"{line['file']}: bone age {line['bone_age_months'] / 12:.1f} years ({line['bone_age_months']:.0f} months, "
        f"{low:.0f} to {high:.0f}), sex {line['sex']} ({line['sex_source']}){found} - RESEARCH USE ONLY"
    )


if __name__ == "__main__":
    sys.exit(main())
