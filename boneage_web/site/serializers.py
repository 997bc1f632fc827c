"""Session and health."""

from rest_framework import serializers

from annotations.api.serializers.people import LANGUAGE_CHOICES, ROLE_CHOICES, PersonSerializer
from annotations.api.serializers.strict import StrictSerializer

STATUS_CHOICES = ["ok", "no_worker", "unavailable"]


class SessionPersonSerializer(PersonSerializer):
    """Who is signed in."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLE_CHOICES))
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES)
    must_change_password = serializers.BooleanField()


class SiteSerializer(serializers.Serializer):
    """What kind of site this is."""

    mode = serializers.CharField()
    version = serializers.CharField()
    demonstration = serializers.BooleanField()


class SessionSerializer(serializers.Serializer):
    """Who is signed in (null: nobody), and where."""

    user = SessionPersonSerializer(allow_null=True)
    site = SiteSerializer()


class SignInSerializer(StrictSerializer):
    """Name and password."""

    username = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class OwnPasswordSerializer(StrictSerializer):
    """The present password and the one to come."""

    old = serializers.CharField(max_length=200, trim_whitespace=False)
    new = serializers.CharField(max_length=200, trim_whitespace=False)


class SessionChangeSerializer(StrictSerializer):
    """The language a person sees."""

    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES)


class WorkerHealthSerializer(serializers.Serializer):
    """Whether jobs are done."""

    alive = serializers.BooleanField()
    last_seen_at = serializers.DateTimeField(allow_null=True)


class ModelHealthSerializer(serializers.Serializer):
    """Which model new films go to."""

    active = serializers.CharField(allow_null=True)


class HealthSerializer(serializers.Serializer):
    """Whether everything lives."""

    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    version = serializers.CharField()
    database = serializers.ChoiceField(choices=["ok", "unavailable"])
    worker = WorkerHealthSerializer()
    model = ModelHealthSerializer()
