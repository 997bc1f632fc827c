"""Studies and radiographs."""

from typing import Any, get_args

from rest_framework import serializers

from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.models.study import OLDEST_MONTHS
from annotations.states import Labelling, Priority, Reading, Sex, Side, StudyState, WorkKind
from inference.imaging.film import WindowFunction

SEX_CHOICES = [sex.value for sex in Sex]
STUDY_STATE_CHOICES = [state.value for state in StudyState]
LABELLING_CHOICES = [state.value for state in Labelling]
READING_CHOICES = [state.value for state in Reading]
PRIORITY_CHOICES = [priority.value for priority in Priority]
WORK_KIND_CHOICES = [kind.value for kind in WorkKind]
SEVERITY_CHOICES = ["info", "warning", "blocking"]
ORDERS = ("-received_at", "received_at", "priority")
MOST_STUDIES = 500
"""In one call of a bulk action."""
HAS_CHOICES = ["labelled", "read", "approved", "predicted"]


class StudyReasonSerializer(serializers.Serializer):
    """Why a study is left out. What a person wrote stands the same in both languages."""

    code = serializers.CharField()
    message = serializers.CharField()
    message_zh = serializers.CharField()


class CohortNameSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class QualityMarkSerializer(serializers.Serializer):
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITY_CHOICES)


class QualityFindingSerializer(QualityMarkSerializer):
    value = serializers.FloatField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    message_en = serializers.CharField()
    message_zh = serializers.CharField()


class StudyPredictionSerializer(serializers.Serializer):
    bone_age_months = serializers.FloatField(allow_null=True)
    interval_months = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True)
    model = serializers.CharField()


class AssignedSerializer(serializers.Serializer):
    """Whom a kind of work was given to."""

    kind = serializers.ChoiceField(choices=WORK_KIND_CHOICES)
    person = PersonSerializer()


class StudyRowSerializer(serializers.Serializer):
    """A row of the study list. Where ``blinded``: chronological age, reading and prediction are null."""

    id = serializers.UUIDField()
    pseudonym = serializers.CharField()
    state = serializers.ChoiceField(choices=STUDY_STATE_CHOICES)
    reason = StudyReasonSerializer(allow_null=True)
    sex = serializers.ChoiceField(choices=SEX_CHOICES, allow_null=True)
    sex_source = serializers.CharField(allow_null=True)
    chronological_age_months = serializers.FloatField(allow_null=True)
    laterality = serializers.ChoiceField(choices=[side.value for side in Side], allow_null=True)
    synthetic = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    cohort = CohortNameSerializer(allow_null=True)
    radiograph = serializers.UUIDField(allow_null=True)
    thumbnail_url = serializers.CharField(allow_null=True)
    quality = QualityMarkSerializer(many=True)
    priority = serializers.ChoiceField(choices=PRIORITY_CHOICES)
    assigned = AssignedSerializer(many=True)
    labelling = serializers.ChoiceField(choices=LABELLING_CHOICES)
    reading = serializers.ChoiceField(choices=READING_CHOICES, allow_null=True)
    prediction = StudyPredictionSerializer(allow_null=True)
    blinded = serializers.BooleanField()


class StudyPageSerializer(serializers.Serializer):
    results = StudyRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class WindowSerializer(serializers.Serializer):
    """A grey window in units of the 16-bit values; its function as in DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3."""

    center = serializers.FloatField()
    width = serializers.FloatField()
    function = serializers.ChoiceField(choices=get_args(WindowFunction))


class ViewSerializer(serializers.Serializer):
    """How the film is shown at first: mirrored, then turned clockwise by quarters. Boxes stay in stored pixels."""

    quarter_turns = serializers.IntegerField(min_value=0, max_value=3)
    mirrored = serializers.BooleanField()


class RadiographSerializer(serializers.Serializer):
    """One picture with what is needed to show it."""

    id = serializers.UUIDField()
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    pixels_url = serializers.CharField()
    thumbnail_url = serializers.CharField()
    window = WindowSerializer()
    windows = WindowSerializer(many=True)
    view = ViewSerializer()
    pixel_spacing_mm = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
    )
    spacing_kind = serializers.ChoiceField(choices=["pixel", "imager"], allow_null=True)
    quality = QualityFindingSerializer(many=True)


