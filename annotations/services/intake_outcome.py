"""How one file ended, and the sentences for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from annotations.models import IntakeRecord
from annotations.services.intake_reasons import DOOR_REASONS, INTAKE_REASONS
from annotations.states import IntakeResult
from inference.imaging.errors import FILM_ERRORS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file was refused or blocked: a code, and what to do, in English and Chinese.

    ``words`` are what fills the sentences of the code, to be kept with it.
    """

    code: str
    message: str
    message_zh: str
    words: Mapping[str, str | int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, code: str, **words: str | int) -> "Reason":
        """The reason of a code, its sentence filled with words; a code that is no longer known stands for itself."""
        english, chinese = _sentences(code) or (code, code)
        try:
            return cls(code, english.format(**words), chinese.format(**words), words)
        except KeyError:  # recorded before words were
            return cls(code, code, code)

    @classmethod
    def at_door(cls, code: str, **words: int) -> "Reason":
        """The reason of a refusal before anybody looked for a film in the file. Raises KeyError."""
        english, chinese = DOOR_REASONS[code]
        return cls(code, english.format(**words), chinese.format(**words), words)

    @classmethod
    def too_large(cls, limit_bytes: int) -> "Reason":
        """Of a file of which not more than this was looked at."""
        return cls.at_door("file_too_large", limit=limit_bytes >> 20)


def _sentences(code: str) -> tuple[str, str] | None:
    return INTAKE_REASONS.get(code) or DOOR_REASONS.get(code) or FILM_ERRORS.get(code)


@dataclass(frozen=True, slots=True)
class IntakeOutcome:
    """How one file stands. ``file`` echoes the name to whoever sent it and goes nowhere else."""

    file: str
    outcome: IntakeResult
    reason: Reason | None = None
    study: UUID | None = None
    arrival: UUID | None = None

    def named(self, filename: str) -> "IntakeOutcome":
        """The same under the name that the sender knows it by."""
        return replace(self, file=filename)


def waiting_outcome(arrival: UUID) -> IntakeOutcome:
    """Of a file in quarantine."""
    return IntakeOutcome(file="", outcome=IntakeResult.WAITING, arrival=arrival)


def outcome_of_record(record: IntakeRecord) -> IntakeOutcome:
    """Of a file whose end was recorded."""
    return IntakeOutcome(
        file="",
        outcome=IntakeResult(record.result),
        reason=Reason.of(record.reason_code, **record.reason_words) if record.reason_code else None,
        study=record.study_id,
        arrival=record.arrival,
    )
