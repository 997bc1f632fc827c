"""The knobs of a training run. They are stored with its result; nothing of it comes from the environment.

No learning library here: the web checks with it what a person asks for, before a run is made.
"""

import dataclasses
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_type_hints

from inference.detector.config import ConfigError, DetectorConfig, TrainingPrecision
from training.augment import AugmentSettings

PRESETS = ("paper", "light", "tiny")
DETECTOR_RECORD = "training.json"
"""The file of a fitted detector's folder that says how it was fitted; written last."""
BoxLoss = Literal["l2", "smooth_l1"]


class PresetError(ValueError):
    """An unknown preset or settings that cannot be; the message names them.

    Attributes:
        code: the kind of refusal, for whoever says it in another language: ``setting_words`` (none of the ``words``),
            ``setting_least`` (below ``least``), ``setting_kind`` (``value`` is of another kind than ``own``, the
            preset's), ``settings_disagree``, and ``bad_setting`` for what only its message says.
        settings: dotted names of the settings it is about.
        facts: what a sentence needs beside the names.
    """

    def __init__(self, message: str, *settings: str, code: str = "bad_setting", **facts: object) -> None:
        super().__init__(message)
        self.settings, self.code, self.facts = settings, code, facts

    def inside(self, above: str) -> "PresetError":
        """The same of settings that lie under the dotted prefix ``above``."""
        self.settings = tuple(f"{above}{name}" for name in self.settings)
        return self


_LEAST = {
    **dict.fromkeys(("steps", "batch", "devices", "checkpoint_every"), 1),
    **dict.fromkeys(("auxiliary_steps", "auxiliary_batch", "auxiliary_boxed", "validate_every", "patience"), 0),
    **{"size_px": 32, "clip_norm": 1e-6, "box_jitter": 0, "weight_decay": 0, "box_loss_weight": 0, "seed": 0},
}
"""The least that makes sense of a setting."""


def _check_words(settings: Any) -> None:
    """Settings that are one of a few words. Raises PresetError."""
    for name, kind in get_type_hints(type(settings)).items():
        words = get_args(kind)
        if words and all(isinstance(word, str) for word in words) and getattr(settings, name) not in words:
            listed = ", ".join(words)
            message = f"{name} must be one of {listed}, not {getattr(settings, name)!r}"
            raise PresetError(message, name, code="setting_words", words=listed)


def _disagreement(message: str, *settings: str) -> PresetError:
    return PresetError(message, *settings, code="settings_disagree")


def _check_at_least(settings: Any, **least: float) -> None:
    """Numbers below which nothing works. Raises PresetError."""
    for name, smallest in least.items():
        if not getattr(settings, name) >= smallest:
            message = f"{name} must be at least {smallest}, not {getattr(settings, name)}"
            raise PresetError(message, name, code="setting_least", least=smallest)


