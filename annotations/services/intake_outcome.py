"""How one file ended, and the sentences for it."""

from dataclasses import dataclass, replace
from uuid import UUID

from annotations.models import IntakeRecord
from annotations.states import IntakeResult
from inference.imaging.errors import FILM_ERRORS

INTAKE_REASONS: dict[str, tuple[str, str]] = {
    "internal_error": (
        "The film could not be taken because of an error in this program. Report it; the film was not kept.",
        "由于程序错误，无法接收该影像。请报告此问题；影像未被保留。",
    ),
    "reader_crashed": (
        "Reading this file made the program break off every time. The file is damaged, or meant to do harm: export the "
        "film again at its source.",
        "读取该文件时程序每次都中断。文件已损坏或为恶意文件，请从来源重新导出影像。",
    ),
    "other_patient": (
        "Another film of this examination belongs to a different patient. Find out which is right at the source.",
        "同一检查的另一张影像属于不同的患者。请在来源系统中核实。",
    ),
    "text_found": (
        "There may be writing left in the picture. A reviewer has to look at it before it is used.",
        "图像中可能仍有文字。使用前须由审核者查看。",
    ),
    "refused_by_person": (
        "A reviewer looked at this film and refused it.",
        "审核者已查看该影像并予以拒绝。",
    ),
    "identity_incomplete": (
        "The header names no patient or no examination, so in clinical mode no result could go back. Correct it at the "
        "source and send the film again.",
        "文件头未注明患者或检查，临床模式下无法返回结果。请在来源系统中更正后重新上传。",
    ),
}
"""Code -> (English, Chinese): reasons that lie neither in the file nor in its quality."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file was refused or blocked: a code, and what to do, in English and Chinese."""

    code: str
    message: str
    message_zh: str

    @classmethod
    def of(cls, code: str, **words: str | int) -> "Reason":
        """The reason of a code, its sentence filled with words; a code that is no longer known stands for itself."""
        english, chinese = INTAKE_REASONS.get(code) or FILM_ERRORS.get(code) or (code, code)
        try:
            return cls(code, english.format(**words), chinese.format(**words))
        except KeyError:  # recorded before words were
            return cls(code, code, code)


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
