"""What a model is asked; no learning library here."""

from dataclasses import dataclass

from inference.imaging.film import Film
from inference.imaging.view import AS_STORED, View


@dataclass(frozen=True, slots=True)
class FilmRequest:
    """A film with what is known of the child.

    Attributes:
        film: as stored.
        sex: M, F or None; never guessed.
        chronological_age_months: None where unknown.
        view: what brings the film upright as a left hand (:attr:`inference.imaging.quality.Assessment.view`): the
            models learnt from hands that lie so.
    """

    film: Film
    sex: str | None = None
    chronological_age_months: float | None = None
    view: View = AS_STORED