@dataclass(frozen=True, slots=True)
class FocalSettings:
    """``-alpha (1 - p_t)^gamma log(p_t)``; with gamma 0 and alpha 1 it is cross-entropy."""

    alpha: float = 0.25
    gamma: float = 2.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning rate over the steps.

    ``steps``: ``highest`` divided by 10 every ``divide_every`` steps, never below ``lowest`` (the paper).
    ``cosine``: from ``highest`` down to ``lowest`` along half a cosine, after ``warm_up`` rising steps.
    """

    kind: Literal["steps", "cosine"] = "steps"
    highest: float = 1e-3
    lowest: float = 1e-5
    divide_every: int = 20_000
    warm_up: int = 0

    def __post_init__(self) -> None:
        _check_words(self)
        _check_at_least(self, highest=1e-9, lowest=0, divide_every=1, warm_up=0)
        if self.lowest > self.highest:
            raise _disagreement(f"lowest {self.lowest} is above highest {self.highest}", "lowest", "highest")


@dataclass(frozen=True, slots=True)
class DetectorTraining:
    """All of one detector training.

    Attributes:
        preset: name of the preset that this came from.
        detector: shape of the network.
        geometry, size_px, detail_px: see `inference.imaging.preprocess`.
        steps: optimizer steps on hands with boxes.
        batch: hands with boxes per step and device.
        optimizer: ``sgd`` (momentum 0.9) or ``adamw``.
        box_loss, box_loss_weight: loss of the coded boxes, and how much it counts beside the classification.
        auxiliary_age_weight: 0 trains the features by detection alone, as the paper does; above 0 the maturity
            channels learn the bone age of each region in ``auxiliary_steps`` further steps (our addition).
        auxiliary_batch, auxiliary_boxed: hands with a bone age per such step and device, and hands with boxes beside
            them, from which the network goes on learning to find regions.
        box_jitter: share of a box's size by which boxes are moved in those steps, as detected boxes are not exact.
        precision: of the training's arithmetic; ``bfloat16`` keeps weights, logits and losses in float32. What comes
            out serves in float32 either way.
        devices: how many devices (GPUs where there are any) share a step. ``batch`` and those of the auxiliary steps
            are per device, as in the paper.
        validate_every: steps between two looks at the validation part's boxed hands in the first phase; the weights
            of the best one are kept. 0 looks at none and keeps the last.
        patience: looks without a better one after which the first phase ends; 0 goes on to the last step.
        checkpoint_every: steps between two checkpoints.
    """

    preset: str
    detector: DetectorConfig
    geometry: Literal["aspect", "paper-literal"] = "aspect"
    size_px: int = 800
    detail_px: int | None = None
    steps: int = 60_000
    batch: int = 2
    schedule: Schedule = Schedule()
    optimizer: Literal["sgd", "adamw"] = "sgd"
    weight_decay: float = 1e-4
    clip_norm: float = 10.0
    focal: FocalSettings = field(default_factory=FocalSettings)
    box_loss: BoxLoss = "l2"
    box_loss_weight: float = 1.0
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    auxiliary_age_weight: float = 0.0
    auxiliary_steps: int = 0
    auxiliary_batch: int = 0
    auxiliary_boxed: int = 0
    auxiliary_schedule: Schedule = Schedule("cosine", 1e-3, 1e-5)
    box_jitter: float = 0.05
    precision: TrainingPrecision = "float32"
    devices: int = 1
    validate_every: int = 0
    patience: int = 0
    checkpoint_every: int = 500
    seed: int = 2018

    def __post_init__(self) -> None:
        if (self.auxiliary_age_weight > 0) != self.detector.maturity_channels:
            names = ("auxiliary_age_weight", "detector.maturity_channels")
            raise _disagreement("auxiliary_age_weight above 0 and detector.maturity_channels go together", *names)
        _check_words(self)
        _check_at_least(self, **_LEAST)
        if self.patience and not self.validate_every:
            raise _disagreement("patience needs validate_every above 0", "patience", "validate_every")
        needed = ("auxiliary_age_weight", "auxiliary_batch", "auxiliary_boxed")
        if self.auxiliary_steps and min(getattr(self, name) for name in needed) <= 0:
            message = "auxiliary_steps need auxiliary_age_weight, auxiliary_batch and auxiliary_boxed"
            raise _disagreement(message, "auxiliary_steps", *needed)

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def settings_of(settings: Any, above: str = "") -> dict[str, Any]:
    """Every setting by its dotted name, as an override would name it; tuples as lists."""
    flat: dict[str, Any] = {}
    for one in dataclasses.fields(settings):
        value = getattr(settings, one.name)
        if dataclasses.is_dataclass(value):
            flat |= settings_of(value, f"{above}{one.name}.")
        else:
            flat[f"{above}{one.name}"] = list(value) if isinstance(value, tuple) else value
    return flat


def words_of(settings: Any, above: str = "") -> dict[str, tuple[str, ...]]:
    """Of the settings that are one of a few words, which words."""
    words: dict[str, tuple[str, ...]] = {}
    for name, kind in get_type_hints(type(settings)).items():
        value = getattr(settings, name)
        if dataclasses.is_dataclass(value):
            words |= words_of(value, f"{above}{name}.")
        elif get_args(kind) and all(isinstance(word, str) for word in get_args(kind)):
            words[f"{above}{name}"] = get_args(kind)
    return words


def load_preset(name: str, overrides: Mapping[str, object] | None = None) -> DetectorTraining:
    """The preset's settings with ``overrides`` such as ``{"steps": 10, "detector.proposals": 32}`` laid over.

    Raises:
        PresetError: unknown preset or field, or a value of another type than the field's.
    """
    if name not in PRESETS:
        raise PresetError(f"there is no preset {name!r}; there are {', '.join(PRESETS)}")
    settings: DetectorTraining = importlib.import_module(f"training.presets.{name}").SETTINGS
    return _with_all(settings, {tuple(path.split(".")): value for path, value in (overrides or {}).items()})


def _with_all(settings: Any, overrides: Mapping[tuple[str, ...], object], above: str = "") -> Any:
    """All overrides of one level at once, as some settings are only right together."""
    names = {f.name for f in dataclasses.fields(settings)}
    changed: dict[str, Any] = {}
    for path, value in overrides.items():
        name, whole = path[0], above + ".".join(path)
        if name not in names:
            raise PresetError(f"no setting {whole!r}; known here: {', '.join(sorted(names))}")
        old = getattr(settings, name)
        if len(path) == 1:
            changed[name] = _of_the_same_kind(old, value, whole)
        elif not dataclasses.is_dataclass(old):
            raise PresetError(f"{name!r} of {whole!r} has no settings inside")
        elif name not in changed:
            inner = {other[1:]: v for other, v in overrides.items() if other[0] == name and len(other) > 1}
            changed[name] = _with_all(old, inner, f"{above}{name}.")
    try:
        return dataclasses.replace(settings, **changed)
    except PresetError as error:
        raise error.inside(above) from None
    except ConfigError as error:
        raise PresetError(str(error)) from error


def _as_written(value: object) -> str:
    """As a person writes it on the page and in the API: ``true``, lists in brackets."""
    return json.dumps(value, default=str, ensure_ascii=False)


def _of_the_same_kind(old: object, value: object, whole: str) -> object:
    if isinstance(old, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if isinstance(old, tuple) and isinstance(value, list):
        value = tuple(_of_the_same_kind(old[0], one, whole) for one in value) if old else tuple(value)
    if dataclasses.is_dataclass(old) or (old is not None and type(value) is not type(old)):
        message = f"{whole!r} is {old!r}; {value!r} is of another kind"
        raise PresetError(message, whole, code="setting_kind", own=_as_written(old), value=_as_written(value))
    return value
