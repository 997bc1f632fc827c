"""History: who did what, when, from which state to which, and why."""

from django.db import models
from django.db.models import UniqueConstraint

from annotations.models.append_only import AppendOnly
from annotations.models.person import Person
from annotations.models.study import Study


class Event(AppendOnly):
    """One line of history. Lines of one chain (a study's, or the site's) are numbered and each carries the hash of
    the one before it, so that a line that was changed or taken out behind the application's back is found.

    No bone age and no chronological age stands in an event: history can be shown to everybody who may see the study.
    """

    at = models.DateTimeField()
    who = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=64)
    noun = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    study = models.ForeignKey(Study, null=True, on_delete=models.PROTECT, related_name="events")
    old = models.CharField(max_length=64, blank=True, default="")
    new = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=2000, blank=True, default="")
    chain = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "number"]
        indexes = [models.Index(fields=["study", "number"], name="event_by_study")]
        constraints = [UniqueConstraint(fields=["chain", "number"], name="event_numbered_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.noun}"