class StudySerializer(StudyRowSerializer):
    """A study with its pictures and what the person may do."""

    radiographs = RadiographSerializer(many=True)
    can = serializers.ListField(child=serializers.CharField())


class EventSerializer(serializers.Serializer):
    """One line of history."""

    at = serializers.DateTimeField()
    who = PersonSerializer(allow_null=True)
    verb = serializers.CharField()
    noun = serializers.CharField()
    old = serializers.CharField(allow_null=True)
    new = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class StudyFactsSerializer(StrictSerializer):
    """What the header lacked."""

    sex = serializers.ChoiceField(choices=SEX_CHOICES, required=False)
    chronological_age_months = serializers.FloatField(min_value=0, max_value=OLDEST_MONTHS, required=False)


class StudyExclusionSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class StudyListQuerySerializer(StrictSerializer):
    """Filters of the study list."""

    state = serializers.ChoiceField(choices=STUDY_STATE_CHOICES, required=False, allow_blank=True)
    q = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    sex = serializers.ChoiceField(choices=SEX_CHOICES, required=False, allow_blank=True)
    cohort = serializers.CharField(required=False, allow_blank=True)
    age_min_months = serializers.FloatField(required=False)
    age_max_months = serializers.FloatField(required=False)
    has = serializers.CharField(required=False, allow_blank=True, default="", help_text="Comma-separated.")
    labelling = serializers.ChoiceField(choices=LABELLING_CHOICES, required=False, allow_blank=True)
    reading = serializers.ChoiceField(choices=READING_CHOICES, required=False, allow_blank=True)
    priority = serializers.ChoiceField(choices=PRIORITY_CHOICES, required=False, allow_blank=True)
    quality = serializers.RegexField(r"^[a-z0-9_]*$", max_length=64, required=False, allow_blank=True, default="")
    labeller = serializers.CharField(required=False, allow_blank=True)
    assigned_to = serializers.CharField(required=False, allow_blank=True)
    order = serializers.ChoiceField(choices=list(ORDERS), required=False, default=ORDERS[0])
    cursor = serializers.CharField(required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=30)

    def validate_has(self, value: str) -> frozenset[str]:
        wanted = frozenset(part.strip() for part in value.split(",") if part.strip())
        unknown = wanted - set(HAS_CHOICES)
        if unknown:
            raise serializers.ValidationError(f"Unknown: {', '.join(sorted(unknown))}.")
        return wanted

    def validate_cohort(self, value: str) -> Any:
        return serializers.UUIDField().to_internal_value(value) if value else None

    validate_labeller = validate_cohort
    validate_assigned_to = validate_cohort


class ManyStudiesSerializer(StrictSerializer):
    """Which studies."""

    studies = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_STUDIES)


class AssignSerializer(ManyStudiesSerializer):
    kind = serializers.ChoiceField(choices=WORK_KIND_CHOICES)
    person = serializers.UUIDField()


class ReleaseSerializer(ManyStudiesSerializer):
    """From one person, or from everybody."""

    kind = serializers.ChoiceField(choices=WORK_KIND_CHOICES)
    person = serializers.UUIDField(required=False, allow_null=True, default=None)


class SetPrioritySerializer(ManyStudiesSerializer):
    priority = serializers.ChoiceField(choices=PRIORITY_CHOICES)


class SetCohortSerializer(ManyStudiesSerializer):
    """Into a cohort, or (null) out of every one."""

    cohort = serializers.UUIDField(allow_null=True)


class ExcludeManySerializer(ManyStudiesSerializer):
    reason = serializers.CharField(max_length=500)


class RefusedStudySerializer(serializers.Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    message = serializers.CharField()


class ManyChangedSerializer(serializers.Serializer):
    """What became of many; what already was as asked for is in neither list."""

    changed = serializers.ListField(child=serializers.UUIDField())
    refused = RefusedStudySerializer(many=True)
