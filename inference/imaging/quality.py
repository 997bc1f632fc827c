"""Whether a film is fit for a bone age, as far as it can be told without a model.

Each finding carries what was measured, the threshold and a sentence in both languages. The thresholds' evidence: 24
near-native and 40 medium-sized real films (RSNA 2017, Digital Hand Atlas) as they are, and the same 64 inverted.
What needs a model (is it a hand, mirrored, turned, all regions there) is not claimed here.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.imaging.film import Film
from inference.imaging.hand_mask import MINIMUM_AREA_SHARE, HandMask, find_hand
from inference.imaging.view import AS_STORED, View

Severity = Literal["info", "warning", "blocking"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a measured value becomes a finding. A site may set its own.

    Attributes:
        longer_side_px: least. The paper's smallest picture is 500 x 500; the near-native real films have 1386 to 2570.
        hand_contrast: least 5 to 95 % range of the hand's greys over 0.5 to 99.5 % of the film's; real films 0.27 to
            0.90.
        hand_levels: least number of different grey values inside the hand: real films 31 to 256, at 8 bits.
        saturated_share: largest share of the hand at the film's brightest value: real films at most 0.01.
        brighter_than_ground: least median of the hand minus median outside, in the film's 0.5 to 99.5 % range: 63 of
            64 real films 0.07 to 0.61 (one, histogram-equalised, -0.04); inverted, 62 of 64 at most 0.055 (the others
            0.07 and 0.15).
        border_touched_share: the hand touches a side of the picture when it covers more of it than this; a forearm
            covers 0.03 to 0.27 of one.
        sides_for_forearm: one side is the forearm's; each further one cuts fingers or the edge of the hand.
        oldest_months: the last plate of the atlas: beyond it a bone age says nothing.
    """

    longer_side_px: float = 500
    hand_contrast: float = 0.20
    hand_levels: float = 24
    saturated_share: float = 0.05
    brighter_than_ground: float = 0.065
    border_touched_share: float = 0.05
    sides_for_forearm: float = 1
    oldest_months: float = 19 * 12.0


DEFAULT_THRESHOLDS = Thresholds()

