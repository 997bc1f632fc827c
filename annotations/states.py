"""Every state and every small closed list of this app; which moves are allowed between states: ``state_moves.py``.

No Django here: models turn these enums into choices and CHECK constraints, and the API derives its enums from them.
"""

from collections.abc import Mapping
from enum import StrEnum


class RoleName(StrEnum):
    """What a person may do. Rights come from rows; a person may hold several roles; blinding wins over all of them."""

    LABELLER = "labeller"
    READER = "reader"
    ADJUDICATOR = "adjudicator"
    REVIEWER = "reviewer"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"


class Language(StrEnum):
    ENGLISH = "en"
    CHINESE = "zh-Hans"


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


class SexSource(StrEnum):
    HEADER = "header"
    STATED = "stated"


class AgeSource(StrEnum):
    """Where a chronological age came from: dates of the header, its PatientAge, or a person's statement."""

    DATES = "dates"
    PATIENT_AGE = "patient_age"
    STATED = "stated"


class Side(StrEnum):
    LEFT = "L"
    RIGHT = "R"


class StudyState(StrEnum):
    """received -> deidentified -> ready <-> excluded(reason); received | deidentified -> rejected(reason)."""

    RECEIVED = "received"
    DEIDENTIFIED = "deidentified"
    READY = "ready"
    EXCLUDED = "excluded"
    REJECTED = "rejected"


class Priority(StrEnum):
    """How soon a study's work is to be done; every queue hands out the more urgent first."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


PRIORITY_RANK: Mapping[Priority, int] = {Priority.URGENT: 1, Priority.NORMAL: 2, Priority.LOW: 3}
"""As rows keep it, so that an index sorts by it."""


class WorkKind(StrEnum):
    """Work on a radiograph that can be assigned to a person."""

    LABEL = "label"
    REVIEW = "review"
    READ = "read"


class Labelling(StrEnum):
    """How far the boxes of a study's radiograph for reading are; see :class:`BoxSetStatus`."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


MAYBE_TO_LABEL = (Labelling.NONE, Labelling.DRAFT, Labelling.RETURNED)
"""Where a study may be that waits for boxes: for the index; the rule is in ``permissions/queues.py``."""


class Reading(StrEnum):
    """How far the reading of a study's radiograph for reading is; see :class:`ConsensusStatus`."""

    NONE = "none"
    OPEN = "open"
    AGREED = "agreed"
    ADJUDICATING = "adjudicating"
    SETTLED = "settled"
    APPROVED = "approved"
    UNREADABLE = "unreadable"
    NO_BONE_AGE = "no_bone_age"


class Door(StrEnum):
    """How a file came in."""

    UPLOAD = "upload"
    COMMAND = "command"
    FOLDER = "folder"
    C_STORE = "c_store"
    STOW = "stow"


class IntakeResult(StrEnum):
    """How a file stands that somebody handed in. ``waiting`` is in quarantine and not yet in any row.

    ``blocked`` waits for a person: writing may be left in its pixels.
    """

    WAITING = "waiting"
    RECEIVED = "received"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    BLOCKED = "blocked"


class BlockedState(StrEnum):
    """waiting -> released | refused(reason)."""

    WAITING = "waiting"
    RELEASED = "released"
    REFUSED = "refused"


class BoxSetStatus(StrEnum):
    """proposed (a model's, never edited); draft -> submitted -> accepted | returned(reason) | superseded.

    A submitted or accepted box set is superseded when a newer version of the same radiograph is accepted.
    """

    PROPOSED = "proposed"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


class BoxSource(StrEnum):
    PERSON = "person"
    MODEL = "model"


class RegionState(StrEnum):
    MISSING = "missing"
    BOXED = "boxed"
    ABSENT = "absent"


class AbsentReason(StrEnum):
    """Why a region has no box: it is not on the film, or not to be seen."""

    CUT_OFF = "cut_off"
    AMPUTATED = "amputated"
    OVERLAPPED = "overlapped"
    CAST_OR_METAL = "cast_or_metal"
    NOT_VISIBLE = "not_visible"


