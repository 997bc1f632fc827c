"""The rows of this app, one file per noun."""

from annotations.models.assignment import Assignment
from annotations.models.blocked_film import BlockedFilm
from annotations.models.box_set import BoxOperation, BoxSet, CommentMark, Effort, RegionBox, ReviewComment
from annotations.models.cohort import Cohort, Protocol
from annotations.models.consensus import Consensus
from annotations.models.event import Event
from annotations.models.exposure import Exposure
from annotations.models.intake import IntakeRecord
from annotations.models.lease import Lease
from annotations.models.opening import Opening
from annotations.models.person import Person, Role
from annotations.models.read import Read
from annotations.models.reread import RereadCase, RereadRound
from annotations.models.study import Patient, Radiograph, Study

__all__ = [
    "Assignment",
    "BlockedFilm",
    "BoxOperation",
    "BoxSet",
    "Cohort",
    "CommentMark",
    "Consensus",
    "Effort",
    "Event",
    "Exposure",
    "IntakeRecord",
    "Lease",
    "Opening",
    "Patient",
    "Person",
    "Protocol",
    "Radiograph",
    "Read",
    "RegionBox",
    "RereadCase",
    "RereadRound",
    "ReviewComment",
    "Role",
    "Study",
]
