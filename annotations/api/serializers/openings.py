"""The log of openings."""

from rest_framework import serializers

from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.states import OpeningKind

OPENING_KIND_CHOICES = [kind.value for kind in OpeningKind]


class OpeningSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    who = PersonSerializer()
    kind = serializers.ChoiceField(choices=OPENING_KIND_CHOICES)
    place = serializers.CharField()
    study = serializers.UUIDField()
    pseudonym = serializers.CharField()


class OpeningPageSerializer(serializers.Serializer):
    """Newest first."""

    results = OpeningSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class OpeningFilterSerializer(StrictSerializer):
    """Which lines."""

    person = serializers.UUIDField(required=False)
    study = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=OPENING_KIND_CHOICES, required=False, allow_blank=True)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class OpeningQuerySerializer(OpeningFilterSerializer):
    cursor = serializers.CharField(required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)