class BoxOrigin(StrEnum):
    DRAWN = "drawn"
    PROPOSAL = "proposal"
    TEMPLATE = "template"
    IMPORTED = "imported"


class OperationKind(StrEnum):
    SET = "set"
    ABSENT = "absent"
    CLEAR = "clear"


class BoxChange(StrEnum):
    """What became of a region between two versions; ``marked`` means that only its attributes changed."""

    SAME = "same"
    MOVED = "moved"
    RESIZED = "resized"
    ADDED = "added"
    ABSENT = "absent"
    REMOVED = "removed"
    MARKED = "marked"


class Compared(StrEnum):
    """Whose boxes are held against whose."""

    LABELLERS = "labellers"
    ACCEPTED = "accepted"
    MODEL = "model"


class LeasePurpose(StrEnum):
    LABEL = "label"
    REVIEW = "review"


class ReadStatus(StrEnum):
    """assigned -> submitted | unreadable(reason) | withdrawn; a submitted read is amended by a new version."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    UNREADABLE = "unreadable"
    WITHDRAWN = "withdrawn"


class ReadRound(StrEnum):
    """Why a read was given; only independent reads make a consensus by themselves.

    A correction was given under a result, in sight of the model's age: it is never an independent blind read.
    """

    INDEPENDENT = "independent"
    REPEAT = "repeat"
    REREAD = "reread"
    CORRECTION = "correction"


class RereadRoundStatus(StrEnum):
    """open -> closed: every case has ended, or somebody stopped it."""

    OPEN = "open"
    CLOSED = "closed"


class RereadCaseStatus(StrEnum):
    """open -> weighed | unreadable (several readers said so; the bone age stays) | dropped (the round was stopped)."""

    OPEN = "open"
    WEIGHED = "weighed"
    UNREADABLE = "unreadable"
    DROPPED = "dropped"


class RereadKind(StrEnum):
    """Why a film is in a re-reading round: model and consensus lie far apart, or it was drawn at random."""

    CHOSEN = "chosen"
    CONTROL = "control"


class ReadingMethod(StrEnum):
    GREULICH_PYLE = "Greulich-Pyle"


class ConsensusStatus(StrEnum):
    """open -> agreed | adjudicating -> settled; agreed | settled -> approved; any but open -> reopened(reason).

    open -> unreadable, once so many readers said that the film cannot be read; a reviewer confirms it (no_bone_age) or
    sends it back (reopened). A reopened consensus is closed for good; a new row of the same radiograph follows it.
    """

    OPEN = "open"
    AGREED = "agreed"
    ADJUDICATING = "adjudicating"
    SETTLED = "settled"
    APPROVED = "approved"
    UNREADABLE = "unreadable"
    NO_BONE_AGE = "no_bone_age"
    REOPENED = "reopened"


INCOMPLETE = (ConsensusStatus.OPEN, ConsensusStatus.UNREADABLE, ConsensusStatus.NO_BONE_AGE)
"""Living, and fewer reads locked than are required: what one reader gave stands alone and would guide whoever comes
after, so nobody is shown it and no figure counts it."""


class ConsensusOrigin(StrEnum):
    """What a consensus value rests on."""

    SINGLE_READ = "single_read"
    MEAN_OF_READS = "mean_of_reads"
    ADJUDICATED = "adjudicated"
    REREAD = "reread"


class OpeningKind(StrEnum):
    """What of a film was opened; ``prefetched``: its pixels were sent for a page that does not show them yet."""

    FILM = "film"
    PREFETCHED = "prefetched"
    RESULT = "result"
    REPORT = "report"


class ExposureKind(StrEnum):
    """What a person was shown of a radiograph that a blind reader may not know."""

    MODEL_RESULT = "model_result"
    OTHER_READ = "other_read"
    CONSENSUS = "consensus"
    CHRONOLOGICAL_AGE = "chronological_age"


VALUES_SHOWN: frozenset[ExposureKind] = frozenset(
    {ExposureKind.MODEL_RESULT, ExposureKind.OTHER_READ, ExposureKind.CONSENSUS}
)
"""Whoever was shown one of these of a film is never asked to read it again."""
