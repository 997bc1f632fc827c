"""The ledger: one row a machine job. The row is the truth; a message on a queue only says that it is worth a look."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Index, Q

from annotations.base.constraints import choices, implies, one_of
from annotations.models import Person
from boneage_web.runs.kinds import QUEUE_OF_KIND, Queue, RunKind, RunStatus


class Run(models.Model):
    """One job.

        queued -> running -> succeeded | failed(error) | cancelled
           ^---------'  its worker died (once more) or is being stopped (any number of times)
           ^-------------------------------- failed, cancelled: a person takes it up again

    A worker holds it by `lease`: a token that each of its writes names. Whoever finds another token there, or none,
    has lost the run and stops. `heartbeat_at` is the worker's last sign of life.
    Runs of one `batch` share out one piece of work. Where the batch has the id of a run, that run leads it: it has the
    others done, takes up what they give, and is taken back together with them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=choices(RunKind))
    status = models.CharField(max_length=16, choices=choices(RunStatus), default=RunStatus.QUEUED)
    queue = models.CharField(max_length=16, choices=choices(Queue))
    parameters = models.JSONField(default=dict)
    batch = models.UUIDField(null=True, db_index=True)
    requested_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    rung_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    worker = models.CharField(max_length=120, blank=True, default="")
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    phase = models.CharField(max_length=64, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True, default="")
    percent = models.FloatField(default=0.0)
    eta_seconds = models.FloatField(null=True)
    curve = models.JSONField(default=list)
    outcome = models.JSONField(default=dict)
    error_code = models.CharField(max_length=64, blank=True, default="")
    error_message = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            Index(fields=["status", "queue", "created_at"], name="run_by_status"),
            Index(fields=["kind", "created_at"], name="run_by_kind"),
        ]
        constraints = [
            one_of("kind", RunKind, name="run_kind_known"),
            one_of("status", RunStatus, name="run_status_known"),
            one_of("queue", Queue, name="run_queue_known"),
            implies(
                Q(status=RunStatus.RUNNING.value),
                Q(lease__isnull=False, heartbeat_at__isnull=False),
                name="run_running_is_held",
            ),
            implies(Q(status=RunStatus.FAILED.value), ~Q(error_code=""), name="run_failed_with_a_reason"),
            CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="run_percent_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.status}"

    def save(self, *args: object, **kwargs: object) -> None:
        """A new run goes to the queue of its kind."""
        self.queue = self.queue or QUEUE_OF_KIND[RunKind(self.kind)]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Worker(models.Model):
    """A worker process and when it was last heard of. `name` is host:pid; also what a run it holds carries."""

    name = models.CharField(max_length=120, primary_key=True)
    queues = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
