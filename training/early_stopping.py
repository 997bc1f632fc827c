"""When to end a phase before its last step, and which of its weights to keep: those that did best on other hands."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BestSoFar:
    """What the validations of a phase have come to. Stored with each checkpoint.

    Attributes:
        loss: the smallest validation loss, None before the first.
        step: steps done when it was found.
        since: validations since then.
        kept: name of the stored weights of that step.
    """

    loss: float | None = None
    step: int = 0
    since: int = 0
    kept: str | None = None

    def is_beaten_by(self, loss: float) -> bool:
        """Whether ``loss`` is better; a loss that is no number never is."""
        return math.isfinite(loss) and (self.loss is None or loss < self.loss)

    def without_better(self) -> "BestSoFar":
        """After one more validation that was no better."""
        return BestSoFar(self.loss, self.step, self.since + 1, self.kept)

    def ends(self, patience: int) -> bool:
        """Whether the phase has waited long enough; with ``patience`` 0 it never has."""
        return 0 < patience <= self.since

    def to_json(self) -> dict[str, Any]:
        return {"loss": self.loss, "step": self.step, "since": self.since, "kept": self.kept}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "BestSoFar":
        return cls(values["loss"], values["step"], values["since"], values["kept"])
