"""``python -m inference explain FILM --sex F``: what the bone age of a film rests on. RESEARCH USE ONLY."""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from inference.age_head import AgeRefused
from inference.artifact import ArtifactError, shipped_artifact
from inference.detector.precision import EngineError
from inference.engine_options import add_engine_arguments, engine_options
from inference.examine import part_ages
from inference.explain import Explanation, explain
from inference.film_request import FilmRequest
from inference.imaging.errors import FilmError
from inference.imaging.quality import assess
from inference.imaging.read import read_film
from inference.pipeline import Pipeline
from inference.stated_facts import FactError, Stated, facts_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILM", help="DICOM, PNG or JPEG")
    parser.add_argument("--sex", choices=("M", "F"), help="of the child")
    parser.add_argument("--chronological-age-months", metavar="N", help="of the child")
    parser.add_argument("--artifact", type=Path, help="folder of a model; the shipped one otherwise")
    add_engine_arguments(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace) -> int:
    """0 with an explanation, 1 when the film gets no age, 2 when the call or the model was wrong."""
    try:
        pipeline = Pipeline.load(options.artifact or shipped_artifact(), **engine_options(options))
    except (ArtifactError, EngineError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    try:
        found = explained(pipeline, Path(options.file), Stated(options.sex, options.chronological_age_months))
    except (FilmError, FactError, AgeRefused) as error:
        print(json.dumps({"file": options.file, "error": {"code": error.code, "message": error.message}}))
        return 1
    print(json.dumps(found, ensure_ascii=False, allow_nan=False) if options.json else _for_people(found))
    return 0


def explained(pipeline: Pipeline, path: Path, stated: Stated) -> dict[str, Any]:
    """The film's age, its contributions and the ages of its parts, as plain JSON values.

    Raises:
        FilmError, FactError: the film or what is stated of it cannot be used.
        AgeRefused: there is no age: a finding of the quality gate blocks it, or the head refuses.
    """
    film = read_film(path)
    facts = facts_for(film.facts, option=stated, table=Stated())
    known = replace(film.facts, sex=facts.sex, chronological_age_months=facts.chronological_age_months)
    quality = assess(replace(film, facts=known))
    if quality.blocking:
        raise AgeRefused(quality.blocking.code, quality.blocking.message_en)
    prepared = pipeline.preprocessing.prepare(quality.view.of(film.pixels))
    seen = pipeline.detector.detect(prepared.image)
    child = (facts.sex, facts.chronological_age_months)
    found: Explanation = explain(pipeline.age_head, seen.features, seen.scores, *child)
    request = FilmRequest(film, *child, quality.view)
    parts = part_ages(pipeline, prepared.image, seen, request)
    return {
        "file": str(path),
        "sex": facts.sex,
        **asdict(found),
        "parts": [asdict(one) for one in parts],
        "model": pipeline.artifact.label,
        "model_hash": pipeline.artifact.hash,
        "model_has_part_heads": bool(parts),
        "synthetic": film.facts.synthetic,
        "research_use_only": True,
    }


def _for_people(found: dict[str, Any]) -> str:
    lines = [
        f"{found['file']}: bone age {found['bone_age_months']:.1f} months, sex {found['sex']} - RESEARCH USE ONLY",
        f"{'all hands':>24} {found['base_months']:+7.1f}",
    ]
    lines += [
        f"{one['owner']:>24} {one['months']:+7.1f}" + ("" if one["found"] else "  (not found)")
        for one in found["contributions"]
    ]
    lines += [
        f"{one['part']:>24} " + (one["error_code"] or f"{one['bone_age_months']:7.1f} months alone")
        for one in found["parts"]
    ]
    if not found["parts"]:
        lines.append("This model has no heads for the carpals alone and for a hand without them.")
    return "\n".join(lines)
