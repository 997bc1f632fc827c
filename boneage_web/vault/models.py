"""Sealed identities, and who looked one up. They lie in a database of their own and know no row of the other."""

from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, Q

from annotations.base.constraints import choices, longest, one_of
from annotations.models.append_only import AppendOnly


class Purpose(StrEnum):
    """Why an identity is looked up. Nothing else is a reason."""

    SEND_RESULT = "send_result"
    CARE = "care"
    PATIENT_REQUEST = "patient_request"


class LookupOutcome(StrEnum):
    """FOUND and NOT_FOUND are written before anything is opened; FAILED beside a FOUND that would not open."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    FAILED = "failed"


class VaultEntry(models.Model):
    """What leads back from one radiograph, sealed. Never changed; deleted only when its film is gone.

    ``key`` is a keyed hash of the radiograph's id: whoever holds this table alone can join it to nothing.
    ``sealed_for`` names the public key, so that a rotated pair is told from a damaged entry.
    """

    key = models.CharField(max_length=64, primary_key=True)
    sealed_for = models.CharField(max_length=16)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key[:8]


class VaultLookup(AppendOnly):
    """One line of the log, tied to the one before it by its hash."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    purpose = models.CharField(max_length=longest(Purpose), choices=choices(Purpose), blank=True)
    key = models.CharField(max_length=64)
    outcome = models.CharField(max_length=longest(LookupOutcome), choices=choices(LookupOutcome))
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            one_of("outcome", LookupOutcome, name="vault_lookup_outcome_known"),
            CheckConstraint(
                condition=Q(outcome=LookupOutcome.REFUSED.value) | Q(purpose__in=[each.value for each in Purpose]),
                name="vault_lookup_has_a_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
