"""Whether a film is fit for a bone age, as far as it can be told without a model."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "blocking"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what was measured, against which threshold, and a sentence in both languages."""

    code: str
    severity: Severity
    value: float
    threshold: float
    message_en: str
    message_zh: str
