"""The reading room and the consensus."""

from rest_framework import serializers

from annotations.agreement import LARGEST_BONE_AGE_MONTHS
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.api.serializers.studies import (
    PRIORITY_CHOICES,
    SEX_CHOICES,
    RadiographSerializer,
    ViewSerializer,
    WindowSerializer,
)
from annotations.states import ConsensusOrigin, ConsensusStatus, ReadStatus

CONSENSUS_STATUS_CHOICES = [status.value for status in ConsensusStatus if status is not ConsensusStatus.REOPENED]


def _bone_age() -> serializers.FloatField:
    return serializers.FloatField(min_value=0, max_value=LARGEST_BONE_AGE_MONTHS)


def _plate() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, allow_null=True, required=False, default=None)


class ReadTokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class ReadingRadiographSerializer(serializers.Serializer):
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    pixels_url = serializers.CharField()
    window = WindowSerializer()
    windows = WindowSerializer(many=True)
    view = ViewSerializer()


class ReadingProtocolSerializer(serializers.Serializer):
    method = serializers.CharField()
    edition = serializers.CharField()


class LockedReadSerializer(serializers.Serializer):
    bone_age_months = serializers.FloatField()
    plate_months = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    after_age_seen = serializers.BooleanField()


class EarlierExaminationSerializer(serializers.Serializer):
    chronological_age_months = serializers.FloatField()
    bone_age_months = serializers.FloatField(allow_null=True)


class RevealedSerializer(serializers.Serializer):
    """What appears after the lock."""

    chronological_age_months = serializers.FloatField(allow_null=True)
    earlier = EarlierExaminationSerializer(many=True)


class ReadingSerializer(serializers.Serializer):
    """One film, nothing else, until it is locked."""

    token = serializers.CharField()
    status = serializers.ChoiceField(choices=[status.value for status in ReadStatus])
    sex = serializers.ChoiceField(choices=SEX_CHOICES)
    synthetic = serializers.BooleanField()
    radiograph = ReadingRadiographSerializer()
    protocol = ReadingProtocolSerializer()
    standards_months = serializers.ListField(child=serializers.IntegerField())
    read = LockedReadSerializer(allow_null=True)
    revealed = RevealedSerializer(allow_null=True)
    withheld_until = serializers.DateTimeField(allow_null=True)


class ReadSubmissionSerializer(StrictSerializer):
    bone_age_months = _bone_age()
    plate_months = _plate()


class ReadAmendmentSerializer(StrictSerializer):
    bone_age_months = _bone_age()
    plate_months = _plate()
    reason = serializers.CharField(max_length=2000)


class ConsensusReadSerializer(serializers.Serializer):
    """A read without its reader."""

    label = serializers.CharField()  # type: ignore[assignment]
    bone_age_months = serializers.FloatField()
    plate_months = serializers.IntegerField(allow_null=True)


class UnreadableAnswerSerializer(serializers.Serializer):
    """One reader's answer on a film that several could not read; null: a bone age, not shown."""

    label = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField(allow_null=True)


class ConsensusRowSerializer(serializers.Serializer):
    """What reads come to. ``unreadable``: the answers, where so many said that the film cannot be read; ``being_read``:
    a reader still holds it, so nobody can confirm that."""

    id = serializers.UUIDField()
    study = serializers.UUIDField()
    pseudonym = serializers.CharField()
    radiograph = serializers.UUIDField()
    thumbnail_url = serializers.CharField()
    sex = serializers.ChoiceField(choices=SEX_CHOICES, allow_null=True)
    priority = serializers.ChoiceField(choices=PRIORITY_CHOICES)
    status = serializers.ChoiceField(choices=CONSENSUS_STATUS_CHOICES)
    reads = ConsensusReadSerializer(many=True)
    unreadable = UnreadableAnswerSerializer(many=True)
    being_read = serializers.BooleanField()
    confirmed_by = PersonSerializer(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    difference_months = serializers.FloatField(allow_null=True)
    bone_age_months = serializers.FloatField(allow_null=True)
    origin = serializers.ChoiceField(choices=[origin.value for origin in ConsensusOrigin], allow_null=True)
    reason = serializers.CharField(allow_null=True)
    can = serializers.ListField(child=serializers.CharField())
    synthetic = serializers.BooleanField()


class ConsensusPageSerializer(serializers.Serializer):
    results = ConsensusRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class ConsensusStepSerializer(serializers.Serializer):
    """What stood before and was reopened. ``hidden``: its values are kept from who may decide on re-reads;
    ``unreadable``: readers had said that the film cannot be read."""

    bone_age_months = serializers.FloatField(allow_null=True)
    origin = serializers.ChoiceField(choices=[origin.value for origin in ConsensusOrigin], allow_null=True)
    difference_months = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    settled_by = PersonSerializer(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    approved_by = PersonSerializer(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    confirmed_by = PersonSerializer(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    unreadable = serializers.BooleanField()
    reopen_reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    hidden = serializers.BooleanField()


class CorrectionSerializer(serializers.Serializer):
    """An age that somebody gave under a result, in sight of the model's: no independent read."""

    bone_age_months = serializers.FloatField()
    reason = serializers.CharField()


class ConsensusSerializer(ConsensusRowSerializer):
    """A consensus with its picture."""

    radiograph_detail = RadiographSerializer()
    history = ConsensusStepSerializer(many=True)
    corrections = CorrectionSerializer(many=True)


class ConsensusListQuerySerializer(StrictSerializer):
    status = serializers.ChoiceField(choices=CONSENSUS_STATUS_CHOICES, required=False, allow_blank=True)
    cursor = serializers.CharField(required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


class SettlementSerializer(StrictSerializer):
    bone_age_months = _bone_age()
    reason = serializers.CharField(max_length=2000)


class ApprovalSerializer(StrictSerializer):
    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


class RefusedApprovalSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    message = serializers.CharField()


class ApprovalOutcomeSerializer(serializers.Serializer):
    """What became of many."""

    approved = serializers.ListField(child=serializers.UUIDField())
    refused = RefusedApprovalSerializer(many=True)
