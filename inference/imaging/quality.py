"""Whether a film is fit to be labelled and given a bone age, and how it is to be looked at.

Three looks: the film check (:mod:`film_check`), a small network that sees the whole picture; detail measured inside
the hand (:mod:`detail`); grey values counted inside the hand. Each finding carries what was measured, its threshold
(:mod:`quality_thresholds`, with the evidence) and a sentence in both languages. Nothing is ever corrected in the
pixels: a film that lies otherwise is *shown* upright (:mod:`view`), and one of the wrong polarity is blocked.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.imaging.detail import SMALL_SIDE_PX, measure_detail
from inference.imaging.film import Film
from inference.imaging.film_check import FilmCheck, examine
from inference.imaging.hand_mask import MINIMUM_AREA_SHARE, HandMask, find_hand
from inference.imaging.quality_findings import SENTENCES, Finding, Severity, above, below, finding
from inference.imaging.quality_thresholds import DEFAULT_THRESHOLDS, Thresholds
from inference.imaging.view import AS_STORED, View

__all__ = ["DEFAULT_THRESHOLDS", "SENTENCES", "Assessment", "Finding", "Severity", "Thresholds", "assess"]

_RANK: dict[Severity, int] = {"blocking": 0, "warning": 1, "info": 2}


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
        return next((one for one in self.findings if one.severity == "blocking"), None)


def assess(
    film: Film,
    *,
    hand: HandMask | None = None,
    seen: FilmCheck | None = None,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Assessment:
    """All findings, and the view.

    Args:
        film: as read or as de-identified.
        hand: of this film, if it is known already.
        seen: what the film check saw before anything was blanked, if it was asked then: afterwards a second hand is
            gone. None looks at the film as it is.
        thresholds: of this site.
    """
    check = seen if seen is not None else examine(film.pixels)
    findings = [*_of_size(film, thresholds), *_of_header(film, thresholds)]
    if check.probabilities["hand"] < thresholds.hand:
        stranger = finding("not_a_hand", "blocking", check.probabilities["hand"], thresholds.hand)
        return Assessment(_ranked([stranger, *findings]))
    view, lie = _lie(film, check, thresholds)
    findings += [*lie, *_of_check(check, thresholds)]
    findings += _of_pixels(film, hand if hand is not None else find_hand(film.pixels), check, thresholds)
    return Assessment(_ranked(findings), view)


def _ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: _RANK[one.severity]))


def _lie(film: Film, check: FilmCheck, thresholds: Thresholds) -> tuple[View, list[Finding]]:
    """The view, and why. A right hand and a mirrored left one look the same; what the header says tells them apart."""
    is_right = film.facts.laterality == "R"
    if check.orientation[0] >= thresholds.upright:
        return AS_STORED, [finding("right_hand_looks_left", "warning")] if is_right else []
    likeliest = check.orientation[check.lies]
    if likeliest < thresholds.lies_otherwise:
        return AS_STORED, [finding("orientation_unsure", "warning", likeliest, thresholds.lies_otherwise)]
    findings: list[Finding] = []
    if check.view.quarter_turns:
        findings.append(finding("turned", "warning", 90 * check.view.quarter_turns))
    if check.view.mirrored:
        findings.append(finding("right_hand" if is_right else "mirrored", "warning"))
    elif is_right:
        findings.append(finding("right_hand_looks_left", "warning"))
    return check.view, findings


def _of_check(check: FilmCheck, most: Thresholds) -> list[Finding]:
    seen = check.probabilities
    polarity = above("inverted", "blocking", seen["inverted"], most.inverted) or above(
        "polarity_suspicious", "warning", seen["inverted"], most.maybe_inverted
    )
    return [
        *polarity,
        *above("two_hands", "blocking", seen["two_hands"], most.two_hands),
        *above("fingers_cut", "warning", seen["fingers_cut"], most.fingers_cut),
        *above("forearm_cut", "warning", seen["forearm_cut"], most.forearm_cut),
        *above("metal_or_cast", "warning", seen["metal_or_cast"], most.metal_or_cast),
        *above("double_exposure", "warning", seen["double_exposure"], most.double_exposure),
    ]


def _of_pixels(film: Film, hand: HandMask, check: FilmCheck, thresholds: Thresholds) -> list[Finding]:
    """Detail and greys inside the hand; without an outline, what the network saw of them."""
    detail = measure_detail(film.pixels, hand.mask) if hand.plausible else None
    if detail is None:
        seen = check.probabilities
        return [
            finding("hand_not_found", "info", hand.area_share, MINIMUM_AREA_SHARE),
            *above("looks_blurred", "warning", seen["blurred"], thresholds.looks_blurred),
            *above("looks_overexposed", "warning", seen["overexposed"], thresholds.looks_overexposed),
            *above("looks_noisy", "warning", seen["underexposed"], thresholds.looks_noisy),
        ]
    small = max(film.pixels.shape) < SMALL_SIDE_PX
    greys = _Greys.of(film.pixels, hand.mask)
    return [
        *below("blurred", "warning", detail.sharpness, thresholds.sharpness_small if small else thresholds.sharpness),
        *above("noisy", "warning", detail.noise, thresholds.noise_small if small else thresholds.noise),
        *below("low_contrast", "warning", greys.contrast, thresholds.hand_contrast),
        *below("few_grey_levels", "warning", greys.levels, thresholds.hand_levels),
        *above("saturated", "warning", greys.saturated_share, thresholds.saturated_share),
    ]


def _of_size(film: Film, least: Thresholds) -> list[Finding]:
    return below("low_resolution", "warning", float(max(film.rows, film.columns)), least.longer_side_px)


def _of_header(film: Film, thresholds: Thresholds) -> list[Finding]:
    facts, findings = film.facts, []
    if facts.chronological_age_months is not None:
        findings += above("age_outside_range", "warning", facts.chronological_age_months, thresholds.oldest_months)
    if facts.sex is None:
        findings.append(finding("sex_missing", "info"))
    if facts.pixel_spacing_mm is None:
        findings.append(finding("spacing_unknown", "info"))
    return findings


@dataclass(frozen=True, slots=True)
class _Greys:
    contrast: float
    levels: float
    saturated_share: float

    @classmethod
    def of(cls, pixels: NDArray[np.float32], mask: NDArray[np.bool_]) -> "_Greys":
        """Measured on every n-th pixel, so that a film of any size takes the same few milliseconds."""
        step = max(1, max(pixels.shape) // 512)
        thin, inside = pixels[::step, ::step], mask[::step, ::step]
        low, high = np.percentile(thin, (0.5, 99.5))
        hand = thin[inside]
        spread = np.clip((hand - low) / max(float(high - low), 1e-6), 0, 1)
        bottom, top = np.percentile(spread, (5, 95))
        return cls(
            contrast=float(top - bottom),
            levels=float(len(np.unique(hand))),
            saturated_share=float(np.mean(hand >= pixels.max())),
        )