SENTENCES: dict[str, tuple[str, str]] = {
    "hand_not_found": (
        "No hand was found on the film. Check that it is the right picture.",
        "影像上未找到手部。请确认影像是否正确。",
    ),
    "low_resolution": (
        "The longer side has {value:.0f} pixels; below {threshold:.0f} growth plates blur. Send the original.",
        "影像长边仅 {value:.0f} 像素；低于 {threshold:.0f} 时骺板难以辨认。请上传原始影像。",
    ),
    "low_contrast": (
        "The hand spans {value:.2f} of the film's grey range (at least {threshold:.2f} expected): check the exposure.",
        "手部仅占影像灰度范围的 {value:.2f}（应不低于 {threshold:.2f}）。请检查曝光。",
    ),
    "few_grey_levels": (
        "The hand has only {value:.0f} different grey values (at least {threshold:.0f} expected): detail was lost.",
        "手部仅有 {value:.0f} 个不同灰度值（应不少于 {threshold:.0f}），细节已丢失。",
    ),
    "saturated": (
        "{value:.0%} of the hand is at the brightest value (at most {threshold:.0%} expected): overexposed or clipped.",
        "手部有 {value:.0%} 处于最亮值（应不超过 {threshold:.0%}），曝光过度或被截断。",
    ),
    "polarity_suspicious": (
        "The hand is not clearly brighter than the ground ({value:.2f}, at least {threshold:.2f} expected): "
        "the film may be inverted.",
        "手部并不明显亮于背景（{value:.2f}，应不低于 {threshold:.2f}），影像可能反相。",
    ),
    "cut_at_border": (
        "The hand touches {value:.0f} sides of the picture, the forearm needs {threshold:.0f}: fingers may be cut off.",
        "手部触及影像的 {value:.0f} 条边（前臂只需 {threshold:.0f} 条），手指可能被截断。",
    ),
    "right_hand": (
        "The header says right hand; the atlas and the model are for the left one.",
        "文件头标明为右手；图谱和模型均针对左手。",
    ),
    "age_outside_range": (
        "The chronological age is {value:.0f} months; beyond {threshold:.0f} a bone age says nothing.",
        "生活年龄为 {value:.0f} 个月；超过 {threshold:.0f} 个月后骨龄已无意义。",
    ),
    "sex_missing": (
        "The sex is not known: state it before an age is estimated.",
        "性别未知：估计骨龄前请先填写。",
    ),
    "spacing_unknown": (
        "The pixel spacing is not known, so nothing can be measured in millimetres.",
        "像素间距未知，无法以毫米测量。",
    ),
}
"""Code -> (English, Chinese), with the measured value and the threshold put in."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        code: key of :data:`SENTENCES`.
        severity: ``blocking`` keeps the film from being used; ``warning`` and ``info`` do not.
        value: what was measured; 0 where there is nothing to measure.
        threshold: what it was compared with.
        message_en: a sentence.
        message_zh: the same in Chinese.
    """

    code: str
    severity: Severity
    value: float
    threshold: float
    message_en: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is to be known of a film before it is labelled or given an age.

    Attributes:
        findings: blocking ones first.
        view: how the stored picture is to be looked at: upright, as a left hand.
    """

    findings: tuple[Finding, ...]
    view: View = AS_STORED

    @property
    def blocking(self) -> Finding | None:
        """The first finding that keeps the film from being used, if there is one."""
        return next((finding for finding in self.findings if finding.severity == "blocking"), None)


def assess(film: Film, *, hand: HandMask | None = None, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Assessment:
    """All findings, and the view.

    Args:
        film: as read or as de-identified.
        hand: of this film, if it is known already.
        thresholds: of this site.
    """
    found = hand if hand is not None else find_hand(film.pixels)
    findings = [*_of_hand(film, found, thresholds), *_of_header(film, thresholds)]
    rank = {"blocking": 0, "warning": 1, "info": 2}
    return Assessment(tuple(sorted(findings, key=lambda finding: rank[finding.severity])))


def _of_hand(film: Film, hand: HandMask, least: Thresholds) -> list[Finding]:
    side = float(max(film.rows, film.columns))
    resolution = _below("low_resolution", "warning", side, least.longer_side_px)
    if not hand.plausible:
        return [_finding("hand_not_found", "blocking", hand.area_share, MINIMUM_AREA_SHARE), *resolution]
    greys = _Greys.of(film.pixels, hand.mask)
    sides = float(sum(share > least.border_touched_share for share in hand.border_share))
    return [
        *resolution,
        *_below("low_contrast", "warning", greys.contrast, least.hand_contrast),
        *_below("few_grey_levels", "warning", greys.levels, least.hand_levels),
        *_above("saturated", "warning", greys.saturated_share, least.saturated_share),
        *_below("polarity_suspicious", "warning", greys.above_ground, least.brighter_than_ground),
        *_above("cut_at_border", "warning", sides, least.sides_for_forearm),
    ]


def _of_header(film: Film, thresholds: Thresholds) -> list[Finding]:
    facts, findings = film.facts, []
    if facts.laterality == "R":
        findings.append(_finding("right_hand", "warning", 0, 0))
    if facts.chronological_age_months is not None:
        findings += _above("age_outside_range", "warning", facts.chronological_age_months, thresholds.oldest_months)
    if facts.sex is None:
        findings.append(_finding("sex_missing", "info", 0, 0))
    if facts.pixel_spacing_mm is None:
        findings.append(_finding("spacing_unknown", "info", 0, 0))
    return findings


@dataclass(frozen=True, slots=True)
class _Greys:
    contrast: float
    levels: float
    saturated_share: float
    above_ground: float

    @classmethod
    def of(cls, pixels: NDArray[np.float32], mask: NDArray[np.bool_]) -> "_Greys":
        """Measured on every n-th pixel, so that a film of any size takes the same few milliseconds."""
        step = max(1, max(pixels.shape) // 512)
        thin, inside = pixels[::step, ::step], mask[::step, ::step]
        low, high = np.percentile(thin, (0.5, 99.5))
        spread = np.clip((thin - low) / max(float(high - low), 1e-6), 0, 1)
        hand = spread[inside]
        ground = spread[~inside]
        bottom, top = np.percentile(hand, (5, 95))
        return cls(
            contrast=float(top - bottom),
            levels=float(len(np.unique(thin[inside]))),
            saturated_share=float(np.mean(thin[inside] >= pixels.max())),
            above_ground=float(np.median(hand) - np.median(ground)) if ground.size else 0.0,
        )


def _below(code: str, severity: Severity, value: float, threshold: float) -> list[Finding]:
    return [_finding(code, severity, value, threshold)] if value < threshold else []


def _above(code: str, severity: Severity, value: float, threshold: float) -> list[Finding]:
    return [_finding(code, severity, value, threshold)] if value > threshold else []


def _finding(code: str, severity: Severity, value: float, threshold: float) -> Finding:
    english, chinese = (sentence.format(value=value, threshold=threshold) for sentence in SENTENCES[code])
    return Finding(code, severity, float(value), float(threshold), english, chinese)
