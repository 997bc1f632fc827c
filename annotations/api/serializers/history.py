"""History, versions and differences."""

from rest_framework import serializers

from annotations.api.serializers.boxes import (
    BOX_SET_STATUS_CHOICES,
    REGION_CHOICES,
    RegionBoxSerializer,
    ReviewCommentSerializer,
)
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.api.serializers.studies import READING_CHOICES, STUDY_STATE_CHOICES
from annotations.states import BoxChange


class EventExportQuerySerializer(StrictSerializer):
    format = serializers.ChoiceField(choices=["csv", "json"], required=False, default="csv")


class ChainSerializer(serializers.Serializer):
    """``broken_at``: number of the first line that does not fit (0 where numbers are hidden); null when all do."""

    broken_at = serializers.IntegerField(allow_null=True)
    lines = serializers.IntegerField(allow_null=True)


class BoxSetVersionSerializer(serializers.Serializer):
    """One version of somebody's boxes."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=BOX_SET_STATUS_CHOICES)
    author = PersonSerializer(allow_null=True)
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]
    is_fix = serializers.BooleanField()
    is_second = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = PersonSerializer(allow_null=True)
    return_reason = serializers.CharField(allow_null=True)


class RegionDifferenceSerializer(serializers.Serializer):
    """One region; measures are null unless both versions have a box, mm also without the film's spacing."""

    region = serializers.ChoiceField(choices=REGION_CHOICES)
    change = serializers.ChoiceField(choices=[change.value for change in BoxChange])
    before = RegionBoxSerializer()
    after = RegionBoxSerializer()
    shift_px = serializers.FloatField(allow_null=True)
    shift_mm = serializers.FloatField(allow_null=True)
    dx_px = serializers.FloatField(allow_null=True)
    dy_px = serializers.FloatField(allow_null=True)
    width_px = serializers.FloatField(allow_null=True)
    height_px = serializers.FloatField(allow_null=True)
    iou = serializers.FloatField(allow_null=True)


class BoxDifferencesSerializer(serializers.Serializer):
    """What changed between two versions of one film."""

    before = BoxSetVersionSerializer()
    after = BoxSetVersionSerializer()
    changed = serializers.IntegerField()
    regions = RegionDifferenceSerializer(many=True)


class DifferencesQuerySerializer(StrictSerializer):
    against = serializers.UUIDField(required=False)


class CommentMarkSerializer(StrictSerializer):
    box_set = serializers.UUIDField()
    resolved = serializers.BooleanField()


class StudyAtQuerySerializer(StrictSerializer):
    moment = serializers.DateTimeField()


class BoxSetThenSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=BOX_SET_STATUS_CHOICES)
    author = PersonSerializer(allow_null=True)
    is_fix = serializers.BooleanField()
    is_second = serializers.BooleanField()
    regions = RegionBoxSerializer(many=True)
    comments = ReviewCommentSerializer(many=True)


class ReadThenSerializer(serializers.Serializer):
    """A locked read, without its reader."""

    mine = serializers.BooleanField()
    bone_age_months = serializers.FloatField()
    plate_months = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()


class ConsensusThenSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=[choice for choice in READING_CHOICES if choice != "none"])
    bone_age_months = serializers.FloatField(allow_null=True)


class StudyThenSerializer(serializers.Serializer):
    """A study as it was. Where ``blinded``: no read and no consensus."""

    moment = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=STUDY_STATE_CHOICES, allow_null=True)
    blinded = serializers.BooleanField()
    box_sets = BoxSetThenSerializer(many=True)
    reads = ReadThenSerializer(many=True)
    consensus = ConsensusThenSerializer(allow_null=True)
