"""Where a measured value becomes a finding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One number a finding; a site may set its own.

    Attributes:
        hand: least probability of a hand.
        two_hands: largest probability; above it the film is blocked.
        inverted: above it the film is blocked.
        maybe_inverted: above it a person is asked to check.
        upright: the film is taken to lie upright, as a left hand, from this probability on, whatever else is likely.
        lies_otherwise: least probability of another way to lie from which it is shown that way.
        fingers_cut, forearm_cut, metal_or_cast, double_exposure: largest probability.
        looks_blurred, looks_overexposed, looks_noisy: largest probability, where the hand has no outline to measure in.
        longer_side_px: least. The paper's smallest picture is 500 x 500; the near-native real films have 1386 to 2570.
        sharpness, sharpness_small: least (:mod:`detail`); the second below 256 pixels.
        noise, noise_small: most (:mod:`detail`); the second below 256 pixels.
        hand_contrast: least 5 to 95 % range of the hand's greys over 0.5 to 99.5 % of the film's.
        hand_levels: least number of different grey values inside the hand.
        saturated_share: largest share of the hand at the film's brightest value.
        oldest_months: the last plate of the atlas: beyond it a bone age says nothing.
    """

    hand: float = 0.9
    two_hands: float = 0.5
    inverted: float = 0.9
    maybe_inverted: float = 0.5
    upright: float = 0.15
    lies_otherwise: float = 0.8
    fingers_cut: float = 0.5
    forearm_cut: float = 0.55
    metal_or_cast: float = 0.62
    double_exposure: float = 0.15
    looks_blurred: float = 0.8
    looks_overexposed: float = 0.8
    looks_noisy: float = 0.8
    longer_side_px: float = 500
    sharpness: float = 0.59
    sharpness_small: float = 0.545
    noise: float = 0.022
    noise_small: float = 0.045
    hand_contrast: float = 0.20
    hand_levels: float = 24
    saturated_share: float = 0.10
    oldest_months: float = 19 * 12.0


DEFAULT_THRESHOLDS = Thresholds()
