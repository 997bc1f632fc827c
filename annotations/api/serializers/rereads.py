"""Re-reading rounds."""

from typing import Any

from rest_framework import serializers

from annotations.agreement import LARGEST_BONE_AGE_MONTHS
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.states import RereadRoundStatus


class RereadChoiceSerializer(StrictSerializer):
    """How films are chosen: one of ``threshold_months`` and ``largest``."""

    cohort = serializers.UUIDField(required=False, allow_null=True, default=None)
    threshold_months = serializers.FloatField(
        min_value=1, max_value=LARGEST_BONE_AGE_MONTHS, required=False, allow_null=True, default=None
    )
    largest = serializers.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True, default=None)
    age_seen_allowed = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["threshold_months"] is None) == (attrs["largest"] is None):
            raise serializers.ValidationError("Give threshold_months or largest, not both.")
        return attrs


class RereadPreviewSerializer(serializers.Serializer):
    """Counts of a round that could be started; never which films."""

    population = serializers.IntegerField()
    too_few_readers = serializers.IntegerField()
    chosen = serializers.IntegerField()
    controls = serializers.IntegerField()
    readers_required = serializers.IntegerField()
    model = serializers.CharField(allow_null=True)


class RereadErrorSerializer(serializers.Serializer):
    mae_months = serializers.FloatField()
    mae_interval_months = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    bias_months = serializers.FloatField()


class RereadGroupSerializer(serializers.Serializer):
    """One group of films before and after; no figures below ``fewest`` films."""

    group = serializers.ChoiceField(choices=["all", "chosen", "control"])
    n = serializers.IntegerField()
    before = RereadErrorSerializer(allow_null=True)
    after = RereadErrorSerializer(allow_null=True)
    change_months = serializers.FloatField(allow_null=True)
    change_interval_months = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class RereadRoundSerializer(serializers.Serializer):
    """A round with its progress and what it changed."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=[status.value for status in RereadRoundStatus])
    cohort = serializers.CharField(allow_null=True)
    model = serializers.CharField()
    threshold_months = serializers.FloatField(allow_null=True)
    largest = serializers.IntegerField(allow_null=True)
    readers_required = serializers.IntegerField()
    age_seen_allowed = serializers.BooleanField()
    started_at = serializers.DateTimeField()
    started_by = PersonSerializer()
    closed_at = serializers.DateTimeField(allow_null=True)
    stop_reason = serializers.CharField(allow_null=True)
    films = serializers.IntegerField()
    weighed = serializers.IntegerField()
    approved = serializers.IntegerField()
    unreadable = serializers.IntegerField()
    dropped = serializers.IntegerField()
    hidden_from_you = serializers.IntegerField()
    fewest = serializers.IntegerField()
    groups = RereadGroupSerializer(many=True)


class RereadRoundPageSerializer(serializers.Serializer):
    results = RereadRoundSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
