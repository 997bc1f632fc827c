"""Patient, study, radiograph: whose hand, which visit, which picture. None of them knows who the child is."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models.cohort import Cohort
from annotations.models.person import Person
from annotations.states import (
    MAYBE_TO_LABEL,
    PRIORITY_RANK,
    AgeSource,
    Labelling,
    Priority,
    Reading,
    Sex,
    SexSource,
    Side,
    StudyState,
)

OLDEST_MONTHS = 30 * 12.0
"""A chronological age above thirty years is a wrong date, not a child."""

_WAITS = [state.value for state in MAYBE_TO_LABEL]


class Patient(models.Model):
    """A pseudonym, made with a secret key from the identifier of the header; the identifier itself is nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pseudonym = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.pseudonym


class Study(models.Model):
    """One visit: a DICOM study. ``study_uid`` is the pseudonymous UID that de-identification gave it.

    ``labelling`` and ``reading`` repeat what the box sets and the consensus of the radiograph for reading say, so that
    lists and queues of 100 000 studies answer from an index; ``annotations/services/progress.py`` keeps them. No rule
    of blinding may rest on them. ``may_need_boxes`` puts what may wait for a labeller in one index, in its order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="studies")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="studies")
    study_uid = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=longest(StudyState), choices=choices(StudyState), default=StudyState.RECEIVED)
    reason_code = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    sex = models.CharField(max_length=8, choices=choices(Sex), null=True)  # noqa: DJ001  # unknown is not ""
    sex_source = models.CharField(max_length=32, choices=choices(SexSource), null=True)  # noqa: DJ001
    sex_stated_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    chronological_age_months = models.FloatField(null=True)
    age_source = models.CharField(max_length=32, choices=choices(AgeSource), null=True)  # noqa: DJ001
    age_stated_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    synthetic = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(default=PRIORITY_RANK[Priority.NORMAL])
    labelling = models.CharField(max_length=longest(Labelling), choices=choices(Labelling), default=Labelling.NONE)
    may_need_boxes = models.GeneratedField(
        expression=models.Case(
            models.When(state=StudyState.READY.value, labelling__in=_WAITS, then=models.Value(True)),
            default=models.Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    reading = models.CharField(max_length=longest(Reading), choices=choices(Reading), default=Reading.NONE)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            Index(fields=["received_at", "id"], name="study_by_time"),
            Index(fields=["state", "received_at", "id"], name="study_by_state"),
            Index(fields=["cohort", "received_at", "id"], name="study_by_cohort"),
            Index(fields=["priority", "received_at", "id"], name="study_by_priority"),
            Index(fields=["may_need_boxes", "priority", "received_at", "id"], name="study_waits_for_boxes"),
            Index(fields=["labelling", "state", "priority", "received_at", "id"], name="study_by_labelling"),
            Index(fields=["reading", "state", "priority", "received_at", "id"], name="study_to_read"),
        ]
        constraints = [
            one_of("state", StudyState, name="study_state_known"),
            one_of("labelling", Labelling, name="study_labelling_known"),
            one_of("reading", Reading, name="study_reading_known"),
            CheckConstraint(condition=Q(priority__in=[*PRIORITY_RANK.values()]), name="study_priority_known"),
            one_of("sex", Sex, name="study_sex_known", nullable=True),
            one_of("sex_source", SexSource, name="study_sex_source_known", nullable=True),
            one_of("age_source", AgeSource, name="study_age_source_known", nullable=True),
            implies(
                Q(state__in=[StudyState.EXCLUDED.value, StudyState.REJECTED.value]),
                ~Q(reason_code=""),
                name="study_left_out_with_a_reason",
            ),
            CheckConstraint(
                condition=Q(sex__isnull=True, sex_source__isnull=True)
                | Q(
                    sex__isnull=False,
                    sex_source__isnull=False,
                    sex_source=SexSource.HEADER.value,
                    sex_stated_by__isnull=True,
                )
                | Q(
                    sex__isnull=False,
                    sex_source__isnull=False,
                    sex_source=SexSource.STATED.value,
                    sex_stated_by__isnull=False,
                ),
                name="study_sex_has_a_source",
            ),
            CheckConstraint(
                condition=Q(chronological_age_months__isnull=True, age_source__isnull=True)
                | Q(
                    chronological_age_months__isnull=False,
                    chronological_age_months__gte=0,
                    chronological_age_months__lte=OLDEST_MONTHS,
                    age_source__isnull=False,
                ),
                name="study_age_has_a_source",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def priority_name(self) -> Priority:
        """The priority in its word."""
        return next(name for name, rank in PRIORITY_RANK.items() if rank == self.priority)


class Radiograph(models.Model):
    """One picture of a study, with what was measured on it. Its files lie in the object store under its id.

    ``content_hash`` is a keyed hash of the original bytes and ``sop_instance_uid`` the pseudonymous UID: either one
    met again means that this picture is already here. ``windows`` are those of the header, ``{center, width,
    function}`` in the values the browser gets. ``view_*`` is how the film is shown at first, see
    :class:`inference.imaging.view.View`. ``label_twice``: drawn, when its labelling began, to be labelled by a second
    person who does not see the first one's boxes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="radiographs")
    for_reading = models.BooleanField(default=False)
    label_twice = models.BooleanField(default=False)
    content_hash = models.CharField(max_length=64, unique=True)
    sop_instance_uid = models.CharField(max_length=64, unique=True)
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    window_center = models.FloatField()
    window_width = models.FloatField()
    windows = models.JSONField(default=list)
    view_quarter_turns = models.PositiveSmallIntegerField(default=0)
    view_mirrored = models.BooleanField(default=False)
    modality = models.CharField(max_length=16)
    laterality = models.CharField(max_length=8, choices=choices(Side), null=True)  # noqa: DJ001
    view_position = models.CharField(max_length=16, blank=True, default="")
    row_spacing_mm = models.FloatField(null=True)
    column_spacing_mm = models.FloatField(null=True)
    spacing_kind = models.CharField(max_length=16, null=True)  # noqa: DJ001
    synthetic = models.BooleanField(default=False)
    quality = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    deidentification = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [Index(fields=["study"], condition=Q(label_twice=True), name="radiograph_to_label_twice")]
        constraints = [
            UniqueConstraint(fields=["study"], condition=Q(for_reading=True), name="radiograph_one_read_per_study"),
            CheckConstraint(condition=Q(rows__gt=0, columns__gt=0), name="radiograph_has_pixels"),
            CheckConstraint(condition=Q(window_width__gt=0), name="radiograph_window_is_open"),
            CheckConstraint(condition=Q(view_quarter_turns__lte=3), name="radiograph_quarter_turns_known"),
            one_of("laterality", Side, name="radiograph_side_known", nullable=True),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def film_name(self) -> str:
        return f"films/{self.id}.dcm"

    @property
    def pixels_name(self) -> str:
        return f"pixels/{self.id}.u16.gz"

    @property
    def thumbnail_name(self) -> str:
        return f"thumbnails/{self.id}.jpg"
