"""What runs the detector: Keras itself, or an exported graph in OpenVINO or ONNX Runtime.

An engine is asked for by name and never replaced by another one: ages were measured with one engine and precision, and
a silent change would be another model. Which is the default, and why: docs/decisions/0050-inference-engine.md.
"""

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from inference.detector.config import DetectorConfig
from inference.detector.engine_cache import FACTS, FIND, LOOK_AT, default_cache, exported
from inference.detector.exported import ExportedDetector
from inference.detector.found import Finds
from inference.detector.precision import EngineError, Precision, PrecisionError

Engine = Literal["openvino", "onnxruntime", "keras"]
DEFAULT_ENGINE: Engine = "openvino"
ENGINES: tuple[Engine, ...] = get_args(Engine)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

_GRAPHS = {
    "openvino": "inference.detector.engine_openvino",
    "onnxruntime": "inference.detector.engine_onnxruntime",
}
_KERAS = "inference.detector.detect"
_EXPORT = "inference.detector.onnx_export"
"""Modules by name, imported when their engine is asked for: a process that serves holds one engine, not three."""


def load_detector(
    folder: Path,
    *,
    engine: Engine = DEFAULT_ENGINE,
    precision: Precision = "f32",
    cache: Path | None = None,
    cores_per_film: int = 1,
) -> Finds:
    """The detector in a folder written by training (``detector.json`` and ``detector.weights.h5``).

    Args:
        engine: what runs it.
        precision: number format; Keras and ONNX Runtime serve ``f32`` only.
        cache: where exported graphs are kept; :func:`inference.detector.engine_cache.default_cache` otherwise.
        cores_per_film: how many cores look at one film of an exported graph; more than one only on a machine that
            does nothing else (:mod:`inference.detector.engine_openvino`). Keras always takes all of them.

    Raises:
        EngineError: the engine is unknown or not installed, has no such precision, or the export failed.
    """
    _check(engine, precision)
    if engine == "keras":
        keras_detector: Finds = _module(engine, _KERAS).Detector.load(folder)
        return keras_detector
    module = _module(engine, _GRAPHS[engine])
    module.require(precision)  # before the export, which takes seconds
    return from_export(
        DetectorConfig.from_json((folder / "detector.json").read_text(encoding="utf-8")),
        exported(folder, cache or default_cache()),
        module,
        precision,
        cores_per_film,
    )


def random_detector(
    config: DetectorConfig,
    *,
    engine: Engine = DEFAULT_ENGINE,
    precision: Precision = "f32",
    cores_per_film: int = 1,
) -> Finds:
    """A detector with random weights, for measuring time.

    Raises:
        EngineError: as :func:`load_detector`.
    """
    _check(engine, precision)
    if engine == "keras":
        untrained: Finds = _module(engine, _KERAS).Detector.untrained(config, seed=1)
        return untrained
    module = engine_module(engine)
    module.require(precision)
    files = _module("keras", _EXPORT).export(_module("keras", _KERAS).Detector.untrained(config, seed=1))
    return from_export(config, files, module, precision, cores_per_film)


def from_export(
    config: DetectorConfig, files: Mapping[str, bytes], module: Any, precision: Precision, cores_per_film: int = 1
) -> Finds:
    """A detector from the files of an export, run by an engine's module."""
    cores = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)  # the limit that a worker is given
    per_film = min(cores_per_film, cores)
    find, look_at = (
        module.graph(files[name], precision, cores=cores, cores_per_film=per_film) for name in (FIND, LOOK_AT)
    )
    return ExportedDetector(config, files[FACTS], find, look_at, lanes=cores // per_film)


def engine_module(engine: Engine) -> Any:
    """The module that runs exported graphs in ``engine``.

    Raises:
        EngineError: it is not installed, or is no engine of exported graphs.
    """
    if engine not in _GRAPHS:
        raise EngineError(f"{engine} runs no exported graphs: choose {' or '.join(_GRAPHS)}.")
    return _module(engine, _GRAPHS[engine])


def _check(engine: str, precision: str) -> None:
    if engine not in ENGINES:
        raise EngineError(f"There is no engine {engine!r}: choose one of {', '.join(ENGINES)}.")
    if precision not in PRECISIONS:
        raise EngineError(f"There is no precision {precision!r}: choose one of {', '.join(PRECISIONS)}.")
    if engine == "keras" and precision != "f32":
        raise PrecisionError("Keras serves in f32 only: ask for the precision f32, or for the engine openvino.")


def _module(engine: str, name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise EngineError(
            f"The engine {engine} is not installed (no module {error.name}): install requirements/ml-cpu.lock, or "
            f"choose another of {', '.join(ENGINES)}."
        ) from error
