"""A film that waits for a person, because writing may be left in its pixels."""

from django.db import models
from django.db.models import Index, Q

from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models.cohort import Cohort
from annotations.models.person import Person
from annotations.states import BlockedState, Door


class BlockedFilm(models.Model):
    """The header is clean; the pixels lie in quarantine until somebody has decided. ``id`` is that of the arrival.

    ``regions`` is where the text check saw writing, ``rectangles`` what the person blanked: [x0, y0, x1, y1] in pixels.
    ``windows`` as in :class:`annotations.models.study.Radiograph`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    door = models.CharField(max_length=longest(Door), choices=choices(Door))
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, unique=True)
    sop_instance_uid = models.CharField(max_length=64, unique=True)
    study_uid = models.CharField(max_length=64)
    patient_pseudonym = models.CharField(max_length=64)
    facts = models.JSONField()
    deidentification = models.JSONField()
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    window_center = models.FloatField()
    window_width = models.FloatField()
    windows = models.JSONField(default=list)
    regions = models.JSONField()
    synthetic = models.BooleanField()
    state = models.CharField(
        max_length=longest(BlockedState), choices=choices(BlockedState), default=BlockedState.WAITING
    )
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    rectangles = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [Index(fields=["state", "created_at", "id"], name="blocked_by_time")]
        constraints = [
            one_of("state", BlockedState, name="blocked_state_known"),
            one_of("door", Door, name="blocked_door_known"),
            implies(
                ~Q(state=BlockedState.WAITING.value),
                Q(decided_by__isnull=False, decided_at__isnull=False),
                name="blocked_decided_by_somebody",
            ),
            implies(Q(state=BlockedState.REFUSED.value), ~Q(reason=""), name="blocked_refused_with_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.id)
