"""Work lists and holds."""

from rest_framework import serializers

from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.studies import PRIORITY_CHOICES


class FilmItemSerializer(serializers.Serializer):
    """A film that waits."""

    study = serializers.UUIDField()
    radiograph = serializers.UUIDField()
    pseudonym = serializers.CharField()
    thumbnail_url = serializers.CharField()
    priority = serializers.ChoiceField(choices=PRIORITY_CHOICES)
    synthetic = serializers.BooleanField()


class BoxSetItemSerializer(FilmItemSerializer):
    """A box set that waits; ``since`` it was last begun, handed in or sent back."""

    box_set = serializers.UUIDField()
    version = serializers.IntegerField()
    author = PersonSerializer(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()


class LabelWorklistSerializer(serializers.Serializer):
    drafts = BoxSetItemSerializer(many=True)
    returned = BoxSetItemSerializer(many=True)
    assigned = FilmItemSerializer(many=True)
    assigned_count = serializers.IntegerField()
    pool = serializers.IntegerField()


class ReviewWorklistSerializer(serializers.Serializer):
    redrawn = BoxSetItemSerializer(many=True)
    assigned = BoxSetItemSerializer(many=True)
    waiting = BoxSetItemSerializer(many=True)
    count = serializers.IntegerField()


class ReadWorklistSerializer(serializers.Serializer):
    """Numbers alone: which films wait would tell something about them."""

    begun = serializers.IntegerField()
    count = serializers.IntegerField()
    answered = serializers.IntegerField()


class DecideWorklistSerializer(serializers.Serializer):
    settle = serializers.IntegerField(required=False)
    approve = serializers.IntegerField(required=False)
    confirm = serializers.IntegerField(required=False)


class WorklistsSerializer(serializers.Serializer):
    """Keys only for the roles that the person has."""

    label = LabelWorklistSerializer(required=False)  # type: ignore[assignment]
    review = ReviewWorklistSerializer(required=False)
    read = ReadWorklistSerializer(required=False)
    decide = DecideWorklistSerializer(required=False)


class HoldSerializer(serializers.Serializer):
    """Who works on the film; null when nobody does."""

    holder = PersonSerializer(allow_null=True)
    mine = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True)
