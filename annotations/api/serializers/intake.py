"""Uploads, the intake page, blocked films."""

import re
from typing import Any

from rest_framework import serializers

from annotations.api.serializers.boxes import RectangleSerializer
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.api.serializers.studies import CohortNameSerializer, ViewSerializer, WindowSerializer
from annotations.models.intake import RECORDED
from annotations.states import Door, IntakeResult

DOOR_CHOICES = [door.value for door in Door]
INTAKE_RESULT_CHOICES = [result.value for result in IntakeResult]
RECORDED_CHOICES = [result.value for result in RECORDED]
KNOWN_CHOICES = [IntakeResult.RECEIVED.value, IntakeResult.BLOCKED.value]
MODE_CHOICES = ["research", "clinical"]
MOST_IDS, MOST_DIGESTS, MOST_RECTANGLES = 500, 1000, 200


class IntakeReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    message_zh = serializers.CharField()


class UploadSerializer(serializers.Serializer):
    """How one file stands. ``file`` is empty where only the id was asked for."""

    id = serializers.UUIDField(allow_null=True)
    file = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(choices=INTAKE_RESULT_CHOICES)
    reason = IntakeReasonSerializer(allow_null=True)
    study = serializers.UUIDField(allow_null=True)


class NewUploadSerializer(StrictSerializer):
    """Multipart form of one film."""

    file = serializers.FileField(allow_empty_file=True)
    cohort = serializers.UUIDField(required=False)


class OutcomesQuerySerializer(StrictSerializer):
    ids = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_IDS)


class KnownQuerySerializer(StrictSerializer):
    sha256 = serializers.ListField(child=serializers.CharField(), max_length=MOST_DIGESTS)

    def validate_sha256(self, value: list[str]) -> list[str]:
        if not all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in value):
            raise serializers.ValidationError("Each is 64 hexadecimal digits.")
        return value


class KnownContentSerializer(serializers.Serializer):
    sha256 = serializers.CharField()
    outcome = serializers.ChoiceField(choices=KNOWN_CHOICES)
    study = serializers.UUIDField(allow_null=True)


class IntakeCountSerializer(serializers.Serializer):
    door = serializers.ChoiceField(choices=DOOR_CHOICES, allow_null=True)
    result = serializers.ChoiceField(choices=RECORDED_CHOICES)
    count = serializers.IntegerField()


class IntakeSerializer(serializers.Serializer):
    """What waits, what is blocked, and what came of the files of the last seven days."""

    waiting = serializers.IntegerField()
    oldest_waiting_seconds = serializers.FloatField(allow_null=True)
    blocked = serializers.IntegerField()
    mode = serializers.ChoiceField(choices=MODE_CHOICES)
    counts = IntakeCountSerializer(many=True)


class IntakeRecordSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    door = serializers.ChoiceField(choices=DOOR_CHOICES, allow_null=True)
    result = serializers.ChoiceField(choices=RECORDED_CHOICES)
    reason = IntakeReasonSerializer(allow_null=True)
    study = serializers.UUIDField(allow_null=True)
    by = PersonSerializer(allow_null=True)
    cohort = CohortNameSerializer(allow_null=True)


class IntakeRecordPageSerializer(serializers.Serializer):
    results = IntakeRecordSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class IntakeRecordQuerySerializer(StrictSerializer):
    result = serializers.ChoiceField(choices=RECORDED_CHOICES, required=False, allow_blank=True)
    door = serializers.ChoiceField(choices=DOOR_CHOICES, required=False, allow_blank=True)
    cursor = serializers.CharField(required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


class RedactionRectangleSerializer(RectangleSerializer):
    """A rectangle with an area, in pixels of the film as stored."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs["x0"] < attrs["x1"] and attrs["y0"] < attrs["y1"]):
            raise serializers.ValidationError("x0 < x1 and y0 < y1.")
        return attrs


class BlockedRowSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    door = serializers.ChoiceField(choices=DOOR_CHOICES)
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    regions = serializers.IntegerField(help_text="How many places look like writing.")
    synthetic = serializers.BooleanField()


class BlockedPageSerializer(serializers.Serializer):
    results = BlockedRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()


class BlockedQuerySerializer(StrictSerializer):
    cursor = serializers.CharField(required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


class BlockedFilmSerializer(serializers.Serializer):
    """A film that waits for a decision; its pixels may show a name."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    door = serializers.ChoiceField(choices=DOOR_CHOICES)
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    window = WindowSerializer()
    windows = WindowSerializer(many=True)
    pixels_url = serializers.CharField()
    view = ViewSerializer()
    regions = RedactionRectangleSerializer(many=True)
    synthetic = serializers.BooleanField()


class BlockedReleaseSerializer(StrictSerializer):
    rectangles = serializers.ListField(child=RedactionRectangleSerializer(), max_length=MOST_RECTANGLES)
    no_writing = serializers.BooleanField()


class BlockedRefusalSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=500)
