"""What a person put their name to. Written once; a change of mind is a new version with a reason."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from annotations.agreement import LARGEST_BONE_AGE_MONTHS
from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models import Consensus, Person, Radiograph, Read
from annotations.models.append_only import AppendOnly
from boneage_web.results.models.prediction import Prediction


class Basis(StrEnum):
    """Whose number was signed: the model's, the model's with the site's correction, the approved one, or one's own."""

    MODEL = "model"
    CALIBRATED = "calibrated"
    CONSENSUS = "consensus"
    CORRECTION = "correction"


class SignedResult(AppendOnly):
    """One signature under one film's bone age.

    `content` is everything that a report of this version says, frozen (`boneage_web/results/facts.py`); a report of an
    old version is therefore the same for ever. A correction is also a read of its author (`read`), marked as given in
    knowledge of the model.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="signed_results")
    version = models.PositiveIntegerField()
    amends = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="amended_by")
    basis = models.CharField(max_length=longest(Basis), choices=choices(Basis))
    bone_age_months = models.FloatField()
    reference = models.CharField(max_length=40)
    prediction = models.ForeignKey(Prediction, null=True, on_delete=models.PROTECT, related_name="+")
    consensus = models.ForeignKey(Consensus, null=True, on_delete=models.PROTECT, related_name="+")
    read = models.OneToOneField(Read, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=2000, blank=True, default="")
    inputs_key = models.CharField(max_length=32)
    content = models.JSONField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        indexes = [Index(fields=["radiograph", "-version"], name="signed_by_radiograph")]
        constraints = [
            one_of("basis", Basis, name="signed_basis_known"),
            UniqueConstraint(fields=["radiograph", "version"], name="signed_version_once"),
            CheckConstraint(
                condition=Q(bone_age_months__gte=0, bone_age_months__lte=LARGEST_BONE_AGE_MONTHS),
                name="signed_age_0_to_largest",
            ),
            CheckConstraint(
                condition=Q(version=1, amends__isnull=True)
                | Q(version__gt=1, amends__isnull=False) & ~Q(amends=F("id")),
                name="signed_amends_the_one_before",
            ),
            implies(Q(version__gt=1), ~Q(reason=""), name="signed_amended_with_a_reason"),
            implies(
                Q(basis=Basis.CORRECTION.value),
                ~Q(reason="") & Q(read__isnull=False),
                name="signed_correction_is_a_read_with_a_reason",
            ),
            implies(
                Q(basis__in=[Basis.MODEL.value, Basis.CALIBRATED.value]),
                Q(prediction__isnull=False),
                name="signed_model_age_has_a_prediction",
            ),
            implies(Q(basis=Basis.CONSENSUS.value), Q(consensus__isnull=False), name="signed_truth_has_a_consensus"),
        ]

    def __str__(self) -> str:
        return f"{self.radiograph_id} v{self.version}"
